"""Money is taken at Shopify once, never too much, and in words where a person has to."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Order, Shop, ShopifyFake, VirtualClock
from connector.domain.effects import CapturePayment, Means
from connector.domain.errors import NeedsMerchant, Retryable, Undecided
from connector.ports import StoreAccess, Taken

RIGHTS = ("write_orders", "write_payment_mandate")


@pytest.fixture(autouse=True)
def may_take(shop: Shop) -> None:
    shop.scopes.update(RIGHTS)
    shop.add_product("Lamp", "LAMP", 0, price="40.00", policy="continue")


def reserved(shop: Shop, lamps: int = 2) -> Order:
    return shop.checkout({"LAMP": lamps}, payment="authorized", shipping="5.00")


def deferred(shop: Shop, payment: str = "pending") -> Order:
    return shop.checkout({"LAMP": 1}, payment=payment, selling_plan=7, payment_terms=True)


def take(
    shopify: Shopify, access: StoreAccess, order: Order, means: Means = Means.RESERVED, asked: int = 0
) -> Taken:
    assert shopify.desk
    wanted = CapturePayment("k", str(order.id), order.name, "shopify_payments", means, asked=asked)
    return shopify.desk.capture(access, wanted)


def taken(order: Order) -> list[Decimal]:
    return [one.money for one in order.captures if one.status == "SUCCESS"]


def asked(shop: Shop) -> list[str]:
    return [name for name, _ in shop.calls if name in ("Capture", "ChargeMandate")]


def test_all_that_is_reserved_is_taken_once(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = reserved(shop)
    assert take(shopify, access, order) is Taken.NOW
    assert (taken(order), order.payment) == ([Decimal("85.00")], "paid")
    assert take(shopify, access, order) is Taken.BEFORE
    assert asked(shop) == ["Capture"]


def test_no_more_is_taken_than_the_order_wants(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = reserved(shop)
    shop.edit(order, {"LAMP": 1})
    assert take(shopify, access, order) is Taken.NOW
    assert taken(order) == [Decimal("45.00")]


def test_an_order_that_is_paid_or_cancelled_is_left_alone(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    paid, off = shop.checkout({"LAMP": 1}), reserved(shop)
    shop.call_off(off)
    assert (take(shopify, access, paid), take(shopify, access, off)) == (Taken.BEFORE, Taken.NOTHING)
    assert asked(shop) == []


def test_a_capture_whose_answer_is_lost_is_seen_by_the_next_try(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    order = reserved(shop)
    fake.faults.append(Fault(hang_up=True, done=True, operation="Capture"))
    with pytest.raises(Retryable):
        take(shopify, access, order)
    assert take(shopify, access, order) is Taken.BEFORE
    assert taken(order) == [Decimal("85.00")]


def test_what_has_lapsed_takes_a_person(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    order = reserved(shop)
    clock.advance(timedelta(days=7).total_seconds())
    with pytest.raises(NeedsMerchant, match="did not take what is reserved: The authorization has expired"):
        take(shopify, access, order)
    shop.pay(order, "expired")
    with pytest.raises(NeedsMerchant, match=r"can be taken any more \(Shopify says: expired\)"):
        take(shopify, access, order)
    assert taken(order) == []


def test_a_provider_that_refuses_takes_a_person_and_one_that_ponders_is_asked_again(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = reserved(shop)
    shop.provider = "FAILURE"
    with pytest.raises(NeedsMerchant, match="did not take what is reserved"):
        take(shopify, access, order)
    shop.provider = "PENDING"
    with pytest.raises(Undecided, match="does not say yet"):
        take(shopify, access, order)
    assert taken(order) == []


def test_the_rest_of_what_was_taken_in_part_is_for_shops_on_plus(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = reserved(shop)
    order.multi, order.received = True, Decimal("40.00")
    shop.pay(order, "partially_paid")
    with pytest.raises(NeedsMerchant, match="only shops on Shopify Plus can take the rest"):
        take(shopify, access, order)
    shop.plus = True
    assert take(shopify, access, order) is Taken.NOW
    assert (taken(order), order.payment) == ([Decimal("45.00")], "paid")


def test_an_app_that_may_not_capture_is_told_so(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = reserved(shop)
    shop.scopes.discard("write_orders")
    with pytest.raises(NeedsMerchant, match="orderCapture"):
        take(shopify, access, order)


@pytest.mark.parametrize(("payment", "due"), [("pending", "40.00"), ("partially_paid", "30.00")])
def test_what_a_plan_left_open_is_charged_once(
    shopify: Shopify, access: StoreAccess, shop: Shop, payment: str, due: str
) -> None:
    order = deferred(shop, payment)
    order.received = Decimal("40.00") - Decimal(due)
    assert take(shopify, access, order, Means.MANDATE) is Taken.NOW
    assert (taken(order), order.payment) == ([Decimal(due)], "paid")
    assert take(shopify, access, order, Means.MANDATE) is Taken.BEFORE
    (form,) = [variables for name, variables in shop.calls if name == "ChargeMandate"]
    assert form["mandate"] == f"gid://shopify/PaymentMandate/{order.mandate}"
    assert form["schedule"] == f"gid://shopify/PaymentSchedule/{order.id}"


def test_tries_of_one_asking_are_one_charge_and_another_asking_is_another_once_the_first_has_failed(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = deferred(shop)
    shop.provider = "PENDING"
    for asked_again in (0, 0, 1):
        with pytest.raises(Undecided, match="does not say yet"):
            take(shopify, access, order, Means.MANDATE, asked=asked_again)
    assert len(order.captures) == 1
    order.captures[0] = replace(order.captures[0], status="FAILURE")
    shop.provider = "FAILURE"
    with pytest.raises(NeedsMerchant, match="was not charged: The card was declined"):
        take(shopify, access, order, Means.MANDATE, asked=1)
    assert (len(order.captures), taken(order)) == (2, [])


def test_a_charge_of_an_earlier_asking_that_went_through_is_the_only_one(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = deferred(shop)
    shop.provider = "PENDING"
    with pytest.raises(Undecided):
        take(shopify, access, order, Means.MANDATE)
    order.captures[0] = replace(order.captures[0], status="SUCCESS")  # of which the order does not know yet
    shop.provider = "SUCCESS"
    assert take(shopify, access, order, Means.MANDATE, asked=1) is Taken.NOW
    assert len(order.captures) == 1


def test_what_is_being_captured_is_not_captured_again(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = reserved(shop)
    shop.provider = "PENDING"
    for _ in range(2):
        with pytest.raises(Undecided, match="does not say yet"):
            take(shopify, access, order)
    assert asked(shop) == ["Capture"]


def test_a_customer_who_left_no_means_takes_a_person(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = deferred(shop)
    order.mandate = 0
    with pytest.raises(NeedsMerchant, match="keeps no payment method"):
        take(shopify, access, order, Means.MANDATE)


def test_charging_wants_a_right_of_its_own_and_says_which(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = deferred(shop)
    shop.scopes.discard("write_payment_mandate")
    with pytest.raises(NeedsMerchant, match="the right write_payment_mandate"):
        take(shopify, access, order, Means.MANDATE)
    assert asked(shop) == []
