"""The practice store's routes for orders, their notes and their refunds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from adapters.woocommerce.practice.forms import Json
from adapters.woocommerce.practice.model import ORDER_STATUSES, Line, Order, Refused
from adapters.woocommerce.practice.rest import Api, answer, cut, entries, listed, outcome, sent, whole
from adapters.woocommerce.practice.shop import CARD

NEED_PAYMENT = ("pending", "failed")
NO_AUTOMATIC_REFUND = (
    "woocommerce_rest_cannot_create_order_refund",
    "The payment gateway for this order does not support automatic refunds.",
    500,
    500,
)


def routes(api: Api) -> Blueprint:
    """orders, orders/statuses, orders/<id>, and below it notes and refunds."""
    part = Blueprint("orders", __name__)
    shop, forms = api.shop, api.forms

    @part.get("/orders/statuses")
    def statuses() -> Response:
        return answer([{"slug": slug, "name": name} for slug, name in ORDER_STATUSES.items()])

    @part.get("/orders")
    def orders() -> Response:
        parent = request.args.get("parent")
        return listed([o for o in shop.orders.values() if parent in (None, str(o.parent))], forms.order)

    @part.post("/orders")
    def create() -> Response:
        return answer(forms.order(_created(api, sent(request))), 201)

    @part.post("/orders/batch")
    def batch() -> Response:
        return answer({"update": [_batched(api, entry) for entry in entries(request)]})

    @part.get("/orders/<int:known_as>")
    def order(known_as: int) -> Response:
        return answer(cut(forms.order(shop.order(known_as)), request.args))

    @part.route("/orders/<int:known_as>", methods=["PUT", "POST", "PATCH"])
    def update(known_as: int) -> Response:
        found = shop.order(known_as)
        _apply(api, found, sent(request))
        return answer(forms.order(found))

    @part.delete("/orders/<int:known_as>")
    def delete(known_as: int) -> Response:
        form = forms.order(shop.order(known_as))
        shop.delete_order(known_as, force=request.args.get("force") == "true")
        return answer(form)

    _below_an_order(part, api)
    return part


def _below_an_order(part: Blueprint, api: Api) -> None:
    """orders/<id>/notes and orders/<id>/refunds."""
    shop, forms = api.shop, api.forms

    @part.get("/orders/<int:known_as>/notes")
    def notes(known_as: int) -> Response:
        found = shop.order(known_as)
        return answer([forms.note(found, note) for note in reversed(found.notes)])

    @part.post("/orders/<int:known_as>/notes")
    def add_note(known_as: int) -> Response:
        found, body = shop.order(known_as), sent(request)
        note = shop.add_note(found, str(body.get("note", "")), for_customer=body.get("customer_note") is True)
        return answer(forms.note(found, note), 201)

    @part.get("/orders/<int:known_as>/refunds")
    def refunds(known_as: int) -> Response:
        found = shop.orders.get(known_as)
        given = found.refunds if found else []
        paging = {"X-WP-Total": str(len(given)), "X-WP-TotalPages": "1" if given else "0"}
        return answer([forms.refund(found, refund) for refund in reversed(given)] if found else [], headers=paging)

    @part.post("/orders/<int:known_as>/refunds")
    def refund(known_as: int) -> Response:
        found, body = shop.order(known_as), sent(request)
        send = body.get("api_refund", True) is True
        if send and found.gateway != CARD:
            raise Refused(*NO_AUTOMATIC_REFUND)
        amount, reason = Decimal(str(body.get("amount", 0))), str(body.get("reason", ""))
        restock = body.get("api_restock", True) is True
        given = shop.refund(found, amount, reason, _refunded(found, body), restock=restock, send=send)
        return answer(forms.refund(found, given), 201)


def _batched(api: Api, entry: Json) -> Json:
    known_as = int(entry.get("id", 0))
    try:
        found = api.shop.order(known_as)
        _apply(api, found, entry)
    except Refused as error:
        return outcome(known_as, error)
    return api.forms.order(found)


def _created(api: Api, body: Mapping[str, Any]) -> Order:
    shop = api.shop
    with shop.lock:
        lines = []
        for entry in body.get("line_items", []):
            product = shop.product(int(entry.get("variation_id") or entry["product_id"]))
            lines.append(shop.new_line(product, whole(entry, "quantity", validated=True)))
        status, parent = str(body.get("status", "pending")), int(body.get("parent_id", 0))
        to = (body.get("billing", {}), body.get("shipping", {}))
        order = shop.add_order(status, lines, *to, "rest-api", parent, str(body.get("payment_method", "")))
        order.customer = int(body.get("customer_id", 0))
        _set_meta(api, order, body)
        if body.get("set_paid") is True:
            shop.complete_payment(order)
        return order


def _apply(api: Api, order: Order, body: Mapping[str, Any]) -> None:
    for entry in body.get("line_items", []):
        quantity = whole(entry, "quantity", validated=True)
        api.shop.set_quantity(order, _line(order, int(entry["id"])), quantity)
    _set_meta(api, order, body)
    api.shop.set_status(order, str(body.get("status", order.status)))
    if body.get("set_paid") is True and order.status in NEED_PAYMENT:
        api.shop.complete_payment(order)


def _set_meta(api: Api, order: Order, body: Mapping[str, Any]) -> None:
    for entry in body.get("meta_data") or []:
        api.shop.set_meta(order, str(entry["key"]), entry.get("value"))


def _line(order: Order, known_as: int) -> Line:
    found = next((line for line in order.lines if line.id == known_as), None)
    if found is None:
        raise Refused("woocommerce_rest_invalid_item_id", "Order item ID provided is not associated with order.")
    return found


def _refunded(order: Order, body: Mapping[str, Any]) -> list[tuple[Line, int, Decimal]]:
    return [
        (
            _line(order, int(entry["id"])),
            whole(entry, "quantity", validated=True),
            Decimal(str(entry.get("refund_total", 0))),
        )
        for entry in body.get("line_items", [])
    ]
