"""The duties that the law has brought, of one store as a list and of all stores as figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.obligations import Duty
from connector.store.engine import Tx
from connector.store.tables import duties, orders

STATES = ("open", "breached", "met")


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty toward one customer; `state` is open, met or breached, `regime` the law as the order's clock saw it.

    `by_hand` is how the merchant has met it, where no mail did.
    """

    order: str
    number: str
    name: str
    duty: Duty
    due: datetime
    state: str
    ended_at: datetime | None
    regime: str
    by_hand: str


@dataclass(frozen=True, slots=True)
class Figure:
    """How many duties of a kind a store has in a state, and when the first of them is due."""

    store: str
    duty: str
    state: str
    count: int
    first_due: datetime


def owed(tx: Tx, store: str, state: str, duty: str, limit: int, offset: int) -> tuple[Owed, ...]:
    """Some duties of a store, what is due soonest first; "" stands for every state or kind."""
    d, o = duties.c, orders.c
    number = sa.func.coalesce(sa.func.nullif(o.number, ""), o.order)
    regime = sa.func.coalesce(o.clock["regime"].astext, "none")
    query = sa.select(d.order, number, o.name, d.duty, d.due, d.state, d.ended_at, regime, d.by_hand)
    query = query.join(orders, sa.and_(o.store == d.store, o.order == d.order)).where(*_which(store, state, duty))
    rows = tx.execute(query.order_by(d.due, d.order, d.duty, d.opened_at).limit(limit).offset(offset))
    return tuple(Owed(*row[:3], Duty(row[3]), *row[4:]) for row in rows)


def count(tx: Tx, store: str, state: str, duty: str) -> int:
    """How many duties these are."""
    query = sa.select(sa.func.count()).select_from(duties).where(*_which(store, state, duty))
    return int(tx.scalar(query) or 0)


def _which(store: str, state: str, duty: str) -> list[Any]:
    wanted: list[Any] = [duties.c.store == store]
    wanted += [duties.c.state == state] if state else []
    return wanted + ([duties.c.duty == duty] if duty else [])


def figures(tx: Tx) -> tuple[Figure, ...]:
    """The duties of all stores, by store, kind and state."""
    d = duties.c
    query = sa.select(d.store, d.duty, d.state, sa.func.count(), sa.func.min(d.due))
    return tuple(Figure(*row) for row in tx.execute(query.group_by(d.store, d.duty, d.state)))
