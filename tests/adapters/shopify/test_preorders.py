"""Pre-orders are offered by one plan for its terms, and what they sell is not taken for goods that are there."""

from datetime import date

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Shop, ShopifyFake, Variant
from connector.domain.errors import NeedsMerchant, Retryable
from connector.domain.facts import OrderSnapshot, OrderState, Refetch, Reserve, StockLevel
from connector.ports import PreOrder, StoreAccess

OPEN = PreOrder("Pre-order", 20, None)
DATED = PreOrder("Pre-order", 0, date(2027, 2, 1))


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    shop.scopes.add("write_purchase_options")
    return shop.add_product("Lamp", "LAMP", 1, policy="continue")


def offer(shopify: Shopify, access: StoreAccess, plan: PreOrder, *variants: Variant) -> bool:
    assert shopify.preorders
    return shopify.preorders.offer(access, plan, [str(one.id) for one in variants])


def test_a_plan_takes_the_deposit_now_and_the_rest_when_it_ships(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    assert offer(shopify, access, OPEN, lamp) is True
    (group,) = shop.plan_groups
    assert (group.name, group.variants) == ("Pre-order", {f"gid://shopify/ProductVariant/{lamp.id}"})
    assert group.form["category"] == "PRE_ORDER"
    assert group.form["billingPolicy"]["fixed"] == {
        "checkoutCharge": {"type": "PERCENTAGE", "value": {"percentage": 20.0}},
        "remainingBalanceChargeTrigger": "ON_FULFILLMENT",
    }
    assert group.form["deliveryPolicy"]["fixed"]["fulfillmentTrigger"] == "UNKNOWN"
    assert group.form["inventoryPolicy"] == {"reserve": "ON_FULFILLMENT"}


def test_a_plan_with_a_day_names_it(shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant) -> None:
    offer(shopify, access, DATED, lamp)
    fixed = shop.plan_groups[0].form["deliveryPolicy"]["fixed"]
    assert fixed["fulfillmentTrigger"] == "EXACT_TIME"
    assert str(fixed["fulfillmentExactTime"]).startswith("2027-02-01T12:00:00")


def test_the_same_terms_are_one_plan_and_others_another(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    chair = shop.add_product("Chair", "CHAIR")
    assert offer(shopify, access, OPEN, lamp) is True
    assert offer(shopify, access, OPEN, lamp, chair) is False
    assert offer(shopify, access, DATED, chair) is True
    assert [len(group.variants) for group in shop.plan_groups] == [2, 1]


def test_a_plan_whose_answer_was_lost_is_found_by_the_next_try(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant, fake: ShopifyFake
) -> None:
    fake.faults.append(Fault(hang_up=True, done=True, operation="PlanGroupCreate"))
    with pytest.raises(Retryable):
        offer(shopify, access, OPEN, lamp)
    assert offer(shopify, access, OPEN, lamp) is False
    assert len(shop.plan_groups) == 1


def test_without_the_right_or_the_gateway_nothing_is_made_and_it_is_said_why(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shop.defers = False
    with pytest.raises(NeedsMerchant, match="that takes Shopify Payments, or PayPal"):
        offer(shopify, access, OPEN, lamp)
    shop.scopes.discard("write_purchase_options")
    with pytest.raises(NeedsMerchant, match="the right write_purchase_options"):
        offer(shopify, access, OPEN, lamp)
    assert shop.plan_groups == []


def test_what_shopify_refuses_is_said(shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant) -> None:
    shop.delete_product(lamp.product)
    with pytest.raises(NeedsMerchant, match="Product variant does not exist"):
        offer(shopify, access, OPEN, lamp)


def test_units_of_a_plan_leave_the_stock_when_they_ship_and_count_as_taken_by_nobody_before(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    offer(shopify, access, OPEN, lamp)
    plan = shop.plan_groups[0].plan
    order = shop.checkout({"LAMP": 3}, payment="pending", selling_plan=plan, payment_terms=True)
    (found,) = shopify.fetch(access, Refetch("order", str(order.id)))
    assert isinstance(found, OrderSnapshot)
    assert [(line.quantity, line.taken) for line in found.lines] == [(3, 0)]
    assert (found.state, found.reserve) == (OrderState.OPEN, Reserve(mandate=True))
    assert lamp.available == 1
    shop.fulfil(order)
    (level,) = [fact for fact in shopify.items(access, None).facts if isinstance(fact, StockLevel)]
    assert (level.available, lamp.available) == (-2, -2)
