"""A store is connected page by page, goes on where it was interrupted, and is read again for what was not told."""

from datetime import datetime, timedelta

import pytest

from connector.domain.errors import BadInput, NeedsMerchant, Retryable
from connector.domain.facts import ItemGone, OrderGone, OrderState, StoreClosed
from connector.pipeline.absent import MOST
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import LEASE, Connected, admit, connect, hook_url, take_in
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import OVERLAP, reconcile
from connector.ports import Page, StoreAccess, Subscription, Unusable
from connector.store import plans, problems, shops
from connector.store.plans import Totals
from connector.store.tables import items, lines, orders, outbox
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read

SHOP = "https://shop.example"
NEW = "https://new.example"


def connected(home: House, url: str = NEW, **options: str) -> tuple[Connected, list[tuple[str, int, int | None]]]:
    """A store connected, and what was told on the way."""
    told: list[tuple[str, int, int | None]] = []
    done = connect(home.connector, "stall", {"url": url, **options}, lambda *one: told.append(one))
    return done, told


def fill(home: House) -> None:
    """Two pages of products, and two of orders."""
    home.stall.item_pages = {
        None: Page((item("A"), level("A", -1, seen=1), item("B"), level("B", 5)), "p2", 3, 2),
        "p2": Page((item("C"),), None, 3, 1),
    }
    home.stall.order_pages = {
        None: Page((order("1", line("A")),), "o2", None, 1),
        "o2": Page((order("2", line("B")),), None, None, 1),
    }


def test_a_store_is_read_in_whole_and_planned(home: House) -> None:
    fill(home)
    done, told = connected(home)
    assert done == Connected(done.store, (Subscription("w1", "orders"),), 3, 2)
    assert told == [("products", 2, 3), ("products", 3, 3), ("orders", 1, None), ("orders", 2, None)]
    with home.connector.db.begin() as tx:
        assert read(tx, items, "item", store=done.store) == ["A", "B", "C"]
        assert read(tx, lines, "stock", "filled", "waiting") == [("A", 0, 1), ("B", 1, 0)]
        shop = shops.get(tx, done.store)
    assert (shop.status, shop.progress, shop.reconciled_at) == ("active", {}, NOW)


def test_what_is_read_anew_is_counted_once(home: House) -> None:
    home.stall.item_pages = {
        None: Page((item("A"),), "p2", None, 2, (Unusable("Z", "it has no price"),)),
        "p2": Page((), "again", anew=True),
        "again": Page((item("A"), item("B")), None, None, 2),
    }
    done, _ = connected(home)
    assert done.products == 2
    with home.connector.db.begin() as tx:
        assert read(tx, items, "item", store=done.store) == ["A", "B"]
        assert problems.open_problems(tx, done.store) == ()
    home.stall.asked.clear()
    reconcile(home.connector, done.store)
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, done.store) == ()


def test_the_credentials_are_proven_before_anything_is_kept(home: House) -> None:
    home.stall.trouble = NeedsMerchant("the key is wrong")
    with pytest.raises(NeedsMerchant):
        connected(home)
    with home.connector.db.begin() as tx:
        assert [shop.address for shop in shops.every(tx)] == [SHOP]


def test_the_webhooks_come_to_an_address_of_the_stores_own(home: House) -> None:
    done, _ = connected(home)
    with home.connector.db.begin() as tx:
        shop = shops.get(tx, done.store)
    assert ("subscribe", hook_url(home.connector, shop)) in home.stall.asked
    assert hook_url(home.connector, shop) == f"http://127.0.0.1:8000/webhooks/stall/{shop.hook_token}"


def test_an_import_that_is_interrupted_goes_on_at_its_page(home: House) -> None:
    fill(home)
    second = home.stall.order_pages["o2"]
    home.stall.order_pages["o2"] = Retryable("the store is away")
    with pytest.raises(Retryable):
        connected(home)
    home.stall.order_pages["o2"] = second
    home.stall.asked.clear()
    done, told = connected(home)
    assert [one for one in home.stall.asked if one[0] in ("items", "orders")] == [("orders", ("o2", None))]
    assert (done.products, done.orders) == (3, 2)
    assert told == [("orders", 2, None)]
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["1", "2"]


def test_a_page_that_was_read_is_kept_although_the_next_one_fails(home: House) -> None:
    fill(home)
    home.stall.item_pages["p2"] = Retryable("the store is away")
    with pytest.raises(Retryable):
        connected(home)
    with home.connector.db.begin() as tx:
        assert read(tx, items, "item") == ["A", "B"]
        assert [shop.progress for shop in shops.every(tx) if shop.address == NEW] == [
            {"products_cursor": "p2", "products_count": 2, "products_done": False}
        ]


def test_a_store_that_was_read_in_is_read_in_again_from_the_start(home: House) -> None:
    fill(home)
    first, _ = connected(home)
    second, told = connected(home)
    assert (second.store, second.products, second.orders) == (first.store, 3, 2)
    assert len(told) == 4


def test_connecting_again_ends_a_pause_and_its_problem(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "paused")
        problems.report(tx, home.shop.id, "access", "", "the key is refused", NOW)
    done, _ = connected(home, SHOP, key="new")
    assert done.store == home.shop.id
    assert ("profile", "new") in home.stall.asked
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "active"
        assert problems.open_problems(tx, home.shop.id) == ()


@pytest.mark.parametrize("before", ["active", "paused", "closed"])
def test_credentials_that_can_only_look_change_nothing_of_a_known_store(
    home: House, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, before)

    def subscribe(*_: object) -> None:
        raise NeedsMerchant("This key may only read.")

    monkeypatch.setattr(home.stall, "subscribe", subscribe)
    with pytest.raises(NeedsMerchant):
        connected(home, SHOP, key="only reads")
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == before
        assert shops.access_of(tx, home.connector.vault, home.shop).credentials == {"key": "ck"}
        assert shops.importing(tx) == ()


def test_a_new_store_that_cannot_send_its_news_is_not_read_and_may_be_connected_again(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def subscribe(*_: object) -> None:
        raise NeedsMerchant("This key may only read.")

    with monkeypatch.context() as patch:
        patch.setattr(home.stall, "subscribe", subscribe)
        with pytest.raises(NeedsMerchant):
            connected(home)
    with home.connector.db.begin() as tx:
        (met,) = (shop for shop in shops.every(tx) if shop.address == NEW)
        assert (met.status, shops.access_of(tx, home.connector.vault, met).credentials) == ("closed", {})
        assert shops.importing(tx) == ()
    done, _ = connected(home)
    assert done.store == met.id
    with home.connector.db.begin() as tx:
        again = shops.get(tx, met.id)
    assert (again.status, again.hook_token) == ("active", met.hook_token)


def test_an_import_tells_no_customer_of_an_old_order(home: House) -> None:
    old = order("1", line("A"), placed_at=NOW - timedelta(days=3))
    home.stall.item_pages = {None: Page((item("A"), level("A", -1, seen=1)), None)}
    home.stall.order_pages = {None: Page((old,), None)}
    done, _ = connected(home)
    with home.connector.db.begin() as tx:
        assert plans.totals(tx, done.store) == Totals(1, 1)
        assert read(tx, orders, "stage", "notices") == [("waiting", 1)]
    assert home.post.sent == []


def test_a_platform_that_there_is_not_is_bad_input(home: House) -> None:
    with pytest.raises(BadInput, match=r"^platform must be one of stall$"):
        connect(home.connector, "kiosk", {}, lambda *_: None)


def test_options_that_do_not_fit_are_bad_input_and_nothing_is_asked(home: House) -> None:
    with pytest.raises(BadInput, match=r"^--url is needed$"):
        connect(home.connector, "stall", {}, lambda *_: None)
    assert home.stall.asked == []


def test_reconciling_finds_an_order_that_nobody_told(home: House) -> None:
    home.tell(item("A"), level("A", -2, seen=1))
    home.stall.order_pages = {
        None: Page((order("1", line("A")),), "o2"),
        "o2": Page((order("2", line("A")),), None),
    }
    assert reconcile(home.connector, home.shop.id) == 2
    with home.connector.db.begin() as tx:
        assert plans.totals(tx, home.shop.id) == Totals(2, 2)


def test_reconciling_finds_a_cancellation_and_a_count_that_nobody_told(home: House) -> None:
    home.tell(item("A"), level("A", -2, seen=1), order("1", line("A")), order("2", line("A")))
    plan(home.connector, home.shop.id)
    cancelled = order("1", line("A", taken=0), seen=2, state=OrderState.CANCELLED)
    home.stall.order_pages = {None: Page((cancelled,), None)}
    home.stall.item_pages = {None: Page((level("A", -1, seen=2),), None)}
    reconcile(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert plans.totals(tx, home.shop.id) == Totals(1, 1)


def test_reconciling_twice_changes_nothing(home: House) -> None:
    fill(home)
    reconcile(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        before = read(tx, lines, "order", "line", "filled", "waiting", "eta")
    reconcile(home.connector, home.shop.id)
    assert plan(home.connector, home.shop.id).stocks == ()
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "order", "line", "filled", "waiting", "eta") == before


def test_each_reconciliation_begins_before_the_last_one_began(home: House, clock: Clock) -> None:
    reconcile(home.connector, home.shop.id)
    clock.move(minutes=15)
    reconcile(home.connector, home.shop.id)
    asked = [about for what, about in home.stall.asked if what == "orders"]
    assert asked == [(None, home.shop.connected_at - OVERLAP), (None, NOW - OVERLAP)]


def test_a_reconciliation_that_fails_is_made_up_for_by_the_next(home: House, clock: Clock) -> None:
    home.stall.order_pages[None] = Retryable("the store is away")
    with pytest.raises(Retryable):
        reconcile(home.connector, home.shop.id)
    home.stall.order_pages[None] = Page((order("1"),), None)
    clock.move(minutes=15)
    assert reconcile(home.connector, home.shop.id) == 1
    asked = [about for what, about in home.stall.asked if what == "orders"]
    assert asked == [(None, home.shop.connected_at - OVERLAP)] * 2


def test_a_reconciliation_sees_to_the_webhooks(home: House) -> None:
    reconcile(home.connector, home.shop.id)
    assert ("subscribe", hook_url(home.connector, home.shop)) in home.stall.asked


def test_a_store_that_was_left_is_not_asked(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "closed")
    assert reconcile(home.connector, home.shop.id) == 0
    assert home.stall.asked == []


def test_an_order_that_the_store_lists_no_more_is_asked_for_and_waited_for_no_longer(home: House) -> None:
    home.tell(item("A"), level("A", -2, seen=1), order("1", line("A")), order("2", line("A")))
    home.stall.item_pages = {None: Page((item("A"), level("A", -2, seen=1)), None)}
    home.stall.lost = frozenset({"1", "7"})
    home.stall.there["order", "1"] = (OrderGone("1", at(9)),)
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert ("missing", ("1", "2")) in home.stall.asked
    assert [about for what, about in home.stall.asked if what == "fetch"] == [("order", "1")]
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order", "state") == [("1", "gone"), ("2", "open")]
        assert plans.totals(tx, home.shop.id).backlog == 1


def test_an_item_that_is_not_among_all_of_the_stores_is_asked_for_and_sold_no_longer(home: House) -> None:
    home.tell(item("A"), item("B"))
    home.stall.item_pages = {None: Page((item("A"),), None)}
    home.stall.there["item", "B"] = (ItemGone("B", at(9)),)
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert [about for what, about in home.stall.asked if what == "fetch"] == [("item", "B")]
    with home.connector.db.begin() as tx:
        assert read(tx, items, "item", "gone") == [("A", False), ("B", True)]


def test_a_store_that_for_once_shows_nothing_is_not_asked_for_everything(home: House) -> None:
    home.tell(*(item(f"I{number}") for number in range(MOST + 9)))
    home.stall.item_pages = {None: Page((), None)}
    reconcile(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert len([key for key in read(tx, outbox, "key") if key.startswith("fetch:")]) == MOST


def test_late_news_loses_against_what_was_reconciled(home: House) -> None:
    home.stall.order_pages = {None: Page((order("1", line(quantity=5), seen=9),), None)}
    reconcile(home.connector, home.shop.id)
    home.tell(order("1", line(quantity=2), seen=3))
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "quantity") == [5]
        assert read(tx, orders, "seen_at") == [at(9)]


def test_an_import_that_was_broken_off_goes_on_by_itself_when_nobody_can_be_at_it(home: House, clock: Clock) -> None:
    fill(home)
    second = home.stall.order_pages["o2"]
    home.stall.order_pages["o2"] = Retryable("the store is away")
    with pytest.raises(Retryable):
        connected(home)
    home.stall.order_pages["o2"] = second
    with home.connector.db.begin() as tx:
        ((store, until),) = shops.importing(tx)
    assert until == NOW + LEASE
    assert take_in(home.connector, store) is False
    clock.move(seconds=LEASE.total_seconds())
    home.stall.asked.clear()
    assert take_in(home.connector, store) is True
    assert [one for one in home.stall.asked if one[0] in ("items", "orders")] == [("orders", ("o2", None))]
    assert take_in(home.connector, store) is False
    with home.connector.db.begin() as tx:
        assert shops.importing(tx) == ()


def test_late_news_that_the_store_was_left_does_not_close_it_while_it_is_read_in_again(
    home: House, clock: Clock
) -> None:
    with home.connector.db.begin() as tx:
        shops.set_reconciled(tx, home.shop.id, NOW)
        shops.set_status(tx, home.shop.id, "closed")
    clock.move(minutes=10)
    fill(home)
    admit(home.connector, "stall", {"url": SHOP})
    home.deliver(b"late", StoreClosed(at(5)))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "active"
    assert take_in(home.connector, home.shop.id)
    home.deliver(b"anew", StoreClosed(at(11)))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "closed"


def test_a_store_that_was_left_while_it_was_read_in_is_read_in_from_the_start(home: House, clock: Clock) -> None:
    fill(home)
    second = home.stall.item_pages["p2"]
    home.stall.item_pages["p2"] = Retryable("the store is away")
    with pytest.raises(Retryable):
        connected(home, SHOP)
    home.tell(StoreClosed(at(5)))
    clock.move(days=30)
    home.stall.item_pages["p2"] = second
    home.stall.asked.clear()
    connected(home, SHOP)
    assert [about for what, about in home.stall.asked if what == "items"] == [None, "p2"]


def test_an_order_that_ended_while_the_store_was_left_waits_no_more_when_it_is_connected_again(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    connected(home, SHOP)
    perform(home.connector, home.shop.id)
    home.post.sent.clear()
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "order", "waiting") == [("1", 1), ("2", 0)]
        shops.set_status(tx, home.shop.id, "closed")
    clock.move(minutes=600)
    ended = order("1", line("A", 1, shipped=1), seen=300, state=OrderState.COMPLETED)

    def answer(_: StoreAccess, cursor: str | None, since: datetime | None = None) -> Page:
        return Page((order("2", line("B")),) if since is None else (ended,), None, None, 1)

    monkeypatch.setattr(home.stall, "orders", answer)
    connected(home, SHOP)
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order", "state") == [("1", "completed"), ("2", "open")]
        assert read(tx, lines, "order", "waiting") == [("1", 0), ("2", 0)]
    perform(home.connector, home.shop.id)
    assert home.post.sent == []
