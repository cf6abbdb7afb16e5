"""What suppliers say is coming, matched with the stocks that it is for."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from connector.domain.facts import Receipt, SupplyRow, SupplySnapshot
from connector.domain.supply import diff, kept_where_unreadable
from connector.ports import FeedRows
from connector.store import slips
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
    if not change.changed:
        return 0
    here = sa.and_(supply.c.store == store, supply.c.supplier == fact.supplier)
    touched = sa.select(supply.c.stock).where(here, among(supply.c.sku, change.changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(touched.distinct()).all())
    _set_aside(tx, store, fact.supplier)
    tx.execute(sa.delete(supply).where(here))
    copy_in(
        tx,
        "supply",
        SAID,
        (
            (store, fact.supplier, number, row.reference, row.sku, row.quantity, row.expected, row.location)
            for number, row in enumerate(fact.rows)
        ),
    )
    match(tx, store, {row.sku for row in fact.rows})
    report_unmatched(tx, store, now)
    fresh = sa.select(supply.c.stock).where(here, among(supply.c.sku, change.changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(fresh.distinct()).all())
    return len(change.changed)


def _set_aside(tx: Tx, store: str, supplier: str) -> None:
    old = supply_before.c
    tx.execute(sa.delete(supply_before).where(old.store == store, old.supplier == supplier))
    said = sa.select(*(supply.c[name] for name in SAID)).where(supply.c.store == store, supply.c.supplier == supplier)
    tx.execute(sa.insert(supply_before).from_select(SAID, said))


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
    query = sa.select(s.supplier, s.row, s.quantity, s.expected, s.location).where(
        s.store == store, s.reference == fact.reference, s.sku == fact.sku
    )
    left = fact.quantity
    for row in tx.execute(query.order_by(s.expected, s.row)).all():
        took = min(left, row.quantity)
        here = sa.and_(s.store == store, s.supplier == row.supplier, s.row == row.row)
        if took == row.quantity:
            tx.execute(sa.delete(supply).where(here))
        elif took:
            tx.execute(sa.update(supply).where(here).values(quantity=row.quantity - took))
        if row.expected is not None and took:
            slips.learn(tx, store, row.supplier, row.location, (day - row.expected).days, day)
        left -= took
    mark_came_in(tx, store, fact.sku)
    return fact.quantity - left
