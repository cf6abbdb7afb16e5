"""What the merchant's backorder rule does to products, for whoever wonders why one cannot be bought."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from connector.domain.selling import Said
from connector.store.engine import Tx
from connector.store.tables import items, lines


@dataclass(frozen=True, slots=True)
class Ruled:
    """What was said last of a stock's backorders, and how many of its units orders wait for."""

    said: Said
    waiting: int


def ruled(tx: Tx, store: str, stocks: Collection[str]) -> dict[str, Ruled]:
    """The stocks among these of which anything was said; it is said of the item that holds the stock."""
    waits = sa.select(lines.c.stock, sa.func.sum(lines.c.waiting).label("units"))
    waits = waits.where(lines.c.store == store, lines.c.open, lines.c.stock.in_(stocks)).group_by(lines.c.stock)
    units = waits.subquery()
    query = sa.select(items.c.stock, items.c.policy, sa.func.coalesce(units.c.units, 0).label("units"))
    query = query.outerjoin(units, units.c.stock == items.c.stock)
    here = sa.and_(items.c.store == store, items.c.stock.in_(stocks), ~items.c.gone, items.c.policy != Said.NOTHING)
    return {row.stock: Ruled(Said(row.policy), row.units) for row in tx.execute(query.where(here))}


def is_stopped(item: Any) -> sa.ColumnElement[bool]:
    """Whether the rule has stopped the backorders of the stock that an item, a row of `items`, is sold from."""
    holder = items.alias()
    same = sa.and_(holder.c.store == item.store, holder.c.stock == item.stock, ~holder.c.gone)
    return sa.exists().where(same, holder.c.policy == Said.STOP)
