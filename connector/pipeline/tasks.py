"""What the law leaves to people: cancellations and refunds that the merchant has to carry out, in words."""

from collections.abc import Iterable
from datetime import datetime

from connector.domain.obligations import (
    Duty,
    DutyEvent,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    StaffNeeded,
)
from connector.domain.telling import STAFF
from connector.domain.wording import day
from connector.store import problems
from connector.store.engine import Tx
from connector.store.shops import Shop


def put(tx: Tx, shop: Shop, number: str, events: Iterable[DutyEvent], now: datetime) -> None:
    """Show the merchant what an order's legal clock asks of people; take back what is done."""
    for event in events:
        if isinstance(event, StaffNeeded):
            by = day(event.due.astimezone(shop.settings.zone).date())
            text = f"Order {number}, {by}: {STAFF[event.reason]}."
            problems.report(tx, shop.id, "staff", event.order, text, now)
        elif isinstance(event, ObligationOpened | ObligationMet | ObligationBreached) and event.duty is Duty.REFUND:
            _refund(tx, shop, number, event, now)


def _refund(
    tx: Tx, shop: Shop, number: str, event: ObligationOpened | ObligationMet | ObligationBreached, now: datetime
) -> None:
    if isinstance(event, ObligationMet):
        problems.solve(tx, shop.id, "refund", event.order, now)
        return
    by = day(event.due.astimezone(shop.settings.zone).date())
    late = " This is overdue." if isinstance(event, ObligationBreached) else ""
    text = (
        f"What has not shipped of order {number} counts as cancelled. Cancel it in the store and give the money back"
        f" by {by}.{late}"
    )
    problems.report(tx, shop.id, "refund", event.order, text, now)
