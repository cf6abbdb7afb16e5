"""What is remembered of how each stock sells: the last days' units, and what was last seen to lie ahead."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.demand import Ahead
from connector.domain.facts import OrderState
from connector.domain.obligations.days import start_of_day
from connector.store.engine import Tx
from connector.store.tables import demand, items, lines, orders, stores

COUNTED = (OrderState.OPEN.value, OrderState.COMPLETED.value)
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """A stock as it was looked at: `free` units are not yet anybody's; `warned` while staff has been told of it."""

    stock: str
    recent: tuple[int, ...]
    free: int | None = None
    ahead: Ahead | None = None
    warned: bool = False


def known(tx: Tx, store: str) -> dict[str, Looked]:
    """What is remembered, by stock."""
    query = sa.select(demand.c.stock, demand.c.recent, demand.c.warned).where(demand.c.store == store)
    return {row.stock: Looked(row.stock, tuple(row.recent), warned=row.warned) for row in tx.execute(query)}


def watched_through(tx: Tx, store: str) -> date | None:
    """The last day that has been learned of."""
    day: date | None = tx.scalar(sa.select(stores.c.watched_through).where(stores.c.id == store))
    return day


def is_learned(tx: Tx, store: str, today: date) -> bool:
    """Whether all days before this one have been learned of."""
    through = watched_through(tx, store)
    return through is not None and through >= today - timedelta(days=1)


def set_watched_through(tx: Tx, store: str, day: date) -> None:
    """A day has been learned of, and all before it."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(watched_through=day))


def first_sale(tx: Tx, store: str, zone: ZoneInfo, since: date) -> date | None:
    """The first day from `since` on of which there is an order."""
    here = (orders.c.store == store, orders.c.state.in_(COUNTED), orders.c.placed_at >= start_of_day(since, zone))
    at = tx.scalar(sa.select(sa.func.min(orders.c.placed_at)).where(*here))
    return at.astimezone(zone).date() if at else None


def sold(tx: Tx, store: str, zone: ZoneInfo, first: date, last: date) -> Mapping[str, Mapping[date, int]]:
    """Units ordered of each stock on each of the store's days; what was cancelled is no demand."""
    day = sa.cast(sa.func.timezone(zone.key, orders.c.placed_at), sa.Date)
    joined = lines.join(orders, sa.and_(orders.c.store == lines.c.store, orders.c.order == lines.c.order))
    begin, end = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
    query = sa.select(lines.c.stock, day.label("day"), sa.func.sum(lines.c.quantity).label("units"))
    query = query.select_from(joined).where(
        orders.c.store == store,
        orders.c.state.in_(COUNTED),
        orders.c.placed_at >= begin,
        orders.c.placed_at < end,
        lines.c.stock.is_not(None),
        ~lines.c.cancelled,
        lines.c.quantity > 0,
    )
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for row in tx.execute(query.group_by(lines.c.stock, day)):
        found[row.stock][row.day] = int(row.units)
    return found


def not_sold(tx: Tx, store: str) -> set[str]:
    """Stocks of which nothing is for sale at all."""
    query = sa.select(items.c.stock).where(items.c.store == store).group_by(items.c.stock)
    return set(tx.scalars(query.having(~sa.func.bool_or(items.c.on_sale & ~items.c.gone & ~items.c.stock_only))))


def save(tx: Tx, store: str, looked: Sequence[Looked]) -> None:
    """Remember these."""
    row = insert(demand)
    names = [column.name for column in demand.columns if column.name not in ("store", "stock")]
    again = row.on_conflict_do_update(
        index_elements=["store", "stock"], set_={name: row.excluded[name] for name in names}
    )
    for begin in range(0, len(looked), CHUNK):
        tx.execute(again, [_row(store, one) for one in looked[begin : begin + CHUNK]])


def forget(tx: Tx, store: str, stocks: Collection[str]) -> None:
    """Remember these no longer."""
    rows = [{"s": store, "k": stock} for stock in sorted(stocks)]
    if rows:
        mine = sa.and_(demand.c.store == sa.bindparam("s"), demand.c.stock == sa.bindparam("k"))
        tx.execute(sa.delete(demand).where(mine), rows)


def _row(store: str, one: Looked) -> dict[str, Any]:
    names = ("rate", "cover", "until", "lot", "risk", "reorder_by")
    ahead = {name: getattr(one.ahead, name) if one.ahead else None for name in names}
    return {
        "store": store,
        "stock": one.stock,
        "recent": list(one.recent),
        "free": one.free,
        "warned": one.warned,
    } | ahead
