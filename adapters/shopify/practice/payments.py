"""An order's payments as GraphQL shows them: what is reserved and until when, what was taken, what is outstanding."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import Capture, Order

View = dict[str, Any]

LIFE = timedelta(days=7)
STAMP = "%Y-%m-%dT%H:%M:%SZ"
MONEY_OPEN = ("authorized", "partially_paid", "pending", "expired")


def payment_view(order: Order) -> View:
    """The part of an order that is about money that is still to come."""
    return {
        "capturable": bool(reserved(order)),
        "totalCapturableSet": bag(reserved(order)),
        "totalOutstandingSet": bag(outstanding(order)),
        "transactions": lambda **wanted: _transactions(order, **wanted),
        "paymentCollectionDetails": {
            "vaultedPaymentMethods": [{"id": gid("PaymentMandate", order.mandate)}] if order.mandate else []
        },
    }


def terms_view(order: Order) -> View | None:
    """When an order is to be paid that is paid later."""
    if not order.payment_terms:
        return None
    paid = None if outstanding(order) else order.updated_at.strftime(STAMP)
    due = order.pay_by.strftime(STAMP) if order.pay_by else None
    schedule = {"id": gid("PaymentSchedule", order.id), "dueAt": due, "completedAt": paid}
    return {
        "id": gid("PaymentTerms", order.id),
        "paymentSchedules": lambda **wanted: connection(
            [schedule], lambda _: ("", order.id), lambda one: one, **wanted
        ),
    }


def reserved_until(order: Order) -> datetime:
    """When what is reserved ends: after seven days, unless the card or the plan gives more."""
    return order.reserved_until or order.processed_at + LIFE


def reserved(order: Order) -> Decimal:
    """The money that is reserved and not taken."""
    is_open = order.payment == "authorized" or (order.multi and order.payment == "partially_paid")
    return order.total - order.received if is_open and not order.cancelled_at else Decimal(0)


def outstanding(order: Order) -> Decimal:
    """The money that the order still wants."""
    owed = sum((line.worth(line.current) for line in order.lines), Decimal(order.shipping))
    return max(owed - order.net, Decimal(0)) if order.payment in MONEY_OPEN and not order.cancelled_at else Decimal(0)


def bag(money: Decimal) -> View:
    """Money, in the one currency of the shop."""
    amount = {"amount": f"{money:.2f}", "currencyCode": "USD"}
    return {"shopMoney": amount, "presentmentMoney": amount}


def _transactions(
    order: Order,
    first: int | None = None,
    capturable: bool | None = None,
    manuallyResolvable: bool | None = None,  # noqa: N803 # the schema's name
) -> list[View]:
    if manuallyResolvable is not None:
        raise GraphQLError("The fake does not resolve transactions by hand")
    left = reserved(order)
    held = [_authorization(order, left)] if left or order.payment in ("authorized", "expired") else []
    if capturable:
        return held[:first] if left else []
    return [*held, *(capture_view(order, one) for one in order.captures)][:first]


def _authorization(order: Order, left: Decimal) -> View:
    return _transaction(order, authorization_id(order), "AUTHORIZATION", "SUCCESS", order.total) | {
        "authorizationExpiresAt": reserved_until(order).strftime(STAMP),
        "multiCapturable": order.multi,
        "totalUnsettledSet": bag(left),
    }


def authorization_id(order: Order) -> str:
    """The id of the transaction that reserved the money."""
    return gid("OrderTransaction", order.id)


def capture_view(order: Order, one: Capture) -> View:
    """Money that was taken."""
    kind = "SALE" if one.key else "CAPTURE"
    return _transaction(order, gid("OrderTransaction", one.id), kind, one.status, one.money)


def _transaction(order: Order, id: str, kind: str, status: str, money: Decimal) -> View:
    return {
        "id": id,
        "kind": kind,
        "status": status,
        "gateway": order.gateway,
        "amountSet": bag(money),
        "authorizationExpiresAt": None,
        "multiCapturable": False,
        "totalUnsettledSet": bag(Decimal(0)),
    }
