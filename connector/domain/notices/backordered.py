"""The first word to a customer whose order has to wait."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import ENDED, line_text
from connector.domain.wording import day


class Backordered:
    """Due once, when something of an order waits that never waited before."""

    name = "backordered"
    idle_in = ENDED
    ages = True

    def due(self, order: OrderBefore) -> bool:
        """An order that waits and whose customer has not been told."""
        return order.stage != "waiting" and any(line.waiting for line in order.lines)

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        if notice.eta is None:
            return f"Your order {notice.number} is on backorder"
        return f"Your order {notice.number} is on backorder, expected by {day(notice.eta)}"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        when = (
            f"We expect to ship everything by {day(notice.eta)}."
            if notice.eta
            else "We do not have a date yet and will write to you as soon as we do."
        )
        return (
            f"Thank you for your order {notice.number}. More was ordered than we have in stock, so part of it has to"
            " wait for our next delivery.",
            when,
            *(line_text(line) for line in notice.lines),
            "You do not need to do anything. If the date changes, we will tell you.",
        )
