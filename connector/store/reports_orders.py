"""One order as the desk shows it: its lines, and the ledger of what was promised for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.promise import Filled, PromiseMade
from connector.store.engine import Tx
from connector.store.tables import customers, ledger, lines, orders

ENTRIES: dict[str, type[PromiseMade] | type[Filled]] = {"PromiseMade": PromiseMade, "Filled": Filled}


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """A line in units; `eta` is None where nothing waits, where nothing is promised, or where no date is known."""

    line: str
    sku: str
    title: str
    quantity: int
    shipped: int
    on_hand: int
    waiting: int
    eta: date | None
    open: bool
    counted: bool
    estimated: bool


@dataclass(frozen=True, slots=True)
class Buys:
    """The company that buys, at one of its places, and its usual terms ("": none, or not known).

    `pay_by` is when the order's next payment is due; None where it was not sold on terms.
    """

    company: str
    place: str
    terms: str
    pay_by: datetime | None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order with its lines; `placed_at` is None for an order of which only the end is known."""

    order: str
    number: str
    state: str
    placed_at: datetime | None
    name: str
    email: str
    country: str
    segment: str
    priority: int
    ship_complete: bool
    lines: tuple[OrderLineRow, ...]
    buys: Buys


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An entry of the promise ledger, with the title of its line."""

    at: datetime
    title: str
    entry: PromiseMade | Filled


def order_report(tx: Tx, store: str, order: str) -> OrderReport | None:
    """An order of a store; None where the store has none of this id."""
    here = sa.and_(orders.c.store == store, orders.c.order == order)
    head = tx.execute(sa.select(orders).where(here)).one_or_none()
    if head is None:
        return None
    mine = sa.select(lines).where(lines.c.store == store, lines.c.order == order)
    rows = tuple(_line(row) for row in tx.execute(mine.order_by(lines.c.open.desc(), lines.c.line)))
    return OrderReport(
        head.order,
        head.number or head.order,
        head.state,
        head.placed_at,
        head.name,
        head.email,
        head.country,
        head.segment,
        head.priority,
        head.ship_complete,
        rows,
        _buys(tx, store, head),
    )


def _buys(tx: Tx, store: str, head: Any) -> Buys:
    named = sa.select(customers.c.company, customers.c.place, customers.c.terms)
    known = tx.execute(named.where(customers.c.store == store, customers.c.customer == head.customer)).one_or_none()
    company, place, terms = known or ("", "", "")
    return Buys(company, place, terms, head.pay_by)


def _line(row: Any) -> OrderLineRow:
    waiting = row.waiting if row.open else 0
    return OrderLineRow(
        row.line,
        row.sku,
        row.title,
        row.quantity,
        row.shipped,
        row.filled if row.open else 0,
        waiting,
        row.eta if waiting else None,
        row.open,
        row.stock is not None,
        row.estimated,
    )


def ledger_of(tx: Tx, store: str, order: str) -> tuple[LedgerRow, ...]:
    """All that was promised and kept for an order, newest first."""
    joined = sa.and_(lines.c.store == ledger.c.store, lines.c.order == ledger.c.order, lines.c.line == ledger.c.line)
    query = sa.select(ledger.c.at, ledger.c.kind, ledger.c.entry, ledger.c.line, lines.c.title)
    query = query.select_from(ledger.outerjoin(lines, joined)).order_by(ledger.c.id.desc())
    mine = (ledger.c.store == store, ledger.c.order == order, ledger.c.kind.in_(ENTRIES))
    return tuple(
        LedgerRow(row.at, row.title or row.line, msgspec.convert(row.entry, ENTRIES[row.kind]))
        for row in tx.execute(query.where(*mine))
    )
