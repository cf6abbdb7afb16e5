"""Lines that the merchant has put first, or given a lot: kept through every plan, and given up with a reason."""

from datetime import date, timedelta

import pytest

from connector.domain.facts import Receipt, SupplyRow
from connector.pipeline.plan import plan
from connector.pipeline.restock import receive_goods
from connector.store import pins, problems, supplies
from connector.store.tables import ledger, lines
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read, supply

SOON, LATER = date(2026, 12, 1), date(2026, 12, 20)
BOTH = (("PO-1", SOON, 2), ("PO-2", LATER, 2))


def says(home: House, *rows: tuple[str, date, int]) -> None:
    """What Acme says, and the plan that follows."""
    said = [SupplyRow("SKU-A", quantity, day, reference) for reference, day, quantity in rows]
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*said), home.connector.clock())
    plan(home.connector, home.shop.id)


def pinned(home: House, order_: str, lot: str) -> bool:
    """The merchant's word, and the plan that follows."""
    with home.connector.db.begin() as tx:
        done = pins.pin(tx, home.shop.id, order_, "1", lot, home.connector.clock())
    plan(home.connector, home.shop.id)
    return done


def dates(home: House) -> list[tuple[str, int, date | None]]:
    """Order, units on hand and date."""
    with home.connector.db.begin() as tx:
        return read(tx, lines, "order", "filled", "eta")


def reasons(home: House) -> list[object]:
    """Why each promise was made or moved, oldest first, by order."""
    with home.connector.db.begin() as tx:
        return [(order_, entry["reason"]) for order_, _, entry in read(tx, ledger, "order", "number", "entry")]


def told(home: House) -> list[str]:
    """What the merchant sees of pins."""
    with home.connector.db.begin() as tx:
        return [one.text for one in problems.open_problems(tx, home.shop.id) if one.kind == "pin"]


@pytest.fixture
def two(home: House) -> House:
    """Two orders of two units each, one after the other, and two lots."""
    home.tell(item(), level(available=-4, seen=1), order("1", line(quantity=2)))
    home.tell(order("2", line(quantity=2), placed_at=at(1)))
    says(home, *BOTH)
    assert dates(home) == [("1", 0, SOON), ("2", 0, LATER)]
    return home


def test_a_line_that_is_put_first_gets_the_next_units(two: House) -> None:
    assert pinned(two, "2", "")
    assert dates(two) == [("1", 0, LATER), ("2", 0, SOON)]


def test_the_ledger_says_that_the_merchant_moved_the_line_and_that_the_other_had_to_wait_for_it(two: House) -> None:
    assert pinned(two, "2", "")
    assert reasons(two) == [("1", "new"), ("1", "queue"), ("2", "new"), ("2", "merchant")]
    with two.connector.db.begin() as tx:
        assert pins.unpin(tx, two.shop.id, "2", "1", two.connector.clock())
    plan(two.connector, two.shop.id)
    assert reasons(two)[3:] == [("2", "new"), ("2", "merchant"), ("2", "merchant")]
    says(two, ("PO-1", LATER, 2), ("PO-2", LATER, 2))
    assert reasons(two)[:4] == [("1", "new"), ("1", "queue"), ("1", "queue"), ("1", "supplier_later")]


def test_what_the_supplier_does_later_to_a_pinned_line_is_the_suppliers(two: House) -> None:
    assert pinned(two, "2", "acme/PO-1")
    says(two, ("PO-1", LATER, 2), ("PO-2", LATER, 2))
    assert reasons(two)[2:] == [("2", "new"), ("2", "merchant"), ("2", "supplier_later")]


def test_a_lot_that_is_given_to_a_line_is_its_own(two: House) -> None:
    assert pinned(two, "1", "acme/PO-2")
    assert dates(two)[0] == ("1", 0, LATER)
    says(two, *BOTH, ("PO-0", SOON - timedelta(days=3), 2))
    assert dates(two)[0] == ("1", 0, LATER)
    assert told(two) == []


def test_a_lot_that_is_gone_gives_its_line_back_to_its_turn_with_a_reason(two: House) -> None:
    assert pinned(two, "2", "acme/PO-1")
    assert dates(two) == [("1", 0, LATER), ("2", 0, SOON)]
    says(two, ("PO-2", LATER, 4))
    assert dates(two) == [("1", 0, LATER), ("2", 0, LATER)]
    assert told(two) == [
        "Line 1 of order 2 was given acme/PO-1, which is not announced any more: it waits in its turn again."
    ]
    with two.connector.db.begin() as tx:
        assert read(tx, lines, "order", "pinned", "pin_lot") == [("1", False, ""), ("2", False, "")]


def test_a_lot_that_shrinks_below_what_it_was_given_to_says_so(two: House) -> None:
    assert pinned(two, "2", "acme/PO-1")
    says(two, ("PO-1", SOON, 1), ("PO-2", LATER, 3))
    assert told(two) == [
        "Line 1 of order 2 was given acme/PO-1, which has not enough units for it: it waits in its turn again."
    ]


def test_what_was_given_a_lot_gets_its_units_when_they_come_in(two: House, clock: Clock) -> None:
    assert pinned(two, "2", "acme/PO-1")
    clock.move(days=2)
    receive_goods(two.connector, two.shop.id, Receipt("PO-1", "SKU-A", 2, clock.now))
    two.tell(level(available=-2, seen=2 * 24 * 60))
    plan(two.connector, two.shop.id)
    assert [(name, filled) for name, filled, _ in dates(two)] == [("1", 0), ("2", 2)]
    assert told(two) == []


def test_only_lines_that_wait_and_lots_that_there_are_can_be_pinned(two: House) -> None:
    assert not pinned(two, "1", "acme/PO-9")
    assert not pinned(two, "9", "")
    assert dates(two) == [("1", 0, SOON), ("2", 0, LATER)]


def test_a_pin_can_be_taken_back(two: House) -> None:
    pinned(two, "2", "")
    with two.connector.db.begin() as tx:
        assert pins.unpin(tx, two.shop.id, "2", "1", NOW)
    says(two, ("PO-1", SOON, 2), ("PO-2", LATER, 3))
    with two.connector.db.begin() as tx:
        assert read(tx, lines, "order", "lot") == [("1", "acme/PO-1"), ("2", "acme/PO-2")]
