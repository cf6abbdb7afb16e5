"""Money of an order taken at Shopify: what is reserved is captured, or the payment method left behind is charged."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from adapters.shopify.bills import Money
from adapters.shopify.client import Client
from adapters.shopify.ids import gid
from adapters.shopify.shapes import Connection, Ref, Shape, UserError
from connector.domain.effects import CapturePayment, Means
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable, Undecided
from connector.ports import StoreAccess, Taken

KEYS = UUID("5b0f5a2c-58c4-5d0e-8a3b-2f2f5f0c9a11")
PAID = frozenset({"PAID", "PARTIALLY_REFUNDED", "REFUNDED"})
DONE = frozenset({"SUCCESS", "CAPTURED", "PURCHASED"})
FAILED = frozenset({"ERROR", "FAILURE", "VOIDED", "REDIRECT_REQUIRED"})
TAKING = frozenset({"CAPTURE", "SALE"})
UNKNOWN = frozenset({"PENDING", "AWAITING_RESPONSE", "UNKNOWN"})
SHORTLY = 30.0
HIDDEN = (
    "Shopify does not show this order to the app (an older one wants the right read_all_orders): take its money in"
    " the Shopify admin."
)
NONE_HELD = (
    "Nothing that is reserved for it can be taken any more (Shopify says: {}). Send its customer an invoice from the"
    " Shopify admin before it ships."
)
ONLY_PLUS = (
    "A part of what was reserved for it has been taken, and only shops on Shopify Plus can take the rest. Send its"
    " customer an invoice for that from the Shopify admin."
)
RIGHT = (
    "To charge the payment method that its customer has left, the app needs the right write_payment_mandate: allow it"
    " on the app's page in the Shopify admin, or charge it there."
)
NONE_LEFT = "Shopify keeps no payment method of its customer for it. Send an invoice from the Shopify admin."
UNDECIDED = "Shopify does not say yet what became of the payment"


class Held(Shape, frozen=True):
    """A transaction that reserved money, and how much of it can still be taken."""

    id: str
    multi_capturable: bool = False
    total_unsettled_set: Money | None = None

    @property
    def left(self) -> Decimal:
        """The money that can still be taken of it."""
        return self.total_unsettled_set.presentment_money.amount if self.total_unsettled_set else Decimal(0)


class Made(Shape, frozen=True):
    """A transaction of any kind, and how it stands."""

    kind: str
    status: str

    @property
    def pending(self) -> bool:
        """Whether money is being taken by it, and nobody knows yet whether that will be."""
        return self.kind in TAKING and self.status in UNKNOWN


class Payable(Shape, frozen=True):
    """An order's money: what it still wants, and what is reserved for it."""

    id: str
    presentment_currency_code: str
    total_outstanding_set: Money
    transactions: tuple[Held, ...]
    made: tuple[Made, ...] = ()
    display_financial_status: str | None = None
    cancelled_at: str | None = None

    @property
    def outstanding(self) -> Decimal:
        """What it still wants."""
        return self.total_outstanding_set.presentment_money.amount


class ShopPlan(Shape, frozen=True):
    """What the shop pays Shopify for."""

    shopify_plus: bool


class Planned(Shape, frozen=True):
    """The shop."""

    plan: ShopPlan


class PaymentOf(Shape, frozen=True):
    """The answer to Payment."""

    shop: Planned
    order: Payable | None


class Moved(Shape, frozen=True):
    """A movement of money."""

    status: str


class Capture(Shape, frozen=True):
    """What became of a capture."""

    user_errors: tuple[UserError, ...]
    transaction: Moved | None = None


class Captured(Shape, frozen=True):
    """The answer to Capture."""

    order_capture: Capture


class Vault(Shape, frozen=True):
    """The payment methods that the customer has left; None: the app may not see them."""

    vaulted_payment_methods: tuple[Ref, ...] | None


class Schedule(Shape, frozen=True):
    """A payment that is due some day."""

    id: str
    completed_at: str | None = None


class Terms(Shape, frozen=True):
    """When the order is to be paid."""

    payment_schedules: Connection[Schedule]


class Vaulted(Shape, frozen=True):
    """An order, of which only what it can be charged by was asked for."""

    payment_collection_details: Vault | None = None
    payment_terms: Terms | None = None


class Mandates(Shape, frozen=True):
    """The answer to Mandates."""

    order: Vaulted | None


class Charge(Shape, frozen=True):
    """What became of a charge."""

    user_errors: tuple[UserError, ...]
    payment_reference_id: str | None = None


class Charged(Shape, frozen=True):
    """The answer to ChargeMandate."""

    order_create_mandate_payment: Charge


class Status(Shape, frozen=True):
    """How a charge stands."""

    status: str
    error_message: str | None = None


class StatusOf(Shape, frozen=True):
    """The answer to PaymentStatus."""

    order_payment_status: Status | None


def take(client: Client, access: StoreAccess, wanted: CapturePayment) -> Taken:
    """Take what an order still wants, and nothing of one that is paid; wants the right write_orders.

    A payment method that the customer has left is charged once by the effect's key, each time that it is asked for.
    """
    answer = client.call(access, "Payment", {"id": gid("Order", wanted.order)}, PaymentOf).data
    order = answer.order
    if order is None:
        raise NeedsMerchant(HIDDEN)
    if order.cancelled_at is not None or order.display_financial_status == "VOIDED":
        return Taken.NOTHING
    if order.outstanding <= 0 or order.display_financial_status in PAID:
        return Taken.BEFORE
    if wanted.means is Means.MANDATE:
        return _charge(client, access, wanted, order)
    return _capture(client, access, order, plus=answer.shop.plan.shopify_plus)


def _capture(client: Client, access: StoreAccess, order: Payable, *, plus: bool) -> Taken:
    """Capture what is reserved, never more than the order wants."""
    if any(one.pending for one in order.made):
        raise Undecided(UNDECIDED, SHORTLY)
    begun = order.display_financial_status == "PARTIALLY_PAID"
    if begun and not plus:
        raise NeedsMerchant(ONLY_PLUS)
    left = order.outstanding
    for held in order.transactions:
        amount = min(held.left, left)
        if amount > 0:
            _capture_one(client, access, order, held, amount)
            left -= amount
    if left == order.outstanding:
        raise NeedsMerchant(NONE_HELD.format((order.display_financial_status or "unknown").lower()))
    return Taken.NOW


def _capture_one(client: Client, access: StoreAccess, order: Payable, held: Held, amount: Decimal) -> None:
    form = {
        "id": order.id,
        "parentTransactionId": held.id,
        "amount": str(amount),
        "currency": order.presentment_currency_code,
        # All of the order is there: what is left of a reservation that may be taken in parts is let go.
        "finalCapture": True if held.multi_capturable else None,
    }
    try:
        made = client.call(access, "Capture", {"input": form}, Captured, tries=1).data.order_capture
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown  # the next try sees what was taken
    if made.user_errors or made.transaction is None or made.transaction.status in FAILED:
        raise NeedsMerchant(f"Shopify did not take what is reserved: {_texts(made.user_errors)}.")
    if made.transaction.status not in DONE:
        raise Undecided(UNDECIDED, SHORTLY)


def _charge(client: Client, access: StoreAccess, wanted: CapturePayment, order: Payable) -> Taken:
    reply = client.call(access, "Mandates", {"id": order.id}, Mandates)
    found = reply.data.order
    methods = found.payment_collection_details if found else None
    if reply.withheld or methods is None or methods.vaulted_payment_methods is None:
        raise NeedsMerchant(RIGHT)
    if found is None or not methods.vaulted_payment_methods:
        raise NeedsMerchant(NONE_LEFT)
    schedules = found.payment_terms.payment_schedules.nodes if found.payment_terms else ()
    form = {
        "id": order.id,
        "mandate": methods.vaulted_payment_methods[0].id,
        "schedule": next((one.id for one in schedules if one.completed_at is None), None),
    }
    # One key for all tries of one asking: Shopify answers them with the same payment. What was asked for before comes
    # first, because nothing more may be taken before each of those has surely failed.
    for asking in range(wanted.asked):
        if _charge_once(client, access, form, wanted, asking) is None:
            return Taken.NOW
    why = _charge_once(client, access, form, wanted, wanted.asked)
    if why is not None:
        raise NeedsMerchant(why)
    return Taken.NOW


def _charge_once(
    client: Client, access: StoreAccess, form: Mapping[str, str | None], wanted: CapturePayment, asking: int
) -> str | None:
    """Charge by the key of one asking; None where the money is there, or why it surely was not taken."""
    key = str(uuid5(KEYS, f"{access.address} {wanted.key} {asking}"))
    made = client.call(access, "ChargeMandate", {**form, "key": key}, Charged).data.order_create_mandate_payment
    if made.user_errors or made.payment_reference_id is None:
        return f"Shopify did not charge its customer's payment method: {_texts(made.user_errors)}."
    asked = {"order": form["id"], "reference": made.payment_reference_id}
    status = client.call(access, "PaymentStatus", asked, StatusOf).data.order_payment_status
    if status is not None and status.status in FAILED:
        why = (status.error_message or status.status.lower().replace("_", " ")).rstrip(".")
        return f"Its customer's payment method was not charged: {why}."
    if status is None or status.status not in DONE:
        raise Undecided(UNDECIDED, SHORTLY)
    return None


def _texts(errors: Sequence[UserError]) -> str:
    return "; ".join(error.message.rstrip(".") for error in errors) or "it gives no reason"
