"""The topics that a shop tells us of, and the rights that some of them need."""

from collections.abc import Mapping

# GraphQL's name of a topic, and the one that deliveries carry.
TOPICS = {
    "ORDERS_CREATE": "orders/create",
    "ORDERS_UPDATED": "orders/updated",
    "ORDERS_EDITED": "orders/edited",
    "ORDERS_CANCELLED": "orders/cancelled",
    "ORDERS_DELETE": "orders/delete",
    "REFUNDS_CREATE": "refunds/create",
    "FULFILLMENTS_CREATE": "fulfillments/create",
    "FULFILLMENTS_UPDATE": "fulfillments/update",
    "INVENTORY_LEVELS_UPDATE": "inventory_levels/update",
    "INVENTORY_LEVELS_CONNECT": "inventory_levels/connect",
    "INVENTORY_LEVELS_DISCONNECT": "inventory_levels/disconnect",
    "INVENTORY_ITEMS_UPDATE": "inventory_items/update",
    "PRODUCTS_CREATE": "products/create",
    "PRODUCTS_UPDATE": "products/update",
    "PRODUCTS_DELETE": "products/delete",
    "APP_UNINSTALLED": "app/uninstalled",
    "APP_SCOPES_UPDATE": "app/scopes_update",
}
# What moves between a shop's places; told to an app that may read it.
TRANSFERS = {
    f"INVENTORY_TRANSFERS_{step.upper()}": f"inventory_transfers/{step}"
    for step in (
        "add_items",
        "remove_items",
        "update_item_quantities",
        "updated",
        "ready_to_ship",
        "cancel",
        "complete",
    )
}
SHIPMENTS = {
    f"INVENTORY_SHIPMENTS_{step.upper()}": f"inventory_shipments/{step}"
    for step in (
        "create",
        "delete",
        "add_items",
        "remove_items",
        "update_item_quantities",
        "update_tracking",
        "mark_in_transit",
        "receive_items",
    )
}
ON_THEIR_WAY = TRANSFERS | SHIPMENTS
ALL = TOPICS | ON_THEIR_WAY
BY_RIGHT: Mapping[str, Mapping[str, str]] = {
    "read_inventory_transfers": TRANSFERS,
    "read_inventory_shipments": SHIPMENTS,
}


def topics_for(held: frozenset[str]) -> tuple[str, ...]:
    """GraphQL's names of the topics that an app with these rights can be told of."""
    more = (topic for right, topics in BY_RIGHT.items() if right in held for topic in topics)
    return (*TOPICS, *more)
