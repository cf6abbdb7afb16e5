"""What webhooks carry: Shopify's payloads, with their key names, of what the fake knows."""

from datetime import datetime, timedelta, timezone
from typing import Any

from adapters.shopify.practice.records import (
    Buyer,
    Fulfilment,
    FulfilmentOrder,
    Hold,
    Order,
    OrderLine,
    Product,
    Refund,
    Variant,
)

SHOP_TIME = timezone(timedelta(hours=-5))
DETAILED_VARIANTS = 100


def local(moment: datetime | None) -> str | None:
    """A time as payloads write it: in the shop's zone."""
    return None if moment is None else moment.astimezone(SHOP_TIME).isoformat(timespec="seconds")


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://shopify/{kind}/{number}"


def order(of: Order) -> dict[str, Any]:
    """orders/create, orders/updated, orders/cancelled."""
    buyer = of.buyer
    first, _, last = buyer.name.partition(" ")
    address = {"name": buyer.name, "first_name": first, "last_name": last} | {
        "address1": "1 Main Street",
        "country_code": buyer.country,
        "province_code": buyer.region,
    }
    return {
        "id": of.id,
        "admin_graphql_api_id": gid("Order", of.id),
        "name": of.name,
        "number": of.number - 1000,
        "order_number": of.number,
        "email": buyer.email,
        "contact_email": buyer.email,
        "customer_locale": buyer.locale,
        "created_at": local(of.created_at),
        "processed_at": local(of.processed_at),
        "updated_at": local(of.updated_at),
        "cancelled_at": local(of.cancelled_at),
        "cancel_reason": of.cancel_reason,
        "closed_at": local(of.closed_at),
        "confirmed": True,
        "test": of.test,
        "currency": "USD",
        "financial_status": of.payment,
        "fulfillment_status": of.fulfilment,
        "payment_gateway_names": [of.gateway],
        "payment_terms": _terms(of),
        "company": _company(buyer),
        "tags": ", ".join(sorted(of.tags)),
        "note_attributes": [{"name": name, "value": value} for name, value in of.attributes],
        "note": None,
        "total_price": f"{sum(float(line.price) * line.quantity for line in of.lines):.2f}",
        "billing_address": address,
        "shipping_address": address,
        "customer": {
            "id": buyer.account,
            "first_name": first,
            "last_name": last,
            "email": buyer.email,
            "default_address": address,
        },
        "line_items": [_line(line) for line in of.lines],
        "fulfillments": [fulfilment(of, one) for one in of.fulfilments],
        "refunds": [refund(of, one) for one in of.refunds],
    }


def _company(buyer: Buyer) -> dict[str, Any] | None:
    place = buyer.company
    return None if place is None else {"id": place.company.id, "location_id": place.id}


def _terms(of: Order) -> dict[str, Any] | None:
    if not of.payment_terms:
        return None
    due = {"due_at": local(of.pay_by), "completed_at": local(of.updated_at) if of.payment == "paid" else None}
    return {"payment_terms_name": "Net 30", "payment_schedules": [due]}


def _line(line: OrderLine, quantity: int | None = None) -> dict[str, Any]:
    variant = line.variant
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "name": line.name,
        "title": variant.product.title if variant else line.name,
        "variant_title": variant.title if variant else None,
        "sku": line.sku,
        "price": line.price,
        "quantity": line.quantity if quantity is None else quantity,
        "current_quantity": line.current,
        # Units on hold are not fulfillable, though nothing was shipped.
        "fulfillable_quantity": max(0, line.unfulfilled - line.held),
        "fulfillment_status": "fulfilled" if line.unfulfilled <= 0 < line.fulfilled else None,
        "product_exists": variant is not None,
        "product_id": variant.product.id if variant else None,
        "variant_id": variant.id if variant else None,
        "variant_inventory_management": "shopify" if variant and variant.tracked else None,
        "requires_shipping": True,
        "selling_plan_id": line.selling_plan or None,
        "properties": [],
    }


def fulfilment(of: Order, one: Fulfilment) -> dict[str, Any]:
    """fulfillments/create, fulfillments/update."""
    return {
        "id": one.id,
        "admin_graphql_api_id": gid("Fulfillment", one.id),
        "order_id": of.id,
        "status": "success",
        "created_at": local(one.at),
        "updated_at": local(one.at),
        "line_items": [_line(of.line(line_id), units) for line_id, units in one.units.items()],
    }


def refund(of: Order, one: Refund) -> dict[str, Any]:
    """refunds/create."""
    return {
        "id": one.id,
        "admin_graphql_api_id": gid("Refund", one.id),
        "order_id": of.id,
        "created_at": local(one.at),
        "processed_at": local(one.at),
        "restock": one.restock != "no_restock",
        "refund_line_items": [
            {"id": one.id * 10 + at, "line_item_id": line_id, "quantity": units, "restock_type": one.restock}
            for at, (line_id, units) in enumerate(one.units.items())
        ],
        "transactions": [],
    }


def work(of: FulfilmentOrder) -> dict[str, Any]:
    """A fulfillment order, as the topics fulfillment_orders/* name it: global ids, states in lower case."""
    return {"id": gid("FulfillmentOrder", of.id), "status": of.status.lower()}


def placed_on_hold(of: FulfilmentOrder, hold: Hold, rest: FulfilmentOrder | None) -> dict[str, Any]:
    """fulfillment_orders/placed_on_hold: told of the first hold only."""
    created = {
        "id": gid("FulfillmentHold", hold.id),
        "reason": hold.reason.lower(),
        "reason_notes": hold.notes,
        "held_by_requesting_app": hold.by_app,
        "handle": hold.handle or None,
    }
    pieces = [{"id": gid("FulfillmentOrderLineItem", piece.id), "quantity": piece.remaining} for piece in of.pieces]
    return {
        "fulfillment_order": work(of) | {"fulfillment_holds": [created]},
        "remaining_fulfillment_order": work(rest) if rest else None,
        "held_fulfillment_order_line_items": pieces,
        "created_fulfillment_hold": created,
    }


def split(of: FulfilmentOrder, part: FulfilmentOrder, replaced: FulfilmentOrder | None) -> dict[str, Any]:
    """fulfillment_orders/split."""
    return {
        "fulfillment_order": work(of),
        "remaining_fulfillment_order": work(part),
        "replacement_fulfillment_order": work(replaced) if replaced else None,
    }


def moved(of: FulfilmentOrder, to: FulfilmentOrder) -> dict[str, Any]:
    """fulfillment_orders/moved."""
    return {
        "original_fulfillment_order": work(of),
        "moved_fulfillment_order": work(to),
        "destination_location_id": gid("Location", to.location),
        "source_location": {"id": gid("Location", of.location)},
    }


def order_edited(of: Order, edit_id: int, additions: dict[int, int], removals: dict[int, int]) -> dict[str, Any]:
    """orders/edited: the differences only."""
    changes = {
        "additions": [{"id": line_id, "delta": units} for line_id, units in additions.items()],
        "removals": [{"id": line_id, "delta": units} for line_id, units in removals.items()],
    }
    return {
        "order_edit": {
            "id": edit_id,
            "order_id": of.id,
            "created_at": local(of.updated_at),
            "committed_at": local(of.updated_at),
            "notify_customer": False,
            "line_items": changes,
        }
    }


def inventory_item(variant: Variant) -> dict[str, Any]:
    """inventory_items/update."""
    return {
        "id": variant.inventory_item,
        "admin_graphql_api_id": gid("InventoryItem", variant.inventory_item),
        "sku": variant.sku,
        "tracked": variant.tracked,
        "updated_at": local(variant.item_updated_at),
    }


def level(variant: Variant, location: int) -> dict[str, Any]:
    """inventory_levels/update, inventory_levels/connect."""
    at = variant.levels[location]
    return {
        "inventory_item_id": variant.inventory_item,
        "location_id": location,
        "available": at.available if variant.tracked else None,
        "updated_at": local(at.updated_at),
        "admin_graphql_api_id": f"{gid('InventoryLevel', location)}?inventory_item_id={variant.inventory_item}",
    }


def product(of: Product) -> dict[str, Any]:
    """products/create, products/update: says nothing about tracking, and details 100 variants at most."""
    newest = sorted(of.variants, key=lambda variant: variant.updated_at, reverse=True)
    return {
        "id": of.id,
        "admin_graphql_api_id": gid("Product", of.id),
        "title": of.title,
        "handle": of.handle,
        "status": of.status,
        "created_at": local(of.created_at),
        "updated_at": local(of.updated_at),
        "variants": [_variant(variant) for variant in of.variants[:DETAILED_VARIANTS]],
        "variant_gids": [
            {"admin_graphql_api_id": gid("ProductVariant", variant.id), "updated_at": local(variant.updated_at)}
            for variant in newest
        ],
    }


def _variant(of: Variant) -> dict[str, Any]:
    return {
        "id": of.id,
        "admin_graphql_api_id": gid("ProductVariant", of.id),
        "product_id": of.product.id,
        "title": of.title,
        "sku": of.sku,
        "price": of.price,
        "inventory_policy": of.policy,
        "inventory_item_id": of.inventory_item,
        "inventory_quantity": of.available,
        "created_at": local(of.created_at),
        "updated_at": local(of.updated_at),
    }
