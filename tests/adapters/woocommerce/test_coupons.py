"""Coupons in the store: one for one customer, made once."""

from datetime import date

import pytest

from adapters.woocommerce.refusals import Declined
from connector.ports import Discount
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

WAIT = Discount("wait-abc", 10, "ann@example.com", date(2027, 1, 30))


def test_a_coupon_is_for_one_use_by_one_customer_until_the_end_of_the_day(front: Shopfront) -> None:
    front.platform.grant(front.access, WAIT)
    (coupon,) = front.store.shop.coupons.values()
    del coupon["id"]
    assert coupon == {
        "code": "wait-abc",
        "amount": "10.00",
        "status": "publish",
        "usage_count": 0,
        "used_by": [],
        "discount_type": "percent",
        "individual_use": True,
        "usage_limit": 1,
        "date_expires": "2027-01-31T00:00:00",
        "email_restrictions": ["ann@example.com"],
    }


def test_made_again_it_stays_the_one_that_it_was(front: Shopfront) -> None:
    front.platform.grant(front.access, WAIT)
    before = dict(front.store.shop.coupons["wait-abc"])
    front.platform.grant(front.access, WAIT)
    assert front.store.shop.coupons == {"wait-abc": before}


def test_a_coupon_that_the_store_declines_is_told_in_its_words(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    scripted.says(
        "coupons", {"code": "x_invalid", "message": "Invalid discount amount", "data": {"status": 400}}, 400
    )
    with pytest.raises(Declined, match=r"The store refused this with 400: Invalid discount amount \(x_invalid\)"):
        platform.grant(access, WAIT)
