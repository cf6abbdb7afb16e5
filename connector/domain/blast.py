"""What a supplier's file would do to orders, notices and money, counted before anybody hears of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.domain.wording import counted, units


@dataclass(frozen=True, slots=True)
class FallsDue:
    """A notice that would go out: the day by which the law wants it (None: it does not), and what it would say.

    `silence_means` is what no answer by the end of `answer_by` stands for: "consent", "cancel" or nothing (None).
    """

    order: str
    template: str
    due: date | None
    eta: date | None
    silence_means: str | None = None
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Blast:
    """What a file would do.

    `orders_moved` get another date, `notices` go out; of `falls_due` those in `express` lapse without a customer's
    word. `cancelled` orders would count as cancelled at once. `exposure` (in the store's currency, by list price) is
    what would go back for both; `unpriced` units of them have no price and are not in it. `strange`
    is what the merchant would be told of the file itself.
    """

    orders_moved: int
    notices: int
    falls_due: tuple[FallsDue, ...]
    express: int
    cancelled: int
    exposure: Decimal
    currency: str
    unpriced: int = 0
    strange: tuple[str, ...] = ()

    def words(self) -> str:
        """One sentence for the merchant."""
        said = f"it moves the dates of {_orders(self.orders_moved)} and sends {counted(self.notices, 'notice')}"
        if not self.express and not self.cancelled:
            return f"{said}; no order would be cancelled for it"
        unpriced = f" (and the price of {units(self.unpriced)} that have none)" if self.unpriced else ""
        return (
            f"{said}; {_orders(self.express)} would be cancelled unless the customer agrees,"
            f" {_orders(self.cancelled)} would count as cancelled at once, and up to {self.exposure}"
            f" {self.currency}{unpriced} would go back for them"
        )

    def soonest(self, most: int) -> tuple[FallsDue, ...]:
        """The notices that the law wants soonest, then the others."""
        return tuple(sorted(self.falls_due, key=lambda one: one.due or date.max)[:most])


def _orders(count: int) -> str:
    return counted(count, "order") if count else "no order"
