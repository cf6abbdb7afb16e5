"""Word that a promised date has moved."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import ENDED, line_text
from connector.domain.wording import day


class EtaChanged:
    """Due when a date that a customer was told is not the date any more."""

    name = "eta_changed"
    idle_in = ENDED
    ages = True

    def due(self, order: OrderBefore) -> bool:
        """An order that waited before and whose waiting lines got another date."""
        return order.stage == "waiting" and any(line.waiting and line.changed for line in order.lines)

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        if notice.eta is None:
            return f"Your order {notice.number}: the date has to be set anew"
        return f"Your order {notice.number}: new date {day(notice.eta)}"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        before = f" Until now it was {day(notice.previous)}." if notice.previous else ""
        when = (
            f"We now expect to ship everything by {day(notice.eta)}.{before}"
            if notice.eta
            else f"The date that we gave you does not hold any more.{before} We will write as soon as we know more."
        )
        return (
            f"There is news about your order {notice.number}.",
            when,
            *(line_text(line) for line in notice.lines),
        )
