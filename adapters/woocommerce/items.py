"""A WooCommerce product or variation as facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from adapters.woocommerce.block import is_in
from adapters.woocommerce.payloads import Product, utc, whole
from connector.domain.errors import Unreadable
from connector.domain.facts import PRICE_LIMIT, ItemGone, ItemSnapshot, StockLevel

# A grouped product only points at others; an external one is sold by somebody else.
NEVER_STOCKED = ("grouped", "external")


def facts(
    product: Product, read_at: datetime | None, parent: Product | None = None, companion: bool | None = None
) -> tuple[ItemSnapshot | ItemGone | StockLevel, ...]:
    """What a product or variation comes to.

    `read_at` is when it was read (None: not known), `companion` whether the store has our plugin (None: not known).
    The list of variations says only what is special about each, so `parent` completes the title there. What holds no
    stock may have held some before it was changed into this: it is gone, but its variations are not.
    """
    if product.status == "trash":
        return (ItemGone(str(product.id), read_at or _changed(product, None)),)
    if product.type in NEVER_STOCKED or (has_variations(product) and product.manage_stock is not True):
        return (ItemGone(str(product.id), read_at or _changed(product, None), whole=False),)
    item = _with_block(_item(product, parent, read_at), product, companion)
    if not item.tracked:
        return (item,)
    return item, StockLevel(item.stock, whole(product.stock_quantity or 0), item.seen_at, item.read_at)


def has_variations(product: Product) -> bool:
    """Whether the product itself is never bought; plugins add types such as variable-subscription."""
    return product.type.startswith("variable")


def _item(product: Product, parent: Product | None, read_at: datetime | None) -> ItemSnapshot:
    tracked = product.manage_stock in (True, "parent")
    above = product.parent_id or (parent.id if parent else 0)
    changed = _changed(product, read_at)
    return ItemSnapshot(
        item=str(product.id),
        sku=product.sku or "",
        title=_title(product, parent),
        stock=str(above if product.manage_stock == "parent" else product.id),
        seen_at=changed,
        read_at=read_at if read_at and read_at > changed else None,
        parent=str(above) if above else None,
        tracked=tracked,
        on_backorder=not tracked and product.stock_status == "onbackorder",
        sells_beyond=product.backorders in ("yes", "notify"),
        on_sale=_on_sale(product, tracked),
        stock_only=has_variations(product),
        url=product.permalink,
        price=_price(product),
    )


def _with_block(item: ItemSnapshot, product: Product, companion: bool | None) -> ItemSnapshot:
    """What is to be seen of our notice; products say it in the one text, variations in the other."""
    text = product.description if item.parent else product.short_description
    if not isinstance(text, str):
        return item
    return replace(item, block_shown=is_in(text), block_wanted=None if companion is None else not companion)


def _on_sale(product: Product, tracked: bool) -> bool:
    # An administrator's key sees drafts as purchasable (WC_Product::is_purchasable), hence the look at the status.
    buyable = product.purchasable and product.status == "publish" and not has_variations(product)
    return buyable and (tracked or product.stock_status != "outofstock")


def _title(product: Product, parent: Product | None) -> str:
    """The parent's name and what was chosen; a variation's own name leaves out one or the other."""
    if parent is None and product.type != "variation":
        return product.name
    chosen = ", ".join(attribute.option for attribute in product.attributes if attribute.option)
    name = parent.name if parent else product.name
    return name if not chosen or name.endswith(f" - {chosen}") else f"{name} - {chosen}"


def _price(product: Product) -> Decimal | None:
    if product.price in (None, ""):
        return None
    try:
        price = Decimal(str(product.price))
    except InvalidOperation:
        raise Unreadable(f"product {product.id}: the price is not a number") from None
    if price.is_finite() and abs(price) >= PRICE_LIMIT:
        raise Unreadable(f"product {product.id}: the price is too large")
    return price if price.is_finite() else None


def _changed(product: Product, read_at: datetime | None) -> datetime:
    changed = product.date_modified_gmt or product.date_created_gmt
    if changed is not None:
        return utc(changed)
    if read_at is None:
        raise Unreadable(f"product {product.id}: it does not say when it was changed")
    return read_at
