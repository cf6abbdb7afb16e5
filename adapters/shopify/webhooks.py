"""Which webhooks are wanted, and how the missing ones come into being."""

from collections.abc import Sequence

from adapters.hooks import same_door
from adapters.shopify.client import Client
from adapters.shopify.ids import plain
from adapters.shopify.paging import whole
from adapters.shopify.profile import Installation
from adapters.shopify.shapes import Connection, Shape, UserError
from adapters.shopify.topics import ALL, topics_for
from connector.domain.errors import Ambiguous, Retryable, Terminal
from connector.ports import StoreAccess, Subscription

AT_ONCE = 100


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
    """Create the webhooks that the app has the rights to and that do not yet lead to `hook_url`; all that do now.

    Those that lead to where this installation was before go, once there are others.
    """
    ours, held = _existing(client, access, hook_url)
    have = {node.topic: node for node in ours if node.uri == hook_url}
    nodes = [have.get(topic) or _create(client, access, topic, hook_url) for topic in topics_for(held)]
    _delete(client, access, hook_url, [node for node in ours if node.uri != hook_url])
    return tuple(Subscription(plain(node.id), ALL[node.topic]) for node in nodes)


def unsubscribe(client: Client, access: StoreAccess, hook_url: str) -> int:
    """Delete every webhook of this store that leads to us; how many there were."""
    ours, _ = _existing(client, access, hook_url)
    _delete(client, access, hook_url, ours)
    return len(ours)


def _existing(client: Client, access: StoreAccess, hook_url: str) -> tuple[tuple[WebhookNode, ...], frozenset[str]]:
    """Our webhooks in a shop, and the rights that we have there."""

    def page(cursor: str | None) -> Webhooks:
        return client.call(access, "Webhooks", {"first": AT_ONCE, "after": cursor}, Webhooks).data

    first = page(None)
    nodes = whole(first.webhook_subscriptions, lambda cursor: page(cursor).webhook_subscriptions)
    held = frozenset(scope.handle for scope in first.current_app_installation.access_scopes)
    return tuple(node for node in nodes if same_door(node.uri, hook_url)), held


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
        raise Terminal(f"Shopify does not create the webhook {ALL[topic]} ({access.address}): {texts}")
    return made.webhook_subscription
