"""What the store holds back for us, order by order, as it was left the last time."""

from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.effects import ArrangeOrder
from connector.ports import Kept
from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.tables import arranged, outbox

NOTHING = Kept()
MOST = 200


def known(tx: Tx, store: str, order: str) -> Kept:
    """What was left the last time."""
    here = sa.and_(arranged.c.store == store, arranged.c.order == order)
    found = tx.scalar(sa.select(arranged.c.kept).where(here))
    return msgspec.convert(found, Kept) if found is not None else NOTHING


def put(tx: Tx, store: str, order: str, kept: Kept) -> None:
    """Keep it for the next time."""
    row = insert(arranged).values(store=store, order=order, kept=msgspec.to_builtins(kept))
    fresh = {"kept": row.excluded.kept}
    tx.execute(row.on_conflict_do_update(index_elements=["store", "order"], set_=fresh))


def forget(tx: Tx, store: str, order: str) -> None:
    """Nothing of an order is held any more."""
    tx.execute(sa.delete(arranged).where(arranged.c.store == store, arranged.c.order == order))


def orders_of(tx: Tx, store: str) -> tuple[str, ...]:
    """Orders of which something may be held by us."""
    query = sa.select(arranged.c.order).where(arranged.c.store == store)
    return tuple(tx.scalars(query.order_by(arranged.c.order)))


def look_again(tx: Tx, store: str, orders: Collection[str] | None, now: datetime) -> None:
    """Something may have happened to these orders (None: some of all): what could not be held is tried again."""
    query = sa.select(arranged.c.order).where(arranged.c.store == store, arranged.c.kept["again"].astext == "true")
    if orders is not None:
        query = query.where(among(arranged.c.order, orders))
    keys = [ArrangeOrder(order, "", ()).key for order in tx.scalars(query.order_by(arranged.c.order).limit(MOST))]
    if keys:
        here = sa.and_(outbox.c.store == store, among(outbox.c.key, keys), outbox.c.status.in_(("done", "dead")))
        due = {"status": "due", "attempts": 0, "available_at": now, "error": None}
        tx.execute(sa.update(outbox).where(here).values(due))
