"""Products as the desk shows them: what is there, what waits, what comes, and what the listing says."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.effects import ListingState
from connector.store import plans
from connector.store.engine import Tx
from connector.store.reports_rule import Ruled, is_stopped, ruled
from connector.store.tables import items, levels, lines, orders, outbox, supply

LOTS_SHOWN = 3
OUT = ListingState.OUT_OF_STOCK.value
STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products: `text` is part of the SKU or the name.

    `show` is "all", "waiting", "out_of_stock" or, for what the merchant's rule has stopped, "stopped".
    """

    text: str = ""
    show: str = "all"


@dataclass(frozen=True, slots=True)
class Coming:
    """Units that a supplier has announced."""

    supplier: str
    quantity: int
    expected: date | None


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that can be bought.

    `available` is the platform's figure (None: not counted), `on_hand` the physical units, `backordered` the units
    that open orders wait for. `notice` is our sentence in the listing, `written` what became of the last write:
    "" (never needed), "due", "sending", "done" or "dead". `more` counts the lots that are not in `coming`. `rule` is
    what the backorder rule says of its stock (None: nothing).
    """

    item: str
    sku: str
    title: str
    on_hand: int | None
    available: int | None
    backordered: int
    coming: tuple[Coming, ...]
    more: int
    state: str
    eta: date | None
    notice: str
    written: str
    written_error: str
    rule: Ruled | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of products, and how many there are on all pages."""

    products: tuple[Product, ...]
    total: int


def out_of_stock(tx: Tx, store: str) -> int:
    """SKUs that nobody can buy: none of the items that carry the SKU is for sale and in stock or sold beyond it."""
    name = sa.func.coalesce(sa.func.nullif(items.c.sku, ""), items.c.item)
    sold_out = sa.select(name).where(_sold(store)).group_by(name).having(sa.func.bool_and(_state() == OUT))
    return tx.scalar(sa.select(sa.func.count()).select_from(sold_out.subquery())) or 0


def stopped(tx: Tx, store: str) -> int:
    """Things that the backorder rule has stopped selling beyond their stock."""
    found = sa.select(sa.func.count()).select_from(items).where(_sold(store), is_stopped(items.c))
    return tx.scalar(found) or 0


def count_products(tx: Tx, store: str) -> int:
    """Things that can be bought, or could."""
    return tx.scalar(sa.select(sa.func.count()).select_from(items).where(_sold(store))) or 0


def _sold(store: str) -> sa.ColumnElement[bool]:
    return sa.and_(items.c.store == store, ~items.c.stock_only, ~items.c.gone)


def _available() -> sa.ScalarSelect[Any]:
    here = sa.and_(levels.c.store == items.c.store, levels.c.stock == items.c.stock)
    return sa.select(sa.func.sum(levels.c.available)).where(here).correlate(items).scalar_subquery()


def _state() -> sa.ColumnElement[str]:
    """How an item can be bought: by the plan's word, or by the count where no plan had to say anything."""
    said = sa.func.coalesce(items.c.offer["state"].astext, items.c.written["state"].astext)
    sold_out = sa.and_(items.c.tracked, ~items.c.sells_beyond, _available() <= 0)
    return sa.case((~items.c.on_sale, OUT), (said.is_not(None), said), (sold_out, OUT), else_="in_stock")


def find(tx: Tx, store: str, wanted: Wanted, limit: int, offset: int) -> Found:
    """A page of products, those that most units wait for first."""
    waits = sa.select(lines.c.item, sa.func.sum(lines.c.waiting).label("units"))
    waits = waits.where(lines.c.store == store, lines.c.open, lines.c.waiting > 0).group_by(lines.c.item)
    waiting = waits.subquery()
    units = sa.func.coalesce(waiting.c.units, 0)
    source = items.outerjoin(waiting, waiting.c.item == items.c.item)
    where = [_sold(store), *_meant(wanted, units)]
    total = tx.scalar(sa.select(sa.func.count()).select_from(source).where(*where)) or 0
    query = sa.select(items, units.label("backordered"), _state().label("state"), _available().label("available"))
    query = query.select_from(source).where(*where).order_by(units.desc(), items.c.sku, items.c.item)
    rows = tx.execute(query.limit(limit).offset(offset)).all()
    return Found(_products(tx, store, rows), total)


def _meant(wanted: Wanted, units: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if wanted.text:
        text = wanted.text
        where.append(
            sa.or_(items.c.sku.icontains(text, autoescape=True), items.c.title.icontains(text, autoescape=True))
        )
    if wanted.show == "waiting":
        where.append(units > 0)
    elif wanted.show == OUT:
        where.append(_state() == OUT)
    elif wanted.show == STOPPED:
        where.append(is_stopped(items.c))
    return where


def _products(tx: Tx, store: str, rows: Sequence[Any]) -> tuple[Product, ...]:
    stocks = sorted({row.stock for row in rows})
    on_hand = plans.on_hand(tx, store, stocks)
    coming = _coming(tx, store, stocks)
    written = _writes(tx, store, [row.item for row in rows])
    rules = ruled(tx, store, stocks)
    return tuple(
        _product(row, on_hand[row.stock], coming[row.stock], *written.get(row.item, ("", "")), rules.get(row.stock))
        for row in rows
    )


def _product(
    row: Any, on_hand: int | None, coming: list[Coming], written: str, error: str, rule: Ruled | None
) -> Product:
    said = row.written or {}
    eta = said.get("eta")
    return Product(
        row.item,
        row.sku,
        row.title,
        on_hand,
        row.available,
        row.backordered,
        tuple(coming[:LOTS_SHOWN]),
        max(len(coming) - LOTS_SHOWN, 0),
        row.state,
        date.fromisoformat(eta) if eta and row.state == "backorder" else None,
        said.get("notice", ""),
        written,
        error,
        rule,
    )


def _coming(tx: Tx, store: str, stocks: Sequence[str]) -> defaultdict[str, list[Coming]]:
    s = supply.c
    query = sa.select(s.stock, s.supplier, s.quantity, s.expected).where(s.store == store, s.stock.in_(stocks))
    found: defaultdict[str, list[Coming]] = defaultdict(list)
    for row in tx.execute(query.order_by(s.expected.asc().nulls_last(), s.supplier, s.row)):
        found[row.stock].append(Coming(row.supplier, row.quantity, row.expected))
    return found


def _writes(tx: Tx, store: str, wanted: Sequence[str]) -> dict[str, tuple[str, str]]:
    keys = {f"listing:{item}": item for item in wanted}
    query = sa.select(outbox.c.key, outbox.c.status, outbox.c.error)
    rows = tx.execute(query.where(outbox.c.store == store, outbox.c.key.in_(keys)))
    return {keys[row.key]: (row.status, row.error or "") for row in rows}


def plan_again(tx: Tx, store: str, now: datetime, *, dates: bool) -> None:
    """Mark every stock that a setting could change the plan of: with open lines, with supply, or with none left.

    `dates`: it decides which dates are promised. Open orders are looked at again: a law may count from now on.
    """
    waited = sa.select(lines.c.stock).where(lines.c.store == store, lines.c.open, lines.c.stock.is_not(None))
    coming = sa.select(supply.c.stock).where(supply.c.store == store, supply.c.stock.is_not(None))
    none_left = sa.select(levels.c.stock).where(levels.c.store == store, levels.c.available <= 0)
    here = sa.and_(orders.c.store == store, orders.c.state == "open")
    tx.execute(sa.update(orders).where(here).values(wake_at=now))
    mark = plans.mark_set_anew if dates else plans.mark_dirty
    mark(tx, store, tx.scalars(sa.union(waited, coming, none_left)).all())
