"""What the desk's first page shows, read from the books; every query belongs to one store."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.facts import NoticeOutcome
from connector.store.engine import Tx
from connector.store.outbox import DOUBLED
from connector.store.tables import inbox, lines, notice_events, orders, outbox


@dataclass(frozen=True, slots=True)
class Day:
    """All lines that are promised for one day (None: no date is known): how many, and their waiting units."""

    eta: date | None
    lines: int
    units: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line with units that are not on hand; `wanted` are all its unshipped units."""

    order: str
    number: str
    sku: str
    title: str
    waiting: int
    wanted: int
    eta: date | None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Dead letters of one kind: "delivery" (of the store, to us), "listing", "notice" or "fetch" (of ours)."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice and what became of it; `outcome` is the mail service's last word ("" where it has not said any)."""

    order: str
    number: str
    to: str
    template: str
    status: str
    created_at: datetime
    done_at: datetime | None
    error: str
    outcome: str
    detail: str
    possibly_doubled: bool


def ping(tx: Tx) -> None:
    """Ask the database anything."""
    tx.execute(sa.text("select 1"))


def days(tx: Tx, store: str) -> tuple[Day, ...]:
    """The days that lines are promised for, earliest first, the unknown one last."""
    query = sa.select(lines.c.eta, sa.func.count(), sa.func.sum(lines.c.waiting)).where(_waits(store))
    query = query.group_by(lines.c.eta).order_by(lines.c.eta.asc().nulls_last())
    return tuple(Day(*row) for row in tx.execute(query))


def waiting_lines(tx: Tx, store: str, limit: int, offset: int) -> tuple[WaitingLine, ...]:
    """Some of the waiting lines, in the order of their days, then of their orders' age."""
    line, order = lines.c, orders.c
    number = sa.func.coalesce(sa.func.nullif(order.number, ""), order.order)
    wanted = line.quantity - line.shipped
    query = sa.select(line.order, number, line.sku, line.title, line.waiting, wanted, line.eta)
    query = query.join(orders, sa.and_(order.store == line.store, order.order == line.order))
    by = (line.eta.asc().nulls_last(), order.placed_at, line.order, line.line)
    rows = tx.execute(query.where(_waits(store)).order_by(*by).limit(limit).offset(offset))
    return tuple(WaitingLine(*row) for row in rows)


def _waits(store: str) -> sa.ColumnElement[bool]:
    return sa.and_(lines.c.store == store, lines.c.open, lines.c.waiting > 0)


def last_delivery(tx: Tx, store: str) -> datetime | None:
    """When the store last sent us a webhook that we still know of."""
    at: datetime | None = tx.scalar(sa.select(sa.func.max(inbox.c.received_at)).where(inbox.c.store == store))
    return at


def given_up(tx: Tx, store: str) -> tuple[GivenUp, ...]:
    """What has been tried too often, by kind; nothing is tried again unless somebody asks for it."""
    came = sa.select(sa.literal("delivery").label("kind"), sa.func.count().label("count"))
    came = came.where(inbox.c.store == store, inbox.c.status == "dead")
    went = sa.select(outbox.c.kind, sa.func.count()).where(outbox.c.store == store, outbox.c.status == "dead")
    both = sa.union_all(came, went.group_by(outbox.c.kind)).subquery()
    query = sa.select(both.c.kind, both.c["count"]).where(both.c["count"] > 0).order_by(both.c.kind)
    return tuple(GivenUp(*row) for row in tx.execute(query))


def notices(tx: Tx, store: str, limit: int, order: str | None = None) -> tuple[NoticeRow, ...]:
    """The newest notices of a store, or of one of its orders."""
    query = sa.select(outbox).where(outbox.c.store == store, outbox.c.kind == "notice")
    if order is not None:
        query = query.where(outbox.c.order == order)
    rows = tx.execute(query.order_by(outbox.c.id.desc()).limit(limit)).all()
    said = _outcomes(tx, [f"{store}/{row.key}" for row in rows])
    return tuple(_notice(row, *said.get(f"{store}/{row.key}", ("", ""))) for row in rows)


def _outcomes(tx: Tx, ids: list[str]) -> dict[str, tuple[str, str]]:
    """The last word on each notice: a failure stays one whatever comes after it, "accepted" weighs least."""
    event = notice_events.c
    weights = {NoticeOutcome.FAILED: 3, NoticeOutcome.UNWANTED: 2, NoticeOutcome.DELIVERED: 1}
    weight = sa.case({kind.value: weighs for kind, weighs in weights.items()}, value=event.outcome, else_=0)
    query = sa.select(event.notice, event.outcome, event.detail).where(event.notice.in_(ids))
    rows = tx.execute(query.order_by(weight, event.at))
    return {row.notice: (row.outcome, row.detail) for row in rows}


def _notice(row: Any, outcome: str, detail: str) -> NoticeRow:
    effect = row.effect
    return NoticeRow(
        effect.get("order") or row.order or "",
        effect.get("number", ""),
        effect.get("to", ""),
        effect.get("template", ""),
        row.status,
        row.created_at,
        row.done_at,
        row.error or "",
        outcome,
        detail,
        DOUBLED in (row.result or ""),
    )
