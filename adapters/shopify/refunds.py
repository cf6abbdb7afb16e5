"""A cancellation carried out at Shopify: the money goes back to the payment that it came by, and the order ends."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid5

import msgspec

from adapters.shopify.bills import FAILED, SENT, Back, Bill, Going, Suggestion, bill_of, going, suggested, total
from adapters.shopify.client import Client
from adapters.shopify.shapes import Shape, UserError
from connector.domain.effects import CancelLines
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable, Terminal
from connector.ports import Refunded, StoreAccess

HAS_SHIPPED = (
    "Nothing of this is left to ship in Shopify, so nothing was cancelled or given back: see what has shipped."
)
UNDECIDED = "Shopify keeps this refund, and does not say yet that the payment provider has sent the money"
AT_IT = "Shopify is still cancelling the order"
KEYS = UUID("0a7f6f0e-6c0b-5d2e-9a35-6a4c7f1d2b90")
SHORTLY = 30.0


class Job(Shape, frozen=True):
    """Work that Shopify has taken on."""

    done: bool


class Cancellation(Shape, frozen=True):
    """What became of a cancellation."""

    order_cancel_user_errors: tuple[UserError, ...]
    job: Job | None = None


class Cancelled(Shape, frozen=True):
    """The answer to OrderCancel."""

    order_cancel: Cancellation


class Creation(Shape, frozen=True):
    """What became of a refund."""

    user_errors: tuple[UserError, ...]
    refund: Back | None = None


class Created(Shape, frozen=True):
    """The answer to RefundCreate."""

    refund_create: Creation


def refund(client: Client, access: StoreAccess, wanted: CancelLines) -> Refunded:
    """Give the money back for these lines, unless a refund that bears the key shows that it was done; end the order.

    Wants the right write_orders. Never store credit: Shopify suggests the payments that the money came by, and just
    these are used. Shipping goes back where nothing stays with the buyer.
    """
    bill, lines = bill_of(client, access, wanted.order)
    done = next((back for back in bill.refunds if wanted.key in _words(back)), None)
    if done is not None:
        everything = not any(line.current_quantity for line in lines)  # its units are off the order already
        return _ended(client, access, wanted, bill, _sent(bill, done), everything=everything)
    gone = going(lines, wanted)
    if not gone.units and not gone.everything:
        raise Terminal(HAS_SHIPPED)
    back = _carry_out(client, access, wanted, bill, gone)
    return _ended(client, access, wanted, bill, back, everything=gone.everything)


def _words(back: Back) -> list[str]:
    """The words of a refund's note; the key stands there in brackets."""
    return (back.note or "").replace("(", " ").replace(")", " ").split()


def _carry_out(client: Client, access: StoreAccess, wanted: CancelLines, bill: Bill, gone: Going) -> Decimal:
    """The money that has gone back; none where none was taken, which takes the units off all the same."""
    payments = suggested(client, access, bill, gone)
    money, paid = total(payments), bill.net_payment_set.presentment_money.amount
    short = gone.everything and money != paid
    if short or any(
        one.parent_transaction is None or one.parent_transaction.manual_payment_gateway for one in payments
    ):
        if gone.everything:
            _end(client, access, wanted, bill)
        raise NeedsMerchant(_by_hand(paid if gone.everything else money, bill, gone))
    if not payments and gone.everything:
        return Decimal(0)
    return _sent(bill, _create(client, access, wanted, bill, gone, payments))


def _create(
    client: Client, access: StoreAccess, wanted: CancelLines, bill: Bill, gone: Going, payments: Sequence[Suggestion]
) -> Back:
    form = _form(wanted, bill, gone, payments)
    # The same form has the same key; one that has changed meanwhile is another request.
    key = str(uuid5(KEYS, f"{access.address} {msgspec.json.encode(form, order='deterministic').decode()}"))
    try:
        made = client.call(access, "RefundCreate", {"input": form, "key": key}, Created, tries=1).data.refund_create
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown  # the next try sees the refund, or asks by the same key
    if made.refund is None:
        raise Terminal(f"Shopify does not make the refund ({access.address}): {_texts(made.user_errors)}")
    return made.refund


def _form(wanted: CancelLines, bill: Bill, gone: Going, payments: Sequence[Suggestion]) -> dict[str, object]:
    return {
        "orderId": bill.id,
        "currency": bill.presentment_currency_code,
        "note": f"{wanted.reason} ({wanted.key})",
        "notify": False,
        "refundLineItems": gone.lines(),
        "refundDuties": gone.duties(),
        "shipping": {"fullRefund": True} if gone.everything else None,
        "transactions": [
            {
                "orderId": bill.id,
                "parentId": one.parent_transaction.id if one.parent_transaction else None,
                "gateway": one.gateway or "",
                "kind": "REFUND",
                "amount": str(one.amount_set.presentment_money.amount),
            }
            for one in payments
        ],
    }


def _sent(bill: Bill, back: Back) -> Decimal:
    """What a refund has sent."""
    refused = back.money(FAILED)
    if refused:
        raise NeedsMerchant(
            "Shopify keeps a refund whose money its payment provider refused to send. Give"
            f" {refused} {bill.presentment_currency_code} back by hand, the way it came."
        )
    if not back.decided:
        raise Retryable(UNDECIDED)
    return back.money(SENT)


def _ended(
    client: Client, access: StoreAccess, wanted: CancelLines, bill: Bill, money: Decimal, *, everything: bool
) -> Refunded:
    if everything:
        _end(client, access, wanted, bill, money)
    return Refunded(money, bill.presentment_currency_code, everything)


def _end(client: Client, access: StoreAccess, wanted: CancelLines, bill: Bill, money: Decimal = Decimal(0)) -> None:
    """Cancel an order of which nothing is left; an authorization that was not captured lapses with it."""
    if bill.cancelled_at is not None:
        return
    variables = {"id": bill.id, "note": f"{wanted.reason} ({wanted.key})"}
    try:
        made = client.call(access, "OrderCancel", variables, Cancelled, tries=1).data.order_cancel
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown  # the next try sees an order that is cancelled
    if made.job is None:
        given = f"{money} {bill.presentment_currency_code} went back, but " if money else ""
        raise NeedsMerchant(
            f"{given}Shopify does not cancel the order: {_texts(made.order_cancel_user_errors)}. Cancel it in the"
            " Shopify admin."
        )
    if not made.job.done:
        raise Retryable(AT_IT, SHORTLY)


def _texts(errors: Sequence[UserError]) -> str:
    return "; ".join(error.message.rstrip(".") for error in errors)


def _by_hand(money: Decimal, bill: Bill, gone: Going) -> str:
    done = " The order is cancelled in Shopify." if gone.everything else ""
    return (
        f"Shopify cannot send all of the money by itself.{done} Give {money} {bill.presentment_currency_code} back by"
        " hand, the way it came, and record it there."
    )
