"""Reading items by GraphQL: pages of all variants, one variant, or one product's, each with all of its stock."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Raw

from adapters.shopify import bulk_items
from adapters.shopify.bulk import Files
from adapters.shopify.client import Client
from adapters.shopify.ids import gid
from adapters.shopify.items import item_of, levels_of
from adapters.shopify.paging import ALL_AT_ONCE, gathered, whole
from adapters.shopify.shapes import Connection, LevelNode, Shape, VariantNode
from connector.domain.facts import Fact, ItemGone
from connector.ports import Page, StoreAccess

AT_ONCE = 100
# Variants above which all of them are read in bulk; up to there pages are there sooner.
BULK_ABOVE = 2_500


class Count(Shape, frozen=True):
    """How many there are."""

    count: int


class Variants(Shape, frozen=True):
    """The answer to Variants."""

    product_variants: Connection[Raw]
    product_variants_count: Count | None = None


class OneVariant(Shape, frozen=True):
    """The answer to Variant."""

    product_variant: VariantNode | None


class Variety(Shape, frozen=True):
    """A product, of which only the variants were asked for."""

    variants: Connection[VariantNode]


class ProductVariants(Shape, frozen=True):
    """The answer to ProductVariants."""

    product: Variety | None


class Carried(Shape, frozen=True):
    """The variants of an inventory item; there is one."""

    nodes: tuple[VariantNode, ...]


class Carrier(Shape, frozen=True):
    """An inventory item, of which only its variants were asked for."""

    variants: Carried | None


class StockItem(Shape, frozen=True):
    """The answer to StockItem."""

    inventory_item: Carrier | None


class FurtherLevels(Shape, frozen=True):
    """An inventory item, of which only further levels were asked for."""

    inventory_levels: Connection[LevelNode]


class Levels(Shape, frozen=True):
    """The answer to Levels."""

    inventory_item: FurtherLevels | None


def read_items(client: Client, files: Files, access: StoreAccess, cursor: str | None, bulk_above: int) -> Page:
    """A page of the shop's variants, with their stock at every location; those of a large shop come by bulk."""
    if cursor is not None and cursor.startswith(bulk_items.PREFIX):
        return bulk_items.go_on(client, files, access, cursor)
    after = None if cursor == bulk_items.PAGES else cursor
    reply = client.call(access, "Variants", {"first": AT_ONCE, "after": after, "counted": cursor is None}, Variants)
    total = reply.data.product_variants_count.count if reply.data.product_variants_count else None
    if total is not None and total > bulk_above and (begun := bulk_items.begin(client, access, total)):
        return begun
    page = reply.data.product_variants
    facts, unusable = gathered(
        page.nodes, VariantNode, lambda variant: _facts(client, access, [variant], reply.read_at)
    )
    return Page(facts, page.page_info.next, None, len(page.nodes), unusable)


def read_item(client: Client, access: StoreAccess, variant_id: str) -> tuple[Fact, ...]:
    """The variant and its stock as they are now, or that it is gone: variants are never hidden, as old orders are."""
    reply = client.call(access, "Variant", {"id": gid("ProductVariant", variant_id)}, OneVariant)
    found = reply.data.product_variant
    if found is None:
        return (ItemGone(variant_id, reply.read_at),) if reply.read_at else ()
    return tuple(_facts(client, access, [found], reply.read_at))


def read_stock(client: Client, access: StoreAccess, stock_id: str) -> tuple[Fact, ...]:
    """The variants of an inventory item as they are now; nothing where there is none."""
    reply = client.call(access, "StockItem", {"id": gid("InventoryItem", stock_id)}, StockItem)
    found = reply.data.inventory_item
    return tuple(_facts(client, access, found.variants.nodes, reply.read_at)) if found and found.variants else ()


def read_product(client: Client, access: StoreAccess, product_id: str) -> tuple[Fact, ...]:
    """All variants of a product and their stock; nothing where there is no such product."""
    variables = {"id": gid("Product", product_id), "first": AT_ONCE}
    reply = client.call(access, "ProductVariants", variables, ProductVariants)
    if reply.data.product is None:
        return ()

    def more(cursor: str) -> Connection[VariantNode] | None:
        found = client.call(access, "ProductVariants", variables | {"after": cursor}, ProductVariants).data.product
        return found.variants if found else None

    variants = whole(reply.data.product.variants, more)
    return tuple(_facts(client, access, variants, reply.read_at))


def _facts(
    client: Client, access: StoreAccess, variants: Iterable[VariantNode], read_at: datetime | None
) -> Iterator[Fact]:
    for variant in variants:
        yield item_of(variant, client.storefront(access.address), read_at)
        yield from levels_of(variant, _levels(client, access, variant), read_at)


def _levels(client: Client, access: StoreAccess, variant: VariantNode) -> list[LevelNode]:
    stock = variant.inventory_item

    def more(cursor: str) -> Connection[LevelNode] | None:
        variables = {"id": stock.id, "first": ALL_AT_ONCE, "after": cursor}
        found = client.call(access, "Levels", variables, Levels).data.inventory_item
        return found.inventory_levels if found else None

    return whole(stock.inventory_levels, more)
