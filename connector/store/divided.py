"""Orders that were split in the store, and the orders that their parts are there."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.domain.effects import FetchFact
from connector.domain.facts import OrderGone, OrderSnapshot, OrderState
from connector.store.engine import Tx
from connector.store.outbox import put_states
from connector.store.tables import orders

DIVIDED = orders.c.parts != sa.text("'[]'::jsonb")  # as its index has it
Told = OrderSnapshot | OrderGone


def parts_held(tx: Tx, store: str) -> dict[str, str]:
    """The orders that parts of open orders are in the store, and of which order each is one."""
    query = sa.select(orders.c.order, orders.c.parts).where(orders.c.store == store, DIVIDED)
    return {part: row.order for row in tx.execute(query.where(orders.c.state == "open")) for part in row.parts}


def looked_at_instead(tx: Tx, store: str, given: Sequence[Told], now: datetime) -> tuple[Told, ...]:
    """What was told, without the end of what is only a part of an order: that order is looked at.

    Where that is gone for good, what was a part of it is an order by itself.
    """
    ended = {fact.order for fact in given if isinstance(fact, OrderGone) and not fact.whole}
    if not ended:
        return tuple(given)
    there = (orders.c.store == store, DIVIDED, orders.c.state != OrderState.GONE.value)
    rows = tx.execute(sa.select(orders.c.order, orders.c.parts).where(*there)).all()
    of = {one: row.order for row in rows for one in (row.order, *row.parts) if one in ended}
    put_states(tx, store, [FetchFact("order", order) for order in sorted(set(of.values()))], now)
    return tuple(fact for fact in given if fact.order not in of or not isinstance(fact, OrderGone) or fact.whole)
