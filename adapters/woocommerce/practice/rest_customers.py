"""The practice store's routes for the accounts of its customers."""

from __future__ import annotations

from flask import Blueprint, Response, request

from adapters.woocommerce.practice.model import Customer, Refused
from adapters.woocommerce.practice.rest import Api, answer, cut, sent

INVALID = ("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)


def routes(api: Api) -> Blueprint:
    """customers, customers/<id>."""
    part = Blueprint("customers", __name__)
    shop, forms = api.shop, api.forms

    @part.post("/customers")
    def create() -> Response:
        body = sent(request)
        with shop.lock:
            known_as, now = shop.next_id(), shop.now()
            made = Customer(known_as, now, now, str(body.get("email", "")))
            shop.customers[known_as] = made
        for entry in body.get("meta_data") or []:
            shop.set_meta(made, str(entry["key"]), entry.get("value"))
        return answer(forms.customer(made), 201)

    @part.get("/customers/<int:known_as>")
    def customer(known_as: int) -> Response:
        if known_as not in shop.customers:
            raise Refused(*INVALID)
        return answer(cut(forms.customer(shop.customers[known_as]), request.args))

    return part
