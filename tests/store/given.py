"""Facts as the tests of the books write them, and the books as they read them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from connector.domain.effects import ListingState, NoticeLine, SendNotice, WriteListing
from connector.domain.facts import (
    ItemSnapshot,
    Line,
    OrderSnapshot,
    OrderState,
    Payment,
    StockLevel,
    SupplyRow,
    SupplySnapshot,
)
from connector.store.engine import Tx
from tests.conftest import NOW


def at(minutes: float = 0) -> datetime:
    """An instant some minutes after the tests' now."""
    return NOW + timedelta(minutes=minutes)


def line(item: str = "A", quantity: int = 1, **more: Any) -> Line:
    """A line whose units the platform has taken from its stock, unless `taken` says otherwise."""
    shipped = more.get("shipped", 0)
    return Line(
        more.get("id", "1"),
        item,
        more.get("sku", f"SKU-{item}"),
        more.get("title", f"Thing {item}"),
        quantity,
        shipped,
        more.get("taken", quantity - shipped),
    )


def order(number: str = "1001", *lines: Line, seen: float = 0, **more: Any) -> OrderSnapshot:
    """An order that was placed now and seen some minutes later."""
    return OrderSnapshot(
        number,
        f"#{number}",
        more.get("state", OrderState.OPEN),
        more.get("placed_at", NOW),
        at(seen),
        lines or (line(),),
        email=more.get("email", "ann@example.com"),
        name=more.get("name", "Ann"),
        priority=more.get("priority", 0),
        refunded=more.get("refunded", False),
        segment=more.get("segment", "dtc"),
        payment=more.get("payment", Payment.OTHER),
        stated_days=more.get("stated_days"),
        by_seller=more.get("by_seller", False),
    )


def item(name: str = "A", seen: float = 0, **more: Any) -> ItemSnapshot:
    """Something that is sold beyond its stock, with a stock of its own."""
    return ItemSnapshot(
        name,
        more.get("sku", f"SKU-{name}"),
        more.get("title", f"Thing {name}"),
        more.get("stock", name),
        at(seen),
        read_at=at(more["read"]) if "read" in more else None,
        parent=more.get("parent"),
        tracked=more.get("tracked", True),
        on_backorder=more.get("on_backorder", False),
        sells_beyond=more.get("sells_beyond", True),
        on_sale=more.get("on_sale", True),
        stock_only=more.get("stock_only", False),
        price=more.get("price", Decimal("9.5")),
        block_shown=more.get("block_shown"),
        block_wanted=more.get("block_wanted", True),
    )


def level(stock: str = "A", available: int = 0, seen: float = 0, **more: Any) -> StockLevel:
    """What a platform counts as available."""
    read_at = at(more["read"]) if "read" in more else None
    return StockLevel(stock, available, at(seen), read_at, more.get("location", ""))


def supply(*rows: SupplyRow, supplier: str = "acme") -> SupplySnapshot:
    """All that a supplier says."""
    return SupplySnapshot(supplier, rows, NOW)


def listing(name: str = "A", available: int = 1) -> WriteListing:
    """A listing's state, told apart by its units."""
    return WriteListing(name, None, ListingState.BACKORDER, NOW.date(), available, f"{available} units")


def notice(number: str = "1001", count: int = 1, **more: Any) -> SendNotice:
    """The so-manieth notice of an order."""
    return SendNotice(
        f"notice:{number}:{count}",
        more.get("template", "backordered"),
        number,
        f"#{number}",
        more.get("to", "ann@example.com"),
        more.get("name", "Ann"),
        "en",
        NOW.date(),
        None,
        more.get("lines", (NoticeLine("Lamp", 2, 1, NOW.date()),)),
    )


def read(tx: Tx, table: sa.Table, *names: str, **where: Any) -> list[Any]:
    """Rows of a table in the order of their first columns: tuples of the named columns, or single values."""
    columns = [table.c[name] for name in names]
    query = sa.select(*columns).where(*(table.c[name] == value for name, value in where.items())).order_by(*columns)
    found = [tuple(row) for row in tx.execute(query)]
    return [row[0] for row in found] if len(names) == 1 else found
