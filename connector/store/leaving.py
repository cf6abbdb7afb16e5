"""What is left of us in a store that is let go, and what must not happen to it any more."""

from datetime import datetime

import sqlalchemy as sa

from connector.domain.effects import SwitchBackorders, WriteListing
from connector.store import selling
from connector.store.engine import Tx
from connector.store.outbox import KINDS, OPEN
from connector.store.tables import items, outbox

STATES = (KINDS[WriteListing], KINDS[SwitchBackorders])


def is_being_written(tx: Tx, store: str, now: datetime) -> bool:
    """Whether a worker has claimed states of a store and may write them any moment."""
    o = outbox.c
    claimed = sa.exists().where(o.store == store, o.kind.in_(STATES), o.status == "sending", o.available_at > now)
    return bool(tx.scalar(sa.select(claimed)))


def shown(tx: Tx, store: str) -> tuple[tuple[str, str | None], ...]:
    """Items, each with its parent, whose listings may show something of ours."""
    mine = sa.and_(items.c.store == store, items.c.written.is_not(None), ~items.c.gone)
    query = sa.select(items.c.item, items.c.parent).where(mine).order_by(items.c.item)
    return tuple((row.item, row.parent) for row in tx.execute(query))


def forget(tx: Tx, store: str) -> int:
    """Nothing is to be done any more, and nothing of ours is shown; how many letters had not gone out."""
    o = outbox.c
    waiting = sa.and_(o.store == store, o.status.in_(OPEN))
    dropped = tx.scalars(sa.delete(outbox).where(waiting).returning(o.kind)).all()
    tx.execute(sa.update(items).where(items.c.store == store).values(written=sa.null()))
    selling.forget(tx, store)
    return dropped.count("notice")
