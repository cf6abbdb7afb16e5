"""What the store is asked for when units count as cancelled: to take them off and give their money back."""

from collections.abc import Iterable

from connector.domain.board import OrderBefore
from connector.domain.effects import CancelLines
from connector.domain.obligations import Cause, DeemedCancelled, DutyEvent, LegalClock
from connector.domain.settings import Settings

REASONS = {Cause.BUYER: "Cancelled by the customer", Cause.SELLER: "Cancelled by the seller"}
NOT_SHIPPED = "Not shipped in time"


def cancelled(
    before: OrderBefore, clock: LegalClock | None, duties: Iterable[DutyEvent], settings: Settings
) -> CancelLines | None:
    """What has to be carried out in the store; where the store shows the order cancelled, somebody is at it there.

    What was never charged is taken off too: money that is reserved for it must not be taken any more.
    """
    gone = [event for event in duties if isinstance(event, DeemedCancelled)]
    left = clock is not None and (clock.owed or not (before.charged or before.cancelled))
    if clock is None or not left or not gone:
        return None
    lines = tuple((one.line, one.quantity) for one in gone)
    at_once = settings.cancellations == "automatic" and not before.cancelled
    key = f"cancel:{before.order}:{len(clock.cancelled)}"
    return CancelLines(key, before.order, before.number, lines, REASONS.get(gone[0].cause, NOT_SHIPPED), at_once)
