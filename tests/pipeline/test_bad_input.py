"""Every kind of bad input has one outcome, and the merchant sees it: the table of docs/bad-input.md."""

import dataclasses
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from connector.domain.errors import BadInput
from connector.domain.facts import Receipt, SupplyRow
from connector.pipeline.clocks import trust
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.pipeline.restock import receive_goods
from connector.store import problems, shops, supplies
from connector.store.problems import Problem
from connector.store.tables import lines, orders
from connector.web.words import PROBLEMS
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order, read, supply

TODAY = NOW.date()
SOON, LATER, PAST = TODAY + timedelta(days=8), TODAY + timedelta(days=9), TODAY - timedelta(days=22)


def row(reference: str, quantity: int = 5, expected: date | None = SOON, sku: str = "SKU-A") -> SupplyRow:
    """A row about the store's only product."""
    return SupplyRow(sku, quantity, expected, reference)


def says(home: House, *rows: SupplyRow) -> None:
    """What Acme says now, while an order waits for six units, and the plan that follows."""
    home.tell(item(), level(available=-6), order("1", line(quantity=6)))
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), home.connector.clock())
    plan(home.connector, home.shop.id)


def wrong(home: House) -> list[Problem]:
    """What the merchant is told now."""
    with home.connector.db.begin() as tx:
        return sorted(problems.open_problems(tx, home.shop.id), key=lambda one: (one.kind, one.subject))


def told(home: House) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in wrong(home)]


def promised(home: House) -> list[date | None]:
    with home.connector.db.begin() as tx:
        return list(read(tx, lines, "eta"))


LATE = (
    "supply_overdue",
    "acme still announces 1 row whose date has passed: 9 units of SKU-A under PO-1 for 1 November 2026. They count as"
    " late, and dates that rest on them are reckoned from today on. Have the supplier name new dates, or drop what"
    " has come.",
)
TWICE = (
    "supply_twice",
    "acme names the same thing in more than one row: SKU-A under PO-1 in 2 rows, 7 units together. All these rows"
    " count, each with its own units and date, as one delivery in parts. If that is not meant, have the supplier name"
    " each reference and SKU once.",
)
NOBODYS = (
    "unmatched_sku",
    "acme names 1 SKU that no product of the store has: SKU-X. What is said of them counts for nothing until a"
    " product has them.",
)


@pytest.mark.parametrize(
    ("rows", "eta", "problem"),
    [
        ((row("PO-1", 9),), SOON, None),
        ((row("PO-1", 9, PAST),), TODAY, LATE),
        ((row("PO-1", 5), row("PO-1", 2, LATER)), LATER, TWICE),
        ((row("PO-1", 5), row("PO-1", 2)), SOON, TWICE),
        ((row("", 5), row("", 2, LATER)), LATER, None),
        ((row("PO-1", 9), row("PO-2", sku="SKU-X")), SOON, NOBODYS),
    ],
    ids=["nothing", "in the past", "twice", "twice for one day", "no reference", "unknown"],
)
def test_strange_rows_have_one_outcome_and_are_told_once(
    home: House, rows: tuple[SupplyRow, ...], eta: date, problem: tuple[str, str] | None
) -> None:
    says(home, *rows)
    says(home, *rows)
    assert promised(home) == [eta]
    assert told(home) == ([problem] if problem else [])
    assert [one.times for one in wrong(home)] == ([1] if problem else [])
    says(home, row("PO-9", 9))
    assert told(home) == []


def test_a_date_that_passes_while_the_supplier_says_nothing_new_is_told(home: House, clock: Clock) -> None:
    says(home, row("PO-1", 9))
    clock.move(days=9)
    says(home, row("PO-1", 9))
    assert [one.kind for one in wrong(home)] == ["supply_overdue"]


def test_many_strange_rows_are_one_problem_that_counts(home: House) -> None:
    says(home, *(row(f"PO-{number}", expected=PAST) for number in range(9)))
    ((kind, text),) = told(home)
    assert kind == "supply_overdue"
    assert text.startswith("acme still announces 9 rows whose date has passed: 5 units of SKU-A under PO-0 for ")
    assert "; and 4 more. They count" in text


def test_what_came_in_is_late_no_more(home: House) -> None:
    says(home, row("PO-1", 9, PAST))
    receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 9, NOW))
    assert told(home) == []


def by_address(home: House) -> None:
    """Each order comes under the law of its customer's address."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "auto"})


def sent_to(home: House, number: str, country: str) -> None:
    home.tell(dataclasses.replace(order(number, line(quantity=6, taken=0)), country=country))
    plan(home.connector, home.shop.id)


def test_a_country_without_rules_has_no_clock_and_is_told_once(home: House) -> None:
    by_address(home)
    says(home, row("PO-1", 99))
    for number, country in (("2", "CH"), ("3", "ch"), ("4", "US"), ("5", ""), ("6", "Switzerland")):
        sent_to(home, number, country)
    found = [(one.kind, one.subject, one.times) for one in wrong(home)]
    assert found == [("no_law", "", 1), ("no_law", "CH", 1), ("no_law", "SWITZERLAND", 1)]
    assert wrong(home)[1].text == (
        "There are orders whose country is CH, and no law is known here for them: no notice of law goes out, no"
        " deadline runs, and nothing of them counts as cancelled by itself. Their customers hear of dates like all"
        " others. If a law does bind you there, keep to it yourself, or name one for all orders by the setting"
        " jurisdiction."
    )
    with home.connector.db.begin() as tx:
        under_law = sa.select(orders.c.order).where(orders.c.clock.is_not(None))
        assert list(tx.scalars(under_law)) == ["4"]


def test_once_a_law_is_named_for_all_orders_no_country_is_without(home: House) -> None:
    by_address(home)
    sent_to(home, "1", "CH")
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "eu"})
    reconcile(home.connector, home.shop.id)
    assert [one for one in wrong(home) if one.kind == "no_law"] == []


def test_a_clock_that_goes_back_decides_nothing_until_it_is_past_the_last_plan(home: House, clock: Clock) -> None:
    says(home, row("PO-1", 9))
    clock.move(days=-2)
    says(home, row("PO-2", 9, LATER))
    assert plan(home.connector, home.shop.id).stocks == ()
    assert promised(home) == [SOON]
    ((kind, text),) = [one for one in told(home) if one[0] == "clock"]
    assert text.startswith(
        "The clock of this host has gone back: it says 21 November 2026, 12:00 UTC, and the last plan was made at"
        " 23 November 2026, 12:00 UTC. Until it is past that, no date is promised and nobody is written to."
    )
    assert [one.times for one in wrong(home) if one.kind == kind] == [1]
    clock.move(days=2, seconds=1)
    plan(home.connector, home.shop.id)
    assert (promised(home), told(home)) == ([LATER], [])


def test_a_clock_that_is_put_right_by_little_holds_nothing_back(home: House, clock: Clock) -> None:
    says(home, row("PO-1", 9))
    clock.move(seconds=-59)
    says(home, row("PO-2", 9, LATER))
    assert (promised(home), told(home)) == ([LATER], [])


def test_a_clock_that_was_wrong_before_and_is_right_now_can_be_trusted(home: House, clock: Clock) -> None:
    with pytest.raises(BadInput, match="has not gone back"):
        trust(home.connector, home.shop.id)
    says(home, row("PO-1", 9))
    clock.move(days=-2)
    says(home, row("PO-2", 9, LATER))
    assert trust(home.connector, home.shop.id) == clock.now
    plan(home.connector, home.shop.id)
    assert (promised(home), told(home)) == ([LATER], [])


def test_the_desk_has_a_heading_for_each(home: House) -> None:
    assert {"supply_overdue", "supply_twice", "no_law", "clock"} <= PROBLEMS.keys()
