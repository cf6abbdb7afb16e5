"""Word that nothing of an order waits any more."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.facts import OrderState
from connector.domain.notices.base import ENDED, line_text


class AllHere:
    """Due when an order that waited has all its units on hand."""

    name = "filled"
    idle_in = ENDED - {OrderState.COMPLETED}
    ages = True

    def due(self, order: OrderBefore) -> bool:
        """An order that waited and does not wait any more."""
        return order.stage == "waiting" and bool(order.lines) and not any(line.waiting for line in order.lines)

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        return f"Your order {notice.number} is being made ready to ship"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        return (
            f"Good news: everything in your order {notice.number} is here and is being made ready to ship.",
            *(line_text(line) for line in notice.lines),
            "Thank you for waiting.",
        )
