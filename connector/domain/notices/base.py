"""What a notice is: when it is due, and its default words."""

from typing import Protocol

from connector.domain.board import OrderBefore
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.wording import day


class Notice(Protocol):
    """One kind of message to a customer; `name` is its template's name."""

    name: str

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
    part = f"{line.waiting} of {line.quantity}" if line.waiting < line.quantity else str(line.quantity)
    return f"{part} × {line.title}: {when}"
