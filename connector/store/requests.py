"""What customers have asked of their data through a platform: kept until it is done, and then without who it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.ports import DataRequest, RequestKind
from connector.store.engine import Tx
from connector.store.storable import short
from connector.store.tables import data_requests

TIME_TO_ANSWER = timedelta(days=30)
PAUSE = timedelta(minutes=10)
BY_US = (RequestKind.ERASE, RequestKind.FORGET)


@dataclass(frozen=True, slots=True)
class Request:
    """One request; once it is done, `email` and `orders` are empty and `result` says what it came to."""

    id: int
    kind: RequestKind
    email: str = field(repr=False)
    orders: tuple[str, ...]
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    result: str
    error: str | None


def put(tx: Tx, store: str, asked: DataRequest, now: datetime) -> Request | None:
    """Keep a request; None where it is known already."""
    row = insert(data_requests).values(
        store=store,
        kind=asked.kind.value,
        reference=short(asked.reference, 200),
        email=asked.email,
        orders=list(asked.orders),
        asked_at=now,
        due_at=now + TIME_TO_ANSWER,
        available_at=now,
    )
    known_by = ["store", "kind", "reference"]
    new = tx.scalar(row.on_conflict_do_nothing(index_elements=known_by).returning(data_requests.c.id))
    return None if new is None else get(tx, store, new)


def get(tx: Tx, store: str, number: int) -> Request | None:
    """A request of a store; None where there is none."""
    rows = _read(tx, data_requests.c.store == store, data_requests.c.id == number)
    return rows[0] if rows else None


def listed(tx: Tx, store: str, limit: int) -> tuple[Request, ...]:
    """The requests of a store: the open ones first, then the newest."""
    return _read(tx, data_requests.c.store == store)[:limit]


def stores_due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Stores with requests that are carried out without the merchant."""
    return tuple(tx.scalars(sa.select(data_requests.c.store).where(*_due(now)).distinct()))


def due(tx: Tx, store: str, now: datetime) -> tuple[Request, ...]:
    """The requests of a store that are to be carried out without the merchant, oldest first."""
    return tuple(sorted(_read(tx, data_requests.c.store == store, *_due(now)), key=lambda one: one.id))


def done(tx: Tx, number: int, result: str, now: datetime) -> None:
    """A request is answered; who it was is kept no longer."""
    values = {"done_at": now, "result": result, "email": "", "orders": [], "error": None}
    tx.execute(sa.update(data_requests).where(data_requests.c.id == number).values(values))


def put_off(tx: Tx, number: int, error: str, now: datetime) -> None:
    """A request could not be carried out now."""
    values = {"available_at": now + PAUSE, "error": short(error)}
    tx.execute(sa.update(data_requests).where(data_requests.c.id == number).values(values))


def _due(now: datetime) -> Sequence[sa.ColumnElement[bool]]:
    r = data_requests.c
    return r.done_at.is_(None), r.available_at <= now, r.kind.in_([kind.value for kind in BY_US])


def _read(tx: Tx, *where: sa.ColumnElement[bool]) -> tuple[Request, ...]:
    r = data_requests.c
    query = sa.select(r.id, r.kind, r.email, r.orders, r.asked_at, r.due_at, r.done_at, r.result, r.error)
    rows = tx.execute(query.where(*where).order_by(r.done_at.is_not(None), r.id.desc()))
    return tuple(Request(row.id, RequestKind(row.kind), row.email, tuple(row.orders), *row[4:]) for row in rows)
