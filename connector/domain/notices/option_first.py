"""The first option: agree to the delay, or cancel for a prompt refund (16 CFR 435.2(b)(1))."""

from connector.domain.board import OrderBefore
from connector.domain.effects import SendNotice
from connector.domain.notices.base import NEVER, line_text, options, revised


class FirstOption:
    """Called for by the legal clock, never by the plan."""

    name = "option_first"
    idle_in = NEVER
    ages = False

    def due(self, order: OrderBefore) -> bool:  # noqa: ARG002 - every notice has this shape
        """The clock says when."""
        return False

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""
        return f"Your order {notice.number} is delayed: your choice"

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words."""
        when = (
            revised(notice)
            or "We cannot say when we will be able to ship it: our supplier has given us no date for all of it."
        )
        return (
            f"We are sorry: we cannot ship your order {notice.number} in the time that you could expect.",
            when,
            *(line_text(line) for line in notice.lines),
            *options(notice),
        )
