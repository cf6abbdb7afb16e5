"""What suppliers say is coming, matched with the stocks that it is for."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from connector.domain.facts import Receipt, SupplyRow, SupplySnapshot
from connector.domain.supply import diff
from connector.store import problems, slips
from connector.store.engine import Tx
from connector.store.plans import mark_came_in, mark_dirty
from connector.store.sets import among
from connector.store.tables import supply


def rows_of(tx: Tx, store: str, supplier: str) -> tuple[SupplyRow, ...]:
    """What a supplier said last."""
    s = supply.c
    query = sa.select(s.sku, s.quantity, s.expected, s.reference, s.location).where(
        s.store == store, s.supplier == supplier
    )
    return tuple(SupplyRow(*row) for row in tx.execute(query.order_by(s.row)))


def fold_supply(tx: Tx, store: str, fact: SupplySnapshot, now: datetime) -> int:
    """Replace what a supplier said; how many SKUs are different now."""
    change = diff(rows_of(tx, store, fact.supplier), fact.rows)
    if not change.changed:
        return 0
    here = sa.and_(supply.c.store == store, supply.c.supplier == fact.supplier)
    touched = sa.select(supply.c.stock).where(here, among(supply.c.sku, change.changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(touched.distinct()).all())
    tx.execute(sa.delete(supply).where(here))
    rows = [
        {
            "store": store,
            "supplier": fact.supplier,
            "row": number,
            "reference": row.reference,
            "sku": row.sku,
            "quantity": row.quantity,
            "expected": row.expected,
            "location": row.location,
        }
        for number, row in enumerate(fact.rows)
    ]
    if rows:
        tx.execute(sa.insert(supply), rows)
    resolve(tx, store, {row.sku for row in fact.rows}, now)
    fresh = sa.select(supply.c.stock).where(here, among(supply.c.sku, change.changed), supply.c.stock.is_not(None))
    mark_dirty(tx, store, tx.scalars(fresh.distinct()).all())
    return len(change.changed)


def resolve(tx: Tx, store: str, skus: Collection[str], now: datetime) -> set[str]:
    """Find the stock of each SKU's supply, and say which stocks it came to and which it left.

    A SKU that no stock, or more than one, answers to is a problem.
    """
    if not skus:
        return set()
    stale = sa.text(
        "with here as (select sku, min(stock) as stock, count(distinct stock) as stocks from items"
        " where store = :store and sku = any(:skus) and not gone group by sku),"
        " moved as (select s.supplier, s.row, s.stock as left_stock,"
        " case when here.stocks = 1 then here.stock end as stock"
        " from supply s left join here on here.sku = s.sku where s.store = :store and s.sku = any(:skus))"
        " update supply set stock = moved.stock from moved"
        " where supply.store = :store and supply.supplier = moved.supplier and supply.row = moved.row"
        " and supply.stock is distinct from moved.stock"
        " returning moved.stock, moved.left_stock"
    )
    moved = tx.execute(stale, {"store": store, "skus": list(skus)}).all()
    _report_unmatched(tx, store, now)
    return {stock for row in moved for stock in row if stock}


def _report_unmatched(tx: Tx, store: str, now: datetime) -> None:
    lost = sa.select(supply.c.sku).where(supply.c.store == store, supply.c.stock.is_(None)).distinct()
    unmatched = set(tx.scalars(lost))
    known = {one.subject for one in problems.open_problems(tx, store, 100_000) if one.kind == "unmatched_sku"}
    text = "A supplier names the SKU {}, and not exactly one product of the store has it."
    problems.report_these(
        tx, store, "unmatched_sku", {sku: text.format(sku) for sku in sorted(unmatched - known)}, now
    )
    if known - unmatched:
        problems.solve_others(tx, store, "unmatched_sku", unmatched, now)


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
