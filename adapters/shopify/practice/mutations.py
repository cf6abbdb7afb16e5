"""What the app may change: metafields of variants and orders, its webhooks, discounts, and what is left of orders."""

import json
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from adapters.shopify.practice import fulfilment_api
from adapters.shopify.practice.bills import order_cancel, refund_create
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import Order, Variant, Webhook
from adapters.shopify.practice.rights import needs
from adapters.shopify.practice.shop import Shop
from adapters.shopify.practice.topics import right_for, spelled
from adapters.shopify.practice.views import metafield_view, webhook_view

Input = dict[str, Any]
Owner = Variant | Order

MOST_METAFIELDS = 25
APP_NAMESPACE = "$app"
# Whose metafields there are, and the right to write them.
OWNERS: dict[type[Owner], str] = {Variant: "write_products", Order: "write_orders"}


def is_json(value: str) -> bool:
    """Whether a text is JSON."""
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


VALUES: dict[str, Callable[[str], bool]] = {
    "date": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None,
    "number_integer": lambda value: re.fullmatch(r"-?\d+", value) is not None,
    "multi_line_text_field": lambda value: True,
    "json": is_json,
    "url": lambda value: value.startswith(("https://", "http://")),
    "single_line_text_field": lambda value: "\n" not in value and "\r" not in value,
}


def root(shop: Shop) -> dict[str, Any]:
    """The mutations by name."""
    return {
        "metafieldsSet": partial(_set, shop),
        "metafieldsDelete": partial(_delete, shop),
        "webhookSubscriptionCreate": partial(_subscribe, shop),
        "discountCodeBasicCreate": partial(_discount, shop),
        "webhookSubscriptionDelete": partial(_unsubscribe, shop),
        "refundCreate": partial(refund_create, shop),
        "orderCancel": partial(order_cancel, shop),
    } | fulfilment_api.mutations(shop)


def _set(shop: Shop, metafields: Sequence[Input]) -> dict[str, Any]:
    if len(metafields) > MOST_METAFIELDS:
        return _not_set([_too_many()])
    problems = [_problem(shop, at, wanted) for at, wanted in enumerate(metafields)]
    if any(problems):
        return _not_set([problem for problem in problems if problem])
    kept = []
    for wanted in metafields:
        variant = _owner(shop, wanted)
        assert variant is not None
        kept.append(shop.catalogue.keep(variant, wanted["key"], wanted["type"], wanted["value"]))
        if isinstance(variant, Order):
            shop.noted(variant)
    return {"metafields": [metafield_view(one) for one in kept], "userErrors": []}


def _not_set(problems: list[Input]) -> dict[str, Any]:
    return {"metafields": None, "userErrors": problems}


def _too_many() -> Input:
    text = f"Exceeded the maximum metafields input limit of {MOST_METAFIELDS}."
    return {"field": ["metafields"], "message": text, "code": "LESS_THAN_OR_EQUAL_TO", "elementIndex": None}


def _problem(shop: Shop, at: int, wanted: Input) -> Input | None:
    def error(part: str, message: str, code: str) -> Input:
        field = ["metafields", str(at), part]
        return {"field": field, "message": message, "code": code, "elementIndex": at}

    variant = _owner(shop, wanted)
    fits = VALUES.get(wanted.get("type") or "")
    if variant is None:
        return error("ownerId", "Owner does not exist.", "INVALID")
    if OWNERS[type(variant)] not in shop.scopes:
        return error("ownerId", "The app is not authorized to write to this owner.", "APP_NOT_AUTHORIZED")
    if variant.id in shop.refusals:
        return error("value", shop.refusals[variant.id], "INVALID_VALUE")
    if wanted.get("namespace", APP_NAMESPACE) != APP_NAMESPACE:
        return error("namespace", "The fake knows the app's own namespace only.", "APP_NOT_AUTHORIZED")
    if fits is None:
        return error("type", "Type must be one of the known types.", "INVALID_TYPE")
    if not wanted["value"]:
        return error("value", "Value can't be blank.", "BLANK")
    if not fits(wanted["value"]):
        return error("value", f"Value is not a valid {wanted['type']}.", "INVALID_VALUE")
    return _stale(variant, wanted, error)


def _stale(variant: Owner, wanted: Input, error: Callable[[str, str, str], Input]) -> Input | None:
    kept = variant.metafields.get(wanted["key"])
    if "compareDigest" not in wanted or wanted["compareDigest"] == (kept.digest if kept else None):
        return None
    return error("compareDigest", "The resource has been updated since it was loaded.", "STALE_OBJECT")


def _owner(shop: Shop, wanted: Input) -> Owner | None:
    prefix, _, number = wanted["ownerId"].rpartition("/")
    if prefix == "gid://shopify/Order":
        return shop.orders.kept.get(int(number))
    return shop.catalogue.variant(int(number)) if prefix == "gid://shopify/ProductVariant" else None


def _delete(shop: Shop, metafields: Sequence[Input]) -> dict[str, Any]:
    if len(metafields) > MOST_METAFIELDS:
        return {"deletedMetafields": None, "userErrors": [_too_many()]}
    refused = [at for at, wanted in enumerate(metafields) if (_owner(shop, wanted) or _Nobody).id in shop.refusals]
    if refused:
        errors = [{"field": ["metafields", str(at)], "message": "Refused."} for at in refused]
        return {"deletedMetafields": None, "userErrors": errors}
    return {"deletedMetafields": [_deleted(shop, wanted) for wanted in metafields], "userErrors": []}


class _Nobody:
    id = 0


def _deleted(shop: Shop, wanted: Input) -> Input | None:
    variant = _owner(shop, wanted)
    if variant is None or variant.metafields.pop(wanted["key"], None) is None:
        return None
    return {"ownerId": wanted["ownerId"], "namespace": wanted["namespace"], "key": wanted["key"]}


def _subscribe(shop: Shop, topic: str, webhookSubscription: Input) -> dict[str, Any]:  # noqa: N803 # the schema's name
    told, uri = spelled(topic), webhookSubscription["uri"]
    problem = _webhook_problem(shop, told, uri)
    if problem:
        field, message = problem
        return {"webhookSubscription": None, "userErrors": [{"field": field, "message": message}]}
    webhook = Webhook(shop.catalogue.new_id(), told, uri, shop.clock.now())
    shop.outgoing.webhooks.append(webhook)
    return {"webhookSubscription": webhook_view(webhook), "userErrors": []}


def _unsubscribe(shop: Shop, id: str) -> dict[str, Any]:
    found = next((one for one in shop.outgoing.webhooks if gid("WebhookSubscription", one.id) == id), None)
    if found is None:
        errors = [{"field": ["id"], "message": "Webhook subscription does not exist"}]
        return {"deletedWebhookSubscriptionId": None, "userErrors": errors}
    shop.outgoing.webhooks.remove(found)
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _discount(shop: Shop, basicCodeDiscount: Input) -> dict[str, Any]:  # noqa: N803 # the schema's name
    needs(shop, "write_discounts", "discountCodeBasicCreate")
    code = basicCodeDiscount["code"].lower()
    if code in shop.discounts:
        field = ["basicCodeDiscount", "code"]
        errors = [{"field": field, "message": "Code must be unique. Please try a different code.", "code": "TAKEN"}]
        return {"codeDiscountNode": None, "userErrors": errors}
    shop.discounts[code] = basicCodeDiscount
    return {"codeDiscountNode": {"id": gid("DiscountCodeNode", shop.catalogue.new_id())}, "userErrors": []}


def _webhook_problem(shop: Shop, topic: str, uri: str) -> tuple[list[str] | None, str] | None:
    address = ["webhookSubscription", "callbackUrl"]
    right = right_for(topic)
    held = shop.scopes | {scope.replace("write_", "read_") for scope in shop.scopes}
    if right and right not in held:
        return None, f"You do not have permission to create or update webhooks with {topic} topic"
    if not uri.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        return address, "Address protocol http:// is not supported"
    if any((webhook.topic, webhook.uri) == (topic, uri) for webhook in shop.outgoing.webhooks):
        return address, "Address for this topic has already been taken"
    return None
