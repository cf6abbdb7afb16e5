"""The practice store's routes for coupons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from adapters.woocommerce.practice.model import Refused
from adapters.woocommerce.practice.rest import Api, answer, sent

TAKEN = ("woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")


def routes(api: Api) -> Blueprint:
    """POST and GET coupons; a code is kept in lower case, and once."""
    part = Blueprint("coupons", __name__)
    shop = api.shop

    @part.post("/coupons")
    def create() -> Response:
        body = sent(request)
        code = str(body.get("code", "")).lower()
        with shop.lock:
            if code in shop.coupons:
                raise Refused(*TAKEN)
            shop.coupons[code] = _form(shop.next_id(), code, body)
            return answer(shop.coupons[code], 201)

    @part.get("/coupons")
    def coupons() -> Response:
        wanted = request.args.get("code", "").lower()
        return answer([form for code, form in shop.coupons.items() if wanted in ("", code)])

    return part


def _form(known_as: int, code: str, body: dict[str, Any]) -> dict[str, Any]:
    amount = f"{float(body.get('amount', 0)):.2f}"
    kept = {"id": known_as, "code": code, "amount": amount, "status": "publish", "usage_count": 0, "used_by": []}
    plain = {
        "discount_type": "fixed_cart",
        "individual_use": False,
        "usage_limit": None,
        "date_expires": None,
        "email_restrictions": [],
    }
    return kept | {name: body.get(name, default) for name, default in plain.items()}
