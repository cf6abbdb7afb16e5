"""What a supplier announces that counts in one defined way and is strange all the same: the merchant is told."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.wording import day, units
from connector.store import problems
from connector.store.engine import Tx

EXAMPLES = 5
OVERDUE = "supply_overdue"
TWICE = "supply_twice"
OVERDUE_ROWS = sa.text(
    "select reference, sku, quantity, expected, count(*) over () as many from supply"
    " where store = :store and supplier = :supplier and expected < :today order by expected, row limit :examples"
)
# Without a reference several dates of a SKU are what such files are made of; the same date again is not.
TWICE_NAMED = sa.text(
    "select reference, sku, count(*) as times, sum(quantity) as quantity, count(*) over () as many from supply"
    " where store = :store and supplier = :supplier"
    " group by reference, sku, location, case when reference = '' then expected end"
    " having count(*) > 1 order by reference, sku limit :examples"
)


def found(tx: Tx, store: str, supplier: str, today: date) -> Mapping[str, str | None]:
    """What is strange in what a supplier announces, by kind of problem; None where nothing is."""
    asked = {"store": store, "supplier": supplier, "today": today, "examples": EXAMPLES}
    overdue, twice = (tx.execute(query, asked).all() for query in (OVERDUE_ROWS, TWICE_NAMED))
    return {
        OVERDUE: f"{supplier} still announces {_rows(overdue[0].many)} whose date has passed:"
        f" {_some(overdue, _overdue)}. They count as late, and dates that rest on them are reckoned from today on."
        " Have the supplier name new dates, or drop what has come."
        if overdue
        else None,
        TWICE: f"{supplier} names the same thing in more than one row: {_some(twice, _twice)}."
        " All these rows count, each with its own units and date, as one delivery in parts."
        " If that is not meant, have the supplier name each reference and SKU once."
        if twice
        else None,
    }


def tell(tx: Tx, store: str, supplier: str, today: date, now: datetime) -> None:
    """Show what is strange now, one problem of each kind for a supplier; what is not so any more is over."""
    for kind, text in found(tx, store, supplier, today).items():
        problems.state(tx, store, kind, supplier, text, now)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _some(rows: Any, words: Callable[[Any], str]) -> str:
    left = rows[0].many - len(rows)
    return "; ".join(map(words, rows)) + (f"; and {left:,} more" if left else "")


def _name(row: Any) -> str:
    return f"{row.sku} under {row.reference}" if row.reference else str(row.sku)


def _overdue(row: Any) -> str:
    return f"{units(row.quantity)} of {_name(row)} for {day(row.expected)}"


def _twice(row: Any) -> str:
    return f"{_name(row)} in {row.times} rows, {units(row.quantity)} together"
