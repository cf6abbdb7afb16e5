"""Fulfillment orders as GraphQL shows them, and what an app may do with them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice import payloads
from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.fulfilments import Refused
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import FulfilmentOrder, Hold, Order, Piece
from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
Input = Mapping[str, Any]
Found = tuple[Order, FulfilmentOrder]

WRITE = "write_merchant_managed_fulfillment_orders"
REASONS = {"INVENTORY_OUT_OF_STOCK": "Inventory out of stock", "UNKNOWN_DELIVERY_DATE": "Unknown delivery date"}
NOT_FOUND = "FULFILLMENT_ORDER_NOT_FOUND"


def queries(shop: Shop) -> View:
    """What can be queried."""
    return {"fulfillmentOrder": lambda id: _shown(shop, _found(shop, id))}


def mutations(shop: Shop) -> View:
    """The mutations by name."""
    return {
        "fulfillmentOrderHold": partial(_hold, shop),
        "fulfillmentOrderReleaseHold": partial(_release, shop),
        "fulfillmentOrderSplit": partial(_split, shop),
        "fulfillmentOrderReschedule": partial(_reschedule, shop),
        "fulfillmentOrderOpen": partial(_open, shop),
        "fulfillmentOrdersSetFulfillmentDeadline": partial(_deadline, shop),
    }


def work_view(shop: Shop, order: Order) -> View:
    """The part of an order that is about who ships it."""

    def listed(**wanted: Any) -> View:
        _may_read(shop)
        wanted.pop("displayable", None)
        return connection(order.fulfilment_orders, lambda one: ("", one.id), partial(_view, shop, order), **wanted)

    return {"fulfillmentOrders": listed, "displayFulfillmentStatus": _status(order)}


def _status(order: Order) -> str:
    """How an order is shown, by what is left of it."""
    left = {one.status for one in order.fulfilment_orders if one.units}
    for status in ("ON_HOLD", "SCHEDULED", "IN_PROGRESS"):
        if left == {status}:
            return status
    return {None: "UNFULFILLED", "partial": "PARTIALLY_FULFILLED", "fulfilled": "FULFILLED"}[order.fulfilment]


def _view(shop: Shop, order: Order, of: FulfilmentOrder) -> View:
    name = shop.catalogue.locations[of.location]
    return {
        "id": gid("FulfillmentOrder", of.id),
        "orderId": gid("Order", order.id),
        "orderName": order.name,
        "status": of.status,
        "requestStatus": "UNSUBMITTED",
        "createdAt": _time(of.created_at),
        "updatedAt": _time(of.updated_at),
        "fulfillAt": _time(of.fulfil_at),
        "fulfillBy": _time(of.fulfil_by),
        "assignedLocation": {"name": name, "countryCode": "US", "location": {"id": gid("Location", of.location)}},
        "supportedActions": [{"action": action, "externalUrl": None} for action in shop.fulfilments.actions(of)],
        "fulfillmentHolds": [_hold_view(one) for one in of.holds],
        "lineItems": lambda **wanted: connection(of.pieces, lambda piece: ("", piece.id), _piece, **wanted),
    }


def _hold_view(hold: Hold) -> View:
    return {
        "id": gid("FulfillmentHold", hold.id),
        "handle": hold.handle or None,
        "reason": hold.reason,
        "reasonNotes": hold.notes,
        "displayReason": REASONS.get(hold.reason, "Other"),
        "heldByRequestingApp": hold.by_app,
    }


def _piece(piece: Piece) -> View:
    return {
        "id": gid("FulfillmentOrderLineItem", piece.id),
        "totalQuantity": piece.total,
        "remainingQuantity": piece.remaining,
        "sku": piece.line.sku,
        "lineItem": {"id": gid("LineItem", piece.line.id)},
    }


def _hold(shop: Shop, id: str, fulfillmentHold: Input) -> View:  # noqa: N803 # the schema's name
    def carry_out(order: Order, of: FulfilmentOrder) -> View:
        notes, handle = fulfillmentHold.get("reasonNotes"), fulfillmentHold["handle"]
        new = Hold(shop.catalogue.new_id(), fulfillmentHold["reason"], True, handle, notes)
        was_held = bool(of.holds)
        with shop.work_at(order) as tell:
            hold, rest = shop.fulfilments.hold(order, of, new, _units(fulfillmentHold["fulfillmentOrderLineItems"]))
            if not was_held:
                tell("placed_on_hold", payloads.placed_on_hold(of, hold, rest))
        return {"fulfillmentHold": _hold_view(hold), "fulfillmentOrder": _view(shop, order, of)} | {
            "remainingFulfillmentOrder": _view(shop, order, rest) if rest else None
        }

    nothing = {"fulfillmentHold": None, "fulfillmentOrder": None, "remainingFulfillmentOrder": None}
    return _done(shop, "fulfillmentOrderHold", id, nothing, carry_out)


def _release(
    shop: Shop,
    id: str,
    holdIds: Sequence[str] | None = None,  # noqa: N803
    externalId: str | None = None,  # noqa: N803 # the schema's name
) -> View:
    def carry_out(order: Order, of: FulfilmentOrder) -> View:
        ids = None if holdIds is None else [_number(one) for one in holdIds]
        with shop.work_at(order) as tell:
            shop.fulfilments.release(order, of, ids)
            if not of.holds:
                tell("hold_released", {"fulfillment_order": payloads.work(of)})
        return {"fulfillmentOrder": _view(shop, order, of)}

    return _done(shop, "fulfillmentOrderReleaseHold", id, {"fulfillmentOrder": None}, carry_out)


def _split(shop: Shop, fulfillmentOrderSplits: Sequence[Input]) -> View:  # noqa: N803
    if len(fulfillmentOrderSplits) != 1:
        raise GraphQLError("The fake splits one fulfillment order at a time")
    (wanted,) = fulfillmentOrderSplits

    def carry_out(order: Order, of: FulfilmentOrder) -> View:
        with shop.work_at(order) as tell:
            part, replaced = shop.fulfilments.split(order, of, _units(wanted["fulfillmentOrderLineItems"]))
            tell("split", payloads.split(of, part, replaced))
        shown = {"fulfillmentOrder": _view(shop, order, of), "remainingFulfillmentOrder": _view(shop, order, part)}
        replacement = _view(shop, order, replaced) if replaced else None
        return {"fulfillmentOrderSplits": [shown | {"replacementFulfillmentOrder": replacement}]}

    nothing = {"fulfillmentOrderSplits": None}
    return _done(shop, "fulfillmentOrderSplit", wanted["fulfillmentOrderId"], nothing, carry_out)


def _reschedule(shop: Shop, id: str, fulfillAt: str) -> View:  # noqa: N803
    def carry_out(order: Order, of: FulfilmentOrder) -> View:
        with shop.work_at(order) as tell:
            found = shop.fulfilments.reschedule(order, of, datetime.fromisoformat(fulfillAt))
            at = payloads.local(found.fulfil_at)
            tell("rescheduled", {"fulfillment_order": payloads.work(found) | {"fulfill_at": at}})
        return {"fulfillmentOrder": _view(shop, order, found)}

    return _done(shop, "fulfillmentOrderReschedule", id, {"fulfillmentOrder": None}, carry_out)


def _open(shop: Shop, id: str) -> View:
    def carry_out(order: Order, of: FulfilmentOrder) -> View:
        with shop.work_at(order):
            shop.fulfilments.open(order, of)
        return {"fulfillmentOrder": _view(shop, order, of)}

    return _done(shop, "fulfillmentOrderOpen", id, {"fulfillmentOrder": None}, carry_out)


def _deadline(shop: Shop, fulfillmentOrderIds: Sequence[str], fulfillmentDeadline: str) -> View:  # noqa: N803
    _may_write(shop, "fulfillmentOrdersSetFulfillmentDeadline")
    found = [_found(shop, one) for one in fulfillmentOrderIds]
    if not all(found):
        error = {"field": ["fulfillmentOrderIds"], "message": "The fulfillment orders could not be found."}
        return {"success": None, "userErrors": [error | {"code": "FULFILLMENT_ORDERS_NOT_FOUND"}]}
    for order, of in filter(None, found):
        of.fulfil_by = datetime.fromisoformat(fulfillmentDeadline)
        shop.orders.touch(order)
    return {"success": True, "userErrors": []}


def _done(
    shop: Shop, field: str, id: str, nothing: View, carry_out: Callable[[Order, FulfilmentOrder], View]
) -> View:
    """What a mutation answers: what it did, or why it did nothing."""
    _may_write(shop, field)
    found = _found(shop, id)
    if found is None:
        error: View = {"field": ["id"], "message": "Fulfillment order does not exist.", "code": NOT_FOUND}
        return nothing | {"userErrors": [error]}
    try:
        return carry_out(*found) | {"userErrors": []}
    except Refused as refused:
        return nothing | {"userErrors": [{"field": ["id"], "message": refused.message, "code": refused.code}]}


def _units(given: Sequence[Input]) -> list[tuple[int, int]]:
    return [(_number(one["id"]), one["quantity"]) for one in given]


def _number(global_id: str) -> int:
    return int(global_id.rpartition("/")[2])


def _found(shop: Shop, id: str) -> Found | None:
    return next(
        (
            (order, one)
            for order in shop.orders.kept.values()
            for one in order.fulfilment_orders
            if gid("FulfillmentOrder", one.id) == id
        ),
        None,
    )


def _shown(shop: Shop, found: Found | None) -> View | None:
    return _view(shop, *found) if found else None


def _may_read(shop: Shop) -> None:
    if not shop.scopes & {WRITE, WRITE.replace("write_", "read_")}:
        raise GraphQLError("Access denied for fulfillmentOrders field.", extensions={"code": "ACCESS_DENIED"})


def _may_write(shop: Shop, field: str) -> None:
    if WRITE not in shop.scopes:
        raise GraphQLError(f"Access denied for {field} field.", extensions={"code": "ACCESS_DENIED"})


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
