"""Days of the store as instants: where a day begins, where it ends, and days that never run off the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connector.domain.holidays import add_working_days
from connector.domain.jurisdictions import RefundTerm

_END = time(23, 59, 59)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The store's day at an instant."""
    return at.astimezone(zone).date()


def later(day: date, days: int) -> date:
    """So many days after a day; the last day of the calendar where that would be beyond it."""
    return day + timedelta(days=min(days, (date.max - day).days))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day of the store, in UTC."""
    return _utc(datetime.combine(day, time.min, zone))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """23:59:59 of a day of the store, in UTC; the later one where clocks are set back over midnight."""
    return _utc(datetime.combine(day, _END, zone).replace(fold=1))


def refund_due(vested: datetime, term: RefundTerm, zone: ZoneInfo) -> datetime:
    """The last instant for a refund to which the right arose at `vested` (16 CFR 435.1(b)(1))."""
    day = local_day(vested, zone)
    last = add_working_days(day, term.days) if term.working else later(day, term.days)
    return end_of_day(last, zone)


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:  # the last day of the calendar, west of Greenwich
        return datetime.max.replace(tzinfo=UTC)
