"""The renewed option, when the revised date will be missed too (16 CFR 435.2(b)(2))."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import NEVER, line_text, options, revised


class RenewedOption:
    """Called for by the legal clock, never by the plan."""

    name = "option_renewed"
    idle_in = NEVER
    ages = False

    def due(self, order: OrderBefore) -> bool:  # noqa: ARG002 - every notice has this shape
        """The clock says when."""
        return False

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        return f"Your order {notice.number} is delayed again: your choice"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        when = (
            revised(notice)
            or "We cannot say when we will be able to ship it, because our supplier has given us no new date."
        )
        return (
            f"We are sorry: the date that we gave you for your order {notice.number} will not be met.",
            when,
            *(line_text(line) for line in notice.lines),
            *options(notice),
        )
