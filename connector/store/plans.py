"""Stocks that have to be planned again, and what their plan needs to know and has to say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from connector.domain.allocation import Claim, Lot
from connector.domain.balance import NOTHING_MOVED, Balance, Moved
from connector.domain.board import LineBefore, Sold, StockAfter, StockBefore
from connector.domain.effects import WriteListing
from connector.domain.facts import SupplyRow
from connector.domain.promise import Promise, PromiseMade
from connector.domain.supply import Dated, Dating, lots_of
from connector.store import ledger, selling, tails
from connector.store.arrivals import last_days
from connector.store.counts import on_hand_of, spread_of
from connector.store.engine import Tx
from connector.store.places import Names, names_of
from connector.store.sets import among, as_table
from connector.store.tables import items, levels, lines, orders, plans, stores, supply
from connector.store.tails import JOINED, UNPLANNED, Ahead

NOBODY_AHEAD: Mapping[str, Ahead] = MappingProxyType({})


def mark_dirty(tx: Tx, store: str, stocks: Iterable[str]) -> None:
    """These stocks have to be planned again."""
    names = sorted(set(stocks))
    if names:
        each = sa.func.unnest(sa.literal(names, ARRAY(sa.Text())))
        row = insert(plans).from_select(["store", "stock", "dirty"], sa.select(sa.literal(store), each, sa.true()))
        tx.execute(row.on_conflict_do_update(index_elements=["store", "stock"], set_={"dirty": True}))


def note_moved(tx: Tx, store: str, moved: Mapping[str, tuple[int, int]]) -> None:
    """Units of stocks that shipped, and that orders have let go of otherwise; the next plan knows."""
    rows = [{"stock": stock, "shipped": shipped, "freed": freed} for stock, (shipped, freed) in moved.items()]
    if rows:
        new = as_table(rows, **{name: plans.c[name].type for name in rows[0]}).c
        more = {"shipped": plans.c.shipped + new.shipped, "freed": plans.c.freed + new.freed}
        tx.execute(sa.update(plans).where(plans.c.store == store, plans.c.stock == new.stock).values(more))


def doubted(tx: Tx, store: str) -> tuple[str, ...]:
    """Stocks of which something is not believed yet."""
    query = sa.select(plans.c.stock).where(plans.c.store == store, plans.c.doubted)
    return tuple(tx.scalars(query.order_by(plans.c.stock)))


def note_asked(tx: Tx, store: str, stocks: Iterable[str], at: datetime) -> None:
    """The store has told all that it knows of these stocks: they are planned again, and believed."""
    here = sa.and_(plans.c.store == store, among(plans.c.stock, stocks))
    tx.execute(sa.update(plans).where(here).values(asked_at=at, dirty=True))


def mark_came_in(tx: Tx, store: str, sku: str) -> None:
    """Goods were received: the stocks of a SKU have to be planned again, and the next plan knows why."""
    stocks = tx.scalars(sa.select(items.c.stock).where(items.c.store == store, items.c.sku == sku).distinct()).all()
    mark_dirty(tx, store, stocks)
    here = sa.and_(plans.c.store == store, among(plans.c.stock, stocks))
    tx.execute(sa.update(plans).where(here).values(came_in=True))


def mark_set_anew(tx: Tx, store: str, stocks: Iterable[str]) -> None:
    """The merchant changed what dates are made of: these stocks are planned again, and the next plan knows why."""
    names = tuple(stocks)
    mark_dirty(tx, store, names)
    here = sa.and_(plans.c.store == store, among(plans.c.stock, names))
    tx.execute(sa.update(plans).where(here).values(set_anew=True))


def mark_due(tx: Tx, store: str, today: date, now: datetime) -> None:
    """Time alone makes a plan stale: a promised date has passed, or a short count has had its time to settle."""
    late = sa.select(lines.c.stock).where(
        lines.c.store == store, lines.c.open, lines.c.waiting > 0, lines.c.eta < today, lines.c.stock.is_not(None)
    )
    mark_dirty(tx, store, tx.scalars(late.distinct()))
    listed = items.c.written["eta"].astext
    shown = sa.select(items.c.stock).where(items.c.store == store, listed < today.isoformat())
    mark_dirty(tx, store, tx.scalars(shown.distinct()).all())
    again = sa.and_(plans.c.store == store, plans.c.look_again_at <= now)
    tx.execute(sa.update(plans).where(again).values(dirty=True, look_again_at=None))


def next_look(tx: Tx, store: str) -> datetime | None:
    """When the first short count will have had its time to settle."""
    found: datetime | None = tx.scalar(sa.select(sa.func.min(plans.c.look_again_at)).where(plans.c.store == store))
    return found


def dirty_stocks(tx: Tx, store: str, limit: int, later: Collection[str] = ()) -> tuple[str, ...]:
    """Some stocks that have to be planned again, without those that are to be planned `later`."""
    query = sa.select(plans.c.stock).where(plans.c.store == store, plans.c.dirty).order_by(plans.c.stock)
    return tuple(tx.scalars(query.where(~among(plans.c.stock, later)).limit(limit)))


def stores_dirty(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Stores with stocks that have to be planned again."""
    due = sa.or_(plans.c.dirty, plans.c.look_again_at <= now)
    stale = sa.select(plans.c.store).where(due)
    woken = sa.select(orders.c.store).where(orders.c.wake_at <= now)
    query = sa.select(stores.c.id).where(stores.c.status != "closed", stores.c.id.in_(stale.union(woken)))
    return tuple(tx.scalars(query.order_by(stores.c.id)))


def load(
    tx: Tx, store: str, stocks: Sequence[str], dated: Dating, ahead: Mapping[str, Ahead] = NOBODY_AHEAD
) -> tuple[StockBefore, ...]:
    """All that the plans of these stocks need, in a handful of queries.

    Of those that have somebody `ahead`, only the lines that were never planned.
    """
    here = sa.and_(items.c.store == store, among(items.c.stock, stocks))
    sold = _by_stock(tx, sa.select(items).where(here).order_by(items.c.item))
    counted = _by_stock(tx, sa.select(levels).where(levels.c.store == store, among(levels.c.stock, stocks)))
    coming = _by_stock(tx, sa.select(supply).where(supply.c.store == store, among(supply.c.stock, stocks)))
    last = last_days(tx, store, {row.sku for some in coming.values() for row in some if row.expected is None})
    planned = _by_stock(tx, sa.select(plans).where(plans.c.store == store, among(plans.c.stock, stocks)))
    whole = among(lines.c.stock, set(stocks) - ahead.keys())
    wanted = sa.or_(whole, sa.and_(among(lines.c.stock, ahead), UNPLANNED)) if ahead else whole
    claims = _by_stock(tx, _open_lines(store).where(wanted))
    closed = _by_stock(tx, _closed_lines(store).where(among(lines.c.stock, stocks)))
    placed = any(row.location for some in claims.values() for row in some)
    names = names_of(tx, store) if placed else None
    at = {stock: names if names and names.matter(coming[stock], counted[stock]) else None for stock in stocks}
    return tuple(
        StockBefore(
            stock,
            on_hand_of(sold[stock], counted[stock], claims[stock], closed[stock], _taken(ahead.get(stock))),
            tuple(_line_before(row, at[stock]) for row in claims[stock]),
            _lots(coming[stock], last, dated, at[stock]),
            tuple(_sold(row) for row in sold[stock] if not row.stock_only and not row.gone),
            *_known_of(planned[stock]),
            sum(row.taken for row in closed[stock] if row.state == "unpaid"),
            switches=selling.switches(stock, sold[stock]),
            places=spread_of(at[stock], counted[stock], claims[stock], closed[stock]),
        )
        for stock in stocks
    )


def beside(tx: Tx, store: str, stocks: Collection[str], whole: bool) -> set[str]:
    """These stocks, and the others that orders which ship complete claim with them; `whole`: all orders do."""
    mine, other = lines.alias(), lines.alias()
    complete = sa.and_(sa.or_(orders.c.ship_complete, sa.true() if whole else sa.false()), ~orders.c.ships_apart)
    query = (
        sa.select(other.c.stock)
        .select_from(orders)
        .join(mine, sa.and_(mine.c.store == orders.c.store, mine.c.order == orders.c.order))
        .join(other, sa.and_(other.c.store == orders.c.store, other.c.order == orders.c.order))
        .where(orders.c.store == store, complete, mine.c.open, among(mine.c.stock, stocks), other.c.open)
    )
    return set(tx.scalars(query.where(other.c.stock.is_not(None)).distinct())) | set(stocks)


def _as_said(supplier: str, row: SupplyRow) -> Dated:  # noqa: ARG001 - the shape of Dating
    return Dated(row.expected, row.expected)


def on_hand(tx: Tx, store: str, stocks: Sequence[str]) -> dict[str, int | None]:
    """Physical units of some stocks; None where the platform counts none and nobody has to wait."""
    return {one.stock: one.on_hand for one in load(tx, store, stocks, _as_said)}


def _by_stock(tx: Tx, query: sa.Select[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in tx.execute(query):
        found[row.stock].append(row)
    return found


def _open_lines(store: str) -> sa.Select[Any]:
    line, order = lines.c, orders.c
    kept = ("filled", "waiting", "promised", "eta", "lot", "lot_ready", "estimated", "pinned", "pin_lot", "by_hand")
    names = ("stock", "order", "line", "quantity", "shipped", "taken", "location", *kept)
    asked = ("segment", "priority", "stated_days", "listed_days", "ship_complete", "ships_apart")
    facts = ("placed_at", "unpaid_at", "taken_first", *asked)
    columns = (*(line[name] for name in names), *(order[name] for name in facts))
    query = sa.select(*columns).select_from(lines.join(orders, JOINED))
    return query.where(line.store == store, line.open)


def _closed_lines(store: str) -> sa.Select[Any]:
    """Lines that claim nothing, but have units that the platform does not count: unpaid, cancelled by us, or gone."""
    line, order = lines.c, orders.c
    names = (line.stock, line.taken, line.location, order.state, order.placed_at, order.unpaid_at, order.taken_first)
    query = sa.select(*names).select_from(lines.join(orders, JOINED))
    return query.where(line.store == store, ~line.open, line.taken > 0)


def _known_of(rows: Sequence[Any]) -> tuple[Balance | None, Moved, int | None]:
    """What is believed of a stock, what has happened since, and what it was counted to be."""
    if not rows:
        return None, NOTHING_MOVED, None
    (row,) = rows
    balance = msgspec.convert(row.balance, Balance) if row.balance else None
    return balance, Moved(row.shipped, row.freed, row.came_in, row.asked_at, row.set_anew), row.counted


def _taken(ahead: Ahead | None) -> int:
    return ahead.taken if ahead else 0


def _line_before(row: Any, at: Names | None) -> LineBefore:
    claim = Claim(
        row.order,
        row.line,
        row.quantity - row.shipped,
        row.placed_at,
        held=min(row.filled, row.quantity - row.shipped),
        rank=row.priority,
        segment=row.segment,
        ship_complete=False if row.ships_apart else (row.ship_complete or None),
        stated_days=row.listed_days if row.stated_days is None else row.stated_days,
        pinned=row.pinned,
        pin_lot=row.pin_lot,
        location=at.of(row.location) if at else "",
    )
    promise = Promise(row.eta, row.lot, row.lot_ready, row.estimated) if row.promised else None
    return LineBefore(claim, promise, row.filled, row.waiting, row.by_hand)


def _lots(
    rows: Sequence[Any], last: Mapping[tuple[str, str], date], dated: Dating, at: Names | None
) -> tuple[Lot, ...]:
    """What is coming; a location that is none of the store's, or that does not matter, is none in particular."""
    by_supplier: defaultdict[str, list[SupplyRow]] = defaultdict(list)
    for row in rows:
        said = SupplyRow(row.sku, row.quantity, row.expected, row.reference, row.location)
        known = replace(said, since=row.since, last=last.get((row.supplier, row.sku)))
        by_supplier[row.supplier].append(known)
    lots = (lot for name in sorted(by_supplier) for lot in lots_of(name, by_supplier[name], dated))
    return tuple(replace(lot, location=at.meant(lot.location) if at else "") if lot.location else lot for lot in lots)


def said_of(tx: Tx, store: str, stock: str) -> Mapping[str, Sequence[SupplyRow]]:
    """What is announced for a stock, by supplier."""
    s = supply.c
    found: defaultdict[str, list[SupplyRow]] = defaultdict(list)
    query = sa.select(supply).where(s.store == store, s.stock == stock)
    for row in tx.execute(query.order_by(s.supplier, s.row)):
        found[row.supplier].append(SupplyRow(row.sku, row.quantity, row.expected, row.reference, row.location))
    return found


def _sold(row: Any) -> Sold:
    written = msgspec.convert(row.written, WriteListing) if row.written else None
    sells_beyond = row.sells_beyond or (not row.tracked and row.on_backorder)
    return Sold(row.item, row.parent, row.sku, sells_beyond, row.on_sale, written)


def note_counts(tx: Tx, store: str, before: Iterable[StockBefore], day: date) -> None:
    """Keep what is on hand now, and by how much it rose: goods that came in may be behind it."""
    changed = (one for one in before if one.on_hand is not None and one.on_hand != one.counted)
    rows = [{"s": store, "k": one.stock, "n": one.on_hand, "d": day} for one in changed]
    if rows:
        tx.execute(
            sa.text(
                "update plans set counted = :n,"
                " rose_by = case when :n > counted then :n - counted"
                " + case when rose_on >= cast(:d as date) - 7 then rose_by else 0 end else rose_by end,"
                " rose_on = case when :n > counted then cast(:d as date) else rose_on end"
                " where store = :s and stock = :k"
            ),
            rows,
        )


def save(tx: Tx, store: str, after: Sequence[StockAfter], now: datetime) -> None:
    """Keep plans: lines, listings, ledger; the stocks are clean again."""
    _save_lines(tx, store, after)
    written = [
        {"s": store, "i": listing.item, "w": msgspec.to_builtins(listing)}
        for plan in after
        for listing in plan.listings
    ]
    if written:
        here = sa.and_(items.c.store == sa.bindparam("s"), items.c.item == sa.bindparam("i"))
        tx.execute(sa.update(items).where(here).values(written=sa.bindparam("w")), written)
    selling.save(tx, store, [switch for plan in after for switch in plan.switched])
    ledger.append(tx, store, [entry for plan in after for entry in plan.entries], now)
    clean = [
        {
            "stock": plan.stock,
            "balance": plan.balance,
            "doubted": plan.balance is not None and plan.balance.doubted,
            "look_again_at": plan.look_again_at,
            "tail": None,
        }
        for plan in after
    ]
    names = ("balance", "doubted", "look_again_at", "tail")
    new = as_table(clean, **{name: plans.c[name].type for name in ("stock", *names)}).c
    fresh = {name: new[name] for name in names} | {"dirty": False, "shipped": 0, "freed": 0}
    fresh |= {"came_in": False, "set_anew": False}
    tx.execute(sa.update(plans).where(plans.c.store == store, plans.c.stock == new.stock).values(fresh))
    tails.keep(tx, store, after)


def _save_lines(tx: Tx, store: str, after: Sequence[StockAfter]) -> None:
    promised = {(e.order, e.line) for plan in after for e in plan.entries if isinstance(e, PromiseMade)}
    rows = [
        {
            "order": line.order,
            "line": line.line,
            "filled": line.filled,
            "waiting": line.waiting,
            "promised": line.promise is not None,
            "eta": line.promise.eta if line.promise else None,
            "lot": line.promise.lot if line.promise else None,
            "lot_ready": line.promise.lot_ready if line.promise else None,
            "estimated": line.promise is not None and line.promise.estimated,
            "news": (line.order, line.line) in promised,
        }
        for plan in after
        for line in plan.lines
    ]
    if rows:
        new = as_table(rows, **{name: lines.c[name].type for name in rows[0]}).c
        mine = (lines.c.store == store, lines.c.order == new.order, lines.c.line == new.line)
        names = ("filled", "waiting", "promised", "eta", "lot", "lot_ready", "estimated")
        fresh = {name: new[name] for name in names}
        tx.execute(sa.update(lines).where(*mine).values(fresh | {"news": sa.or_(lines.c.news, new.news)}))
        changed = {line.order for plan in after for line in plan.lines}
        here = sa.and_(orders.c.store == store, among(orders.c.order, changed))
        tx.execute(sa.update(orders).where(here).values(news=True))


@dataclass(frozen=True, slots=True)
class Totals:
    """Open units: `backordered` are not covered by what is on hand, `backlog` are all that have not shipped."""

    backordered: int
    backlog: int


def totals(tx: Tx, store: str) -> Totals:
    """The open units of a store."""
    units = (sa.func.sum(lines.c.waiting), sa.func.sum(lines.c.quantity - lines.c.shipped))
    row = tx.execute(sa.select(*units).where(lines.c.store == store, lines.c.open)).one()
    return Totals(int(row[0] or 0), int(row[1] or 0))


@dataclass(frozen=True, slots=True)
class Priced:
    """Unshipped units of a line with today's list price of one (None: the store names none)."""

    order: str
    line: str
    units: int
    price: Decimal | None
    cancelled: bool


def prices(tx: Tx, store: str, ids: Collection[str]) -> tuple[Priced, ...]:
    """The unshipped lines of some orders, also those that count as cancelled."""
    joined = lines.outerjoin(items, sa.and_(items.c.store == lines.c.store, items.c.item == lines.c.item))
    units = lines.c.quantity - lines.c.shipped
    query = sa.select(lines.c.order, lines.c.line, units, items.c.price, lines.c.cancelled).select_from(joined)
    query = query.where(lines.c.store == store, among(lines.c.order, ids), units > 0)
    return tuple(Priced(*row) for row in tx.execute(query.order_by(lines.c.order, lines.c.line)))
