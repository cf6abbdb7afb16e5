"""Suppliers' feeds: where they are, when they are due, and how the last look at them went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from connector.domain.errors import BadInput
from connector.ports import Validators
from connector.store.engine import Tx
from connector.store.tables import feeds, stores

LEASE = timedelta(minutes=5)  # longer than a fetch may last, and what is done with its file


@dataclass(frozen=True, slots=True)
class Feed:
    """One supplier's feed of one store.

    `digest` is that of the file that counts, `refused` of one taken back, `held` of one held back, which the merchant
    may have `declined`; `changed_at` is when a file last changed anything, `returns` how often in a row one went back
    to what was said before the last change.
    """

    id: int
    store: str
    supplier: str
    url: str
    format: str
    mapping: Mapping[str, str]
    every: timedelta
    validators: Validators
    failures: int
    problem: str | None
    run_anyway: bool
    digest: str | None = None
    refused: str | None = None
    held: str | None = None
    declined: bool = False
    changed_at: datetime | None = None
    returns: int = 0


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed as the merchant describes it; `mapping` goes from our field names to the file's columns."""

    supplier: str
    url: str
    format: str
    mapping: Mapping[str, str]
    every: timedelta


def add(tx: Tx, store: str, new: NewFeed, now: datetime) -> Feed:
    """A new feed, or the supplier's known one with its new address; it is due at once."""
    fresh = {
        "url": new.url,
        "format": new.format,
        "mapping": dict(new.mapping),
        "every_seconds": int(new.every.total_seconds()),
        "status": "active",
        "etag": None,
        "last_modified": None,
        "digest": None,
        "due_at": now,
    }
    row = insert(feeds).values(store=store, supplier=new.supplier, **fresh)
    kept = row.on_conflict_do_update(index_elements=["store", "supplier"], set_=fresh).returning(feeds.c.id)
    return get(tx, int(tx.scalar(kept) or 0))


def get(tx: Tx, feed: int) -> Feed:
    """A feed by id; BadInput where there is none."""
    row = tx.execute(sa.select(feeds).where(feeds.c.id == feed)).one_or_none()
    if row is None:
        raise BadInput(f"there is no feed {feed}")
    return _feed(row)


def of_store(tx: Tx, store: str) -> tuple[Feed, ...]:
    """The feeds of a store."""
    query = sa.select(feeds).where(feeds.c.store == store).order_by(feeds.c.id)
    return tuple(_feed(row) for row in tx.execute(query))


@dataclass(frozen=True, slots=True)
class Due:
    """A feed that should be looked at now, and whether the last look at it failed."""

    id: int
    failing: bool


def due(tx: Tx, now: datetime) -> tuple[Due, ...]:
    """Feeds that should be polled now; each is lent out for a while, so that it is woken once and never lost."""
    here = sa.and_(feeds.c.status == "active", feeds.c.due_at <= now)
    active = sa.exists().where(stores.c.id == feeds.c.store, stores.c.status != "closed")
    failing = sa.and_(feeds.c.failures > 0, ~feeds.c.run_anyway)
    lent = sa.update(feeds).where(here, active).values(due_at=now + LEASE).returning(feeds.c.id, failing)
    return tuple(sorted((Due(*row) for row in tx.execute(lent)), key=lambda one: one.id))


def take(tx: Tx, feed: int, now: datetime) -> Feed | None:
    """A feed for whoever looks at it now; None while somebody else does. BadInput where there is none."""
    free = sa.or_(feeds.c.taken_until.is_(None), feeds.c.taken_until <= now)
    lent = {"taken_until": now + LEASE, "due_at": now + LEASE}
    taken = sa.update(feeds).where(feeds.c.id == feed, free).values(lent).returning(feeds.c.id)
    found = get(tx, feed)
    return found if tx.scalar(taken) is not None else None


def _feed(row: Any) -> Feed:
    return Feed(
        row.id,
        row.store,
        row.supplier,
        row.url,
        row.format,
        row.mapping,
        timedelta(seconds=row.every_seconds),
        Validators(row.etag, row.last_modified),
        row.failures,
        row.problem,
        row.run_anyway,
        row.digest,
        row.refused,
        (row.quarantined or {}).get("digest"),
        bool((row.quarantined or {}).get("declined")),
        changed_at=row.changed_at,
        returns=row.returns,
    )


def went_well(tx: Tx, feed: Feed, validators: Validators | None, now: datetime, digest: str | None = None) -> None:
    """A poll that brought a good file, or (validators None) nothing new."""
    values: dict[str, Any] = {"polled_at": now, "good_at": now, "failures": 0, "problem": None, "run_anyway": False}
    values |= _given_back(feed, now)
    if validators is not None:
        values |= {"etag": validators.etag, "last_modified": validators.last_modified, "quarantined": None}
        values |= {"digest": digest, "refused": None}
    tx.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(values))


def went_wrong(tx: Tx, feed: Feed, problem: str, now: datetime, *, quarantined: Mapping[str, Any] | None) -> None:
    """A poll that brought nothing that can be used; the last good state stays.

    What the merchant has said of a held file, be it during this very poll, stays as long as no other one is held.
    """
    values: dict[str, Any] = {"polled_at": now, "failures": feed.failures + 1, "problem": problem}
    values |= _given_back(feed, now)
    held = feeds.c.quarantined
    if quarantined is None:
        values["quarantined"] = sa.case((feeds.c.run_anyway, held), else_=sa.null())
    else:
        same = held["digest"].astext == quarantined.get("digest", "")
        values["quarantined"] = sa.case((same, held), else_=sa.literal(quarantined, JSONB()))
        values["run_anyway"] = sa.and_(feeds.c.run_anyway, sa.func.coalesce(same, sa.false()))
        values["due_at"] = sa.case((values["run_anyway"], now), else_=values["due_at"])
    tx.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(values))


def looked_again(tx: Tx, feed: Feed, now: datetime) -> None:
    """A poll that brought what is known and not wanted; all stays as it is."""
    tx.execute(sa.update(feeds).where(feeds.c.id == feed.id).values({"polled_at": now} | _given_back(feed, now)))


def _given_back(feed: Feed, now: datetime) -> dict[str, datetime | None]:
    return {"taken_until": None, "due_at": now + feed.every}


def refuse(tx: Tx, feed: Feed) -> None:
    """The file that counted is taken back, and counts no more when it comes again."""
    tx.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(refused=feed.digest, digest=None))


def changed(tx: Tx, feed: Feed, now: datetime, *, back: bool) -> None:
    """A file changed something; `back` to what was said before the last change."""
    values = {"changed_at": now, "returns": feed.returns + 1 if back else 0}
    tx.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(values))
