"""A WooCommerce order as a fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from adapters.woocommerce.payloads import LIMIT, Meta, Order, OrderLine, Refund, utc, whole
from connector.domain.errors import Unreadable
from connector.domain.facts import Line, OrderSnapshot, OrderState, Payment

ON_DELIVERY = "cod"
# WooCommerce dates the payment as soon as an order counts as paid; these are what it is before that, and after.
NOT_PAID = ("pending", "failed", "checkout-draft", "auto-draft", "on-hold", "cancelled", "trash")
# A status that is not here was added by a plugin ("packing", "awaiting goods"): such an order is being worked on.
REFUNDED, HELD = "refunded", "on-hold"
STATES: Mapping[str, OrderState] = {
    "pending": OrderState.UNPAID,
    "failed": OrderState.UNPAID,
    "checkout-draft": OrderState.UNPAID,
    "auto-draft": OrderState.UNPAID,
    "processing": OrderState.OPEN,
    HELD: OrderState.OPEN,
    "completed": OrderState.COMPLETED,
    "cancelled": OrderState.CANCELLED,
    REFUNDED: OrderState.CANCELLED,
    "trash": OrderState.GONE,
}
# WooCommerce has no language of an order; WPML, the usual plugin for it, keeps one in this entry.
LANGUAGE = "wpml_language"
MARK_LIMIT = 100
OURS = "_backorder_"


def state_of(status: str) -> OrderState:
    """Where an order with this status stands; a status that WooCommerce itself does not have counts as open."""
    return STATES.get(status, OrderState.OPEN)


def snapshot(order: Order, refunds: Sequence[Refund] = ()) -> OrderSnapshot:
    """The order as a fact; `refunds` must be given where the order says that it has some."""
    state = state_of(order.status)
    back = _refunded(refunds)
    buyer, goods_to = order.billing, order.shipping if order.shipping.country else order.billing
    return OrderSnapshot(
        order=str(order.id),
        number=order.number,
        state=state,
        placed_at=utc(order.date_created_gmt),
        seen_at=utc(order.date_modified_gmt or order.date_created_gmt),
        lines=tuple(_line(line, state, back.get(str(line.id), 0)) for line in order.line_items),
        email=buyer.email,
        name=" ".join(part for part in (buyer.first_name, buyer.last_name) if part) or buyer.company,
        country=goods_to.country,
        region=goods_to.state,
        locale=_text(order.meta_data, LANGUAGE),
        refunded=order.status == REFUNDED,
        by_seller=state is OrderState.CANCELLED,  # customers can cancel only what is pending or failed
        payment=Payment.ON_DELIVERY if order.payment_method == ON_DELIVERY else Payment.OTHER,
        customer=str(order.customer_id) if order.customer_id else "",
        marks=marks(order.meta_data),
        charged=is_charged(order),
        authorised=order.payment_method or "" if order.status == HELD and order.date_paid_gmt is None else "",
    )


def is_charged(order: Order) -> bool:
    """Whether money was taken; an order that somebody moved on without a date of payment was paid in their way."""
    if order.date_paid_gmt is not None:
        return True
    return order.status not in NOT_PAID and order.payment_method != ON_DELIVERY


def marks(entries: Sequence[Meta]) -> tuple[tuple[str, str], ...]:
    """Names and values of meta data, without what no rule would be about: lists, long texts, and our own."""
    texts = ((entry.key, _text([entry], entry.key)) for entry in entries)
    return tuple((key, text) for key, text in texts if text and len(text) <= MARK_LIMIT and not key.startswith(OURS))


def _line(line: OrderLine, state: OrderState, refunded: int) -> Line:
    quantity = max(whole(line.quantity) - refunded, 0)
    item = line.variation_id or line.product_id
    return Line(
        id=str(line.id),
        item=str(item) if item else "",
        sku=line.sku or "",
        title=line.name,
        quantity=quantity,
        shipped=quantity if state is OrderState.COMPLETED else 0,
        taken=min(_reduced(line), quantity) if state in (OrderState.OPEN, OrderState.UNPAID) else 0,
    )


def _reduced(line: OrderLine) -> int:
    """Units that the line has taken from the stock; WooCommerce writes a text, plugins also fractions."""
    text = _text(line.meta_data, "_reduced_stock")
    if not text:
        return 0
    try:
        reduced = Decimal(text)
        # Looked at before it is made an int: "1e999999999" would be one of a billion digits.
        believable = -LIMIT <= reduced <= LIMIT
    except InvalidOperation:
        believable = False
    if not believable:
        raise Unreadable(f"line {line.id}: _reduced_stock is no number of units")
    return max(int(reduced), 0)


def _refunded(refunds: Sequence[Refund]) -> dict[str, int]:
    """Units taken back by line of the order; a refund's line names the one that it belongs to."""
    back: dict[str, int] = {}
    for line in (line for refund in refunds for line in refund.line_items):
        of = _text(line.meta_data, "_refunded_item_id")
        back[of] = back.get(of, 0) + abs(whole(line.quantity))
    return back


def _text(entries: Sequence[Meta], key: str) -> str:
    """An entry's value as a text; "" where there is none, or where a plugin put a list or an object."""
    value = next((entry.value for entry in entries if entry.key == key), None)
    return str(value) if isinstance(value, str | int | float) else ""
