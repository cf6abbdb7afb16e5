"""Deliveries: whether they are Shopify's, and what they tell."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from adapters.http import decode
from adapters.shopify import payloads
from adapters.shopify.ids import parent, plain
from adapters.shopify.orders import bought_by_plan, from_webhook
from adapters.shopify.standing import has_open_money
from adapters.shopify.topics import FULFILMENT, ON_THEIR_WAY
from adapters.signing import hmac_sha256_base64, same
from connector.domain.errors import BadSignature, Unreadable
from connector.domain.facts import Fact, ItemGone, OrderGone, Refetch, StockLevel, StoreClosed
from connector.ports import Accepted, Delivery

T = TypeVar("T")

TOPIC = "x-shopify-topic"
SIGNATURE = "x-shopify-hmac-sha256"
WEBHOOK_ID = "x-shopify-webhook-id"
TRIGGERED_AT = "x-shopify-triggered-at"
KEPT = (
    TOPIC,
    WEBHOOK_ID,
    TRIGGERED_AT,
    "x-shopify-shop-domain",
    "x-shopify-event-id",
    "x-shopify-api-version",
)


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> Accepted:
    """Accept a delivery that was signed with the secret; while it is rotated, `secret` holds one on each line.

    Headers are not signed: topic and shop are what the sender says. One event comes on several topics with the same
    X-Shopify-Event-Id, so that a delivery is known by its topic and X-Shopify-Webhook-Id.
    """
    given = {name.lower(): value for name, value in headers.items()}
    signature = given.get(SIGNATURE, "")
    secrets = [line.encode() for line in secret.split("\n") if line]
    genuine = [same(hmac_sha256_base64(one, body), signature) for one in secrets]
    if not any(genuine):
        raise BadSignature("Shopify did not sign this delivery with the store's secret")
    topic, webhook_id = given.get(TOPIC, ""), given.get(WEBHOOK_ID, "")
    if not topic or not webhook_id:
        raise BadSignature("A delivery of Shopify names its topic and its id")
    return Accepted(f"{topic}:{webhook_id}", {name: given[name] for name in KEPT if name in given})


def parse(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    """What a delivery tells; nothing for topics that are not ours, compliance topics among them."""
    reader = READERS.get(delivery.headers.get(TOPIC, ""))
    return reader(delivery) if reader else ()


def _order(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    order = _read(delivery, payloads.Order)
    if order.company is not None and order.company.location_id is None:
        # Which company it was is told by GraphQL alone.
        return (Refetch("order", str(order.id)),)
    # A delivery says neither until when money is reserved, nor whether a plan takes its units when they ship.
    if bought_by_plan(order) or has_open_money(order.financial_status or "", deferred=False):
        return (Refetch("order", str(order.id)),)
    return (from_webhook(order),)


def _order_gone(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (OrderGone(str(_read(delivery, payloads.Identified).id), _told_at(delivery)),)


def _order_edited(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (Refetch("order", str(_read(delivery, payloads.OrderEdited).order_edit.order_id)),)


def _of_order(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (Refetch("order", str(_read(delivery, payloads.OfOrder).order_id)),)


def _of_work(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    work = _read(delivery, payloads.OfWork).work
    if work is None:
        raise Unreadable(f"A delivery of {delivery.headers[TOPIC]} names no fulfillment order")
    return (Refetch("fulfillment_order", plain(work.id)),)


def _level(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    level = _read(delivery, payloads.Level)
    seen_at = level.updated_at.astimezone(UTC)
    return (_stock(level, level.available or 0, seen_at, triggered_at(delivery.headers)),)


def _no_level(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (_stock(_read(delivery, payloads.StockAt), 0, _told_at(delivery), None),)


def _stock(at: payloads.StockAt, available: int, seen_at: datetime, read_at: datetime | None) -> StockLevel:
    return StockLevel(
        stock=str(at.inventory_item_id),
        available=available,
        seen_at=seen_at,
        read_at=read_at,
        location=str(at.location_id),
    )


def _product(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    # Since 2024-07 the payload does not say whether a variant's units are counted (inventory_management is gone),
    # and it details 100 variants at most: the product is read instead.
    return (Refetch("product", str(_read(delivery, payloads.Identified).id)),)


def _stock_item(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    # SKU and whether units are counted are told here, and what of it stands in products/update is not whole.
    return (Refetch("stock", str(_read(delivery, payloads.Identified).id)),)


def _incoming(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    """These topics tell steps; what is on its way is read whole."""
    _read(delivery, payloads.Payload)
    return (Refetch("incoming", ""),)


def _product_gone(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (ItemGone(parent(str(_read(delivery, payloads.Identified).id)), _told_at(delivery)),)


def _closed(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    return (StoreClosed(_told_at(delivery)),)


def _standing(delivery: Delivery) -> tuple[Fact | Refetch, ...]:  # noqa: ARG001 - one shape for all topics
    """Which rights the app has now is asked, not believed."""
    return (Refetch("standing", ""),)


def _bulk_ended(delivery: Delivery) -> tuple[Fact | Refetch, ...]:
    """What ended, and how, is asked, not believed."""
    _read(delivery, payloads.BulkEnded)
    return (Refetch("bulk", ""),)


def _told_at(delivery: Delivery) -> datetime:
    return triggered_at(delivery.headers) or delivery.received_at


def triggered_at(headers: Mapping[str, str]) -> datetime | None:
    """When a delivery came about, by its kept headers; a retry does not change it."""
    try:
        triggered = msgspec.convert(headers.get(TRIGGERED_AT), payloads.Moment)
    except msgspec.ValidationError:
        return None
    return triggered.astimezone(UTC)


def _read(delivery: Delivery, shape: type[T]) -> T:
    try:
        return decode(delivery.body, shape)
    except Unreadable as failure:
        topic = delivery.headers[TOPIC]
        raise Unreadable(f"A delivery of {topic} is not what Shopify sends: {failure}") from None


READERS: Mapping[str, Callable[[Delivery], tuple[Fact | Refetch, ...]]] = {
    "orders/create": _order,
    "orders/updated": _order,
    "orders/cancelled": _order,
    "orders/edited": _order_edited,
    "orders/delete": _order_gone,
    "refunds/create": _of_order,
    "fulfillments/create": _of_order,
    "fulfillments/update": _of_order,
    "inventory_levels/update": _level,
    "inventory_levels/connect": _level,
    "inventory_levels/disconnect": _no_level,
    "inventory_items/update": _stock_item,
    **dict.fromkeys(ON_THEIR_WAY.values(), _incoming),
    "products/create": _product,
    "products/update": _product,
    "products/delete": _product_gone,
    "bulk_operations/finish": _bulk_ended,
    **dict.fromkeys(FULFILMENT.values(), _of_work),
    "app/uninstalled": _closed,
    "app/scopes_update": _standing,
}
