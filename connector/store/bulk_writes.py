"""Listings that a store writes in bulk: which they are, and when to look at it again. One bulk a store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.effects import WriteListing
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.tables import bulk_writes, stores

# Claimed for so long, listings are nobody else's until the bulk has ended, however long it takes.
HELD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BulkWrite:
    """A bulk by its name, with the claimed listings in their order; `attempts` to start it, this one included."""

    name: str
    rows: tuple[OutboxRow, ...]
    started: bool
    attempts: int
    begun_at: datetime


def begin(tx: Tx, store: str, name: str, rows: Sequence[OutboxRow], now: datetime, until: datetime) -> BulkWrite:
    """Keep a bulk that is to be started; whoever begins it has until then."""
    kept = {"store": store, "name": name, "rows": msgspec.to_builtins(rows), "attempts": 1}
    tx.execute(sa.insert(bulk_writes).values(kept | {"begun_at": now, "look_at": until}))
    return BulkWrite(name, tuple(rows), started=False, attempts=1, begun_at=now)


def take(tx: Tx, store: str, now: datetime, until: datetime) -> BulkWrite | None:
    """Be the one who sees to a store's bulk until then; None where there is none, or not yet."""
    b = bulk_writes.c
    due = sa.and_(b.store == store, b.look_at <= now)
    held = {"look_at": until, "attempts": b.attempts + sa.case((b.started, 0), else_=1)}
    row = tx.execute(sa.update(bulk_writes).where(due).values(held).returning(bulk_writes)).one_or_none()
    return None if row is None else _read(row)


def is_open(tx: Tx, store: str) -> bool:
    """Whether a store has a bulk."""
    return bool(tx.scalar(sa.select(sa.exists().where(bulk_writes.c.store == store))))


def look_at(tx: Tx, store: str, name: str, when: datetime, *, started: bool) -> None:
    """It is seen to again at a time."""
    mine = sa.and_(bulk_writes.c.store == store, bulk_writes.c.name == name)
    tx.execute(sa.update(bulk_writes).where(mine).values(look_at=when, started=started))


def look_now(tx: Tx, store: str, now: datetime) -> None:
    """There is word that something has ended in a store: a bulk that was started is looked at."""
    early = sa.and_(bulk_writes.c.store == store, bulk_writes.c.started, bulk_writes.c.look_at > now)
    tx.execute(sa.update(bulk_writes).where(early).values(look_at=now))


def end(tx: Tx, store: str) -> None:
    """There is no bulk any more; what becomes of its listings is up to their rows."""
    tx.execute(sa.delete(bulk_writes).where(bulk_writes.c.store == store))


def stores_due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Active stores whose bulk is to be seen to."""
    b = bulk_writes.c
    active = sa.exists().where(stores.c.id == b.store, stores.c.status == "active")
    return tuple(tx.scalars(sa.select(b.store).where(b.look_at <= now, active)))


def _read(row: Any) -> BulkWrite:
    rows = tuple(
        replace(msgspec.convert(one, OutboxRow), effect=msgspec.convert(one["effect"], WriteListing))
        for one in row.rows
    )
    return BulkWrite(row.name, rows, row.started, row.attempts, row.begun_at)
