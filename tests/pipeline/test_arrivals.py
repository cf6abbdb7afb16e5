"""What live stores teach of their suppliers: receipts, rows that vanish while stock rises, and days without dates."""

from datetime import date, timedelta

import sqlalchemy as sa

from connector.domain.facts import Receipt, SupplyRow
from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, SLIP, Measure
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.restock import receive_goods
from connector.store import problems, slips, supplies
from connector.store.tables import ledger, lines
from tests.conftest import NOW, Clock
from tests.pipeline.given import House, subjects
from tests.store.given import item, level, line, order, read, supply

TODAY = NOW.date()
DUE = TODAY + timedelta(days=3)


def says(home: House, *rows: SupplyRow) -> None:
    """What Acme's feed says now, and the plan that follows."""
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), home.connector.clock())
    plan(home.connector, home.shop.id)


def counted(home: House, clock: Clock, available: int) -> None:
    """What the store counts now, and the plan that follows."""
    home.tell(level(available=available, seen=(clock.now - NOW).total_seconds() / 60 + 1))
    plan(home.connector, home.shop.id)


def taught(home: House, measure: Measure = SLIP) -> dict[int, float]:
    """What is known of Acme, by days."""
    with home.connector.db.begin() as tx:
        known = slips.known(tx, home.shop.id, measure)
    return dict(known[("acme",)].bins) if ("acme",) in known else {}


def row(quantity: int = 5, expected: date | None = DUE, reference: str = "PO-1") -> SupplyRow:
    """A row about the store's only product."""
    return SupplyRow("SKU-A", quantity, expected, reference)


def test_a_row_that_vanishes_while_the_stock_rises_was_a_delivery(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row())
    clock.move(days=5)
    counted(home, clock, 5)
    says(home)
    assert taught(home) == {2: 1.0}
    assert taught(home, SINCE_ORDER) == {5: 1.0}


def test_a_row_that_vanishes_while_nothing_came_teaches_nothing(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row())
    clock.move(days=5)
    says(home)
    assert taught(home) == {}


def test_a_cancelled_order_is_no_delivery(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=-5), order("1", line(quantity=5)))
    says(home, row())
    clock.move(days=5)
    home.tell(order("1", line(quantity=5, taken=0), seen=8000), level(available=0, seen=8000))
    plan(home.connector, home.shop.id)
    says(home)
    assert taught(home) == {}


def test_one_rise_explains_only_as_many_units_as_came(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row(), row(expected=DUE + timedelta(days=9), reference="PO-2"))
    clock.move(days=5)
    counted(home, clock, 5)
    says(home)
    assert taught(home) == {2: 1.0}


def test_a_rise_of_last_month_explains_nothing(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row())
    counted(home, clock, 5)
    clock.move(days=8)
    says(home)
    assert taught(home) == {}


def test_where_no_stock_is_counted_a_row_that_vanishes_after_its_day_was_a_delivery(
    home: House, clock: Clock
) -> None:
    home.tell(item(tracked=False))
    says(home, row(), row(expected=DUE + timedelta(days=9), reference="PO-2"))
    clock.move(days=4)
    says(home)
    assert taught(home) == {1: 1.0}


def test_what_was_received_by_hand_is_not_learned_again_from_the_feed(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row())
    clock.move(days=4)
    receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 5, clock.now))
    counted(home, clock, 5)
    says(home, row())
    says(home)
    assert taught(home) == {1: 1.0}


def test_a_receipt_leaves_nothing_of_its_rise_to_other_rows(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row(), row(reference="PO-2"))
    receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 5, clock.now))
    counted(home, clock, 5)
    says(home)
    assert taught(home) == {-3: 1.0}


def test_a_date_that_moves_is_no_delivery_and_keeps_the_first_day(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    says(home, row())
    clock.move(days=5)
    says(home, row(expected=DUE + timedelta(days=7)))
    assert taught(home) == {}
    clock.move(days=1)
    receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 5, clock.now))
    assert taught(home, SINCE_ORDER) == {6: 1.0}


def test_gaps_between_receipts_are_learned(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    for days, reference in ((0, "PO-1"), (20, "PO-2")):
        clock.move(days=days)
        says(home, row(reference=reference))
        receive_goods(home.connector, home.shop.id, Receipt(reference, "SKU-A", 5, clock.now))
    assert taught(home, BETWEEN_RECEIPTS) == {20: 1.0}


def test_supply_without_a_date_is_promised_as_an_estimate_and_says_so(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0))
    for number in range(12):
        with home.connector.db.begin() as tx:
            slips.learn(tx, home.shop.id, "acme", "", 20 + number % 2, TODAY, SINCE_ORDER)
    home.tell(order("1", line(taken=0)))
    says(home, row(expected=None))
    perform(home.connector, home.shop.id)
    by = TODAY + timedelta(days=21)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "eta", "lot_ready", "estimated") == [(by, TODAY, True)]
        promises = sa.select(ledger.c.entry).where(ledger.c.kind == "PromiseMade")
        entry = tx.scalars(promises).one()
    assert entry["estimated"] is True
    guess = "14 December 2026 (an estimate, as our supplier has named no date)"
    assert home.stall.written[-1][0].notice == f"Available on backorder: 4 units can ship by {guess}."
    assert subjects(home.post.sent) == ["Your order #1 is on backorder, expected by 14 December 2026"]
    assert f"1 × Thing A: expected to ship by {guess}" in home.post.sent[0].text


def test_a_day_that_goes_by_moves_no_estimate(home: House, clock: Clock) -> None:
    test_supply_without_a_date_is_promised_as_an_estimate_and_says_so(home, clock)
    clock.move(days=1)
    assert [one.entries for one in plan(home.connector, home.shop.id).stocks] == []
    says(home, row(quantity=6, expected=None))
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "eta", "estimated") == [(TODAY + timedelta(days=21), True)]


def test_a_date_that_the_supplier_names_replaces_the_estimate(home: House, clock: Clock) -> None:
    test_supply_without_a_date_is_promised_as_an_estimate_and_says_so(home, clock)
    says(home, row(expected=TODAY + timedelta(days=5)))
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "eta", "estimated") == [(TODAY + timedelta(days=5), False)]


def test_a_receipt_that_is_larger_than_its_reference_is_told_once_and_takes_what_was_announced(home: House) -> None:
    home.tell(item(), level(available=0))
    says(home, row(quantity=5))
    assert receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 7, NOW)) == 5
    with home.connector.db.begin() as tx:
        (found,) = [one for one in problems.open_problems(tx, home.shop.id) if one.kind == "receipt"]
    assert (found.subject, found.times) == ("PO-1/SKU-A", 1)
    assert found.text == (
        "Of SKU-A, 7 units came in under PO-1, which announced 5. All that is on the shelf is given out; ask the"
        " supplier what the rest was for."
    )
    assert taught(home) == {-3: 1.0}


def test_a_receipt_that_fits_is_no_problem(home: House) -> None:
    home.tell(item(), level(available=0))
    says(home, row(quantity=5))
    receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 5, NOW))
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, home.shop.id) == ()
