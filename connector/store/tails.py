"""Tails of long queues, each kept with a print of the lines that stand before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.board import StockAfter
from connector.domain.tail import Tail
from connector.store.engine import Tx
from connector.store.sets import among, as_table
from connector.store.tables import levels, lines, orders, plans

JOINED = sa.and_(orders.c.store == lines.c.store, orders.c.order == lines.c.order)
UNPLANNED = sa.and_(~lines.c.promised, lines.c.filled == 0, lines.c.waiting == 0)
TAKEN_AT = sa.case(
    (sa.or_(orders.c.unpaid_at.is_(None), orders.c.taken_first.is_(None)), orders.c.placed_at),
    else_=sa.func.greatest(orders.c.placed_at, orders.c.taken_first),
)
PARTS = (
    *(lines.c[name] for name in ("order", "line", "quantity", "shipped", "filled", "waiting")),
    *(lines.c[name] for name in ("pinned", "pin_lot", "by_hand")),
    *(orders.c[name] for name in ("placed_at", "ship_complete", "ships_apart")),
    lines.c.location,
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """The tail of a stock whose lines are as they were left; `taken` units of theirs are not in the count."""

    tail: Tail
    taken: int


def standing(tx: Tx, store: str, stocks: Iterable[str], today: date) -> dict[str, Ahead]:
    """Stocks that have a tail, and whose lines before it nobody has touched and no date of which has passed."""
    query = sa.select(plans.c.stock, plans.c.tail).where(plans.c.store == store, among(plans.c.stock, stocks))
    kept = {row.stock: row.tail for row in tx.execute(query.where(plans.c.tail.is_not(None)))}
    if not kept:
        return {}
    found = {row.stock: row for row in tx.execute(_lines_of(store, kept))}
    return {
        stock: Ahead(msgspec.convert(tail["tail"], Tail), int(found[stock].taken or 0))
        for stock, tail in kept.items()
        if stock in found and _print(found[stock]) == tail["print"] and (found[stock].first or today) >= today
    }


def keep(tx: Tx, store: str, after: Iterable[StockAfter]) -> None:
    """Keep the tails of plans that are saved."""
    tails = {one.stock: one.tail for one in after if one.tail is not None}
    if not tails:
        return
    prints = {row.stock: _print(row) for row in tx.execute(_lines_of(store, tails))}
    rows = [
        {"stock": stock, "tail": {"tail": msgspec.to_builtins(tail), "print": prints[stock]}}
        for stock, tail in tails.items()
        if stock in prints
    ]
    new = as_table(rows, stock=sa.Text(), tail=plans.c.tail.type).c
    here = sa.and_(plans.c.store == store, plans.c.stock == new.stock)
    tx.execute(sa.update(plans).where(here).values(tail=new.tail))


def _print(row: Any) -> str:
    return f"{row.count}:{row.digest}"


def _lines_of(store: str, stocks: Mapping[str, Any]) -> sa.Select[Any]:
    """By stock: how many lines are planned, their looks in sum, their first date, the units they have taken."""
    read = sa.select(
        levels.c.stock, sa.func.max(sa.func.greatest(levels.c.seen_at, levels.c.read_at)).label("at")
    ).where(levels.c.store == store, among(levels.c.stock, stocks))
    counted = read.group_by(levels.c.stock).subquery()
    each = sa.func.hashtextextended(sa.func.concat_ws("|", *PARTS), 0)
    return (
        sa.select(
            lines.c.stock,
            sa.func.count().label("count"),
            sa.func.sum(each).label("digest"),
            sa.func.min(lines.c.eta).filter(lines.c.waiting > 0).label("first"),
            sa.func.sum(lines.c.taken).filter(counted.c.at >= TAKEN_AT).label("taken"),
        )
        .select_from(lines.join(orders, JOINED).outerjoin(counted, counted.c.stock == lines.c.stock))
        .where(lines.c.store == store, lines.c.open, ~UNPLANNED, among(lines.c.stock, stocks))
        .group_by(lines.c.stock)
    )
