"""The main job, end to end, over HTTP: a WooCommerce store, its supplier, its customers' mails and its listings."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask

from adapters.woocommerce.practice.server import PracticeStore
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import Connected, connect
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.remove import remove
from connector.pipeline.restock import Polled, poll
from connector.store import feeds, plans, problems, shops
from connector.store.feeds import NewFeed
from connector.store.plans import Totals
from tests.serving import served
from webhooks import blueprint

COLUMNS = {name: name for name in ("sku", "quantity", "date", "reference")}
LAMP, PAGE = "LAMP-1", "reading-lamp"
NOTICE = "backorder:start"


@dataclasses.dataclass
class Loop:
    """A connected practice store and the connector beside it; nothing happens but by `turn`."""

    shop: PracticeStore
    connector: Connector
    connected: Connected
    feed: int
    mailbox: Path

    def turn(self) -> None:
        """Webhooks come, are absorbed, planned and performed until nothing is left to do."""
        while self.shop.deliver_now():
            absorb(self.connector, self.connected.store)
            perform(self.connector, self.connected.store)

    def supplier_says(self, *rows: dict[str, str]) -> Polled:
        self.shop.supply(rows)
        polled = poll(self.connector, self.feed)
        plan(self.connector, self.connected.store)
        perform(self.connector, self.connected.store)
        self.turn()
        return polled

    def mails(self) -> list[tuple[str, str]]:
        """Whom the letters are to, and their subjects."""
        letters = [json.loads(file.read_text()) for file in self.mailbox.glob("*.json")]
        return sorted((letter["to"], letter["subject"]) for letter in letters)

    def page(self, slug: str) -> str:
        return requests.get(f"{self.shop.url}/product/{slug}/", timeout=10).text


@pytest.fixture
def shop() -> Iterator[PracticeStore]:
    store = PracticeStore()
    store.start()
    yield store
    store.stop()


@pytest.fixture
def loop(shop: PracticeStore, make_connector: Callable[..., Connector], tmp_path: Path) -> Iterator[Loop]:
    app = Flask("webhooks")
    with served(app) as url:
        plain = make_connector(url=url, dial_allow=(shop.url.removeprefix("http://"),))
        connector = dataclasses.replace(plain, clock=lambda: datetime.now(UTC))
        app.register_blueprint(blueprint(connector))
        options = {"url": shop.url, "key": shop.key, "secret": shop.secret}
        connected = connect(connector, "woocommerce", options, lambda *_: None)
        new = NewFeed("Lamps Ltd", f"{shop.url}/supplier/restock.csv", "csv", COLUMNS, timedelta(minutes=15))
        with connector.db.begin() as tx:
            shops.change_settings(tx, connected.store, {"cold_start_days": 0})
            feed = feeds.add(tx, connected.store, new, connector.clock())
        made = Loop(shop, connector, connected, feed.id, tmp_path / "mailbox")
        made.supplier_says({"sku": LAMP, "quantity": "10", "date": day(20), "reference": "PO-1"})
        yield made


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def totals(loop: Loop) -> Totals:
    with loop.connector.db.begin() as tx:
        return plans.totals(tx, loop.connected.store)


def words(iso: str) -> str:
    when = datetime.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"


def test_connecting_reads_the_store_in_and_registers_its_webhooks(loop: Loop) -> None:
    topics = {
        f"{what}.{how}" for what in ("order", "product") for how in ("created", "updated", "deleted", "restored")
    }
    assert topics == {one.topic for one in loop.connected.webhooks}
    assert 0 == loop.connected.orders
    assert loop.connected.products > 5


def test_a_customer_who_has_to_wait_is_told_a_date_and_the_page_shows_one(loop: Loop) -> None:
    order = loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    subject = f"Your order {order.id} is on backorder, expected by {words(day(20))}"
    assert [("ann@example.com", subject)] == loop.mails()
    assert f"8 units can ship by {words(day(20))}" in loop.page(PAGE)
    with loop.connector.db.begin() as tx:
        assert plans.Totals(backordered=2, backlog=3) == plans.totals(tx, loop.connected.store)


def test_the_page_and_the_next_mail_follow_the_suppliers_date(loop: Loop) -> None:
    order = loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    loop.supplier_says({"sku": LAMP, "quantity": "10", "date": day(34), "reference": "PO-1"})
    assert ("ann@example.com", f"Your order {order.id}: new date {words(day(34))}") in loop.mails()
    assert 2 == len(loop.mails())
    page = loop.page(PAGE)
    assert words(day(34)) in page
    assert words(day(20)) not in page


def test_a_small_improvement_changes_nothing_that_was_said(loop: Loop) -> None:
    loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    loop.supplier_says({"sku": LAMP, "quantity": "10", "date": day(17), "reference": "PO-1"})
    assert 1 == len(loop.mails())


def test_goods_that_come_in_fill_the_order_and_the_notice_goes(loop: Loop) -> None:
    order = loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    assert NOTICE in loop.shop.shop.by_sku(LAMP).short_description
    loop.shop.goods_in(LAMP, 5)
    loop.turn()
    assert ("ann@example.com", f"Your order {order.id} is being made ready to ship") in loop.mails()
    assert NOTICE not in loop.shop.shop.by_sku(LAMP).short_description
    loop.shop.ship(order)
    loop.turn()
    assert 2 == len(loop.mails())
    with loop.connector.db.begin() as tx:
        assert plans.Totals(0, 0) == plans.totals(tx, loop.connected.store)


def test_a_cancelled_order_gives_its_units_to_the_next(loop: Loop) -> None:
    first = loop.shop.checkout(LAMP, 1, {"email": "ann@example.com"})
    second = loop.shop.checkout(LAMP, 1, {"email": "bob@example.com"})
    loop.turn()
    waits = f"Your order {second.id} is on backorder, expected by {words(day(20))}"
    assert [("bob@example.com", waits)] == loop.mails()
    loop.shop.cancel(first)
    loop.turn()
    assert ("bob@example.com", f"Your order {second.id} is being made ready to ship") in loop.mails()
    assert 2 == len(loop.mails())


def test_what_is_in_stock_is_nobodys_news(loop: Loop) -> None:
    loop.shop.checkout(LAMP, 1, {"email": "ann@example.com"})
    loop.turn()
    assert [] == loop.mails()


def test_our_own_writes_come_back_and_change_nothing(loop: Loop) -> None:
    loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    echoes = loop.shop.deliver_now()
    assert [] == echoes
    assert 0 == perform(loop.connector, loop.connected.store)
    assert 1 == len(loop.mails())


def test_a_broken_feed_changes_nothing_and_is_reported(loop: Loop) -> None:
    loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    before = loop.page(PAGE)
    loop.shop.supplier_csv.write_text("<html><body>Please log in</body></html>")
    polled = poll(loop.connector, loop.feed)
    plan(loop.connector, loop.connected.store)
    perform(loop.connector, loop.connected.store)
    assert polled.problem is not None
    assert before == loop.page(PAGE)
    assert 1 == len(loop.mails())


def test_a_store_that_is_let_go_reads_as_its_merchant_wrote_it(loop: Loop) -> None:
    written = loop.shop.shop.by_sku(LAMP).short_description
    loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    assert NOTICE in loop.shop.shop.by_sku(LAMP).short_description
    done = remove(loop.connector, loop.connected.store)
    assert (done.refused, done.webhooks, loop.shop.shop.hooks) == ((), 8, {})
    lamp = loop.shop.shop.by_sku(LAMP)
    assert (lamp.short_description, lamp.meta) == (written, [])


def test_a_product_in_the_trash_is_not_written_to(loop: Loop) -> None:
    loop.shop.checkout(LAMP, 3, {"email": "ann@example.com"})
    loop.turn()
    lamp = loop.shop.shop.by_sku(LAMP)
    loop.shop.shop.delete_product(lamp.id, force=False)
    loop.turn()
    with loop.connector.db.begin() as tx:
        assert [one.kind for one in problems.open_problems(tx, loop.connected.store)] == ["unmatched_sku"]


def test_guests_who_buy_what_is_sold_as_waiting_without_a_count_wait_for_the_suppliers_date(loop: Loop) -> None:
    lamp = loop.shop.shop.by_sku(LAMP)
    lamp.stock, lamp.unmanaged_status = None, "onbackorder"
    loop.shop.shop.touch(lamp)
    loop.turn()
    order = loop.shop.checkout(LAMP, 1, {"email": "ann@example.com"})
    loop.turn()
    subject = f"Your order {order.id} is on backorder, expected by {words(day(20))}"
    assert [("ann@example.com", subject)] == loop.mails()
    with loop.connector.db.begin() as tx:
        assert plans.Totals(backordered=1, backlog=1) == plans.totals(tx, loop.connected.store)
    loop.shop.ship(order)
    loop.turn()
    with loop.connector.db.begin() as tx:
        assert plans.Totals(0, 0) == plans.totals(tx, loop.connected.store)


def test_an_order_that_is_split_is_one_promise_until_its_last_unit_has_shipped(loop: Loop) -> None:
    loop.shop.shop.companion = True
    with loop.connector.db.begin() as tx:
        shops.change_settings(tx, loop.connected.store, {"split_orders": True})
    loop.turn()
    stock = loop.shop.shop.by_sku(LAMP)
    order = loop.shop.checkout(LAMP, 5)
    left, total = stock.stock, order.total
    loop.turn()
    (part,) = [one for one in loop.shop.shop.orders.values() if one.parent == order.id]
    assert (stock.stock, order.total + part.total) == (left, total)
    mails = loop.mails()
    assert len(mails) == 1
    assert totals(loop) == Totals(-(left or 0), 5)
    loop.shop.ship(order)
    loop.turn()
    assert (totals(loop), loop.mails()) == (Totals(-(left or 0), -(left or 0)), mails)
    loop.shop.ship(part)
    loop.turn()
    assert totals(loop) == Totals(0, 0)
