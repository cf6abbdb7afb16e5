"""One fact, listing or letter that is bad never stops the others."""

from decimal import Decimal

import pytest

from connector.domain.effects import FetchFact
from connector.domain.errors import Terminal
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import connect
from connector.pipeline.perform import perform
from connector.pipeline.reconcile import reconcile
from connector.ports import Page, Unusable, Written
from connector.store.problems import open_problems
from connector.store.tables import inbox as deliveries
from connector.store.tables import items, levels, orders, stores
from connector.store.tables import outbox as table
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.pipeline.test_perform import found, put
from tests.store.given import item, level, line, listing, notice, order, read

HUGE = Decimal("1e30")
LONG = "".join(chr(33 + number * number % 9_001) for number in range(9_000))


def wrong(home: House) -> dict[tuple[str, str], str]:
    """The open problems by kind and subject."""
    with home.connector.db.begin() as tx:
        return {(one.kind, one.subject): one.text for one in open_problems(tx, home.shop.id)}


def bad_page() -> Page:
    """Three facts that the books cannot hold among some that they can, and one row that is none."""
    facts = (
        item("A"),
        level("A", 4),
        item("B", price=HUGE),
        level("C", 2**40),
        item("D", sku=LONG),
        item("E", title="La\x00mp"),
    )
    return Page(facts, None, 5, 5, (Unusable("F", "the price is not a number"),))


SAID = (
    "4 products of the store cannot be used and are left out: F: the price is not a number; "
    "B: a number in it is too large; C: a number in it is too large; and 1 more."
)


def test_connecting_reads_all_that_can_be_read_and_counts_the_rest_in_one_problem(home: House) -> None:
    home.stall.item_pages = {None: bad_page()}
    home.stall.order_pages = {None: Page((order("1", line(quantity=2**40)), order("2")), None, 2, 2)}
    done = connect(home.connector, "stall", {"url": home.shop.address}, lambda *_: None)
    assert (5, 2) == (done.products, done.orders)
    with home.connector.db.begin() as tx:
        assert [("A", "Thing A"), ("E", "Lamp")] == read(tx, items, "item", "title")
        assert [("A", 4)] == read(tx, levels, "stock", "available")
        assert ["2"] == read(tx, orders, "order")
    assert {
        ("unusable", "products"): SAID,
        ("unusable", "orders"): (
            "1 order of the store cannot be used and is left out: 1: a number in it is too large."
        ),
    } == wrong(home)


def test_reconciling_goes_past_them_and_forgets_them_once_they_are_mended(home: House) -> None:
    home.stall.item_pages = {None: bad_page()}
    reconcile(home.connector, home.shop.id)
    assert {("unusable", "products"): SAID} == wrong(home)
    home.stall.item_pages = {None: Page((item("B"), item("D")), None, 2, 2)}
    reconcile(home.connector, home.shop.id)
    assert {} == wrong(home)
    with home.connector.db.begin() as tx:
        assert ["A", "B", "D", "E"] == read(tx, items, "item")


def test_an_import_that_was_interrupted_still_counts_what_it_left_out_before(home: House) -> None:
    home.stall.item_pages = {
        None: Page((item("A"),), "p2", 2, 1, (Unusable("F", "odd"),)),
        "p2": Terminal("cut off"),
    }
    with pytest.raises(Terminal):
        connect(home.connector, "stall", {"url": home.shop.address}, lambda *_: None)
    home.stall.item_pages["p2"] = Page((), None, 2, 1, (Unusable("G", "odder"),))
    connect(home.connector, "stall", {"url": home.shop.address}, lambda *_: None)
    said = "2 products of the store cannot be used and are left out: F: odd; G: odder."
    assert {("unusable", "products"): said} == wrong(home)
    with home.connector.db.begin() as tx:
        assert [{}] == read(tx, stores, "progress")


def test_a_look_at_the_store_that_the_books_cannot_hold_is_given_up_and_the_others_go_on(home: House) -> None:
    home.stall.there = {
        ("item", "A"): (item("A", price=HUGE),),
        ("item", "B"): ZeroDivisionError("a fault of ours"),
        ("item", "C"): (item("C"),),
    }
    put(home, *(FetchFact("item", name) for name in "ABC"))
    perform(home.connector, home.shop.id)
    assert [
        ("fetch:item:A", "dead", "A: a number in it is too large"),
        ("fetch:item:B", "due", "ZeroDivisionError in the connector"),
        ("fetch:item:C", "done", None),
    ] == [row for row in found(home, "status", "error") if "fetch" in row[0]]  # type: ignore[index]


def test_a_listing_that_poisons_its_batch_is_found_and_the_others_are_written(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = home.stall.write
    monkeypatch.setattr(home.stall, "listing_batch", 8)

    def write(access, listings):  # type: ignore[no-untyped-def]
        if "F" in {one.item for one in listings}:
            raise AssertionError("the parser gave up")
        return sound(access, listings)

    monkeypatch.setattr(home.stall, "write", write)
    put(home, *(listing(name) for name in "ABCDEFGH"))
    assert 7 == perform(home.connector, home.shop.id)
    assert [("due", 1)] == [row[1:] for row in found(home, "status", "attempts") if row[0] == "listing:F"]  # type: ignore[index]
    for _ in range(10):
        clock.move(minutes=15)
        perform(home.connector, home.shop.id)
    assert [("dead", 8)] == [row[1:] for row in found(home, "status", "attempts") if row[0] == "listing:F"]  # type: ignore[index]
    assert ["Given up after 8 tries: AssertionError in the connector"] == list(wrong(home).values())


def test_a_listing_whose_refusal_is_no_text_for_a_database_is_kept_all_the_same(home: House) -> None:
    home.stall.refusals["B"] = Written("B", "bad \x00 title " + "x" * 5_000)
    put(home, listing("A"), listing("B"))
    assert 1 == perform(home.connector, home.shop.id)
    assert ["done", "dead"] == [row[1] for row in found(home, "status")]  # type: ignore[index]
    assert 4_000 == len(wrong(home)["listing", "B"])


def test_a_letter_that_cannot_be_written_leaves_the_others_to_go(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = home.post.send

    def send(letter):  # type: ignore[no-untyped-def]
        if letter.to == "bad@example.com":
            raise ZeroDivisionError
        return sound(letter)

    monkeypatch.setattr(home.post, "send", send)
    put(home, notice("1", to="bad@example.com"), notice("2"), notice("3"))
    assert 2 == perform(home.connector, home.shop.id)
    assert [("notice:1:1", "due")] == [row for row in found(home, "status") if row[1] == "due"]  # type: ignore[index]


def test_a_poison_delivery_dies_after_eight_tries_and_its_replay_doubles_nothing(home: House, clock: Clock) -> None:
    home.deliver(b"poison", order("1", line(quantity=2**40)))
    home.deliver(b"good", order("2"))
    for _ in range(12):
        absorb(home.connector, home.shop.id)
        clock.move(minutes=15)
    with home.connector.db.begin() as tx:
        assert [("good", 0)] == [("good", row) for row in read(tx, deliveries, "attempts", status="done")]
        assert [8] == read(tx, deliveries, "attempts", status="dead")
        assert ["2"] == read(tx, orders, "order")
        notices = read(tx, table, "key", kind="notice")
    home.deliver(b"good", order("2"))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert notices == read(tx, table, "key", kind="notice")
