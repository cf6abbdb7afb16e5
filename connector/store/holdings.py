"""What the books hold to be there: orders that wait, and items that are sold."""

import sqlalchemy as sa

from connector.domain.facts import OrderState
from connector.store.engine import Tx
from connector.store.tables import items, orders


def orders_held(tx: Tx, store: str) -> frozenset[str]:
    """Orders that are being waited for or worked on."""
    query = sa.select(orders.c.order).where(orders.c.store == store, orders.c.state == OrderState.OPEN.value)
    return frozenset(tx.scalars(query))


def items_held(tx: Tx, store: str) -> frozenset[str]:
    """Items that are not gone."""
    return frozenset(tx.scalars(sa.select(items.c.item).where(items.c.store == store, ~items.c.gone)))
