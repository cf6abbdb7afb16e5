"""Deliveries as they came: stored once each, in order, until they are folded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from psycopg.errors import ForeignKeyViolation
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import insert, psycopg

from connector.ports import Delivery
from connector.store import problems
from connector.store.engine import Database, Tx
from connector.store.storable import short
from connector.store.tables import inbox

TRIES = 8
MOST = 16 * 1024 * 1024
LOST = "the worker ended in the middle of it"
READ = (inbox.c.id, inbox.c.headers, inbox.c.body, inbox.c.received_at, inbox.c.attempts, inbox.c.error)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored delivery that is due; `lost`: a worker ended while it was at it."""

    id: int
    delivery: Delivery
    attempts: int
    lost: bool = False


def _put() -> str:
    """Made once: the statement is the same for every delivery, and building it takes longer than carrying it out."""
    names = ("store", "dedupe_key", "headers", "body", "received_at", "available_at")
    row = insert(inbox).values({name: sa.bindparam(name) for name in names})
    stored = row.on_conflict_do_nothing(index_elements=["store", "dedupe_key"]).returning(inbox.c.id)
    return str(stored.compile(dialect=psycopg.dialect()))  # type: ignore[no-untyped-call]


PUT = _put()


def put(db: Database, store: str, key: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Store a delivery; False where the same one is there already, or the store was erased meanwhile.

    Retryable where the database is away.
    """
    row = {"store": store, "dedupe_key": key, "headers": Jsonb(dict(headers)), "body": body}
    try:
        return db.one(PUT, row | {"received_at": now, "available_at": now}) is not None
    except ForeignKeyViolation:
        return False


def due(tx: Tx, store: str, now: datetime, limit: int, most: int = MOST) -> tuple[InboxRow, ...]:
    """The oldest deliveries that can be folded now: so many, and none after the first `most` bytes."""
    mine = (inbox.c.store == store, inbox.c.status == "due", inbox.c.available_at <= now)
    size = sa.func.octet_length(inbox.c.body)
    oldest = sa.select(inbox.c.id, size.label("size")).where(*mine).order_by(inbox.c.id).limit(limit).subquery()
    before = sa.func.sum(oldest.c.size).over(order_by=oldest.c.id) - oldest.c.size
    fitting = sa.select(oldest.c.id, before.label("before")).subquery()
    query = (
        sa.select(*READ)
        .join(fitting, inbox.c.id == fitting.c.id)
        .where(fitting.c.before < most)
        .order_by(inbox.c.id)
    )
    return tuple(map(_row, tx.execute(query)))


def unfolded(tx: Tx, store: str, batch: int = 20) -> Iterator[InboxRow]:
    """All deliveries that are due or were given up, oldest first."""
    last = 0
    mine = (inbox.c.store == store, inbox.c.status.in_(("due", "dead")))
    query = sa.select(*READ).where(*mine).order_by(inbox.c.id).limit(batch)
    while rows := tx.execute(query.where(inbox.c.id > last)).all():
        yield from map(_row, rows)
        last = rows[-1].id


def _row(row: Any) -> InboxRow:
    delivery = Delivery(row.headers, bytes(row.body), row.received_at)
    return InboxRow(row.id, delivery, row.attempts, row.error == LOST)


def done(tx: Tx, ids: Sequence[int]) -> None:
    """These deliveries are folded; their bodies hold personal data and are not kept."""
    tx.execute(sa.update(inbox).where(inbox.c.id.in_(ids)).values(status="done", body=b"", error=None))


def failed(tx: Tx, row: InboxRow, error: str, now: datetime, *, final: bool) -> bool:
    """Note a failure; True where the delivery is a dead letter now."""
    attempts = row.attempts + 1
    dead = final or attempts >= TRIES
    tx.execute(
        sa.update(inbox)
        .where(inbox.c.id == row.id)
        .values(
            attempts=attempts,
            status="dead" if dead else "due",
            error=short(error),
            available_at=back_off(now, attempts),
        )
    )
    return dead


def give_up(tx: Tx, row: InboxRow) -> None:
    """Workers have ended of it too often: it is a dead letter."""
    tx.execute(sa.update(inbox).where(inbox.c.id == row.id).values(status="dead", error=LOST))


def back_off(now: datetime, attempts: int) -> datetime:
    """When what was tried so often is tried again."""
    return now + timedelta(seconds=min(2**attempts, 600))


def replay(tx: Tx, store: str, now: datetime) -> int:
    """Make a store's dead letters due again; how many."""
    dead = sa.update(inbox).where(inbox.c.store == store, inbox.c.status == "dead")
    again = tx.scalars(dead.values(status="due", attempts=0, available_at=now).returning(inbox.c.id)).all()
    problems.solve_these(tx, store, "dead_letter", [f"inbox:{one}" for one in again], now)
    return len(again)


def stores_due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Stores that have deliveries waiting."""
    query = sa.select(inbox.c.store).where(inbox.c.status == "due", inbox.c.available_at <= now).distinct()
    return tuple(tx.scalars(query))


def is_due(tx: Tx, store: str, now: datetime) -> bool:
    """Whether a store has deliveries waiting."""
    waits = sa.exists().where(inbox.c.store == store, inbox.c.status == "due", inbox.c.available_at <= now)
    return bool(tx.scalar(sa.select(waits)))


def forget(tx: Tx, before: datetime) -> int:
    """Drop folded deliveries older than this; their keys have done their work."""
    return tx.execute(sa.delete(inbox).where(inbox.c.status == "done", inbox.c.received_at < before)).rowcount
