"""Texts from outside are stored whatever is in them."""

import sqlalchemy as sa

from connector.store import inbox, outbox, problems
from connector.store.engine import Database
from connector.store.fold import fold
from connector.store.sets import among
from connector.store.shops import Shop
from connector.store.tables import inbox as deliveries
from connector.store.tables import items
from connector.store.tables import outbox as table
from tests.conftest import NOW
from tests.store.given import item, listing, notice, read

UGLY = "La\x00mp \ud83d and \U0001f4a1"
CLEAN = "Lamp ? and \U0001f4a1"


def test_a_title_with_what_no_text_column_takes_is_stored_without_it(database: Database, shop: Shop) -> None:
    with database.begin() as tx:
        fold(tx, shop.id, [item("A", title=UGLY, sku="SKU\x00-A")], NOW)
        assert [("A", CLEAN, "SKU-A")] == read(tx, items, "item", "title", "sku")


def test_sets_and_plain_sql_are_cleaned_as_well(database: Database, shop: Shop) -> None:
    with database.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        named = sa.select(items.c.item).where(among(items.c.sku, ["SKU\x00-A", UGLY]))
        assert ["A"] == list(tx.scalars(named))
        assert CLEAN == tx.scalar(sa.text("select cast(:t as text)"), {"t": UGLY})
    row = database.one("select %(t)s::text", {"t": UGLY})
    assert (CLEAN,) == row


def test_an_effect_is_stored_without_it(database: Database, shop: Shop) -> None:
    with database.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice("1", name=UGLY)], NOW)
        assert [CLEAN] == [effect["name"] for effect in read(tx, table, "effect")]


def test_a_delivery_is_stored_without_it(database: Database, shop: Shop) -> None:
    assert inbox.put(database, shop.id, "k\x00ey", {"x-key": UGLY}, b"\x00", NOW)
    with database.begin() as tx:
        assert [("key", {"x-key": CLEAN}, b"\x00")] == read(tx, deliveries, "dedupe_key", "headers", "body")


def test_a_problem_is_told_whatever_its_text_and_subject(database: Database, shop: Shop) -> None:
    long = "".join(chr(65 + number % 57) for number in range(20_000))
    with database.begin() as tx:
        for subject in (long, f"{long}!", "\x00"):
            problems.report(tx, shop.id, "listing", subject, f"{UGLY}{long}", NOW)
        told = problems.open_problems(tx, shop.id)
        assert 3 == len(told)
        assert {4_000} == {len(one.text) for one in told}
        assert told[0].text.startswith(CLEAN)
        problems.solve(tx, shop.id, "listing", long, NOW)
        problems.solve_others(tx, shop.id, "listing", {f"{long}!"}, NOW)
        assert 1 == len(problems.open_problems(tx, shop.id))


def test_a_failure_is_kept_whatever_its_text(database: Database, shop: Shop) -> None:
    with database.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        (row,) = outbox.claim(tx, shop.id, type(listing()), NOW, 1)
        outbox.failed(tx, row, UGLY + "x" * 5_000, NOW, None, final=True)
        (error,) = read(tx, table, "error")
    assert error.startswith(CLEAN)
    assert 3_999 == len(error)  # the one that is missing was the NUL
