"""Where an order stands, by one rule for webhooks and GraphQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from connector.domain.facts import Line, OrderState, Payment

CASH_ON_DELIVERY = "Cash on Delivery (COD)"
FULFILLED = frozenset({"fulfilled", "fulfillment_not_required"})
# No money has come, or it was given back by the merchant before anything was shipped. "expired" is not among them:
# an authorization lapses after a week, which is what a backorder often takes, and the buyer still waits.
UNPAID = frozenset({"pending", "voided"})
REFUNDED = "refunded"
# Money was taken, all of it or a part, whether or not it has gone back since.
CHARGED = frozenset({"paid", "partially_paid", "partially_refunded", REFUNDED})
# Money may be there to be taken, on terms that only the order itself shows.
OPEN_MONEY = frozenset({"authorized", "expired"})
DEFERRED = frozenset({"pending", "partially_paid"})
# The one reason that is not the merchant's: what is called "other", or nothing, is not put on the buyer.
BY_BUYER = "customer"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an order's state is told by; `payment` and `fulfilment` are Shopify's words in lower case.

    `on_credit` is whether the merchant ships before the money comes.
    """

    cancelled: bool
    closed: bool
    payment: str
    fulfilment: str
    on_credit: bool


def has_open_money(payment: str, deferred: bool) -> bool:
    """Whether an order has money that is still to be taken; `deferred`: it was bought by a plan that charges it."""
    return payment in OPEN_MONEY or (deferred and payment in DEFERRED)


def payment_of(terms: bool, gateways: Collection[str]) -> Payment:
    """How an order is paid for, as far as a law of delays asks."""
    if terms:
        return Payment.TERMS
    return Payment.ON_DELIVERY if CASH_ON_DELIVERY in gateways else Payment.OTHER


def ships_before_payment(terms: bool, company: bool, gateways: Collection[str]) -> bool:
    """Payment terms, companies and cash on delivery are "pending" for as long as the goods are under way."""
    return terms or company or CASH_ON_DELIVERY in gateways


def state_of(standing: Standing, lines: Sequence[Line]) -> OrderState:
    """The state of an order: goods that went decide before money does."""
    shipped = any(line.shipped for line in lines)
    waiting = any(line.quantity > line.shipped for line in lines)
    if standing.cancelled:
        return OrderState.CANCELLED
    if standing.fulfilment in FULFILLED or (not waiting and (shipped or standing.closed)):
        return OrderState.COMPLETED
    if standing.payment == REFUNDED:
        return OrderState.CANCELLED
    if standing.payment in UNPAID and not standing.on_credit and not shipped:
        return OrderState.UNPAID
    return OrderState.OPEN


def settled(lines: Sequence[Line], state: OrderState) -> tuple[Line, ...]:
    """The lines of an order in that state: one that is over keeps no units from the stock."""
    over = state in (OrderState.CANCELLED, OrderState.COMPLETED)
    return tuple(replace(line, taken=0) for line in lines) if over else tuple(lines)
