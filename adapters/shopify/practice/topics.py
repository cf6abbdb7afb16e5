"""The two spellings of a webhook's topic, and the right that each needs."""

RESOURCES = (
    "ORDERS",
    "REFUNDS",
    "FULFILLMENTS",
    "FULFILLMENT_ORDERS",
    "INVENTORY_LEVELS",
    "INVENTORY_ITEMS",
    "INVENTORY_TRANSFERS",
    "INVENTORY_SHIPMENTS",
    "PRODUCTS",
    "CUSTOMERS",
    "LOCATIONS",
    "SHOP",
    "APP",
    "BULK_OPERATIONS",
)
RIGHTS = {
    "orders": "read_orders",
    "refunds": "read_orders",
    "fulfillments": "read_fulfillments",
    "fulfillment_orders": "read_merchant_managed_fulfillment_orders",
    "inventory_levels": "read_inventory",
    "inventory_items": "read_inventory",
    "inventory_transfers": "read_inventory_transfers",
    "inventory_shipments": "read_inventory_shipments",
    "products": "read_products",
}


def spelled(topic: str) -> str:
    """GraphQL's ORDERS_CREATE as deliveries spell it: orders/create."""
    resource = next(name for name in RESOURCES if topic.startswith(f"{name}_"))
    return f"{resource.lower()}/{topic.removeprefix(f'{resource}_').lower()}"


def right_for(topic: str) -> str | None:
    """The scope that a subscription to a topic ("orders/create") needs."""
    return RIGHTS.get(topic.partition("/")[0])
