"""What the law leaves to people: cancellations and refunds that the merchant has to carry out, in words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.domain.board import OrderBefore
from connector.domain.effects import CancelLines
from connector.domain.obligations import (
    Duty,
    DutyEvent,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    RefundStatement,
    StaffNeeded,
)
from connector.domain.telling import STAFF
from connector.domain.wording import day
from connector.store import problems, proposals
from connector.store.engine import Tx
from connector.store.shops import Shop

STAFF_TASK = "staff"
UNCHARGED = "Have it cancelled from the order's page, or do so in the store, so that nothing is charged later."
PROPOSED = "Have it cancelled and given back from the order's page, or do so in the store."
AUTOMATIC = "The connector has the store do it; it is your turn where the order's page says so."


def put(tx: Tx, shop: Shop, number: str, events: Iterable[DutyEvent], now: datetime) -> None:
    """Show the merchant what an order's legal clock asks of people; take back what is done."""
    for event in events:
        if isinstance(event, StaffNeeded):
            by = day(event.due.astimezone(shop.settings.zone).date())
            text = f"Order {number}, {by}: {STAFF[event.reason]}."
            problems.report(tx, shop.id, STAFF_TASK, event.order, text, now)
        elif isinstance(event, ObligationMet) and event.duty is not Duty.REFUND:
            problems.solve(tx, shop.id, STAFF_TASK, event.order, now)
        elif isinstance(event, RefundStatement):
            problems.solve(tx, shop.id, "refund", event.order, now)
            proposals.withdraw(tx, shop.id, CancelLines, [event.order], now)
        elif isinstance(event, ObligationOpened | ObligationBreached) and event.duty is Duty.REFUND:
            _refund(tx, shop, number, event, now)


def put_uncharged(tx: Tx, shop: Shop, news: Sequence[tuple[OrderBefore, CancelLines | None]], now: datetime) -> None:
    """The same of orders for which no money was taken: nothing goes back, but they have to end in the store."""
    for order, cancel in news:
        if order.charged:
            continue
        if cancel is not None:
            how = AUTOMATIC if cancel.at_once else UNCHARGED
            what = f"What has not shipped of order {order.number} counts as cancelled; nothing was charged for it."
            text = f"{what} {how}"
            problems.report(tx, shop.id, "refund", order.order, text, now)
        elif order.cancelled or order.refunded:
            problems.solve(tx, shop.id, "refund", order.order, now)
            proposals.withdraw(tx, shop.id, CancelLines, [order.order], now)


def _refund(tx: Tx, shop: Shop, number: str, event: ObligationOpened | ObligationBreached, now: datetime) -> None:
    by = day(event.due.astimezone(shop.settings.zone).date())
    how = AUTOMATIC if shop.settings.cancellations == "automatic" else PROPOSED
    late = " This is overdue." if isinstance(event, ObligationBreached) else ""
    what = f"What has not shipped of order {number} counts as cancelled"
    text = f"{what}: its money has to go back by {by}.{late} {how}"
    problems.report(tx, shop.id, "refund", event.order, text, now)
