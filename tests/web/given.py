"""A small store, told in facts, so that its figures follow from the product and not from rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from connector.domain.facts import (
    Fact,
    ItemSnapshot,
    Line,
    OrderSnapshot,
    OrderState,
    StockLevel,
    SupplyRow,
    SupplySnapshot,
)
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.ports import StoreAccess, StoreProfile
from connector.store import feeds, shops, supplies
from connector.store.engine import Tx
from connector.store.feeds import Feed, NewFeed
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import feeds as feeds_table
from connector.store.tables import inbox

SEEN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """One product of a told store: what the platform counts, and whether it sells beyond that."""

    sku: str
    title: str
    available: int
    beyond: bool = True
    on_sale: bool = True


def store(
    connector: Connector, address: str = "https://lamps.example", name: str = "Lamps & Sons", zone: str = "UTC"
) -> Shop:
    """A connected store that takes its suppliers at their word."""
    access = StoreAccess(address, {"key": "ck_1", "secret": "cs_1"})
    profile = StoreProfile(name, zone, "EUR", "11.0.1")
    with connector.db.begin() as tx:
        shop = shops.add(tx, connector.vault, "woocommerce", access, profile, connector.clock())[0]
        shops.change_settings(tx, shop.id, {"cold_start_days": 0})
        return shops.get(tx, shop.id)


def item_facts(told: Told) -> tuple[Fact, ...]:
    """A product and its stock; its item id is its SKU in small letters."""
    item = told.sku.lower()
    snapshot = ItemSnapshot(item, told.sku, told.title, item, SEEN, sells_beyond=told.beyond, on_sale=told.on_sale)
    return snapshot, StockLevel(item, told.available, SEEN)


def order_fact(
    order: str,
    *lines: Line,
    number: str = "",
    email: str = "ann@example.com",
    name: str = "Ann Lee",
    state: OrderState = OrderState.OPEN,
    placed_at: datetime = SEEN,
    seen_at: datetime = SEEN,
) -> OrderSnapshot:
    """An order; its number is `#` and its id where none is given."""
    return OrderSnapshot(
        order, number or f"#{order}", state, placed_at, seen_at, lines, email, name, "DE", segment="dtc"
    )


def line(id_: str, sku: str, quantity: int, shipped: int = 0, title: str | None = None) -> Line:
    """A line of which the platform has taken all unshipped units from its count."""
    said = title if title is not None else f"The {sku}"
    return Line(id_, sku.lower(), sku, said, quantity, shipped, taken=quantity - shipped)


def hear(connector: Connector, shop: Shop, facts: Iterable[Fact]) -> None:
    """Fold facts and plan what they touch; a count is believed at once, as after asking the store."""
    with connector.db.begin() as tx:
        patience = shops.get(tx, shop.id).settings.settle_seconds
        shops.change_settings(tx, shop.id, {"settle_seconds": 0})
        fold(tx, shop.id, facts, connector.clock())
    plan(connector, shop.id)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"settle_seconds": patience})


def deliver(connector: Connector, shop: Shop, key: str) -> None:
    """A delivery of a store that nobody has folded yet."""
    now = connector.clock()
    row = {"store": shop.id, "dedupe_key": key, "headers": {}, "body": b"{}", "received_at": now, "available_at": now}
    with connector.db.begin() as tx:
        tx.execute(sa.insert(inbox).values(row))


def supply(connector: Connector, shop: Shop, supplier: str, *rows: SupplyRow) -> None:
    """All that a supplier says is coming."""
    now = connector.clock()
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, SupplySnapshot(supplier, rows, now), now)
    plan(connector, shop.id)


def feed(tx: Tx, shop: Shop, supplier: str, now: datetime, url: str = "https://acme.example/stock.csv") -> Feed:
    """A feed of a supplier."""
    new = NewFeed(supplier, url, "csv", {"sku": "SKU", "quantity": "Qty"}, timedelta(minutes=15))
    return feeds.add(tx, shop.id, new, now)


def use_path(connector: Connector, supplier: str) -> str:
    """Where a supplier's file is said to be right."""
    with connector.db.begin() as tx:
        return f"/feeds/{tx.scalar(sa.select(feeds_table.c.id).where(feeds_table.c.supplier == supplier))}/use"


def small_store(connector: Connector) -> Shop:
    """Three lamps: of one 2 of 5 units are there, one is sold out, one has plenty.

    3 + 4 units wait (4 of them without a date), 5 + 4 + 2 have not shipped, 1 SKU cannot be bought.
    """
    shop = store(connector)
    lamps = (Told("LAMP-1", "Reading Lamp", -3), Told("LAMP-2", "Desk Lamp", 0, beyond=False))
    plenty = (Told("LAMP-3", "Floor Lamp", 40), Told("LAMP-4", "Wall Lamp", -4))
    supply(connector, shop, "acme", SupplyRow("LAMP-1", 10, date(2027, 3, 20), "PO-1"))
    orders = (
        order_fact("1001", line("1", "LAMP-1", 5), line("2", "LAMP-3", 3, shipped=1)),
        order_fact("1002", line("1", "LAMP-4", 4)),
        order_fact("1003", line("1", "LAMP-3", 1, shipped=1), state=OrderState.COMPLETED),
    )
    hear(connector, shop, [*(fact for told in (*lamps, *plenty) for fact in item_facts(told)), *orders])
    return shop
