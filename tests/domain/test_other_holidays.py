"""Public holidays outside the United States: those that the UK government and the euro's payment system publish."""

from datetime import date

import pytest

from connector.domain.calendar import Handling, leaves
from connector.domain.holidays import CALENDARS, easter, is_working_day
from connector.domain.settings import Settings

ENGLAND = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
TARGET = {
    2025: "01-01 04-18 04-21 05-01 12-25 12-26",
    2026: "01-01 04-03 04-06 05-01 12-25 12-26",
}


def days(year: int, said: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in said.split()}


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1954, "04-18"), (1981, "04-19"), (2024, "03-31"), (2026, "04-05"), (2038, "04-25"), (2049, "04-18")],
)
def test_easter_is_where_the_calendar_puts_it(year: int, sunday: str) -> None:
    assert easter(year) == date.fromisoformat(f"{year}-{sunday}")


@pytest.mark.parametrize("year", ENGLAND)
def test_bank_holidays_are_those_published(year: int) -> None:
    assert CALENDARS["uk"](year) == days(year, ENGLAND[year])


@pytest.mark.parametrize("year", TARGET)
def test_common_holidays_of_the_union_are_those_published(year: int) -> None:
    assert CALENDARS["eu"](year) == days(year, TARGET[year])


@pytest.mark.parametrize(
    ("calendar", "leaving"),
    [("us", "2026-12-28"), ("uk", "2026-12-29"), ("eu", "2026-12-28"), ("none", "2026-12-25")],
)
def test_what_is_ready_before_christmas_leaves_by_the_merchants_calendar(calendar: str, leaving: str) -> None:
    handling = Settings(holidays=calendar, handling_days=1).handling
    assert leaves(date(2026, 12, 24), handling) == date.fromisoformat(leaving)


def test_thanksgiving_is_a_working_day_where_nobody_keeps_it() -> None:
    assert [is_working_day(date(2026, 11, 26), calendar) for calendar in ("us", "uk", "eu", "none")] == [
        False,
        True,
        True,
        True,
    ]
    assert Handling() == Settings().handling
