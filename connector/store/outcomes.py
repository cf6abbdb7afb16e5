"""What became of orders in the end, as the store shows it: shipped, taken off, completed, cancelled, refunded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.facts import OrderGone, OrderSnapshot, OrderState
from connector.domain.record import OrderSplit, OrderTurned, Record, Reduced, Shipped
from connector.store import ledger
from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.tables import lines, orders

TOLD = frozenset({OrderState.COMPLETED, OrderState.CANCELLED, OrderState.GONE})


def note(tx: Tx, store: str, newer: Sequence[OrderSnapshot | OrderGone], now: datetime) -> None:
    """Write down in what these snapshots differ from the books; of an order that is new there is nothing to say."""
    ids = [fact.order for fact in newer]
    here = sa.select(orders.c.order, orders.c.state, orders.c.refunded, orders.c.parts).where(orders.c.store == store)
    known = {row.order: row for row in tx.execute(here.where(among(orders.c.order, ids)))}
    if not known:
        return
    mine = sa.select(lines.c.order, lines.c.line, lines.c.quantity, lines.c.shipped).where(lines.c.store == store)
    units = {(row.order, row.line): row for row in tx.execute(mine.where(among(lines.c.order, list(known))))}
    said = [one for fact in newer if fact.order in known for one in _of(fact, known[fact.order], units)]
    ledger.append(tx, store, said, now)


def _of(fact: OrderSnapshot | OrderGone, before: Any, units: dict[tuple[str, str], Any]) -> Iterator[Record]:
    if isinstance(fact, OrderSnapshot):
        for line in fact.lines:
            was = units.get((fact.order, line.id))
            if was is not None and line.shipped > was.shipped:
                yield Shipped(fact.order, line.id, line.shipped - was.shipped, line.shipped)
            if was is not None and line.quantity < was.quantity:
                yield Reduced(fact.order, line.id, line.quantity, was.quantity)
        yield from (OrderSplit(fact.order, one) for one in fact.parts if one not in before.parts)
    state = fact.state if isinstance(fact, OrderSnapshot) else OrderState.GONE
    refunded = isinstance(fact, OrderSnapshot) and fact.refunded
    turned = state.value != before.state and state in TOLD
    if turned or (refunded and not before.refunded):
        yield OrderTurned(fact.order, state.value, refunded)
