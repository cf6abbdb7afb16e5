"""An order's money as GraphQL shows it, and the two ways in which an app gives it back or ends the order."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.payments import bag
from adapters.shopify.practice.records import Order, OrderLine, Refund
from adapters.shopify.practice.rights import needs, order_of
from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
Input = Mapping[str, Any]


def bill_view(order: Order) -> View:
    """The part of an order that is about money."""
    return {
        "currencyCode": "USD",
        "presentmentCurrencyCode": "USD",
        "netPaymentSet": bag(order.net),
        "refunds": lambda first=None: [refund_view(one) for one in order.refunds[:first]],
        "suggestedRefund": lambda **wanted: _suggested(order, **wanted),
    }


def refund_view(refund: Refund) -> View:
    """A refund; without money there is no transaction in it."""
    moved = {"status": refund.status, "kind": "REFUND", "amountSet": bag(refund.money)}
    return {
        "id": gid("Refund", refund.id),
        "note": refund.note or None,
        "transactions": lambda **wanted: connection(
            [moved] if refund.money else [], lambda one: ("", refund.id), lambda one: one, **wanted
        ),
    }


def _suggested(
    order: Order,
    *,
    refundLineItems: Sequence[Input] = (),  # noqa: N803 # the schema's names
    refundDuties: Sequence[Input] = (),  # noqa: N803
    refundShipping: bool = False,  # noqa: N803
    suggestFullRefund: bool = False,  # noqa: N803
    **unused: Any,
) -> View:
    duties = {one["dutyId"] for one in refundDuties}
    lines = [(_line(order, one["lineItemId"]), one["quantity"]) for one in refundLineItems]
    money = sum((_worth(line, units, duties) for line, units in lines if line), Decimal(0))
    money += Decimal(order.shipping) if refundShipping else 0
    money = order.net if suggestFullRefund and not lines else min(money, order.net)
    payment = {"id": gid("OrderTransaction", order.id), "manualPaymentGateway": order.manual}
    given = {
        "kind": "SUGGESTED_REFUND",
        "gateway": order.gateway,
        "amountSet": bag(money),
        "parentTransaction": payment,
    }
    return {"amountSet": bag(money), "suggestedTransactions": [given] if money else []}


def _worth(line: OrderLine, units: int, duties: set[str]) -> Decimal:
    duty = Decimal(line.duty or 0) if gid("Duty", line.id) in duties else Decimal(0)
    return (Decimal(line.price) + duty) * units


def _line(order: Order, line_id: str) -> OrderLine | None:
    return next((line for line in order.lines if gid("LineItem", line.id) == line_id), None)


def refund_create(shop: Shop, input: Input) -> View:
    """refundCreate, of units that have not shipped and of money that came by the order's own payment."""
    needs(shop, "write_orders", "refundCreate")
    if input["refundMethods"] or input["allowOverRefunding"]:
        raise GraphQLError("The fake gives neither store credit nor too much")
    order = order_of(shop, input["orderId"])
    if order is None:
        return _not_made("orderId", "Order does not exist")
    lines = [(_line(order, one["lineItemId"]), one["quantity"]) for one in input["refundLineItems"]]
    if any(line is None or units > line.unfulfilled for line, units in lines):
        return _not_made("refundLineItems", "Quantity cannot refund more items than were purchased")
    moves = input["transactions"]
    own = gid("OrderTransaction", order.id)
    if any((one["kind"], one["parentId"], one["gateway"]) != ("REFUND", own, order.gateway) for one in moves):
        return _not_made("transactions", "Transaction is not one of this order")
    money = sum((Decimal(one["amount"]) for one in moves), Decimal(0))
    if money > order.net:
        return _not_made("transactions", "Refund amount exceeds the amount that is left")
    units = {line.id: count for line, count in lines if line is not None}
    return {"refund": refund_view(shop.give_back(order, units, money, input["note"])), "userErrors": []}


def order_cancel(
    shop: Shop,
    orderId: str,  # noqa: N803 # the schema's name
    reason: str,
    restock: bool,
    staffNote: str | None = None,  # noqa: N803
    **unused: Any,
) -> View:
    """orderCancel without a refund."""
    needs(shop, "write_orders", "orderCancel")
    order = order_of(shop, orderId)
    problem = "Order has already been cancelled" if order and order.cancelled_at else shop.uncancellable
    if order is None or problem:
        error = {"field": ["orderId"], "message": problem or "Order does not exist", "code": "INVALID"}
        return {"job": None, "orderCancelUserErrors": [error]}
    done = shop.call_off(order, reason.lower())
    return {"job": {"id": gid("Job", order.id), "done": done}, "orderCancelUserErrors": []}


def _not_made(field: str, message: str) -> View:
    return {"refund": None, "userErrors": [{"field": ["input", field], "message": message}]}
