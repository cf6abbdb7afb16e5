"""Word that what has not shipped counts as cancelled."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import NEVER, plain_line

BACK = "You get back all that you paid for it, in the way that you paid."
NOTHING = "It has not been charged, so there is nothing to give back."


class Cancelled:
    """Called for by the legal clock, never by the plan."""

    name = "cancelled"
    idle_in = NEVER
    ages = False

    def due(self, order: OrderBefore) -> bool:  # noqa: ARG002 - every notice has this shape
        """The clock says when."""
        return False

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        return f"Your order {notice.number} is cancelled"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        return (
            f"What had not shipped of your order {notice.number} is cancelled.",
            *(plain_line(line, "cancelled") for line in notice.lines),
            f"{BACK if notice.charged else NOTHING} You do not need to do anything.",
        )
