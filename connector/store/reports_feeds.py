"""Suppliers' feeds as the desk shows them, and the merchant's word that a file that was held back is right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from connector.domain.blast import FallsDue
from connector.store import problems
from connector.store.engine import Tx
from connector.store.tables import feeds, orders, supply


@dataclass(frozen=True, slots=True)
class FeedReport:
    """A feed and how it is doing.

    `rows` are the rows that count now, `unmatched` those among them that no product answers to. `held_rows` are
    those of a file that was held back (None: no file is), `held` is what tells it from another, `trusted` whether it
    is used as it is, `declined` whether the merchant does not want it. `falls_due` are the `notices` that it would
    send, or the first of them, each with its order's number; none where that was not counted.
    """

    id: int
    supplier: str
    url: str
    format: str
    every: timedelta
    status: str
    rows: int
    unmatched: int
    polled_at: datetime | None
    good_at: datetime | None
    due_at: datetime
    failures: int
    problem: str
    held_rows: int | None
    held_at: datetime | None
    held: str
    trusted: bool
    declined: bool
    notices: int
    falls_due: tuple[tuple[str, FallsDue], ...]


def feed_reports(tx: Tx, store: str) -> tuple[FeedReport, ...]:
    """The feeds of a store, by supplier."""
    unmatched = sa.func.count().filter(supply.c.stock.is_(None))
    counts = sa.select(supply.c.supplier, sa.func.count().label("rows"), unmatched.label("unmatched"))
    counted = counts.where(supply.c.store == store).group_by(supply.c.supplier).subquery()
    query = sa.select(
        feeds,
        sa.func.coalesce(counted.c.rows, 0).label("rows"),
        sa.func.coalesce(counted.c.unmatched, 0).label("unmatched"),
    ).select_from(feeds.outerjoin(counted, counted.c.supplier == feeds.c.supplier))
    rows = tx.execute(query.where(feeds.c.store == store).order_by(feeds.c.supplier, feeds.c.id)).all()
    due = {row.id: msgspec.convert((row.quarantined or {}).get("due", []), list[FallsDue]) for row in rows}
    numbers = _numbers(tx, store, {one.order for some in due.values() for one in some})
    return tuple(_report(row, [(numbers.get(one.order, one.order), one) for one in due[row.id]]) for row in rows)


def _numbers(tx: Tx, store: str, wanted: Collection[str]) -> dict[str, str]:
    """The numbers of orders by their ids."""
    query = sa.select(orders.c.order, orders.c.number).where(orders.c.store == store, orders.c.order.in_(wanted))
    return {row.order: row.number for row in tx.execute(query)}


def _report(row: Any, due: Sequence[tuple[str, FallsDue]]) -> FeedReport:
    held = row.quarantined
    return FeedReport(
        row.id,
        row.supplier,
        row.url,
        row.format,
        timedelta(seconds=row.every_seconds),
        row.status,
        row.rows,
        row.unmatched,
        row.polled_at,
        row.good_at,
        row.due_at,
        row.failures,
        row.problem or "",
        int(held["rows"]) if held else None,
        datetime.fromisoformat(held["at"]) if held else None,
        _name(held),
        row.run_anyway,
        bool(held and held.get("declined")),
        int((held or {}).get("notices", 0)),
        tuple(due),
    )


def _name(held: Mapping[str, Any] | None) -> str:
    return str((held or {}).get("digest", ""))


@dataclass(frozen=True, slots=True)
class Judged:
    """Whose file the merchant has judged; nothing has changed where it was not `held` back, or is not any more."""

    supplier: str
    held: bool


def use_anyway(tx: Tx, store: str, feed: int, now: datetime, file: str | None = None) -> Judged | None:
    """Let a feed's held file count, and look now; None where the store has no such feed.

    `file` is the one that the merchant has seen (None: whichever it is).
    """
    return _judge(tx, store, feed, file, {"run_anyway": True, "due_at": now})


def decline(tx: Tx, store: str, feed: int, now: datetime, file: str | None = None) -> Judged | None:
    """Leave a feed's held file unused for as long as it says the same; None where the store has no such feed.

    `file` is the one that the merchant has seen (None: whichever it is).
    """
    unwanted = feeds.c.quarantined.op("||")(sa.literal({"declined": True}, JSONB()))
    judged = _judge(tx, store, feed, file, {"quarantined": unwanted, "run_anyway": False})
    if judged is not None and judged.held:
        problems.solve(tx, store, "feed", judged.supplier, now)
    return judged


def _judge(tx: Tx, store: str, feed: int, file: str | None, verdict: Mapping[str, Any]) -> Judged | None:
    here = sa.and_(feeds.c.store == store, feeds.c.id == feed)
    row = tx.execute(sa.select(feeds.c.supplier, feeds.c.quarantined).where(here).with_for_update()).one_or_none()
    if row is None:
        return None
    meant = bool(row.quarantined) and file in (None, _name(row.quarantined))
    if meant:
        tx.execute(sa.update(feeds).where(here).values(**verdict))
    return Judged(row.supplier, meant)
