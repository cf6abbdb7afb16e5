"""Goods that a store itself has on their way: supply where its merchant wants that, and nothing where not."""

import pytest

from connector.domain.effects import INCOMING
from connector.domain.errors import Terminal
from connector.domain.facts import Refetch, SupplyRow, SupplySnapshot
from connector.pipeline.found import take
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.store import problems, shops, supplies
from connector.store.tables import lines, outbox
from tests.conftest import NOW
from tests.pipeline.given import House
from tests.store.given import item, level, line, order, read

SUPPLIER = "Own transfers"
DAY = (NOW.date()).replace(month=12, day=20)
ROW = SupplyRow("SKU-A", 5, DAY, "#T1 #S1", "Main Street")


@pytest.fixture
def moving(home: House) -> House:
    """A store that moves goods, and one order that waits for some."""
    home.stall.incoming = SUPPLIER
    home.stall.there["incoming", ""] = (SupplySnapshot(SUPPLIER, (ROW,), NOW),)
    home.tell(item(), level(available=-2, seen=9), order("1", line()))
    return home


def follow(home: House, wanted: bool) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"follow_transfers": wanted, "settle_seconds": 0})


def turn(home: House) -> None:
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    plan(home.connector, home.shop.id)


def known(home: House) -> tuple[SupplyRow, ...]:
    with home.connector.db.begin() as tx:
        return supplies.rows_of(tx, home.shop.id, SUPPLIER)


def told(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        take(tx, home.shop.id, [Refetch("incoming", "")], NOW)
        return [key for key in read(tx, outbox, "key") if key == INCOMING.key]


def test_it_is_off_at_first(moving: House) -> None:
    turn(moving)
    assert known(moving) == ()
    assert ("fetch", ("incoming", "")) not in moving.stall.asked
    assert told(moving) == []


def test_what_is_on_its_way_is_promised_to_who_waits(moving: House) -> None:
    follow(moving, True)
    turn(moving)
    assert known(moving) == (ROW,)
    with moving.connector.db.begin() as tx:
        (eta,) = read(tx, lines, "eta")
    assert eta is not None


def test_a_change_is_read_once_however_often_it_is_told(moving: House) -> None:
    follow(moving, True)
    assert told(moving) == [INCOMING.key]
    assert told(moving) == [INCOMING.key]
    perform(moving.connector, moving.shop.id)
    assert moving.stall.asked.count(("fetch", ("incoming", ""))) == 1
    assert known(moving) == (ROW,)


def test_what_was_read_counts_no_more_once_it_is_switched_off(moving: House) -> None:
    follow(moving, True)
    turn(moving)
    follow(moving, False)
    turn(moving)
    assert known(moving) == ()
    with moving.connector.db.begin() as tx:
        assert read(tx, lines, "eta") == [None]


def test_without_the_right_what_was_said_last_counts_and_the_merchant_is_told(moving: House) -> None:
    follow(moving, True)
    turn(moving)
    moving.stall.there["incoming", ""] = Terminal("allow what it asks for")
    turn(moving)
    assert known(moving) == (ROW,)
    with moving.connector.db.begin() as tx:
        texts = [problem.text for problem in problems.open_problems(tx, moving.shop.id)]
        assert shops.get(tx, moving.shop.id).status == "active"
    assert any("allow what it asks for" in text for text in texts)
    moving.stall.there["incoming", ""] = (SupplySnapshot(SUPPLIER, (), NOW),)
    turn(moving)
    assert known(moving) == ()


def test_a_store_that_moves_nothing_is_never_asked(home: House) -> None:
    follow(home, True)
    home.tell(item(), level())
    turn(home)
    assert ("fetch", ("incoming", "")) not in home.stall.asked
