"""The webhooks that the store sends us: which there must be, and how they are kept in force."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.woocommerce.payloads import Webhook
from adapters.woocommerce.refusals import Missing
from adapters.woocommerce.rest import Rest
from connector.ports import Subscription

TOPICS = tuple(
    f"{resource}.{event}"
    for resource in ("order", "product")
    for event in ("created", "updated", "deleted", "restored")
)


def subscribe(rest: Rest, hook_url: str, secret: str) -> tuple[Subscription, ...]:
    """Make `hook_url` receive every topic exactly once, signed with `secret`; what is then in force.

    The store switches a webhook off after seven failures in a row. Switched on again it keeps the count and would
    go off at the next failure, so it is replaced: first the new one, then the old one goes.
    """
    ours = tuple(hook for hook in rest.every("webhooks", Webhook) if hook.delivery_url == hook_url)
    kept = {hook.topic: hook for hook in reversed(ours) if hook.status == "active" and hook.topic in TOPICS}
    inforce = {topic: kept.get(topic) or _create(rest, topic, hook_url, secret) for topic in TOPICS}
    _delete(rest, (hook for hook in ours if hook not in inforce.values()))
    return tuple(Subscription(str(hook.id), topic) for topic, hook in inforce.items())


def _create(rest: Rest, topic: str, hook_url: str, secret: str) -> Webhook:
    wanted = {"name": f"Backorder Connector: {topic}", "topic": topic, "delivery_url": hook_url}
    return rest.send("POST", "webhooks", wanted | {"secret": secret, "status": "active"}, Webhook)


def _delete(rest: Rest, hooks: Iterable[Webhook]) -> None:
    for hook in hooks:
        try:
            rest.send("DELETE", f"webhooks/{hook.id}", {}, Webhook, {"force": "true"})
        except Missing:
            continue
