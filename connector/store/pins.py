"""Lines that the merchant has put first, or given the units of one lot; the plan keeps to it while it can."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.domain.board import Released, StockBefore
from connector.domain.supply import named
from connector.store import problems
from connector.store.engine import Tx
from connector.store.plans import mark_dirty, said_of
from connector.store.tables import lines


@dataclass(frozen=True, slots=True)
class Pin:
    """A waiting line: whether it is `pinned`, to which lot ("" for none), and the lots that there are."""

    pinned: bool
    lot: str
    lots: tuple[str, ...]


def pins_of(tx: Tx, store: str, order: str) -> dict[str, Pin]:
    """The waiting lines of an order, by line."""
    mine = sa.and_(lines.c.store == store, lines.c.order == order, lines.c.open, lines.c.waiting > 0)
    columns = (lines.c.line, lines.c.stock, lines.c.pinned, lines.c.pin_lot)
    rows = tx.execute(sa.select(*columns).where(mine, lines.c.stock.is_not(None)).order_by(lines.c.line)).all()
    return {row.line: Pin(row.pinned, row.pin_lot, _lots(tx, store, row.stock)) for row in rows}


def _lots(tx: Tx, store: str, stock: str) -> tuple[str, ...]:
    return tuple(lot for supplier, rows in said_of(tx, store, stock).items() for lot, _ in named(supplier, rows))


def pin(tx: Tx, store: str, order: str, line: str, lot: str, now: datetime) -> bool:
    """Put a waiting line first, and give it a lot's units ("" for whichever); False where there is no such thing."""
    found = pins_of(tx, store, order).get(line)
    if found is None or (lot and lot not in found.lots):
        return False
    _set(tx, store, order, line, pinned=True, lot=lot)
    problems.solve(tx, store, "pin", f"{order}/{line}", now)
    return True


def unpin(tx: Tx, store: str, order: str, line: str, now: datetime) -> bool:
    """The line waits in its turn again; False where no such line waits."""
    if line not in pins_of(tx, store, order):
        return False
    _set(tx, store, order, line, pinned=False, lot="")
    problems.solve(tx, store, "pin", f"{order}/{line}", now)
    return True


def _set(tx: Tx, store: str, order: str, line: str, *, pinned: bool, lot: str) -> None:
    mine = sa.and_(lines.c.store == store, lines.c.order == order, lines.c.line == line)
    change = sa.update(lines).where(mine).values(pinned=pinned, pin_lot=lot, by_hand=True).returning(lines.c.stock)
    mark_dirty(tx, store, [stock for stock in tx.scalars(change) if stock])


def taken_up(tx: Tx, store: str, before: Iterable[StockBefore]) -> None:
    """What the merchant did to these lines has been planned."""
    for line in (line for stock in before for line in stock.lines if line.by_hand):
        mine = sa.and_(lines.c.store == store, lines.c.order == line.claim.order, lines.c.line == line.claim.line)
        tx.execute(sa.update(lines).where(mine).values(by_hand=False))


def release(tx: Tx, store: str, released: Iterable[Released], now: datetime) -> None:
    """Pins that cannot be kept are given up, and the merchant is told why."""
    for one in released:
        mine = sa.and_(lines.c.store == store, lines.c.order == one.order, lines.c.line == one.line)
        tx.execute(sa.update(lines).where(mine).values(pinned=False, pin_lot=""))
        problems.report(tx, store, "pin", f"{one.order}/{one.line}", one.words(), now)
