"""The time to ship that a shop stated when something was ordered, by what its listings showed."""

from collections.abc import Iterable
from datetime import date

from connector.domain.effects import ListingState, WriteListing
from connector.domain.wording import ESTIMATE


def day_stated(bought: Iterable[tuple[int, WriteListing | None]]) -> date | None:
    """The day by which listings said that all of an order ships, each with the units that were bought of it.

    None where one of them named no day for so many units, or only an estimate: then no time was stated for it all.
    """
    days = [_day(units, shown) for units, shown in bought]
    known = [one for one in days if one is not None]
    return max(known) if known and len(known) == len(days) else None


def _day(units: int, shown: WriteListing | None) -> date | None:
    if shown is None or shown.state is not ListingState.BACKORDER or ESTIMATE in shown.notice:
        return None
    return shown.eta if units <= shown.available else None
