"""How far behind the installation is, over all stores: figures for whoever watches it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import inbox, outbox, stores


@dataclass(frozen=True, slots=True)
class Queue:
    """Work of one store and kind: how much is due, since when the oldest (None: nothing), and what was given up."""

    store: str
    kind: str
    due: int
    oldest: datetime | None
    dead: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Count:
    """Notices of one store in one status."""

    store: str
    status: str
    count: int


def store_ids(tx: Tx) -> tuple[str, ...]:
    """All stores."""
    return tuple(tx.scalars(sa.select(stores.c.id).order_by(stores.c.id)))


def read_until(tx: Tx) -> dict[str, datetime]:
    """Until when each store that is not closed has been read completely; its connection where it never was."""
    since = sa.func.coalesce(stores.c.reconciled_at, stores.c.connected_at).label("since")
    query = sa.select(stores.c.id, since).where(stores.c.status != "closed")
    return {row.id: row.since for row in tx.execute(query)}


def inboxes(tx: Tx) -> tuple[Queue, ...]:
    """Deliveries that are not folded yet, by store."""
    i = inbox.c
    due, dead = i.status == "due", i.status == "dead"
    figures = (sa.func.count().filter(due), sa.func.min(i.received_at).filter(due), sa.func.count().filter(dead))
    query = sa.select(i.store, sa.literal("delivery"), *figures, sa.literal(0)).where(sa.or_(due, dead))
    return tuple(Queue(*row) for row in tx.execute(query.group_by(i.store)))


def outboxes(tx: Tx) -> tuple[Queue, ...]:
    """Effects that are not performed yet, by store and kind.

    A message is as old as its row. A state that was replaced keeps its row: it is as old as its last due time.
    """
    o = outbox.c
    due, dead, unknown = o.status.in_(("due", "sending")), o.status == "dead", o.status == "unknown"
    since = sa.case((o.kind == "notice", o.created_at), else_=o.available_at)
    count = sa.func.count()
    figures = (count.filter(due), sa.func.min(since).filter(due), count.filter(dead), count.filter(unknown))
    query = sa.select(o.store, o.kind, *figures).where(sa.or_(due, dead, unknown))
    return tuple(Queue(*row) for row in tx.execute(query.group_by(o.store, o.kind)))


def notice_counts(tx: Tx) -> tuple[Count, ...]:
    """Notices by store and status."""
    o = outbox.c
    query = sa.select(o.store, o.status, sa.func.count()).where(o.kind == "notice").group_by(o.store, o.status)
    return tuple(Count(*row) for row in tx.execute(query))
