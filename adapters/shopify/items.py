"""A Shopify variant and its stock as facts."""

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.shopify import shapes
from adapters.shopify.ids import parent, plain
from connector.domain.errors import Unreadable
from connector.domain.facts import PRICE_LIMIT, ItemSnapshot, StockLevel

CONTINUE = "CONTINUE"
AVAILABLE = "available"
ON_SALE = frozenset({"ACTIVE", "UNLISTED"})
ONLY_VARIANT = "Default Title"


def item_of(variant: shapes.VariantNode, storefront: str, read_at: datetime | None) -> ItemSnapshot:
    """The variant as something that can be bought; what it shows comes from variant, product and inventory item."""
    product, stock = variant.product, variant.inventory_item
    variant_id = plain(variant.id)
    if not (variant.price.is_finite() and abs(variant.price) < PRICE_LIMIT):
        raise Unreadable(f"variant {variant_id}: the price is too large, or no number")
    named = variant.title != ONLY_VARIANT
    return ItemSnapshot(
        item=variant_id,
        sku=variant.sku or "",
        title=f"{product.title} - {variant.title}" if named else product.title,
        stock=plain(stock.id),
        seen_at=max(variant.updated_at, product.updated_at, stock.updated_at).astimezone(UTC),
        read_at=read_at,
        parent=parent(plain(product.id)),
        tracked=stock.tracked,
        sells_beyond=variant.inventory_policy == CONTINUE,
        on_sale=product.status in ON_SALE,
        url=f"{storefront}/products/{product.handle}?variant={variant_id}",
        price=variant.price,
    )


def levels_of(
    variant: shapes.VariantNode, levels: Sequence[shapes.LevelNode], read_at: datetime | None
) -> tuple[StockLevel, ...]:
    """The variant's stock at each location; a location that stocks it no more has none of it."""
    if not variant.inventory_item.tracked:
        return ()
    return tuple(level_of(plain(variant.inventory_item.id), level, read_at) for level in levels)


def level_of(stock: str, level: shapes.LevelNode, read_at: datetime | None) -> StockLevel:
    """The stock at one location."""
    return StockLevel(
        stock=stock,
        available=_available(level) if level.is_active else 0,
        seen_at=level.updated_at.astimezone(UTC),
        read_at=read_at,
        location=plain(level.location.id),
    )


def _available(level: shapes.LevelNode) -> int:
    return next((quantity.quantity for quantity in level.quantities if quantity.name == AVAILABLE), 0)
