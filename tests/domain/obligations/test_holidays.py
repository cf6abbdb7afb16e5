"""Working days, against the holidays that the federal government has published for its employees."""

from datetime import date

import pytest

from connector.domain.holidays import add_working_days, federal_holidays, is_working_day

PUBLISHED = {
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_of_a_year_are_those_published(year: int) -> None:
    """5 U.S.C. 6103(a), (b): with New Year's Day of the next year where it is observed in December."""
    expected = {date.fromisoformat(f"{year}-{day}") for day in PUBLISHED[year].split()}
    assert federal_holidays(year) == expected


def test_a_new_year_s_day_on_a_saturday_leaves_january_without_it() -> None:
    """1 January 2022 was a Saturday."""
    assert min(federal_holidays(2022)) == date(2022, 1, 17)


def test_juneteenth_was_no_holiday_before_2021() -> None:
    """Public Law 117-17."""
    assert is_working_day(date(2020, 6, 19))
    assert not is_working_day(date(2021, 6, 18))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-03-10", 0, "2026-03-10"),
        ("2026-03-10", 1, "2026-03-11"),
        ("2026-03-10", 7, "2026-03-19"),
        ("2026-03-13", 1, "2026-03-16"),
        ("2026-03-14", 1, "2026-03-16"),
        ("2026-12-23", 7, "2027-01-05"),
        ("2027-12-23", 7, "2028-01-05"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, count: int, end: str) -> None:
    """16 CFR 435.1(b)(1)."""
    assert add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)
