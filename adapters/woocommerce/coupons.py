"""Coupons: one for one customer, made once."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from adapters.woocommerce.payloads import OnlyId
from adapters.woocommerce.refusals import Declined
from adapters.woocommerce.rest import Rest
from connector.ports import Discount

TAKEN = "woocommerce_rest_coupon_code_already_exists"


class Coupon(msgspec.Struct, frozen=True):
    """What is sent for a coupon; it ends at `date_expires`, by the shop's own clock."""

    code: str
    amount: str
    email_restrictions: list[str]
    date_expires: str
    discount_type: str = "percent"
    individual_use: bool = True
    usage_limit: int = 1


def grant(rest: Rest, discount: Discount) -> None:
    """Make a coupon; one that is there was made by us, because nobody else can know its code."""
    ends = f"{discount.until + timedelta(days=1)}T00:00:00"
    coupon = Coupon(discount.code, str(discount.percent), [discount.to], ends)
    try:
        rest.send("POST", "coupons", coupon, OnlyId)
    except Declined as error:
        if error.code != TAKEN:
            raise
