"""A reconciliation goes past the part that fails, tries a paused store again, and ends what it finds mended."""

import msgspec
import pytest
import sqlalchemy as sa

import jobs
from connector.domain.effects import FetchFact
from connector.domain.errors import NeedsMerchant, Terminal
from connector.domain.facts import ItemGone, OrderGone, RightsLost
from connector.pipeline.connect import connect
from connector.pipeline.perform import perform
from connector.pipeline.reconcile import reconcile
from connector.ports import Page, Unusable
from connector.store import outbox, problems, shops
from connector.store.fold import fold
from connector.store.tables import items, orders, secrets
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, listing, order, read

LOST = RightsLost("The user behind the webhooks may not see orders.", at(-1))


def wrong(home: House) -> dict[str, tuple[str, int]]:
    """The open problems: text and how often, by kind."""
    with home.connector.db.begin() as tx:
        return {one.kind: (one.text, one.times) for one in problems.open_problems(tx, home.shop.id)}


def status(home: House) -> str:
    with home.connector.db.begin() as tx:
        return shops.get(tx, home.shop.id).status


def test_rights_that_are_there_again_are_no_problem_any_more(home: House) -> None:
    home.tell(LOST)
    assert {"rights": (LOST.text, 1)} == wrong(home)
    reconcile(home.connector, home.shop.id)
    assert {} == wrong(home)


def test_rights_that_are_still_missing_stay_one(home: House) -> None:
    home.stall.order_pages = {None: Page((order("1"), LOST), None)}
    for times in (1, 2):
        reconcile(home.connector, home.shop.id)
        assert {"rights": (LOST.text, times)} == wrong(home)


def test_webhooks_that_cannot_be_made_do_not_keep_orders_from_being_read(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(access: object, hook_url: str) -> None:
        raise Terminal("this address is refused")

    monkeypatch.setattr(home.stall, "subscribe", refuse)
    home.stall.order_pages = {None: Page((order("1"),), None)}
    jobs.JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
    assert {"reconcile": ("this address is refused", 1)} == wrong(home)
    with home.connector.db.begin() as tx:
        assert ["1"] == read(tx, orders, "order")
        assert NOW == shops.get(tx, home.shop.id).reconciled_at


def test_a_fault_of_ours_is_the_stores_problem_and_not_an_end(home: House) -> None:
    home.stall.order_pages = {None: ZeroDivisionError("with secrets in it")}
    jobs.JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
    assert {"reconcile": ("ZeroDivisionError in the connector", 1)} == wrong(home)


def state(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, orders, "state")


def test_an_order_that_was_heard_to_be_gone_is_there_again_once_the_store_shows_it(home: House, clock: Clock) -> None:
    home.tell(order("1", seen=-2), OrderGone("1", clock()))
    home.stall.order_pages = {None: Page((order("1", seen=-1),), None)}  # its own time is before the word of its end
    clock.move(seconds=1)
    reconcile(home.connector, home.shop.id)
    assert ["open"] == state(home)
    home.tell(OrderGone("1", clock()))
    assert ["gone"] == state(home)


@pytest.mark.parametrize("way", ["connected again", "looked at"])
def test_it_is_there_again_by_whichever_way_the_store_was_asked(home: House, clock: Clock, way: str) -> None:
    home.tell(order("1", seen=-2), OrderGone("1", clock()))
    home.stall.order_pages = {None: Page((order("1", seen=-1),), None)}
    home.stall.there = {("order", "1"): (order("1", seen=-1),)}
    clock.move(seconds=1)
    if way == "looked at":
        with home.connector.db.begin() as tx:
            outbox.put_states(tx, home.shop.id, [FetchFact("order", "1")], clock())
        perform(home.connector, home.shop.id)
    else:
        connect(home.connector, "stall", {"url": home.shop.address}, lambda *_: None)
    assert ["open"] == state(home)


def test_an_order_that_is_heard_to_be_gone_while_the_store_answers_stays_gone(home: House, clock: Clock) -> None:
    home.tell(order("1", seen=-2), OrderGone("1", clock()))
    home.stall.order_pages = {None: Page((order("1", seen=-1),), None)}
    reconcile(home.connector, home.shop.id)
    assert ["gone"] == state(home)


def test_a_paused_store_that_lets_us_in_again_goes_on_by_itself(home: House, clock: Clock) -> None:
    home.stall.trouble = NeedsMerchant("the key was revoked")
    for _ in range(3):
        jobs.JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
        clock.move(minutes=15)
    assert ("paused", {"access": ("the key was revoked", 1)}) == (status(home), wrong(home))
    home.stall.trouble = None
    home.stall.order_pages = {None: Page((order("1"),), None)}
    woken: list[str] = []
    jobs.JOBS["reconcile"](home.connector, lambda job, _: woken.append(job), home.shop.id)
    assert ("active", {}, ["perform"]) == (status(home), wrong(home), woken)
    with home.connector.db.begin() as tx:
        assert ["1"] == read(tx, orders, "order")


def test_a_paused_store_whose_credentials_are_gone_is_left_alone(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "paused")
        tx.execute(secrets.delete())
    assert 0 == reconcile(home.connector, home.shop.id)
    assert ("paused", []) == (status(home), home.stall.asked)


def test_orders_that_cannot_be_read_are_looked_at_until_they_can(home: House) -> None:
    bad = tuple(Unusable(str(number), "odd") for number in range(1, 6))
    home.stall.order_pages = {None: Page((order("9"),), None, None, 6, bad)}
    home.stall.there = {("item", "A"): (item("A"),)}
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    said = (
        "5 looks at the store were given up: order 1: there is no order 1; order 2: there is no order 2; "
        "order 3: there is no order 3; and 2 more."
    )
    assert {"unusable": said} == {kind: text for kind, (text, _) in wrong(home).items()}
    home.stall.there |= {("order", str(number)): (order(str(number)),) for number in range(1, 6)}
    with home.connector.db.begin() as tx:
        assert 5 == outbox.replay(tx, home.shop.id, NOW)
    perform(home.connector, home.shop.id)
    assert {} == wrong(home)


def test_a_product_that_was_made_a_parent_is_not_asked_for_again_and_again(home: House) -> None:
    home.tell(item("P"), item("B"))
    home.stall.item_pages = {
        None: Page((ItemGone("P", at(1), whole=False), item("S", parent="P", read=1), item("B", read=1)), None)
    }
    for _ in range(2):
        reconcile(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)
    assert [] == [about for what, about in home.stall.asked if what == "fetch"]


def test_notices_that_are_taken_out_again_and_again_are_one_problem(home: House, clock: Clock) -> None:
    names = ("A", "B", "C", "D")
    with home.connector.db.begin() as tx:
        fold(tx, home.shop.id, [item(name) for name in names], NOW)
        shown = [{"i": name, "w": msgspec.to_builtins(listing(name))} for name in names]
        tx.execute(items.update().where(items.c.item == sa.bindparam("i")).values(written=sa.bindparam("w")), shown)
    said = (
        "The notice is taken out of 4 products again and again: Thing A, Thing B, Thing C and 1 more. Does an import"
        " or another plugin write their texts anew? The connector puts it back once a day."
    )
    for minutes, found in ((15, {}), (30, {"wiped_notices": (said, 1)}), (45, {"wiped_notices": (said, 1)})):
        clock.move(minutes=15)
        wiped = tuple(item(name, read=minutes, block_shown=False) for name in names)
        home.stall.item_pages = {None: Page(wiped, None)}
        reconcile(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)
        assert found == wrong(home)
    assert [["A", "B", "C"], ["D"]] == [[one.item for one in batch] for batch in home.stall.written]


def test_products_are_counted_as_the_store_counts_them(home: House) -> None:
    sizes = tuple(item(f"S{size}", parent="P") for size in range(5))
    home.stall.item_pages = {None: Page(sizes, "p2", 3, 2), "p2": Page((item("B"),), None, 3, 2)}
    told: list[tuple[str, int, int | None]] = []
    connect(home.connector, "stall", {"url": home.shop.address}, lambda *one: told.append(one))
    assert [("products", 2, 3), ("products", 3, 3)] == told[:2]
