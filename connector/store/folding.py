"""Deliveries that workers end of: what one is folding is written down first, so that its end costs them a try."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Database, Tx
from connector.store.inbox import LOST, TRIES, InboxRow, back_off
from connector.store.tables import folding, inbox

# Both are committed by themselves, beside the transaction that folds: it is lost with the worker, they are not.
BEGIN = (
    "insert into folding (store, deliveries) values (%(store)s, %(deliveries)s)"
    " on conflict (store) do update set deliveries = excluded.deliveries returning store"
)
TRY = (
    "update inbox set attempts = %(attempts)s, available_at = %(again)s, error = %(lost)s"
    " where id = %(id)s and status = 'due' returning id"
)


def begin(db: Database, store: str, rows: Sequence[InboxRow], now: datetime) -> None:
    """These are going to be folded by the one writer of the store: together, or one that workers have ended of."""
    first = rows[0]
    if first.lost:
        attempts = first.attempts + 1
        tried = {"id": first.id, "attempts": attempts, "again": back_off(now, attempts), "lost": LOST}
        db.one(TRY, tried)
    else:
        db.one(BEGIN, {"store": store, "deliveries": [row.id for row in rows]})


def end(tx: Tx, store: str) -> None:
    """They are folded, or what came of each is written on it."""
    tx.execute(sa.delete(folding).where(folding.c.store == store))


def take_up_left(tx: Tx, store: str) -> bool:
    """Of what the last writer of the store was folding when it ended, each is folded alone: one of them may be why.

    True where there is any: that has to be committed before one of them is tried.
    """
    ids = tx.scalar(sa.delete(folding).where(folding.c.store == store).returning(folding.c.deliveries))
    if ids:
        left = sa.and_(inbox.c.id.in_(ids), inbox.c.status == "due")
        tx.execute(sa.update(inbox).where(left).values(attempts=inbox.c.attempts + 1, error=LOST))
    return bool(ids)


def to_fold(rows: Sequence[InboxRow]) -> tuple[InboxRow, ...]:
    """The first of these that may be folded together: none that workers have ended of, or such a one alone."""
    harmless = next((place for place, row in enumerate(rows) if row.lost), len(rows))
    return tuple(rows[: max(harmless, 1)])


def is_hopeless(row: InboxRow) -> bool:
    """Whether workers have ended of it as often as anything is tried."""
    return row.lost and row.attempts >= TRIES
