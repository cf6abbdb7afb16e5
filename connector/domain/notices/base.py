"""What a notice is: when it is due, and its default words."""

from typing import Protocol

from connector.domain.board import OrderBefore
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.facts import OrderState
from connector.domain.wording import ESTIMATE, day

ENDED = frozenset({OrderState.COMPLETED, OrderState.CANCELLED, OrderState.GONE})
NEVER: frozenset[OrderState] = frozenset()


class Notice(Protocol):
    """One kind of message to a customer; `name` is its template's name.

    `idle_in`: states of an order in which it has nothing to say any more. `ages`: what it says is true for a while
    only, and can be said anew. Neither for what the law wants said.
    """

    name: str
    idle_in: frozenset[OrderState]
    ages: bool

    def due(self, order: OrderBefore) -> bool:
        """Whether the order as it now stands calls for it."""

    def subject(self, notice: SendNotice) -> str:
        """Default subject."""

    def body(self, notice: SendNotice) -> tuple[str, ...]:
        """Default words, one paragraph an entry."""


def line_text(line: NoticeLine) -> str:
    """One line of an order as a customer reads it."""
    if not line.waiting:
        return f"{line.quantity} × {line.title}: in stock for you"
    when = f"expected to ship by {day(line.eta)}" if line.eta else "no date known yet"
    when += f" ({ESTIMATE})" if line.eta and line.estimated else ""
    part = f"{line.waiting} of {line.quantity}" if line.waiting < line.quantity else str(line.quantity)
    return f"{part} × {line.title}: {when}"


def plain_line(line: NoticeLine, became: str) -> str:
    """One line of an order and what became of it."""
    return f"{line.quantity} × {line.title}: {became}"


def options(notice: SendNotice) -> tuple[str, ...]:
    """What the customer can choose, and what no answer means."""
    back = "get all your money for it back" if notice.charged else "pay nothing for it: it has not been charged"
    choice = f"You can agree to wait, or cancel what has not shipped and {back}."
    if notice.silence_means == "consent":
        until = f" until {day(notice.eta)}" if notice.eta else ""
        return (choice, f"If we do not hear from you, we take it that you agree to wait{until}.")
    if notice.silence_means == "cancel" and notice.answer_by is not None:
        lapse = (
            f"If you do not tell us by {day(notice.answer_by)} that you want to wait, what has not shipped by then is"
            f" cancelled, and {'you get your money back' if notice.charged else 'nothing is charged for it'}."
        )
        more = () if notice.eta else ("If you agree to wait, you can still cancel at any time until we ship.",)
        return (choice, lapse, *more)
    return (choice,)
