"""Word that the money went back, or that none was ever taken (16 CFR 435.1(d))."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import NEVER, plain_line


class RefundStatement:
    """Called for by the legal clock, never by the plan."""

    name = "refund_statement"
    idle_in = NEVER
    ages = False

    def due(self, order: OrderBefore) -> bool:  # noqa: ARG002 - every notice has this shape
        """The clock says when."""
        return False

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        return f"Your refund for order {notice.number}"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        if not notice.charged:
            return (
                f"Your order {notice.number} is cancelled. Nothing was ever charged for it.",
                *(plain_line(line, "not charged") for line in notice.lines),
            )
        return (
            f"Your money for the cancelled part of order {notice.number} has been sent back to you.",
            *(plain_line(line, "refunded") for line in notice.lines),
            "Depending on your bank it can take some days until you see it.",
        )
