"""The webhooks that the store sends us: which there must be, and how they are kept in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from adapters.hooks import same_door
from adapters.woocommerce.payloads import Webhook
from adapters.woocommerce.refusals import Missing
from adapters.woocommerce.rest import Rest
from connector.ports import Subscription

TOPICS = tuple(
    f"{resource}.{event}"
    for resource in ("order", "product")
    for event in ("created", "updated", "deleted", "restored")
)


def subscribe(rest: Rest, hook_url: str, key: str, secret: str) -> tuple[Subscription, ...]:
    """Make `hook_url` receive every topic exactly once, signed with `secret`; what is then in force.

    The store switches a webhook off after seven failures in a row. Switched on again it keeps the count and would
    go off at the next failure, so it is replaced: first the new one, then the old one goes. So is one that was made
    with another key or secret: it speaks with the rights of that key's user, and REST never shows either. And so is
    one that leads to where this installation was before.
    """
    names = {topic: _name(topic, key, secret) for topic in TOPICS}
    there = ours(rest, hook_url)
    alive = [hook for hook in there if hook.status == "active" and hook.delivery_url == hook_url]
    sound = [hook for hook in alive if hook.name == names.get(hook.topic)]
    kept = {hook.topic: hook for hook in reversed(sound)}
    inforce = {topic: kept.get(topic) or _create(rest, topic, names[topic], hook_url, secret) for topic in TOPICS}
    _delete(rest, (hook for hook in there if hook not in inforce.values()))
    return tuple(Subscription(str(hook.id), topic) for topic, hook in inforce.items())


def unsubscribe(rest: Rest, hook_url: str) -> int:
    """Delete every webhook of this store that leads to us; how many there were."""
    there = ours(rest, hook_url)
    _delete(rest, there)
    return len(there)


def ours(rest: Rest, hook_url: str) -> tuple[Webhook, ...]:
    """Every webhook of this store that leads to us, sound or not, also to an address that we had before."""
    return tuple(hook for hook in rest.every("webhooks", Webhook) if same_door(hook.delivery_url, hook_url))


def _name(topic: str, key: str, secret: str) -> str:
    """What the merchant sees; it ends in a mark by which we know the key and the secret again."""
    mark = hashlib.sha256(f"{key}:{secret}".encode()).hexdigest()[:8]
    return f"Backorder Connector: {topic} ({mark})"


def _create(rest: Rest, topic: str, name: str, hook_url: str, secret: str) -> Webhook:
    wanted = {"name": name, "topic": topic, "delivery_url": hook_url, "secret": secret, "status": "active"}
    return rest.send("POST", "webhooks", wanted, Webhook)


def _delete(rest: Rest, hooks: Iterable[Webhook]) -> None:
    for hook in hooks:
        try:
            rest.send("DELETE", f"webhooks/{hook.id}", {}, Webhook, {"force": "true"})
        except Missing:
            continue
