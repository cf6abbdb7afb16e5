"""The topics that a shop tells us of, and the rights that some of them need."""

from collections.abc import Mapping

from adapters.shopify.access import READ_FULFILMENT, allows

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
    "BULK_OPERATIONS_FINISH": "bulk_operations/finish",
    "APP_UNINSTALLED": "app/uninstalled",
    "APP_SCOPES_UPDATE": "app/scopes_update",
}
# These are told only to an app that may see fulfillment orders.
FULFILMENT = {
    "FULFILLMENT_ORDERS_CANCELLED": "fulfillment_orders/cancelled",
    "FULFILLMENT_ORDERS_HOLD_RELEASED": "fulfillment_orders/hold_released",
    "FULFILLMENT_ORDERS_MANUALLY_REPORTED_PROGRESS_STOPPED": "fulfillment_orders/manually_reported_progress_stopped",
    "FULFILLMENT_ORDERS_MERGED": "fulfillment_orders/merged",
    "FULFILLMENT_ORDERS_MOVED": "fulfillment_orders/moved",
    "FULFILLMENT_ORDERS_PLACED_ON_HOLD": "fulfillment_orders/placed_on_hold",
    "FULFILLMENT_ORDERS_RESCHEDULED": "fulfillment_orders/rescheduled",
    "FULFILLMENT_ORDERS_SCHEDULED_FULFILLMENT_ORDER_READY": "fulfillment_orders/scheduled_fulfillment_order_ready",
    "FULFILLMENT_ORDERS_SPLIT": "fulfillment_orders/split",
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
ALL = TOPICS | FULFILMENT | ON_THEIR_WAY
BY_RIGHT: Mapping[str, Mapping[str, str]] = {
    READ_FULFILMENT: FULFILMENT,
    "read_inventory_transfers": TRANSFERS,
    "read_inventory_shipments": SHIPMENTS,
}


def topics_for(held: frozenset[str]) -> tuple[str, ...]:
    """GraphQL's names of the topics that an app with these rights can be told of."""
    more = (topic for right, topics in BY_RIGHT.items() if allows(held, right) for topic in topics)
    return (*TOPICS, *more)
