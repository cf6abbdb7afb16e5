"""What suppliers say is coming, matched with the stocks that it is for."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from connector.domain.facts import Receipt, SupplyRow, SupplySnapshot
from connector.domain.supply import diff, kept_where_unreadable
from connector.ports import FeedRows
from connector.store import arrivals, oddities, shops
from connector.store.arrivals import Announced
from connector.store.engine import Tx, copy_in
from connector.store.matching import match, report_unmatched
from connector.store.plans import mark_came_in, mark_dirty
from connector.store.sets import among
from connector.store.tables import supply, supply_before

SAID = ("store", "supplier", "row", "reference", "sku", "quantity", "expected", "location")


def rows_of(tx: Tx, store: str, supplier: str) -> tuple[SupplyRow, ...]:
    """What a supplier said last."""
    return _rows(tx, supply, store, supplier)


def rows_before(tx: Tx, store: str, supplier: str) -> tuple[SupplyRow, ...]:
    """What a supplier said before that."""
    return _rows(tx, supply_before, store, supplier)


def _rows(tx: Tx, table: sa.Table, store: str, supplier: str) -> tuple[SupplyRow, ...]:
    s = table.c
    query = sa.select(s.sku, s.quantity, s.expected, s.reference, s.location).where(
        s.store == store, s.supplier == supplier
    )
    return tuple(SupplyRow(*row) for row in tx.execute(query.order_by(s.row)))


def completed(tx: Tx, store: str, supplier: str, read: FeedRows) -> tuple[SupplyRow, ...]:
    """What a file says, and where a row of it cannot be read what was said last."""
    unread = {one.unread for one in read.rejected if one.unread is not None}
    return kept_where_unreadable(rows_of(tx, store, supplier), read.rows, unread) if unread else read.rows


def fold_supply(tx: Tx, store: str, fact: SupplySnapshot, now: datetime) -> int:
    """Replace what a supplier said; how many SKUs are different now."""
    change = diff(rows_of(tx, store, fact.supplier), fact.rows)
    if change.changed:
        _replace(tx, store, fact, change.changed, now)
    tell_oddities(tx, store, fact.supplier, now)
    return len(change.changed)


def tell_oddities(tx: Tx, store: str, supplier: str, now: datetime) -> None:
    """Show what is strange in what a supplier announces; a day that goes by makes it so as well as a file."""
    oddities.tell(tx, store, supplier, _today(tx, store, now), now)


def _today(tx: Tx, store: str, now: datetime) -> date:
    return now.astimezone(shops.get(tx, store).settings.zone).date()


def _replace(tx: Tx, store: str, fact: SupplySnapshot, changed: Collection[str], now: datetime) -> None:
    today = _today(tx, store, now)
    before = _announced(tx, store, fact.supplier)
    since = {_called(one): one.since for one in before}
    arrivals.told_by_feed(tx, store, _gone(before, fact.rows), today)
    here = sa.and_(supply.c.store == store, supply.c.supplier == fact.supplier)
    touched = sa.select(supply.c.stock).where(here, among(supply.c.sku, changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(touched.distinct()).all())
    _set_aside(tx, store, fact.supplier)
    tx.execute(sa.delete(supply).where(here))
    names = ("reference", "sku", "quantity", "expected", "location")
    copy_in(
        tx,
        "supply",
        ("store", "supplier", "row", "since", *names),
        (
            (store, fact.supplier, number, since.get(_called(row), today), *(getattr(row, name) for name in names))
            for number, row in enumerate(fact.rows)
        ),
    )
    match(tx, store, {row.sku for row in fact.rows})
    report_unmatched(tx, store, now)
    fresh = sa.select(supply.c.stock).where(here, among(supply.c.sku, changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(fresh.distinct()).all())


def _set_aside(tx: Tx, store: str, supplier: str) -> None:
    old = supply_before.c
    tx.execute(sa.delete(supply_before).where(old.store == store, old.supplier == supplier))
    said = sa.select(*(supply.c[name] for name in SAID)).where(supply.c.store == store, supply.c.supplier == supplier)
    tx.execute(sa.insert(supply_before).from_select(SAID, said))


def _called(row: SupplyRow | Announced) -> tuple[str, str, str]:
    """What a supplier calls units by, whatever date they get."""
    return row.reference, row.sku, row.location


def _announced(tx: Tx, store: str, supplier: str) -> tuple[Announced, ...]:
    """What a supplier has announced last, the units of one name together, with their first date."""
    s = supply.c
    here = (s.store == store, s.supplier == supplier)
    columns = (s.supplier, s.reference, s.sku, s.location, s.stock)
    sums = (sa.func.sum(s.quantity), sa.func.min(s.expected), sa.func.min(s.since))
    query = sa.select(*columns, *sums).where(*here).group_by(*columns)
    return tuple(Announced(*row) for row in tx.execute(query.order_by(s.reference, s.sku, s.location)))


def _gone(before: Sequence[Announced], rows: Sequence[SupplyRow]) -> tuple[Announced, ...]:
    """The units that are announced no more."""
    left: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        left[_called(row)] += row.quantity
    fewer = ((one, one.quantity - left[_called(one)]) for one in before)
    return tuple(replace(one, quantity=units) for one, units in fewer if units > 0)


def resolve(tx: Tx, store: str, skus: Collection[str], now: datetime) -> set[str]:
    """Find the stock of each SKU's supply, and say which stocks it came to and which it left.

    A SKU that no stock, or more than one, answers to is a problem.
    """
    if not skus:
        return set()
    lost = sa.and_(supply.c.store == store, among(supply.c.sku, skus), supply.c.stock.is_(None))
    unsure = tx.scalar(sa.select(sa.exists().where(lost)))
    moved = match(tx, store, skus)
    if moved or unsure:
        report_unmatched(tx, store, now)
    return moved


def fold_receipt(tx: Tx, store: str, fact: Receipt, day: date) -> int:
    """Goods came in: less is to come under this reference, and its supplier's date is worth what it was kept.

    `day` is the store's own; the units taken off.
    """
    s = supply.c
    names = (s.supplier, s.row, s.quantity, s.expected, s.location, s.stock, s.since)
    query = sa.select(*names).where(s.store == store, s.reference == fact.reference, s.sku == fact.sku)
    left = fact.quantity
    came: list[Announced] = []
    for row in tx.execute(query.order_by(s.expected, s.row)).all():
        took = min(left, row.quantity)
        here = sa.and_(s.store == store, s.supplier == row.supplier, s.row == row.row)
        if took == row.quantity:
            tx.execute(sa.delete(supply).where(here))
        elif took:
            tx.execute(sa.update(supply).where(here).values(quantity=row.quantity - took))
        if took:
            named = (row.supplier, fact.reference, fact.sku, row.location, row.stock)
            came.append(Announced(*named, took, row.expected, row.since))
        left -= took
    arrivals.came_in(tx, store, came, day)
    arrivals.take_rise(tx, store, {one.stock for one in came if one.stock}, fact.quantity, day)
    mark_came_in(tx, store, fact.sku)
    for supplier in sorted({one.supplier for one in came}):
        oddities.tell(tx, store, supplier, day, fact.at)
    return fact.quantity - left
