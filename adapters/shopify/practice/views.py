"""The shop as GraphQL shows it: one mapping per object, with functions where a field takes arguments."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.bills import bill_view
from adapters.shopify.practice.companies import purchasing_view
from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.fulfilment_api import queries, work_view
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.payments import payment_view, terms_view
from adapters.shopify.practice.records import Level, Metafield, Order, OrderLine, Product, Variant, Webhook
from adapters.shopify.practice.schema import VERSION
from adapters.shopify.practice.search import compares, matcher
from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
PLAN = "Pre-order"

SEARCHED_FULFILMENT = {
    None: ("unfulfilled", "unshipped"),
    "partial": ("partial",),
    "fulfilled": ("fulfilled", "shipped"),
}
ORDER_PLACES: dict[str, Callable[[Order], str]] = {
    "UPDATED_AT": lambda order: _time(order.updated_at) or "",
    "CREATED_AT": lambda order: _time(order.created_at) or "",
    "PROCESSED_AT": lambda order: _time(order.processed_at) or "",
    "ID": lambda order: "",
}


def root(shop: Shop) -> View:
    """What can be queried."""
    catalogue = shop.catalogue
    return {
        "shop": {
            "id": gid("Shop", 1),
            "name": shop.name,
            "myshopifyDomain": shop.domain,
            "ianaTimezone": shop.timezone,
            "currencyCode": shop.currency,
            "features": {"eligibleForSubscriptions": shop.defers},
            "plan": {"publicDisplayName": "Plus" if shop.plus else "Basic", "shopifyPlus": shop.plus},
        },
        "currentAppInstallation": {
            "id": gid("AppInstallation", 1),
            "accessScopes": [{"handle": handle} for handle in sorted(shop.scopes)],
        },
        "locations": lambda **wanted: connection(
            catalogue.locations, lambda number: ("", number), partial(_location, shop), **wanted
        ),
        "products": lambda **wanted: connection(
            catalogue.products.values(), lambda product: ("", product.id), _product, **wanted
        ),
        "product": lambda id: _found(catalogue.products.get(number_of("Product", id)), _product),
        "productVariants": lambda **wanted: connection(
            catalogue.variants, lambda variant: ("", variant.id), variant_view, **wanted
        ),
        "productVariantsCount": lambda limit=10_000: _count(sum(1 for _ in catalogue.variants), limit),
        "productVariant": lambda id: _found(catalogue.variant(number_of("ProductVariant", id)), variant_view),
        "inventoryItem": lambda id: _found(
            catalogue.by_inventory_item(number_of("InventoryItem", id)), _inventory_item
        ),
        "orders": partial(_orders, shop),
        "order": lambda id: _found(shop.orders.kept.get(number_of("Order", id)), partial(order_view, shop)),
        "webhookSubscriptions": partial(_webhooks, shop),
        "customerByIdentifier": lambda identifier: _found(
            shop.customers.get(identifier["emailAddress"]), lambda number: {"id": gid("Customer", number)}
        ),
    } | queries(shop)


def number_of(kind: str, global_id: str) -> int:
    """The number in a global id; an id of another kind is an error, as it is at Shopify."""
    prefix, _, number = global_id.rpartition("/")
    if prefix != f"gid://shopify/{kind}" or not number.isdecimal():
        raise GraphQLError(f"Invalid global id '{global_id}'", extensions={"code": "argumentLiteralsIncompatible"})
    return int(number)


def _found(thing: Any, view: Callable[[Any], View]) -> View | None:
    return None if thing is None else view(thing)


def _count(there: int, limit: int | None) -> View:
    most = there if limit is None else limit
    return {"count": min(there, most), "precision": "AT_LEAST" if there > most else "EXACT"}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _location(shop: Shop, number: int) -> View:
    return {"id": gid("Location", number), "name": shop.catalogue.locations[number], "isActive": True}


def _product(product: Product) -> View:
    return {
        "id": gid("Product", product.id),
        "legacyResourceId": str(product.id),
        "title": product.title,
        "handle": product.handle,
        "status": product.status.upper(),
        "createdAt": _time(product.created_at),
        "updatedAt": _time(product.updated_at),
        "variants": lambda **wanted: connection(
            product.variants, lambda variant: ("", variant.id), variant_view, **wanted
        ),
    }


def variant_view(variant: Variant) -> View:
    """A product's variant."""
    return {
        "id": gid("ProductVariant", variant.id),
        "legacyResourceId": str(variant.id),
        "sku": variant.sku,
        "title": variant.title,
        "displayName": f"{variant.product.title} - {variant.title}",
        "price": variant.price,
        "inventoryPolicy": variant.policy.upper(),
        "inventoryQuantity": variant.available,
        "createdAt": _time(variant.created_at),
        "updatedAt": _time(variant.updated_at),
        "product": partial(_product, variant.product),
        "inventoryItem": partial(_inventory_item, variant),
        "metafield": lambda key, namespace="$app": _found(variant.metafields.get(key), metafield_view),
    }


def _inventory_item(variant: Variant) -> View:
    def levels(*, includeInactive: bool = False, **wanted: Any) -> View:  # noqa: N803 # the schema's name
        shown = [level for level in variant.levels.values() if level.active or includeInactive]
        return connection(shown, lambda level: ("", level.location), partial(_level, variant), **wanted)

    return {
        "id": gid("InventoryItem", variant.inventory_item),
        "legacyResourceId": str(variant.inventory_item),
        "sku": variant.sku,
        "tracked": variant.tracked,
        "updatedAt": _time(variant.item_updated_at),
        "variants": lambda **wanted: connection([variant], lambda one: ("", one.id), variant_view, **wanted),
        "inventoryLevels": levels,
    }


def _level(variant: Variant, level: Level) -> View:
    return {
        "id": f"{gid('InventoryLevel', level.location)}?inventory_item_id={variant.inventory_item}",
        "isActive": level.active,
        "updatedAt": _time(level.updated_at),
        "location": {"id": gid("Location", level.location)},
        "item": partial(_inventory_item, variant),
        "quantities": lambda names: [
            {"id": gid("InventoryQuantity", level.location), "name": name, "quantity": level.available}
            for name in names
            if name == "available"
        ],
    }


def metafield_view(kept: Metafield) -> View:
    """A metafield."""
    return {
        "id": gid("Metafield", kept.id),
        "namespace": "$app",
        "key": kept.key,
        "type": kept.type,
        "value": kept.value,
        "compareDigest": kept.digest,
        "updatedAt": _time(kept.updated_at),
    }


def _orders(shop: Shop, *, query: str | None = None, sortKey: str = "PROCESSED_AT", **wanted: Any) -> View:  # noqa: N803
    matches = matcher(query or "")
    place = ORDER_PLACES[sortKey]
    found = [order for order in shop.orders.kept.values() if matches(partial(_order_holds, order))]
    return connection(found, lambda order: (place(order), order.id), partial(order_view, shop), **wanted)


def _order_holds(order: Order, field: str, op: str, value: str) -> bool:
    if field == "status":
        cancelled, closed = order.cancelled_at is not None, order.closed_at is not None
        states = {"open": not cancelled and not closed, "closed": closed, "cancelled": cancelled, "any": True}
        return states[value]
    if field == "fulfillment_status":
        return value in SEARCHED_FULFILMENT[order.fulfilment]
    if field == "updated_at":
        return compares(order.updated_at, op, value)
    raise GraphQLError(f"The fake cannot search orders by {field}")


def order_view(shop: Shop, order: Order) -> View:
    """An order."""
    buyer = order.buyer
    first, _, last = buyer.name.partition(" ")
    address = {"name": buyer.name, "countryCodeV2": buyer.country, "provinceCode": buyer.region}
    return {
        "id": gid("Order", order.id),
        "legacyResourceId": str(order.id),
        "name": order.name,
        "createdAt": _time(order.created_at),
        "processedAt": _time(order.processed_at),
        "updatedAt": _time(order.updated_at),
        "cancelledAt": _time(order.cancelled_at),
        "cancelReason": order.cancel_reason.upper() if order.cancel_reason else None,
        "closedAt": _time(order.closed_at),
        "closed": order.closed_at is not None,
        "test": order.test,
        "email": buyer.email,
        "customerLocale": buyer.locale,
        "displayFinancialStatus": order.payment.upper(),
        "paymentGatewayNames": [order.gateway],
        "paymentTerms": terms_view(order),
        "purchasingEntity": purchasing_view(buyer),
        "tags": sorted(order.tags),
        "customAttributes": [{"key": name, "value": value} for name, value in order.attributes],
        "billingAddress": address,
        "shippingAddress": address,
        "customer": {
            "id": gid("Customer", buyer.account),
            "firstName": first,
            "lastName": last,
            "defaultAddress": address,
        },
        "lineItems": lambda **wanted: connection(order.lines, lambda line: ("", line.id), _line, **wanted),
        "metafield": lambda key, namespace="$app": _found(order.metafields.get(key), metafield_view),
    } | bill_view(order) | payment_view(order) | work_view(shop, order)


def _line(line: OrderLine) -> View:
    return {
        "id": gid("LineItem", line.id),
        "name": line.name,
        "sku": line.sku,
        "quantity": line.quantity,
        "currentQuantity": line.current,
        "unfulfilledQuantity": line.unfulfilled,
        "variant": partial(_found, line.variant, variant_view),
        "duties": [{"id": gid("Duty", line.id)}] if line.duty else [],
        "sellingPlan": {"name": PLAN, "sellingPlanId": gid("SellingPlan", line.selling_plan)}
        if line.selling_plan
        else None,
    }


def _webhooks(shop: Shop, *, uri: str | None = None, topics: list[str] | None = None, **wanted: Any) -> View:
    found = [
        webhook
        for webhook in shop.outgoing.webhooks
        if uri in (None, webhook.uri) and (topics is None or graphql_topic(webhook.topic) in topics)
    ]
    return connection(found, lambda webhook: ("", webhook.id), webhook_view, **wanted)


def graphql_topic(topic: str) -> str:
    """The name of a topic in the schema: orders/create is ORDERS_CREATE."""
    return topic.replace("/", "_").upper()


def webhook_view(webhook: Webhook) -> View:
    """A webhook subscription."""
    return {
        "id": gid("WebhookSubscription", webhook.id),
        "topic": graphql_topic(webhook.topic),
        "uri": webhook.uri,
        "format": "JSON",
        "createdAt": _time(webhook.created_at),
        "updatedAt": _time(webhook.created_at),
        "apiVersion": {"handle": VERSION, "displayName": VERSION, "supported": True},
    }
