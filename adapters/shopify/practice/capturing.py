"""How an app takes an order's money: what is reserved, or by a payment method that the buyer has left."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.payments import authorization_id, capture_view, outstanding, reserved, reserved_until
from adapters.shopify.practice.records import Capture, Order
from adapters.shopify.practice.rights import needs, order_of
from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
Input = Mapping[str, Any]
STATES = {"SUCCESS": "PURCHASED", "PENDING": "PROCESSING", "FAILURE": "ERROR"}


def root(shop: Shop) -> View:
    """Queries and mutations by name."""
    return {
        "orderCapture": partial(_capture, shop),
        "orderCreateMandatePayment": partial(_charge, shop),
        "orderPaymentStatus": partial(_status, shop),
    }


def _capture(shop: Shop, input: Input) -> View:  # the schema's name
    needs(shop, "write_orders", "orderCapture")
    order, money = order_of(shop, input["id"]), Decimal(input["amount"])
    problem = _problem(shop, order, money, input)
    if order is None or problem:
        return {"transaction": None, "userErrors": [{"field": ["input"], "message": problem}]}
    taken = Capture(shop.catalogue.new_id(), shop.clock.now(), money, shop.provider)
    shop.take(order, taken)
    if shop.provider == "SUCCESS" and input.get("finalCapture"):
        order.multi = False
    return {"transaction": capture_view(order, taken), "userErrors": []}


def _problem(shop: Shop, order: Order | None, money: Decimal, wanted: Input) -> str:
    if order is None:
        return "Order does not exist"
    if wanted["parentTransactionId"] != authorization_id(order) or not reserved(order):
        return "The transaction cannot be captured"
    if shop.clock.now() >= reserved_until(order):
        return "The authorization has expired"
    if money <= 0 or money > reserved(order):
        return "The amount exceeds what is left of the authorization"
    if wanted.get("finalCapture") is not None and not order.multi:
        return "Multiple captures are not enabled for this transaction"
    return ""


def _charge(
    shop: Shop,
    id: str,  # the schema's names
    mandateId: str,  # noqa: N803
    idempotencyKey: str,  # noqa: N803
    autoCapture: bool = True,  # noqa: N803
    paymentScheduleId: str | None = None,  # noqa: N803
    amount: Input | None = None,
) -> View:
    needs(shop, "write_payment_mandate", "orderCreateMandatePayment")
    if not autoCapture or amount is not None:
        raise GraphQLError("The fake charges the whole balance, at once")
    order = order_of(shop, id)
    if order is None or mandateId != gid("PaymentMandate", order.mandate):
        return _refused("The payment mandate does not belong to the order")
    if all(one.key != idempotencyKey for one in order.captures):
        if not outstanding(order):
            return _refused("The order has no outstanding balance")
        if paymentScheduleId not in (None, gid("PaymentSchedule", order.id)):
            return _refused("The payment schedule does not belong to the order")
        money = outstanding(order)
        shop.take(order, Capture(shop.catalogue.new_id(), shop.clock.now(), money, shop.provider, idempotencyKey))
    job = {"id": gid("Job", order.id), "done": False}
    return {"job": job, "paymentReferenceId": idempotencyKey, "userErrors": []}


def _refused(message: str) -> View:
    error = {"field": ["id"], "message": message, "code": "ORDER_MANDATE_PAYMENT_ERROR_CODE"}
    return {"job": None, "paymentReferenceId": None, "userErrors": [error]}


def _status(shop: Shop, orderId: str, paymentReferenceId: str) -> View | None:  # noqa: N803 # the schema's names
    order = order_of(shop, orderId)
    found = next((one for one in order.captures if one.key == paymentReferenceId), None) if order else None
    if order is None or found is None:
        return None
    refused = "The card was declined" if found.status == "FAILURE" else None
    return {
        "paymentReferenceId": found.key,
        "status": STATES[found.status],
        "errorMessage": refused,
        "transactions": [capture_view(order, found)],
    }
