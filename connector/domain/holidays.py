"""Working days: Monday to Friday without public holidays, of the United States unless another calendar is named."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

_WEEK = 7
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_JUNETEENTH_SINCE = 2021


def add_working_days(day: date, count: int, calendar: str = "us") -> date:
    """The `count`-th working day after a day (the day itself is not counted); 0 gives the day back."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, calendar)
    return day


def is_working_day(day: date, calendar: str = "us") -> bool:
    """Whether a day is neither on a weekend nor a holiday of a calendar of CALENDARS, as observed."""
    return day.weekday() < _SATURDAY and day not in CALENDARS[calendar](day.year)


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


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=moon - weekday)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's and Wales's bank holidays of a year; one on a weekend is observed on the next day that is none.

    Those that are proclaimed for one year alone are not known.
    """
    sunday = easter(year)
    whole = (
        date(year, 1, 1),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        _nth(year, 5, _MONDAY, 1),
        _nth(year, 6, _MONDAY, 1) - timedelta(days=_WEEK),
        _nth(year, 9, _MONDAY, 1) - timedelta(days=_WEEK),
        date(year, 12, 25),
        date(year, 12, 26),
    )
    found: set[date] = {day for day in whole if day.weekday() < _SATURDAY}
    for day in (day for day in whole if day.weekday() >= _SATURDAY):
        while day.weekday() >= _SATURDAY or day in found:
            day += timedelta(days=1)
        found.add(day)
    return frozenset(found)


@cache
def closing_days(year: int) -> frozenset[date]:
    """The days on which TARGET, the euro's payment system, is closed: holidays in nearly all of the EU."""
    sunday = easter(year)
    fixed = (date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26))
    return frozenset((*fixed, sunday - timedelta(days=2), sunday + timedelta(days=1)))


def no_holidays(year: int) -> frozenset[date]:  # noqa: ARG001 - every calendar has this shape
    """None: only weekends are no working days."""
    return frozenset()


CALENDARS: Mapping[str, Callable[[int], frozenset[date]]] = MappingProxyType(
    {"us": federal_holidays, "uk": bank_holidays, "eu": closing_days, "none": no_holidays}
)
