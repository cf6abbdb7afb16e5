"""Cancellations at Shopify: the money goes back the way it came, once, and where it can't a person is asked."""

from decimal import Decimal

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Order, Shop, ShopifyFake
from connector.domain.effects import CancelLines
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import Refunded, StoreAccess

KEY = "cancel:7:1"
ALL_OF_IT = Refunded(Decimal("85.00"), "USD", cancelled=True)


@pytest.fixture(autouse=True)
def may_refund(shop: Shop) -> None:
    shop.scopes.add("write_orders")
    shop.add_product("Lamp", "LAMP", 0, price="40.00", policy="continue")
    shop.add_product("Desk", "DESK", 0, price="9.50", policy="continue")


def bought(shop: Shop, lamps: int = 2, desks: int = 0, *, payment: str = "paid", gateway: str = "cards") -> Order:
    wanted = {"LAMP": lamps, "DESK": desks}
    some = {sku: units for sku, units in wanted.items() if units}
    return shop.checkout(some, payment=payment, gateway=gateway, shipping="5.00")


def cancel(order: Order, *units: int, key: str = KEY) -> CancelLines:
    """Units of the order's lines in their turn, all of them where nothing is said."""
    lines = zip(order.lines, units or [line.quantity for line in order.lines], strict=True)
    wanted = tuple((str(line.id), count) for line, count in lines if count)
    return CancelLines(key, str(order.id), order.name, wanted, "Not shipped in time")


def asked(shop: Shop) -> list[str]:
    """What the shop was asked to change."""
    return [name for name, _ in shop.calls if name in ("RefundCreate", "OrderCancel")]


def given(order: Order) -> list[tuple[Decimal, str]]:
    return [(one.money, one.note) for one in order.refunds if one.money]


def test_the_whole_order_goes_back_with_its_shipping_and_ends(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop)
    assert shopify.refund(access, cancel(order)) == ALL_OF_IT
    assert given(order) == [(Decimal("85.00"), f"Not shipped in time ({KEY})")]
    assert (order.payment, order.cancelled_at is None, order.net) == ("refunded", False, 0)
    assert [line.current for line in order.lines] == [0]
    assert asked(shop) == ["RefundCreate", "OrderCancel"]


def test_the_money_goes_to_the_payment_that_it_came_by_and_never_to_store_credit(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop)
    shopify.refund(access, cancel(order))
    (form,) = [variables["input"] for name, variables in shop.calls if name == "RefundCreate"]
    payment = f"gid://shopify/OrderTransaction/{order.id}"
    assert form == {
        "orderId": f"gid://shopify/Order/{order.id}",
        "currency": "USD",
        "note": f"Not shipped in time ({KEY})",
        "notify": False,
        "refundLineItems": [
            {"lineItemId": f"gid://shopify/LineItem/{order.lines[0].id}", "quantity": 2, "restockType": "CANCEL"}
        ],
        "refundDuties": [],
        "shipping": {"fullRefund": True},
        "transactions": [
            {
                "orderId": f"gid://shopify/Order/{order.id}",
                "parentId": payment,
                "gateway": "cards",
                "kind": "REFUND",
                "amount": "85.00",
            }
        ],
    }


def test_the_same_cancellation_again_moves_no_money(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop)
    shopify.refund(access, cancel(order))
    assert shopify.refund(access, cancel(order)) == ALL_OF_IT
    assert asked(shop) == ["RefundCreate", "OrderCancel"]


def test_a_cancellation_with_a_longer_key_is_another_one(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop, 1, 1)
    shopify.refund(access, cancel(order, 1, 0, key="cancel:7:11"))
    shopify.refund(access, cancel(order, 0, 1, key="cancel:7:1"))
    assert [money for money, _ in given(order)] == [Decimal("40.00"), Decimal("14.50")]


def test_a_part_goes_back_without_the_shipping_and_the_rest_goes_on(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop, 3, 1)
    assert shopify.refund(access, cancel(order, 2, 0)) == Refunded(Decimal("80.00"), "USD", cancelled=False)
    assert (order.cancelled_at, order.payment) == (None, "partially_refunded")
    assert [line.current for line in order.lines] == [1, 1]


def test_a_part_that_was_given_back_is_no_reason_to_end_the_order_later(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop, 3)
    shopify.refund(access, cancel(order, 2))
    assert shopify.refund(access, cancel(order, 2)) == Refunded(Decimal("80.00"), "USD", cancelled=False)
    assert (order.cancelled_at, asked(shop)) == (None, ["RefundCreate"])


def test_units_that_have_shipped_meanwhile_are_not_given_back(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop, 3)
    shop.fulfil(order, {order.lines[0].id: 1})
    assert shopify.refund(access, cancel(order)) == Refunded(Decimal("80.00"), "USD", cancelled=False)


def test_an_order_that_has_shipped_meanwhile_is_left_alone(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop)
    shop.fulfil(order)
    with pytest.raises(Terminal, match="nothing was cancelled or given back"):
        shopify.refund(access, cancel(order))
    assert (asked(shop), order.cancelled_at) == ([], None)


def test_what_has_gone_back_by_hand_does_not_go_again(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop)
    shop.refund(order, {order.lines[0].id: 1})
    assert shopify.refund(access, cancel(order)) == Refunded(Decimal("45.00"), "USD", cancelled=True)
    assert [money for money, _ in given(order)] == [Decimal("40.00"), Decimal("45.00")]


def test_duties_go_back_with_their_units(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop, 2, 1)
    order.lines[0].duty = "1.25"
    order.collect()
    assert shopify.refund(access, cancel(order, 2, 0)).amount == Decimal("82.50")


@pytest.mark.parametrize("payment", ["pending", "authorized"])
def test_an_order_whose_money_was_not_taken_is_cancelled_without_a_refund(
    shopify: Shopify, access: StoreAccess, shop: Shop, payment: str
) -> None:
    order = bought(shop, payment=payment)
    assert shopify.refund(access, cancel(order)) == Refunded(Decimal(0), "USD", cancelled=True)
    assert (asked(shop), order.payment, given(order)) == (["OrderCancel"], "voided", [])


def test_units_whose_money_was_not_taken_are_taken_off_the_order(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop, 1, 1, payment="authorized")
    assert shopify.refund(access, cancel(order, 1, 0)) == Refunded(Decimal(0), "USD", cancelled=False)
    assert ([line.current for line in order.lines], order.payment) == ([0, 1], "authorized")


def test_money_that_came_by_hand_goes_back_by_hand(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop, gateway="Bank Deposit")
    with pytest.raises(NeedsMerchant, match=r"order is cancelled in Shopify\. Give 85\.00 USD back by hand"):
        shopify.refund(access, cancel(order))
    assert (given(order), asked(shop), order.cancelled_at is None) == ([], ["OrderCancel"], False)


def test_part_of_the_money_that_came_by_hand_ends_nothing(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop, 1, 1, gateway="Bank Deposit")
    with pytest.raises(NeedsMerchant, match=r"by itself\. Give 40\.00 USD back by hand"):
        shopify.refund(access, cancel(order, 1, 0))
    assert asked(shop) == []


def test_money_that_shopify_would_keep_is_asked_of_a_person(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop)
    order.received += 3  # a tip, say
    with pytest.raises(NeedsMerchant, match=r"Give 88\.00 USD back by hand"):
        shopify.refund(access, cancel(order))
    assert given(order) == []


def test_an_order_that_the_merchant_cancelled_without_its_money_is_asked_of_a_person_only_for_what_is_left(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop)
    shop.call_off(order)
    assert shopify.refund(access, cancel(order)) == ALL_OF_IT
    assert asked(shop) == ["RefundCreate"]


def test_an_answer_that_was_lost_gives_nothing_back_twice(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    order = bought(shop)
    fake.faults.append(Fault(hang_up=True, done=True, operation="RefundCreate"))
    with pytest.raises(Retryable):
        shopify.refund(access, cancel(order))
    assert shopify.refund(access, cancel(order)) == ALL_OF_IT
    assert given(order) == [(Decimal("85.00"), f"Not shipped in time ({KEY})")]


def test_a_request_is_known_by_its_key_as_long_as_the_shop_does_not_show_what_came_of_it(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = bought(shop, 3)
    shopify.refund(access, cancel(order, 2))
    (hidden,) = order.refunds
    order.refunds.clear()
    order.lines[0].removed = 0
    shopify.refund(access, cancel(order, 2))
    assert (order.refunds, hidden.money) == ([], Decimal("80.00"))
    keys = [variables["key"] for name, variables in shop.calls if name == "RefundCreate"]
    assert (len(keys), len(set(keys))) == (2, 1)


def test_an_end_whose_answer_was_lost_is_seen_the_next_time(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    order = bought(shop, payment="pending")
    fake.faults.append(Fault(hang_up=True, done=True, operation="OrderCancel"))
    with pytest.raises(Retryable):
        shopify.refund(access, cancel(order))
    assert shopify.refund(access, cancel(order)) == Refunded(Decimal(0), "USD", cancelled=True)
    assert asked(shop) == ["OrderCancel"]


def test_an_order_that_takes_its_time_to_end_is_looked_at_again(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order, shop.slow = bought(shop), True
    with pytest.raises(Retryable, match="still cancelling") as slow:
        shopify.refund(access, cancel(order))
    assert slow.value.after == 30
    assert shopify.refund(access, cancel(order)) == ALL_OF_IT
    assert asked(shop) == ["RefundCreate", "OrderCancel"]


def test_money_that_the_provider_has_not_sent_yet_is_waited_for(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order, shop.provider = bought(shop), "PENDING"
    for _ in range(2):
        with pytest.raises(Retryable, match="does not say yet"):
            shopify.refund(access, cancel(order))
    assert asked(shop) == ["RefundCreate"]


def test_money_that_the_provider_refuses_to_send_takes_a_person(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order, shop.provider = bought(shop), "FAILURE"
    with pytest.raises(NeedsMerchant, match=r"refused to send\. Give 85\.00 USD back by hand"):
        shopify.refund(access, cancel(order))


def test_an_order_that_shopify_does_not_cancel_is_told_of_with_the_money_that_went(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order, shop.uncancellable = bought(shop), "A return is open."
    with pytest.raises(
        NeedsMerchant, match=r"85\.00 USD went back, but .* cancel the order: A return is open\. Cancel"
    ):
        shopify.refund(access, cancel(order))


def test_an_order_that_the_app_may_not_see_takes_a_person(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop)
    del shop.orders.kept[order.id]
    with pytest.raises(NeedsMerchant, match="read_all_orders"):
        shopify.refund(access, cancel(order))


def test_without_the_right_the_merchant_is_told_which_one(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = bought(shop)
    shop.scopes.discard("write_orders")
    with pytest.raises(NeedsMerchant, match="refundCreate"):
        shopify.refund(access, cancel(order))
    assert given(order) == []
