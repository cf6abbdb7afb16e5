"""What a notice is: when it is due, and its default words."""

from typing import Protocol

from connector.domain.board import OrderBefore
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.facts import OrderState
from connector.domain.wording import ESTIMATE, counted, day

ENDED = frozenset({OrderState.COMPLETED, OrderState.CANCELLED, OrderState.GONE})
WITHDRAWAL = (
    "Whatever you choose, you keep your legal right of withdrawal: as a rule you can withdraw from the contract"
    " without giving a reason until 14 days after you have received the goods. For what has not shipped you can do so"
    " on the page below at any time."
)
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


def revised(notice: SendNotice) -> str:
    """The date that is offered, and by how many days it is later than the buyer could expect."""
    if notice.eta is None:
        return ""
    late = notice.delay_days or 0
    by = f", {counted(late, 'day')} later than you could expect" if late > 0 else ""
    return f"We now expect to ship it by {day(notice.eta)}{by}."


def options(notice: SendNotice) -> tuple[str, ...]:
    """What the customer can choose, what no answer means, and what other right there is."""
    return (*_choice(notice), *((WITHDRAWAL,) if notice.withdrawal else ()))


def _choice(notice: SendNotice) -> tuple[str, ...]:
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
