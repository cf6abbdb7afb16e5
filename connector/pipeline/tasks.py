"""What the law leaves to people: cancellations and refunds that the merchant has to carry out, in words."""

from collections.abc import Iterable
from datetime import datetime

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
from connector.store import problems, refunds
from connector.store.engine import Tx
from connector.store.shops import Shop

STAFF_TASK = "staff"
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
            refunds.withdraw(tx, shop.id, event.order, now)
        elif isinstance(event, ObligationOpened | ObligationBreached) and event.duty is Duty.REFUND:
            _refund(tx, shop, number, event, now)


def _refund(tx: Tx, shop: Shop, number: str, event: ObligationOpened | ObligationBreached, now: datetime) -> None:
    by = day(event.due.astimezone(shop.settings.zone).date())
    how = AUTOMATIC if shop.settings.cancellations == "automatic" else PROPOSED
    late = " This is overdue." if isinstance(event, ObligationBreached) else ""
    what = f"What has not shipped of order {number} counts as cancelled"
    text = f"{what}: its money has to go back by {by}.{late} {how}"
    problems.report(tx, shop.id, "refund", event.order, text, now)
