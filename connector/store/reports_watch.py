"""The stock-out watch as people see it, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from connector.store.engine import Tx
from connector.store.tables import demand, items


@dataclass(frozen=True, slots=True)
class Watched:
    """A stock that sells, by the name of the first product that draws from it; the rest as in `Ahead`.

    `days` is how many days are known of it.
    """

    stock: str
    sku: str
    title: str
    days: int
    free: int
    rate: float
    cover: float | None
    until: date
    lot: date | None
    risk: float
    reorder_by: date | None
    warned: bool


def watched(tx: Tx, store: str, limit: int | None = None, offset: int = 0) -> tuple[Watched, ...]:
    """Some of the stocks that sell: those warned of first, then by the day to order and the risk."""
    d = demand.c
    i = items.c
    place = sa.func.row_number().over(partition_by=i.stock, order_by=(i.gone, i.item)).label("place")
    first = sa.select(i.stock, i.sku, i.title, place).where(i.store == store, ~i.stock_only).subquery()
    days = sa.func.jsonb_array_length(d.recent)
    figures = (days, d.free, d.rate, d.cover, d.until, d.lot, d.risk, d.reorder_by, d.warned)
    query = sa.select(d.stock, first.c.sku, first.c.title, *figures)
    query = query.join(first, sa.and_(first.c.stock == d.stock, first.c.place == 1)).where(_shown(store))
    by = (d.warned.desc(), d.reorder_by.asc().nulls_last(), d.risk.desc(), first.c.sku, d.stock)
    rows: Iterable[Any] = tx.execute(query.order_by(*by).limit(limit).offset(offset))
    return tuple(Watched(*row) for row in rows)


def count_watched(tx: Tx, store: str) -> int:
    """How many stocks sell."""
    return tx.scalar(sa.select(sa.func.count()).select_from(demand).where(_shown(store))) or 0


def _shown(store: str) -> sa.ColumnElement[bool]:
    return sa.and_(demand.c.store == store, demand.c.risk.is_not(None))
