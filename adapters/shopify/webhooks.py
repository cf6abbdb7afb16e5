"""Which webhooks are wanted, and how the missing ones come into being."""

from collections.abc import Mapping, Sequence

from adapters.hooks import same_door
from adapters.shopify.access import READ_FULFILMENT, allows
from adapters.shopify.client import Client
from adapters.shopify.ids import plain
from adapters.shopify.paging import whole
from adapters.shopify.profile import Installation
from adapters.shopify.shapes import Connection, Shape, UserError
from connector.domain.errors import Ambiguous, Retryable, Terminal
from connector.ports import StoreAccess, Subscription

AT_ONCE = 100

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
    "PRODUCTS_CREATE": "products/create",
    "PRODUCTS_UPDATE": "products/update",
    "PRODUCTS_DELETE": "products/delete",
    "BULK_OPERATIONS_FINISH": "bulk_operations/finish",
    "APP_UNINSTALLED": "app/uninstalled",
    "APP_SCOPES_UPDATE": "app/scopes_update",
}
# These are told only to an app that may see fulfillment orders.
FULFILMENT_TOPICS = {
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
EVERY_TOPIC = TOPICS | FULFILMENT_TOPICS


class WebhookNode(Shape, frozen=True):
    """A webhook subscription."""

    id: str
    topic: str
    uri: str


class Webhooks(Shape, frozen=True):
    """The answer to Webhooks."""

    webhook_subscriptions: Connection[WebhookNode]
    current_app_installation: Installation = Installation(())


class Creation(Shape, frozen=True):
    """What became of one new webhook."""

    user_errors: tuple[UserError, ...]
    webhook_subscription: WebhookNode | None = None


class Created(Shape, frozen=True):
    """The answer to WebhookCreate."""

    webhook_subscription_create: Creation


class Deletion(Shape, frozen=True):
    """What became of a webhook that was to be deleted."""

    user_errors: tuple[UserError, ...]


class Deleted(Shape, frozen=True):
    """The answer to WebhookDelete."""

    webhook_subscription_delete: Deletion


def subscribe(client: Client, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
    """Create the webhooks that do not yet lead to `hook_url`; all that do now, in the order of EVERY_TOPIC.

    Those that lead to where this installation was before go, once there are others.
    """
    ours, wanted = _existing(client, access, hook_url)
    have = {node.topic: node for node in ours if node.uri == hook_url}
    nodes = [have.get(topic) or _create(client, access, topic, hook_url) for topic in wanted]
    _delete(client, access, hook_url, [node for node in ours if node.uri != hook_url])
    return tuple(Subscription(plain(node.id), EVERY_TOPIC[node.topic]) for node in nodes)


def unsubscribe(client: Client, access: StoreAccess, hook_url: str) -> int:
    """Delete every webhook of this store that leads to us; how many there were."""
    ours, _ = _existing(client, access, hook_url)
    _delete(client, access, hook_url, ours)
    return len(ours)


def _existing(
    client: Client, access: StoreAccess, hook_url: str
) -> tuple[tuple[WebhookNode, ...], Mapping[str, str]]:
    """The webhooks that lead to us, and the topics that the app may be told."""

    def page(cursor: str | None) -> Webhooks:
        return client.call(access, "Webhooks", {"first": AT_ONCE, "after": cursor}, Webhooks).data

    first = page(None)
    nodes = whole(first.webhook_subscriptions, lambda cursor: page(cursor).webhook_subscriptions)
    granted = frozenset(scope.handle for scope in first.current_app_installation.access_scopes)
    topics = EVERY_TOPIC if allows(granted, READ_FULFILMENT) else TOPICS
    return tuple(node for node in nodes if same_door(node.uri, hook_url)), topics


def _delete(client: Client, access: StoreAccess, hook_url: str, nodes: Sequence[WebhookNode]) -> None:
    """One that is gone already is fine."""
    texts = set[str]()
    for node in nodes:
        done = client.call(access, "WebhookDelete", {"id": node.id}, Deleted).data.webhook_subscription_delete
        texts |= {error.message for error in done.user_errors}
    if texts and {node.id for node in nodes} & {node.id for node in _existing(client, access, hook_url)[0]}:
        raise Terminal(f"Shopify does not delete our webhooks ({access.address}): {'; '.join(sorted(texts))}")


def _create(client: Client, access: StoreAccess, topic: str, hook_url: str) -> WebhookNode:
    variables = {"topic": topic, "webhook": {"uri": hook_url, "format": "JSON"}}
    try:
        made = client.call(access, "WebhookCreate", variables, Created, tries=1).data.webhook_subscription_create
    except Ambiguous as unknown:
        # The next attempt lists first, and so finds out whether it was created.
        raise Retryable(str(unknown)) from unknown
    if made.webhook_subscription is None:
        texts = "; ".join(error.message for error in made.user_errors)
        raise Terminal(f"Shopify does not create the webhook {EVERY_TOPIC[topic]} ({access.address}): {texts}")
    return made.webhook_subscription
