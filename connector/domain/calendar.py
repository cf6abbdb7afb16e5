"""The days between a unit that is ready and a parcel that the carrier has: handling, buffer and cut-off."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connector.domain.holidays import add_working_days, is_working_day


@dataclass(frozen=True, slots=True)
class Handling:
    """How long a merchant takes: working days of handling, days of buffer before it, the carrier's local cut-off.

    `holidays` is the calendar, of `connector.domain.holidays`, whose holidays are no working days.
    """

    working_days: int = 0
    buffer_days: int = 0
    cut_off: time | None = None
    holidays: str = "us"


def leaves(ready: date, handling: Handling) -> date:
    """The day on which units that are ready on a day leave; the same day where no time is taken.

    A carrier with a cut-off comes on working days only.
    """
    off = handling.holidays
    left = add_working_days(ready + timedelta(days=handling.buffer_days), handling.working_days, off)
    return left if handling.cut_off is None or is_working_day(left, off) else add_working_days(left, 1, off)


def leaves_from(now: datetime, handling: Handling, zone: ZoneInfo) -> date:
    """The day on which units that are on hand `now` (aware) leave: after the cut-off, or on a day off, later."""
    local = now.astimezone(zone)
    day = local.date()
    if handling.cut_off is None:
        return leaves(day, handling)
    if local.time() >= handling.cut_off or not is_working_day(day, handling.holidays):
        day = add_working_days(day, 1, handling.holidays)
    return leaves(day, handling)
