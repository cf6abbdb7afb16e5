"""Facts become rows: the newer snapshot wins, whatever the order of arrival."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.effects import EVERY_ITEM, FetchFact, ListingState, WriteListing
from connector.domain.facts import (
    Assignments,
    CustomerSnapshot,
    Fact,
    ItemGone,
    ItemSnapshot,
    OrderGone,
    OrderSnapshot,
    OrderState,
    RightsLost,
    StockLevel,
    StoreClosed,
    SupplySnapshot,
)
from connector.store import arrangements, blocks, buyers, divided, erasure, outcomes, problems, stated, supplies
from connector.store.engine import Tx
from connector.store.outbox import put_states, try_listings_again
from connector.store.places import fold_assignments
from connector.store.plans import mark_dirty, note_moved
from connector.store.sets import among, as_table, insert_all
from connector.store.tables import items, levels, lines, orders, stores

FEW = 50  # unknown items of one drain that are asked for one by one
_COUNTS = (("shipped", lines.c.shipped), ("filled", lines.c.filled))
Place = tuple[str, str]  # order, stock
Movements = dict[str, tuple[int, int]]  # by stock: units shipped, units freed
RANK = {state: rank for rank, state in enumerate(OrderState)}


def fold(tx: Tx, store: str, facts: Iterable[Fact], now: datetime) -> None:
    """Fold facts of one store into its books and mark the stocks that they touch."""
    given = tuple(facts)
    dirty = _fold_items(tx, store, [fact for fact in given if isinstance(fact, ItemSnapshot)], now)
    dirty |= _drop_items(tx, store, [fact for fact in given if isinstance(fact, ItemGone)], now)
    dirty |= _fold_levels(tx, store, [fact for fact in given if isinstance(fact, StockLevel)])
    orders_told = [fact for fact in given if isinstance(fact, OrderSnapshot | OrderGone)]
    touched, moved = _fold_orders(tx, store, orders_told, now)
    customers = [fact for fact in given if isinstance(fact, CustomerSnapshot)]
    touched |= _stocks_of(tx, store, buyers.fold_customers(tx, store, customers))
    assigned = [fact for fact in given if isinstance(fact, Assignments)]
    dirty |= fold_assignments(tx, store, assigned, now)
    arrangements.look_again(tx, store, [fact.order for fact in assigned], now)
    mark_dirty(tx, store, dirty | touched)
    note_moved(tx, store, moved)
    for fact in given:
        if isinstance(fact, SupplySnapshot):
            supplies.fold_supply(tx, store, fact, now)
        elif isinstance(fact, StoreClosed):
            _close(tx, store, fact)
        elif isinstance(fact, RightsLost):
            problems.report(tx, store, "rights", "", fact.text, now)


def _close(tx: Tx, store: str, fact: StoreClosed) -> None:
    """The store is closed, unless it has let us in or been read since: then this is late news."""
    still = [sa.or_(last.is_(None), last <= fact.seen_at) for last in (stores.c.admitted_at, stores.c.reconciled_at)]
    tx.execute(sa.update(stores).where(stores.c.id == store, *still).values(status="closed"))


def precedence(fact: OrderSnapshot | OrderGone) -> tuple[datetime, str]:
    """What decides between two snapshots of one order: the later one, then the one further along."""
    digest = hashlib.sha256(msgspec.json.encode(fact)).hexdigest()[:16]
    if isinstance(fact, OrderGone):
        return fact.seen_at, f"{RANK[OrderState.GONE]}:{digest}"
    shipped = sum(line.shipped for line in fact.lines)
    wanted = sum(line.quantity for line in fact.lines)
    money = f"{fact.charged:d}{fact.reserve is None:d}"  # platforms that tell of seconds tell of two states in one
    return fact.seen_at, f"{RANK[fact.state]}:{shipped:09d}:{999_999_999 - wanted:09d}:{money}:{digest}"


def _fold_orders(
    tx: Tx, store: str, given: Sequence[OrderSnapshot | OrderGone], now: datetime
) -> tuple[set[str], Movements]:
    if not given:
        return set(), {}
    given = divided.looked_at_instead(tx, store, erasure.without_the_erased(tx, store, given), now)
    best: dict[str, OrderSnapshot | OrderGone] = {}
    for fact in given:
        if fact.order not in best or precedence(fact) > precedence(best[fact.order]):
            best[fact.order] = fact
    query = sa.select(orders.c.order, orders.c.seen_at, orders.c.tie)
    known = {
        row.order: (row.seen_at, row.tie)
        for row in tx.execute(query.where(orders.c.store == store, among(orders.c.order, best)))
    }
    newer = [fact for fact in best.values() if fact.order not in known or precedence(fact) > known[fact.order]]
    outcomes.note(tx, store, newer, now)
    before = _units(tx, store, newer)
    _write_orders(tx, store, newer, buyers.segments(tx, store, newer, now))
    noted = _note_taking(tx, store, given)
    _note_open(tx, store, _open(given) - _open(newer))
    fresh = [fact for fact in newer if isinstance(fact, OrderSnapshot) and fact.order not in known]
    stated.note(tx, store, fresh, now)
    touched = _stocks_of(tx, store, noted) | _write_lines(tx, store, newer, now)
    return touched, _movements(before, _units(tx, store, newer))


def _write_orders(
    tx: Tx, store: str, newer: Sequence[OrderSnapshot | OrderGone], segments: Mapping[str, Mapping[str, str]]
) -> None:
    gone = [fact for fact in newer if isinstance(fact, OrderGone)]
    whole = [fact for fact in newer if isinstance(fact, OrderSnapshot)]
    for facts, row_of in ((gone, _gone_row), (whole, _order_row)):
        rows = [{"store": store, **row_of(fact), **segments.get(fact.order, {})} for fact in facts]
        if rows:
            row = insert_all(orders, rows)
            changed: dict[str, Any] = {name: row.excluded[name] for name in rows[0] if name not in ("store", "order")}
            if "was_open" in changed:
                changed["was_open"] = sa.or_(orders.c.was_open, row.excluded.was_open)
            tx.execute(row.on_conflict_do_update(index_elements=["store", "order"], set_=changed))


def _gone_row(fact: Any) -> dict[str, Any]:
    seen_at, tie = precedence(fact)
    return {"order": fact.order, "state": OrderState.GONE.value, "seen_at": seen_at, "tie": tie}


def _order_row(fact: Any) -> dict[str, Any]:
    _, tie = precedence(fact)
    names = ("order", "number", "placed_at", "seen_at", "email", "name", "country", "region", "locale")
    more = ("authorised", "priority", "ship_complete", "stated_days", "refunded", "payment", "pay_by", "by_seller")
    row = {name: getattr(fact, name) for name in names + more} | {"state": fact.state.value, "tie": tie}
    money = {"uncharged": not fact.charged, "reserve": msgspec.to_builtins(fact.reserve)}
    return row | money | {"was_open": _is_open(fact), "parts": list(fact.parts)}


def _note_taking(tx: Tx, store: str, given: Iterable[OrderSnapshot | OrderGone]) -> set[str]:
    """When an order was unpaid and when its units were first seen taken: known from stale snapshots too."""
    noted: dict[str, tuple[datetime | None, datetime | None]] = {}
    for fact in given:
        if isinstance(fact, OrderSnapshot):
            unpaid = fact.seen_at if fact.state is OrderState.UNPAID else None
            taken = fact.seen_at if any(line.taken for line in fact.lines) else None
            if unpaid or taken:
                last, first = noted.get(fact.order, (None, None))
                noted[fact.order] = (
                    max(filter(None, (last, unpaid)), default=None),
                    min(filter(None, (first, taken)), default=None),
                )
    if noted:
        rows = [{"id": order, "unpaid": last, "taken": first} for order, (last, first) in noted.items()]
        new = as_table(rows, id=sa.Text(), unpaid=orders.c.seen_at.type, taken=orders.c.seen_at.type).c
        values = {
            "unpaid_at": sa.func.greatest(orders.c.unpaid_at, new.unpaid),
            "taken_first": sa.func.least(orders.c.taken_first, new.taken),
        }
        tx.execute(sa.update(orders).where(orders.c.store == store, orders.c.order == new.id).values(values))
    return set(noted)


def _note_open(tx: Tx, store: str, ids: Collection[str]) -> None:
    """That an order was to be shipped once is known from snapshots that others have overtaken, too."""
    if ids:
        mine = sa.and_(orders.c.store == store, among(orders.c.order, ids), ~orders.c.was_open)
        tx.execute(sa.update(orders).where(mine).values(was_open=True))


def _open(facts: Iterable[OrderSnapshot | OrderGone]) -> set[str]:
    return {fact.order for fact in facts if _is_open(fact)}


def _is_open(fact: OrderSnapshot | OrderGone) -> bool:
    return isinstance(fact, OrderSnapshot) and fact.state in (OrderState.OPEN, OrderState.COMPLETED)


def _stocks_of(tx: Tx, store: str, ids: Iterable[str]) -> set[str]:
    """The stocks that lines of these orders draw from."""
    known = set(ids)
    if not known:
        return set()
    mine = sa.and_(lines.c.store == store, among(lines.c.order, known))
    return {stock for stock in tx.scalars(sa.select(lines.c.stock).where(mine).distinct()) if stock}


def _units(tx: Tx, store: str, newer: Sequence[OrderSnapshot | OrderGone]) -> dict[Place, Any]:
    """Units of orders by stock: taken, shipped, and on hand for them."""
    mine = (lines.c.store == store, among(lines.c.order, [fact.order for fact in newer]), lines.c.stock.is_not(None))
    taken = sa.case((orders.c.state == OrderState.GONE.value, 0), else_=lines.c.taken)
    sums = [sa.func.sum(units).label(name) for name, units in (("taken", taken), *_COUNTS)]
    joined = lines.join(orders, sa.and_(orders.c.store == lines.c.store, orders.c.order == lines.c.order))
    query = sa.select(lines.c.order, lines.c.stock, *sums).select_from(joined).where(*mine)
    query = query.group_by(lines.c.order, lines.c.stock)
    return {(row.order, row.stock): row for row in tx.execute(query)}


def _movements(before: Mapping[Place, Any], after: Mapping[Place, Any]) -> Movements:
    """What orders that were known have shipped of what they held, and let go of besides."""
    moved: Movements = {}
    for place, was in before.items():
        now = after.get(place)  # None: its lines draw from another stock now
        shipped = max(now.shipped - was.shipped, 0) if now else 0
        freed = max(was.taken - (now.taken if now else 0) - shipped, 0)
        if shipped or freed:
            stock = moved.get(place[1], (0, 0))
            moved[place[1]] = (stock[0] + min(shipped, was.filled), stock[1] + freed)
    return moved


def _write_lines(tx: Tx, store: str, newer: Sequence[OrderSnapshot | OrderGone], now: datetime) -> set[str]:
    ids = [fact.order for fact in newer]
    mine = sa.and_(lines.c.store == store, among(lines.c.order, ids))
    dirty = _stocks_of(tx, store, ids)
    wanted = {line.item for fact in newer if isinstance(fact, OrderSnapshot) for line in fact.lines}
    stock_of = {row.item: row.stock for row in _known(tx, store, wanted)}
    whole = [fact for fact in newer if isinstance(fact, OrderSnapshot)]
    rows = {
        (fact.order, line.id): _line_row(store, fact, line, stock_of.get(line.item))
        for fact in whole
        for line in fact.lines
    }
    tx.execute(sa.update(lines).where(mine, lines.c.open).values(open=False))
    told = sa.and_(lines.c.store == store, among(lines.c.order, [fact.order for fact in whole]))
    tx.execute(sa.update(lines).where(told, lines.c.taken > 0).values(taken=0))
    _take_off(tx, told, rows)
    here = sa.and_(orders.c.store == store, among(orders.c.order, ids))
    tx.execute(sa.update(orders).where(here).values(news=True))
    if rows:
        row = insert_all(lines, rows.values())
        names = ("item", "stock", "sku", "title", "open", "quantity", "shipped", "taken")
        changed: dict[str, Any] = {name: row.excluded[name] for name in names}
        shipped = sa.func.greatest(row.excluded.shipped - lines.c.shipped, 0)
        changed["filled"] = sa.func.greatest(lines.c.filled - shipped, 0)  # what was shipped was on hand for it
        changed["open"] = sa.and_(row.excluded.open, ~lines.c.cancelled)  # what counts as cancelled never comes back
        tx.execute(row.on_conflict_do_update(index_elements=["store", "order", "line"], set_=changed))
    over = sa.and_(~lines.c.open, sa.or_(lines.c.filled > 0, lines.c.waiting > 0))
    tx.execute(sa.update(lines).where(mine, over).values(filled=0, waiting=0))
    unknown = sorted(wanted - stock_of.keys() - {""})
    asked = [FetchFact("item", item) for item in unknown] if len(unknown) <= FEW else [EVERY_ITEM]
    put_states(tx, store, asked, now)
    return dirty | {row["stock"] for row in rows.values() if row["stock"]}


def _take_off(tx: Tx, told: sa.ColumnElement[bool], shown: Iterable[Place]) -> None:
    """Lines that an order shows no more are wanted no more; what counts as cancelled ends by its refund."""
    there = as_table([{"o": order, "l": line} for order, line in shown], o=sa.Text(), l=sa.Text()).c
    kept = sa.exists().where(there.o == lines.c.order, there.l == lines.c.line)
    gone = sa.and_(told, lines.c.quantity > lines.c.shipped, ~lines.c.cancelled, ~kept)
    tx.execute(sa.update(lines).where(gone).values(quantity=lines.c.shipped))


def items_of(tx: Tx, store: str, stocks: Iterable[str]) -> tuple[str, ...]:
    """The items whose reading tells the counts of these stocks: the holders of stock before those that share it."""
    mine = (items.c.store == store, among(items.c.stock, stocks), ~items.c.gone)
    holder = sa.or_(items.c.item == items.c.stock, items.c.stock_only)
    found = tx.execute(sa.select(items.c.item, items.c.stock, holder.label("holds")).where(*mine)).all()
    held = {row.stock for row in found if row.holds}
    return tuple(sorted(row.item for row in found if row.holds or row.stock not in held))


def without_stock(tx: Tx, store: str) -> int:
    """Open lines of things that the store does not show, so that nothing can be planned for them."""
    known = sa.exists().where(items.c.store == store, items.c.item == lines.c.item)
    query = sa.select(sa.func.count()).where(lines.c.store == store, lines.c.open, lines.c.stock.is_(None))
    return int(tx.scalar(query.where(lines.c.item != "", ~known)) or 0)


def _line_row(store: str, fact: OrderSnapshot, line: Any, stock: str | None) -> dict[str, Any]:
    names = ("item", "sku", "title", "quantity", "shipped", "taken")
    is_open = fact.state is OrderState.OPEN and line.quantity > line.shipped
    row = {name: getattr(line, name) for name in names}
    if fact.state not in (OrderState.OPEN, OrderState.UNPAID):
        row["taken"] = 0
    return row | {"store": store, "order": fact.order, "line": line.id, "stock": stock, "open": is_open}


def _known(tx: Tx, store: str, wanted: Iterable[str]) -> Sequence[Any]:
    query = sa.select(items.c.item, items.c.stock, items.c.sku, items.c.gone)
    return tx.execute(query.where(items.c.store == store, among(items.c.item, set(wanted)))).all()


def _fold_items(tx: Tx, store: str, given: Sequence[ItemSnapshot], now: datetime) -> set[str]:
    if not given:
        return set()
    best: dict[str, ItemSnapshot] = {}
    for fact in sorted(given, key=lambda fact: (fact.seen_at, fact.read_at or fact.seen_at)):
        best[fact.item] = fact
    before = _known(tx, store, best)
    rows = [_item_row(store, fact) for fact in best.values()]
    row = insert_all(items, rows)
    changed = {name: row.excluded[name] for name in rows[0] if name not in ("store", "item")}
    upsert = row.on_conflict_do_update(
        index_elements=["store", "item"],
        set_=changed,
        where=sa.and_(
            sa.tuple_(row.excluded.seen_at, row.excluded.read_at) >= sa.tuple_(items.c.seen_at, items.c.read_at),
            sa.or_(~items.c.gone, row.excluded.read_at >= items.c.read_at),
        ),
    )
    tx.execute(upsert)
    after, stocks = _known(tx, store, best), {row.item: row.stock for row in before}
    _move_lines(tx, store, {row.item: row.stock for row in after if stocks.get(row.item) != row.stock})
    were_gone = {row.item for row in before if row.gone}
    _withdraw(tx, store, [one for one in best if best[one].stock_only], now)
    blocks.compare(tx, store, best.values(), now)
    try_listings_again(tx, store, [row.item for row in after if row.item in were_gone and not row.gone], now)
    both = (*before, *after)
    dirty = supplies.resolve(tx, store, {row.sku for row in both if row.sku}, now)
    return dirty | {row.stock for row in both}


def _item_row(store: str, fact: ItemSnapshot) -> dict[str, Any]:
    names = ("item", "parent", "sku", "title", "stock", "tracked", "on_backorder", "sells_beyond", "on_sale")
    more = ("stock_only", "url", "price", "seen_at")
    row = {name: getattr(fact, name) for name in names + more}
    return row | {"store": store, "read_at": fact.read_at or fact.seen_at, "gone": False}


def _move_lines(tx: Tx, store: str, moved: dict[str, str]) -> None:
    """Lines whose item was not known, or now draws from another stock, follow their item."""
    if moved:
        rows = [{"id": item, "to": stock} for item, stock in moved.items()]
        new = as_table(rows, id=sa.Text(), to=sa.Text()).c
        tx.execute(sa.update(lines).where(lines.c.store == store, lines.c.item == new.id).values(stock=new.to))


def _drop_items(tx: Tx, store: str, given: Sequence[ItemGone], now: datetime) -> set[str]:
    """An item that is gone sells no more, until it is read later; its waiting orders stay, for the merchant."""
    own = {fact.item: fact.seen_at for fact in sorted(given, key=lambda fact: fact.seen_at)}
    with_it = {fact.item: fact.seen_at for fact in sorted(given, key=lambda fact: fact.seen_at) if fact.whole}
    found = _gone_since(tx, store, items.c.item, own) + _gone_since(tx, store, items.c.parent, with_it)
    _withdraw(tx, store, own.keys() - with_it.keys(), now)
    dirty = supplies.resolve(tx, store, {row.sku for row in found if row.sku}, now)
    return dirty | {row.stock for row in found}


def _gone_since(tx: Tx, store: str, known_by: sa.Column[str], since: dict[str, datetime]) -> list[Any]:
    """Items are gone that were not read later than that; what they were."""
    if not since:
        return []
    rows = [{"id": name, "at": moment} for name, moment in since.items()]
    new = as_table(rows, id=sa.Text(), at=items.c.read_at.type).c
    gone = sa.update(items).where(items.c.store == store, known_by == new.id, items.c.read_at <= new.at)
    values = {"gone": True, "on_sale": False, "read_at": new.at}
    return list(tx.execute(gone.values(values).returning(items.c.stock, items.c.sku)))


def _withdraw(tx: Tx, store: str, ids: Collection[str], now: datetime) -> None:
    """What is not sold by itself any more, but is there, says nothing of ours any more."""
    if not ids:
        return
    over = sa.or_(items.c.stock_only, items.c.gone)
    mine = sa.and_(items.c.store == store, among(items.c.item, ids), items.c.written.is_not(None), over)
    shown = tx.execute(sa.update(items).where(mine).values(written=sa.null()).returning(items.c.item, items.c.parent))
    empty = [WriteListing(row.item, row.parent, ListingState.WITHDRAWN, None, 0, "") for row in shown]
    put_states(tx, store, empty, now)


def _fold_levels(tx: Tx, store: str, given: Sequence[StockLevel]) -> set[str]:
    best: dict[tuple[str, str], StockLevel] = {}
    for fact in sorted(given, key=lambda fact: (fact.seen_at, fact.read_at or fact.seen_at, -fact.available)):
        best[fact.stock, fact.location] = fact
    if not best:
        return set()
    rows = [
        {
            "store": store,
            "stock": fact.stock,
            "location": fact.location,
            "available": fact.available,
            "seen_at": fact.seen_at,
            "read_at": fact.read_at or fact.seen_at,
        }
        for fact in best.values()
    ]
    row = insert_all(levels, rows)
    newer = sa.tuple_(row.excluded.seen_at, row.excluded.read_at) >= sa.tuple_(levels.c.seen_at, levels.c.read_at)
    upsert = row.on_conflict_do_update(
        index_elements=["store", "stock", "location"],
        set_={name: row.excluded[name] for name in ("available", "seen_at", "read_at")},
        where=newer,
    )
    tx.execute(upsert)
    return {fact.stock for fact in best.values()}
