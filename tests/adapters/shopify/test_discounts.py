"""Discount codes at Shopify: one for one customer, made once."""

from datetime import date

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Shop
from connector.domain.errors import NeedsMerchant
from connector.ports import Discount, StoreAccess

WAIT = Discount("wait-abc", 10, "ann@example.com", date(2027, 1, 30))


@pytest.fixture(autouse=True)
def may_discount(shop: Shop) -> None:
    shop.scopes.add("write_discounts")


def test_a_code_is_for_one_use_by_the_customer_that_the_shop_knows(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.customers["ann@example.com"] = 7
    shopify.grant(access, WAIT)
    assert shop.discounts == {
        "wait-abc": {
            "title": "wait-abc",
            "code": "wait-abc",
            "startsAt": "2020-01-01T00:00:00Z",
            "endsAt": "2027-01-31T12:00:00+00:00",
            "usageLimit": 1,
            "appliesOncePerCustomer": True,
            "context": {"customers": {"add": ["gid://shopify/Customer/7"]}},
            "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}},
        }
    }


def test_a_guest_whom_the_shop_does_not_know_may_use_the_code_too(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shopify.grant(access, WAIT)
    assert shop.discounts["wait-abc"]["context"] == {"all": "ALL"}


def test_a_code_that_is_there_stays_the_one_that_it_was(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shopify.grant(access, WAIT)
    shop.customers["ann@example.com"] = 7
    shopify.grant(access, WAIT)
    assert shop.discounts["wait-abc"]["context"] == {"all": "ALL"}


def test_without_the_right_the_merchant_is_told_which_one(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.scopes.discard("write_discounts")
    with pytest.raises(NeedsMerchant, match="discountCodeBasicCreate"):
        shopify.grant(access, WAIT)
