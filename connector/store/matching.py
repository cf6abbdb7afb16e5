"""Which stock a supplier's SKU means; SKUs of no product, or of several, are one problem row a supplier."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.store import problems
from connector.store.engine import Tx

EXAMPLES = 5
NOBODYS = "unmatched_sku"
SEVERAL = "ambiguous_sku"
# A SKU means the one product on sale that has it; where none on sale has it, the only product that does.
MATCH = sa.text(
    "with named as (select sku, stock, bool_or(on_sale or stock_only) as sells from items"
    " where store = :store and sku = any(:skus) and not gone group by sku, stock),"
    " here as (select sku, case when count(*) filter (where sells) = 1 then min(stock) filter (where sells)"
    " when count(*) filter (where sells) = 0 and count(*) = 1 then min(stock) end as stock from named group by sku),"
    " moved as (select s.supplier, s.row, s.stock as left_stock, here.stock"
    " from supply s left join here on here.sku = s.sku where s.store = :store and s.sku = any(:skus))"
    " update supply set stock = moved.stock from moved"
    " where supply.store = :store and supply.supplier = moved.supplier and supply.row = moved.row"
    " and supply.stock is distinct from moved.stock"
    " returning moved.stock, moved.left_stock"
)
LOST = sa.text(
    "with lost as (select distinct supplier, sku from supply where store = :store and stock is null),"
    " known as (select distinct lost.supplier, lost.sku, items.sku is not null as there"
    " from lost left join items on items.store = :store and items.sku = lost.sku and not items.gone)"
    " select supplier, there, count(*) as many, (array_agg(sku order by sku))[1:cast(:examples as int)] as some"
    " from known group by supplier, there order by supplier"
)
NAMED = sa.text(
    "select sku, (array_agg(title || ' (' || item || ')' order by item))[1:cast(:examples as int)] as titles"
    " from items where store = :store and sku = any(:skus) and not gone group by sku order by sku"
)


def match(tx: Tx, store: str, skus: Collection[str]) -> set[str]:
    """Find the stock of each SKU's supply; the stocks that supply came to or left."""
    moved = tx.execute(MATCH, {"store": store, "skus": list(skus)})
    return {stock for row in moved for stock in row if stock}


def report_unmatched(tx: Tx, store: str, now: datetime) -> None:
    """Say of each supplier how many of its SKUs find no stock, and which some of them are."""
    nobodys, several = {}, {}
    for row in tx.execute(LOST, {"store": store, "examples": EXAMPLES}):
        if row.there:
            several[row.supplier] = _several(tx, store, row.supplier, row.many, row.some)
        else:
            some = ", ".join(row.some) + _more(row.many, row.some)
            nobodys[row.supplier] = (
                f"{row.supplier} names {_skus(row.many)} that no product of the store has: {some}."
                " What is said of them counts for nothing until a product has them."
            )
    problems.settle(tx, store, NOBODYS, nobodys, now)
    problems.settle(tx, store, SEVERAL, several, now)


def _several(tx: Tx, store: str, supplier: str, many: int, some: Sequence[str]) -> str:
    found = tx.execute(NAMED, {"store": store, "skus": list(some), "examples": EXAMPLES}).all()
    named = "; ".join(row.sku + " is " + " and ".join(row.titles) for row in found)
    more = _more(many, some)
    return (
        f"{supplier} names {_skus(many)} that more than one product of the store has: {named}{more}."
        " Their supply counts for none of these products, so no date is promised from it,"
        " until only one of them on sale has the SKU."
    )


def _skus(many: int) -> str:
    return f"{many:,} SKU" if many == 1 else f"{many:,} SKUs"


def _more(many: int, some: Sequence[str]) -> str:
    left = many - len(some)
    return f" and {left:,} more" if left else ""
