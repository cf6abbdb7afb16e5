"""The practice shop refuses what Shopify refuses of payments: too much, too late, twice, and without the right."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.shopify.practice import Order, Shop, VirtualClock
from adapters.shopify.practice.execution import answer

CAPTURE = (
    "mutation Capture($input: OrderCaptureInput!)"
    " { orderCapture(input: $input) { transaction { kind status } userErrors { message } } }"
)
CHARGE = (
    "mutation Charge($id: ID!, $mandate: ID!, $key: String!)"
    " { orderCreateMandatePayment(id: $id, mandateId: $mandate, idempotencyKey: $key)"
    " { paymentReferenceId userErrors { message code } } }"
)


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.scopes.update({"write_orders", "write_payment_mandate"})
    shop.add_product("Lamp", "LAMP", 0, price="40.00", policy="continue")
    return shop.checkout({"LAMP": 2}, payment="authorized")


def asked(shop: Shop, query: str, **variables: Any) -> dict[str, Any]:
    found = answer(shop, {"query": query, "variables": variables})
    assert "errors" not in found, found["errors"]
    (result,) = found["data"].values()
    return dict(result)


def capture(shop: Shop, order: Order, amount: str, **more: Any) -> str:
    """What Shopify says against it; "" where it took the money."""
    transaction = f"gid://shopify/OrderTransaction/{order.id}"
    form = {"id": f"gid://shopify/Order/{order.id}", "parentTransactionId": transaction, "amount": amount, **more}
    done = asked(shop, CAPTURE, input=form)
    return "; ".join(error["message"] for error in done["userErrors"])


def test_no_more_can_be_taken_than_is_reserved(shop: Shop, order: Order) -> None:
    assert capture(shop, order, "80.01") == "The amount exceeds what is left of the authorization"
    assert capture(shop, order, "80.00") == ""
    assert (order.payment, order.net) == ("paid", Decimal("80.00"))


def test_what_is_reserved_can_be_taken_for_seven_days(shop: Shop, order: Order, clock: VirtualClock) -> None:
    clock.advance(timedelta(days=7).total_seconds())
    assert capture(shop, order, "80.00") == "The authorization has expired"
    order.reserved_until = clock.now() + timedelta(days=23)
    assert capture(shop, order, "80.00") == ""


def test_a_reservation_is_taken_once_unless_it_may_be_taken_in_parts(shop: Shop, order: Order) -> None:
    assert capture(shop, order, "30.00") == ""
    assert capture(shop, order, "50.00") == "The transaction cannot be captured"
    parts = shop.checkout({"LAMP": 2}, payment="authorized")
    assert "not enabled" in capture(shop, parts, "30.00", finalCapture=False)
    parts.multi = True
    assert [capture(shop, parts, "30.00", finalCapture=last) for last in (False, True)] == ["", ""]
    assert capture(shop, parts, "20.00") == "The transaction cannot be captured"


def test_a_payment_method_is_charged_once_by_a_key_and_only_for_its_own_order(shop: Shop, order: Order) -> None:
    later = shop.checkout({"LAMP": 1}, payment="pending", selling_plan=9)
    mandate, name = f"gid://shopify/PaymentMandate/{later.mandate}", f"gid://shopify/Order/{later.id}"
    for _ in range(2):
        assert asked(shop, CHARGE, id=name, mandate=mandate, key="k")["paymentReferenceId"] == "k"
    assert [one.money for one in later.captures] == [Decimal("40.00")]
    paid = asked(shop, CHARGE, id=name, mandate=mandate, key="other")
    assert paid["userErrors"][0]["message"] == "The order has no outstanding balance"
    theirs = asked(shop, CHARGE, id=f"gid://shopify/Order/{order.id}", mandate=mandate, key="k2")
    assert theirs["userErrors"][0]["message"] == "The payment mandate does not belong to the order"


@pytest.mark.parametrize("right", ["write_orders", "write_payment_mandate"])
def test_no_money_moves_without_the_right(shop: Shop, order: Order, right: str) -> None:
    shop.scopes.discard(right)
    query = CAPTURE if right == "write_orders" else CHARGE
    name = f"gid://shopify/Order/{order.id}"
    form = {"id": name, "parentTransactionId": name, "amount": "1"}
    found = answer(shop, {"query": query, "variables": {"input": form, "id": name, "mandate": name, "key": "k"}})
    assert found["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert order.captures == []
