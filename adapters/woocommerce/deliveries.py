"""Webhook deliveries of WooCommerce: which are genuine, and what is in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from adapters.signing import hmac_sha256_base64, same
from adapters.woocommerce import divided, items, orders
from adapters.woocommerce.payloads import Id, Order, Product, Refusal, read
from connector.domain.errors import BadSignature, Unreadable
from connector.domain.facts import Fact, ItemGone, OrderGone, Refetch, RightsLost
from connector.ports import Accepted, Delivery

PREFIX = "x-wc-webhook-"
KEPT = ("source", "topic", "resource", "event", "id", "delivery-id")
PING = re.compile(rb"webhook_id=[0-9]{1,20}")
OWNER_TEXT = (
    "The WooCommerce user behind our webhooks may no longer see orders and products, so the store sends us empty "
    "deliveries. Make that user a shop manager again, or connect the store with a new key."
)


class Envelope(msgspec.Struct, frozen=True):
    """What tells a resource from an error: a resource has an id, an error a code and none."""

    id: Id | None = None
    code: str | None = None


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> Accepted | None:
    """The delivery's key and headers; None for the ping of a new webhook, BadSignature for what is not genuine.

    The store's Delivery-ID is a hash of webhook and second, shared by all deliveries of that second, and the
    store never sends anything twice. So a body that carries its own time of change is known by webhook, topic and
    content; one that does not (`{"id":7}` of a deletion, an error) would look like the next deletion of the same
    order, and takes the Delivery-ID in.
    """
    given = {name.lower(): value for name, value in headers.items()}
    sent = {f"{PREFIX}{name}": given[f"{PREFIX}{name}"] for name in KEPT if f"{PREFIX}{name}" in given}
    signature = given.get(f"{PREFIX}signature", "")
    if not sent and not signature and PING.fullmatch(body.strip()):
        return None
    # An empty key signs for everybody.
    if not secret or not same(hmac_sha256_base64(secret.encode(), body), signature):
        raise BadSignature("the signature does not belong to this body")
    known_by = [sent.get(f"{PREFIX}id", ""), sent.get(f"{PREFIX}topic", "")]
    if b'"date_modified_gmt"' not in body:
        known_by.append(sent.get(f"{PREFIX}delivery-id", ""))
    return Accepted(":".join((*known_by, hashlib.sha256(body).hexdigest())), sent)


def parse(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    """The facts in a genuine delivery; empty for resources that are none of ours, Unreadable for what is no JSON.

    An order with refunds does not say how many units they took back, and one that was split only how one of the two
    stands, so it has to be read again. One that is in the trash may be a part, or have left one.
    """
    topic = delivery.headers.get(f"{PREFIX}topic", "")
    resource, _, event = topic.partition(".")
    if not resource or not event:
        raise Unreadable("the delivery does not name its topic")
    if resource not in ("order", "product"):
        return ()
    envelope = read(delivery.body, Envelope)
    if envelope.id is None:
        return _instead(delivery)
    if event == "deleted":
        return (_gone(resource, envelope.id, delivery.received_at),)
    if resource == "product":
        return items.facts(read(delivery.body, Product), delivery.received_at)
    order = read(delivery.body, Order)
    if order.refunds or divided.is_divided(order):
        return (Refetch("order", str(order.id)),)
    found = orders.snapshot(order)
    # A deletion is dated by its delivery, up to a minute late: what came back since must not look older than it.
    return (replace(found, seen_at=max(found.seen_at, delivery.received_at)) if event == "restored" else found,)


def _gone(resource: str, known_as: int, at: datetime) -> OrderGone | ItemGone:
    return OrderGone(str(known_as), at) if resource == "order" else ItemGone(str(known_as), at)


def _instead(delivery: Delivery) -> tuple[RightsLost, ...]:
    """A REST error that was sent in place of the resource."""
    said = read(delivery.body, Refusal)
    if said.status in (401, 403):
        return (RightsLost(OWNER_TEXT, delivery.received_at),)
    if said.status in (404, 410):
        return ()
    raise Unreadable(f"the store sent an error in place of the resource: {said.message} ({said.code})")
