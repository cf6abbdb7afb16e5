"""What the companion plugin does in the practice store: it says that it is there, and splits orders."""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import nh3
from flask import Blueprint, Response, request

from adapters.woocommerce.practice.model import Line, Meta, Order, Product, Refused
from adapters.woocommerce.practice.rest import NO_ROUTE, Api, answer, sent
from adapters.woocommerce.practice.shop import Shop

OF, INTO, NOTICE = "_backorder_split_of", "_backorder_split_into", "_backorder_notice"
NOT_NOW = "backorder_not_now"
CENT = Decimal("0.01")


def routes(api: Api) -> Blueprint:
    """orders/<id>/split, and the header by which the connector knows the plugin."""
    part = Blueprint("companion", __name__)

    @part.post("/orders/<int:known_as>/split")
    def split(known_as: int) -> Response:
        if not api.shop.companion:
            raise Refused(*NO_ROUTE)
        order = api.shop.order(known_as)
        known = next((int(str(entry.value)) for entry in order.meta if entry.key == INTO), None)
        if known is not None:
            return answer({"id": known})
        return answer({"id": _split(api.shop, order, _wanted(order, sent(request))).id}, 201)

    @part.after_app_request
    def sign(response: Response) -> Response:
        if api.shop.companion and request.path.startswith("/wp-json/wc/v3/products"):
            response.headers["X-Backorder-Notices"] = "1.1.0"
        return response

    return part


def notice(shop: Shop, product: Product) -> str:
    """What the plugin shows on a product's page instead of its availability, as plain text; "" where that stands."""
    said = next((one.value for one in product.meta if one.key == NOTICE), "") if shop.companion else ""
    return html.unescape(nh3.clean(str(said), tags=set()))


def _wanted(order: Order, body: Mapping[str, Any]) -> dict[int, int]:
    """Units that wait by line; Refused where the order is not as it is thought to be."""
    if order.status != "processing" or any(entry.key == OF for entry in order.meta):
        raise Refused(NOT_NOW, "Only an order that is being processed can be split, and only once.", 409)
    left = {line.id: _left(order, line) for line in order.lines}
    wanted: dict[int, int] = {}
    for entry in body["lines"]:
        line, waiting = int(entry["id"]), int(entry["waiting"])
        if left.get(line) != int(entry["quantity"]) or not 0 < waiting <= left[line]:
            raise Refused(NOT_NOW, "The order has changed meanwhile.", 409)
        wanted[line] = waiting
    if sum(wanted.values()) == sum(left.values()):
        raise Refused(NOT_NOW, "Nothing would stay in the order.", 409)
    return wanted


def _left(order: Order, line: Line) -> int:
    return line.quantity - sum(refund.units.get(line.id, 0) for refund in order.refunds)


def _split(shop: Shop, order: Order, wanted: Mapping[int, int]) -> Order:
    with shop.lock:
        lines = [_moved(shop, order, line, wanted[line.id]) for line in order.lines if line.id in wanted]
        order.lines = [line for line in order.lines if line.quantity]
        now, part = shop.now(), shop.next_id()
        meta = [replace(entry, id=shop.next_id()) for entry in order.meta if not entry.key.startswith("_")]
        made = replace(order, id=part, key=f"wc_order_{secrets.token_hex(7)}", modified=now, lines=lines)
        made.parent, made.via, made.meta, made.refunds, made.notes = order.id, "backorder-notices", meta, [], []
        made.meta.append(Meta(shop.next_id(), OF, str(order.id)))
        shop.put_beside(order, made)
        shop.set_meta(order, INTO, str(part))
        shop.add_note(order, f"What is not here yet has been moved to order {part}.", for_customer=False)
        return made


def _moved(shop: Shop, order: Order, line: Line, units: int) -> Line:
    """A new line with these units, what they have cost and have taken; the other keeps the rest of it."""
    left = _left(order, line)
    back = sum((refund.totals.get(line.id, Decimal(0)) for refund in order.refunds), Decimal(0))
    cost = line.total - back
    total = cost if units == left else (cost * units / left).quantize(CENT, ROUND_HALF_UP)
    taken = None if line.reduced is None else min(units, line.reduced)
    new = replace(line, id=shop.next_id(), quantity=units, total=total, reduced=taken, moved_from=line.id)
    new.backordered = new.restocked = line.backordered = 0
    line.quantity, line.total = line.quantity - units, line.total - total
    line.reduced = None if line.reduced is None or taken is None else line.reduced - taken
    return new
