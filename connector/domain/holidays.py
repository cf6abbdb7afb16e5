"""Working days: Monday to Friday without the legal public holidays of the United States (5 U.S.C. 6103)."""

from datetime import date, timedelta
from functools import cache

_WEEK = 7
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_JUNETEENTH_SINCE = 2021


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after a day (the day itself is not counted); 0 gives the day back."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Whether a day is neither on a weekend nor a federal holiday, as observed."""
    return day.weekday() < _SATURDAY and day not in federal_holidays(day.year)


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """The days of a year on which federal holidays are observed.

    One on a Saturday is observed on the Friday before, one on a Sunday on the Monday after (5 U.S.C. 6103),
    so that a New Year's Day can fall into the year before.
    """
    observed = {_observed(day) for day in (*_holidays(year), date(year + 1, 1, 1))}
    return frozenset(day for day in observed if day.year == year)


def _holidays(year: int) -> tuple[date, ...]:
    juneteenth = (date(year, 6, 19),) if year >= _JUNETEENTH_SINCE else ()
    return (
        date(year, 1, 1),
        _nth(year, 1, _MONDAY, 3),
        _nth(year, 2, _MONDAY, 3),
        _nth(year, 6, _MONDAY, 1) - timedelta(days=_WEEK),
        *juneteenth,
        date(year, 7, 4),
        _nth(year, 9, _MONDAY, 1),
        _nth(year, 10, _MONDAY, 2),
        date(year, 11, 11),
        _nth(year, 11, _THURSDAY, 4),
        date(year, 12, 25),
    )


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % _WEEK + _WEEK * (n - 1))


def _observed(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day
