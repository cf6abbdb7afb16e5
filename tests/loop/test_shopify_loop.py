"""The main job, end to end, over HTTP: a Shopify shop that answers by the official schema, and a supplier's file."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask, Response

from adapters.shopify.practice import VERSION, Buyer, RealClock, Shop, ShopifyFake
from connector.domain.obligations import Answer
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import Connected, connect
from connector.pipeline.connector import Connector
from connector.pipeline.customers import case_at, give_answer
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.requests import take
from connector.pipeline.restock import poll
from connector.ports import LookAgain
from connector.store import feeds, plans, problems, shops
from connector.store.feeds import NewFeed
from connector.store.ledger import chain
from connector.store.tables import arrivals, duties, inbox, items, orders
from jobs import JOBS
from tests.loop.test_woocommerce_loop import COLUMNS, day, words
from tests.serving import served
from tests.store.given import read
from webhooks import blueprint

SKU = "TENT-2"


@dataclasses.dataclass
class Loop:
    """A connected shop and the connector beside it; nothing happens but by `turn`."""

    shop: Shop
    options: dict[str, str]
    connector: Connector
    connected: Connected
    feed: int
    restock: dict[str, str]
    mailbox: Path
    fake: ShopifyFake

    def turn(self) -> None:
        while self.shop.deliver():
            absorb(self.connector, self.connected.store)
            perform(self.connector, self.connected.store)

    def supplier_says(self, iso: str, quantity: int = 10) -> None:
        self.restock["csv"] = f"sku,quantity,date,reference\n{SKU},{quantity},{iso},PO-1\n"
        assert poll(self.connector, self.feed).problem is None
        plan(self.connector, self.connected.store)
        perform(self.connector, self.connected.store)
        self.turn()

    def reconcile(self) -> None:
        """What the clock has done every quarter of an hour, and what follows from it."""
        wakes: list[tuple[str, str]] = []
        JOBS["reconcile_all"](self.connector, lambda job, subject: wakes.append((job, subject)), "")
        for job, subject in wakes:
            JOBS[job](self.connector, lambda job, subject: wakes.append((job, subject)), subject)

    def status(self) -> tuple[str, dict[str, int]]:
        """Whether the store is active; its open problems and how often each came."""
        with self.connector.db.begin() as tx:
            open_now = problems.open_problems(tx, self.connected.store)
            return shops.get(tx, self.connected.store).status, {one.kind: one.times for one in open_now}

    def mails(self) -> list[str]:
        return sorted(json.loads(file.read_text())["subject"] for file in self.mailbox.glob("*.json"))


@pytest.fixture
def loop(make_connector: Callable[..., Connector], tmp_path: Path) -> Iterator[Loop]:
    app, restock = Flask("webhooks"), {"csv": "sku,quantity,date,reference\nOTHER,1,2027-01-01,PO-0\n"}
    app.add_url_rule("/restock.csv", view_func=lambda: Response(restock["csv"], mimetype="text/csv"))
    with ShopifyFake(RealClock()) as fake, served(app) as url:
        shop = fake.open_shop("tents", rate=1000.0)
        shop.scopes.add("write_orders")
        shop.add_product("Two-person tent", SKU, available=1, policy="CONTINUE")
        allowed = (fake.authority, url.removeprefix("http://"))
        plain = make_connector(url=url, dial_allow=allowed, shopify_origin=fake.origin, shopify_secret="shpss_secret")
        connector = dataclasses.replace(plain, clock=lambda: datetime.now(UTC))
        app.register_blueprint(blueprint(connector))
        options = {"shop": shop.domain, "token": "shpat_token", "api_secret": "shpss_secret"}
        connected = connect(connector, "shopify", options, lambda *_: None)
        new = NewFeed("Tents Ltd", f"{url}/restock.csv", "csv", COLUMNS, timedelta(minutes=15))
        with connector.db.begin() as tx:
            shops.change_settings(tx, connected.store, {"cold_start_days": 0})
            feed = feeds.add(tx, connected.store, new, connector.clock())
        yield Loop(shop, options, connector, connected, feed.id, restock, tmp_path / "mailbox", fake)


def test_order_promise_listing_and_mail_follow_the_supplier(loop: Loop) -> None:
    loop.supplier_says(day(20))
    order = loop.shop.checkout({SKU: 3}, buyer=Buyer(email="ann@example.com"))
    loop.turn()
    first = f"Your order {order.name} is on backorder, expected by {words(day(20))}"
    assert [first] == loop.mails()
    assert {
        "eta": day(20),
        "available": "8",
        "state": "backorder",
        "notice": f"Available on backorder: 8 units can ship by {words(day(20))}.",
    } == loop.shop.metafields_of(SKU)
    loop.supplier_says(day(34))
    assert [first, f"Your order {order.name}: new date {words(day(34))}"] == loop.mails()
    assert day(34) == loop.shop.metafields_of(SKU)["eta"]
    with loop.connector.db.begin() as tx:
        assert plans.Totals(backordered=2, backlog=3) == plans.totals(tx, loop.connected.store)


def test_goods_that_come_in_fill_the_order_and_clear_the_listing(loop: Loop) -> None:
    loop.supplier_says(day(20))
    order = loop.shop.checkout({SKU: 3})
    loop.turn()
    loop.shop.set_inventory(SKU, 6)
    loop.turn()
    assert f"Your order {order.name} is being made ready to ship" in loop.mails()
    assert {"state": "in_stock"} == loop.shop.metafields_of(SKU)
    loop.shop.fulfil(order)
    loop.turn()
    with loop.connector.db.begin() as tx:
        assert plans.Totals(0, 0) == plans.totals(tx, loop.connected.store)
    assert 2 == len(loop.mails())


def test_a_revoked_token_pauses_the_store_tells_once_and_a_good_one_resumes_it(loop: Loop) -> None:
    loop.supplier_says(day(20))
    loop.shop.token = "shpat_other"
    for _ in range(3):
        loop.reconcile()
    assert ("paused", {"access": 1}) == loop.status()
    order = loop.shop.checkout({SKU: 3})
    loop.turn()
    assert [] == loop.mails()
    loop.shop.token = "shpat_token"
    loop.reconcile()
    assert ("active", {}) == loop.status()
    assert [f"Your order {order.name} is on backorder, expected by {words(day(20))}"] == loop.mails()


def test_a_variant_that_was_deleted_without_a_word_is_found_gone(loop: Loop) -> None:
    other = loop.shop.add_product("Stove", "STOVE-1", available=1)
    loop.reconcile()
    loop.shop.delete_product(other.product)
    loop.shop.outgoing.queue.clear()
    loop.reconcile()
    loop.reconcile()
    with loop.connector.db.begin() as tx:
        assert [("STOVE-1", True), (SKU, False)] == read(tx, items, "sku", "gone")


def test_webhooks_that_are_gone_are_made_again_and_what_they_did_not_tell_is_read(loop: Loop) -> None:
    loop.supplier_says(day(20))
    before = {webhook.topic for webhook in loop.shop.outgoing.webhooks}
    loop.shop.outgoing.webhooks.clear()
    order = loop.shop.checkout({SKU: 3})
    loop.reconcile()
    assert before == {webhook.topic for webhook in loop.shop.outgoing.webhooks}
    assert [f"Your order {order.name} is on backorder, expected by {words(day(20))}"] == loop.mails()


def test_an_order_that_its_customer_cancels_is_ended_and_given_back_once_and_the_shop_s_word_meets_the_duty(
    loop: Loop,
) -> None:
    store = loop.connected.store
    with loop.connector.db.begin() as tx:
        shops.change_settings(tx, store, {"jurisdiction": "us_ftc", "cancellations": "automatic"})
    order = loop.shop.checkout({SKU: 3}, shipping="4.00")
    loop.turn()
    case = case_at(loop.connector, store, str(order.id))
    assert case is not None
    give_answer(loop.connector, case, Answer.CANCEL)
    for _ in range(2):
        perform(loop.connector, store)
        loop.turn()
    assert [Decimal("34.00")] == [one.money for one in order.refunds]
    assert (True, "refunded") == (order.cancelled_at is not None, order.payment)
    with loop.connector.db.begin() as tx:
        kinds = [link.kind for link in chain(tx, store, str(order.id))]
        assert {"first_option": "met", "refund": "met"} == dict(read(tx, duties, "duty", "state"))
        assert () == problems.open_problems(tx, store)
    assert "DeemedCancelled" in kinds
    after = ["RefundMade", "Reduced", "OrderTurned", "ObligationMet", "RefundStatement", "NoticeSent"]
    assert after == kinds[kinds.index("RefundMade") :]


def test_one_event_on_two_topics_is_two_deliveries(loop: Loop) -> None:
    order = loop.shop.checkout({SKU: 1})
    loop.turn()
    loop.shop.cancel(order)
    events = [one.headers["X-Shopify-Event-Id"] for one in loop.shop.outgoing.queue if "orders/" in one.topic]
    assert (2, 1) == (len(events), len(set(events)))
    assert {200} == {one.status for one in loop.shop.deliver()}
    with loop.connector.db.begin() as tx:
        topics = [headers["x-shopify-topic"] for headers in read(tx, inbox, "headers")]
        assert ["orders/cancelled", "orders/updated"] == sorted(
            topic for topic in topics if topic in ("orders/cancelled", "orders/updated")
        )


def test_after_an_uninstall_late_webhooks_mail_nobody_and_a_reinstall_doubles_nothing(loop: Loop) -> None:
    loop.supplier_says(day(20))
    first = loop.shop.checkout({SKU: 3}, buyer=Buyer(email="ann@example.com"))
    loop.turn()
    late = loop.shop.checkout({SKU: 3}, buyer=Buyer(email="bob@example.com"))
    late_news, loop.shop.outgoing.queue[:] = list(loop.shop.outgoing.queue), []
    loop.shop.uninstall()
    loop.turn()
    loop.shop.outgoing.queue += late_news
    loop.turn()
    loop.reconcile()
    assert "closed" == loop.status()[0]
    told = [f"Your order {first.name} is on backorder, expected by {words(day(20))}"]
    assert told == loop.mails()
    loop.shop.installed = True
    again = connect(loop.connector, "shopify", loop.options, lambda *_: None)
    assert loop.connected.store == again.store
    loop.turn()
    loop.reconcile()
    perform(loop.connector, again.store)
    with loop.connector.db.begin() as tx:
        assert sorted([str(first.id), str(late.id)]) == read(tx, orders, "order")
        assert 1 == len(shops.every(tx))
    assert [] == [subject for subject in set(loop.mails()) if loop.mails().count(subject) > 1]
    assert told[0] in loop.mails()


def test_rights_that_are_taken_away_pause_the_store_and_given_back_resume_it(loop: Loop) -> None:
    before = set(loop.shop.scopes)
    loop.shop.change_scopes(*before - {"read_inventory"})
    loop.turn()
    assert ("paused", {"access": 1}) == loop.status()
    loop.shop.change_scopes(*before)
    loop.turn()
    loop.reconcile()
    assert ("active", {}) == loop.status()


def test_an_api_version_that_has_ended_is_told_once(loop: Loop) -> None:
    loop.fake.version = "2027-01"
    for _ in range(2):
        loop.reconcile()
    assert ("active", {"api_version": 1}) == loop.status()
    loop.fake.version = VERSION
    loop.reconcile()
    assert ("active", {}) == loop.status()


def test_word_at_the_apps_own_address_that_it_was_removed_closes_a_store_that_refuses_it_and_no_other(
    loop: Loop,
) -> None:
    told = loop.shop.outgoing.delivery("", "app/uninstalled", {"id": 1, "domain": None})
    for installed, status in ((True, "active"), (False, "closed")):
        loop.shop.installed = installed
        app = loop.connector.platforms["shopify"].app
        assert app is not None
        heard = app.hear(told.headers, told.body)
        assert heard == LookAgain(loop.shop.domain, datetime.fromisoformat(told.headers["X-Shopify-Triggered-At"]))
        take(loop.connector, "shopify", heard)
        perform(loop.connector, loop.connected.store)
        assert (status, {}) == loop.status()


def test_goods_that_the_shops_own_transfers_move_are_promised_and_fill_orders(loop: Loop) -> None:
    loop.shop.scopes |= {"read_inventory_transfers", "read_inventory_shipments"}
    with loop.connector.db.begin() as tx:
        shops.change_settings(tx, loop.connected.store, {"follow_transfers": True})
    loop.reconcile()
    moved = loop.shop.transfers.plan({SKU: 10})
    loop.shop.transfers.ready(moved)
    shipment = loop.shop.transfers.ship(moved, {SKU: 10}, noon(20))
    loop.turn()
    order = loop.shop.checkout({SKU: 3})
    loop.turn()
    first = f"Your order {order.name} is on backorder, expected by {words(day(20))}"
    assert loop.mails() == [first]
    loop.shop.transfers.track(shipment, noon(34))
    loop.turn()
    moved_on = f"Your order {order.name}: new date {words(day(34))}"
    assert loop.mails() == [first, moved_on]
    loop.shop.transfers.receive(moved, shipment, {SKU: 10})
    loop.turn()
    loop.reconcile()
    assert loop.mails() == sorted([first, moved_on, f"Your order {order.name} is being made ready to ship"])
    with loop.connector.db.begin() as tx:
        assert read(tx, arrivals, "supplier", "reference", "quantity") == [("Shopify transfers", "#T0001 #S0001", 10)]


def noon(ahead: int) -> datetime:
    """The middle of a day so many days ahead, by the shop's own clock."""
    return datetime.fromisoformat(f"{day(ahead)}T17:00:00+00:00")
