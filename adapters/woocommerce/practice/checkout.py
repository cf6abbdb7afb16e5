"""Buying in the practice store: what a guest may put into an order, and what the store writes on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.woocommerce.practice.model import Line, Order, Refused
from adapters.woocommerce.practice.shop import Shop

GUEST = {
    "first_name": "Sample",
    "last_name": "Customer",
    "company": "",
    "address_1": "1 Sample Street",
    "address_2": "",
    "city": "Sampletown",
    "state": "CA",
    "postcode": "94000",
    "country": "US",
    "email": "sample.customer@example.com",
    "phone": "555-0100",
}

ON_DELIVERY = "cod"
MOST_UNITS = 9999  # of one line of a cart, as the Store API has it


def checkout(
    shop: Shop,
    wanted: Sequence[tuple[str, int]],
    guest: Mapping[str, str] | None = None,
    gateway: str = ON_DELIVERY,
) -> Order:
    """An order of (SKU, units), paid at once unless on delivery; Refused where the store does not sell that many."""
    billing = GUEST | dict(guest or {})
    shipping = {name: text for name, text in billing.items() if name != "email"}
    with shop.lock:
        lines = [_line(shop, sku, units) for sku, units in wanted]
        return shop.add_order("processing", lines, billing, shipping, "store-api", gateway=gateway)


def _line(shop: Shop, sku: str, units: int) -> Line:
    product = shop.by_sku(sku)
    holder = shop.stock_holder(product)
    if units < 1 or product.variable or product.status != "publish":
        raise Refused("woocommerce_rest_product_not_purchasable", f"“{product.name}” is not available for purchase.")
    if units > MOST_UNITS:
        raise Refused(
            "woocommerce_rest_cart_invalid_quantity",
            f"The maximum quantity of “{product.name}” allowed in the cart is {MOST_UNITS}",
        )
    line = shop.new_line(product, units)
    if holder.stock is None:
        sellable = product.unmanaged_status != "outofstock"
    else:
        sellable = units <= holder.stock or holder.backorders in ("yes", "notify")
        # Each line is measured by itself, so two variations on one stock understate what is missing.
        line.backordered = max(0, units - max(0, holder.stock)) if holder.backorders == "notify" else 0
    if not sellable:
        raise Refused(
            "woocommerce_rest_product_partially_out_of_stock",
            f"The quantity of “{product.name}” cannot be added to the cart because there is not enough stock.",
        )
    return line
