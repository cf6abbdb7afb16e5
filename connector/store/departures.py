"""Stores whose merchants have asked to be disconnected, which a job does."""

from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import stores


def ask(tx: Tx, store: str, now: datetime) -> None:
    """A store is to be left; one that is being left stays with whoever is at it."""
    mine = sa.and_(stores.c.id == store, stores.c.leaving_until.is_(None))
    tx.execute(sa.update(stores).where(mine).values(leaving_until=now))


def due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Stores that are to be left, and nobody is at it."""
    return tuple(tx.scalars(sa.select(stores.c.id).where(stores.c.leaving_until <= now)))


def is_asked(tx: Tx, store: str) -> bool:
    """Whether a store is to be left."""
    return tx.scalar(sa.select(stores.c.leaving_until.is_not(None)).where(stores.c.id == store)) is True


def hold(tx: Tx, store: str, now: datetime, until: datetime) -> bool:
    """Be the one who leaves a store; False where nobody asked, or somebody is at it."""
    free = sa.and_(stores.c.id == store, stores.c.leaving_until <= now)
    return tx.execute(sa.update(stores).where(free).values(leaving_until=until)).rowcount == 1


def put_off(tx: Tx, store: str, until: datetime | None) -> None:
    """Leaving goes on at a time, or is over."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(leaving_until=until))
