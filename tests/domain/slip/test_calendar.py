"""The days between being ready and leaving."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from connector.domain.calendar import Handling, leaves, leaves_from

NEW_YORK = ZoneInfo("America/New_York")


def test_without_handling_a_unit_leaves_on_the_day_it_is_ready_even_a_sunday() -> None:
    assert leaves(date(2026, 3, 15), Handling()) == date(2026, 3, 15)


def test_handling_takes_working_days_and_skips_weekends_and_holidays() -> None:
    assert leaves(date(2026, 7, 1), Handling(working_days=2)) == date(2026, 7, 6)


def test_the_buffer_comes_first_and_counts_every_day() -> None:
    assert leaves(date(2026, 3, 12), Handling(working_days=1, buffer_days=2)) == date(2026, 3, 16)


def test_before_the_cut_off_a_unit_on_hand_leaves_the_same_day() -> None:
    handling = Handling(cut_off=time(15))

    assert leaves_from(datetime(2026, 3, 12, 18, 59, tzinfo=UTC), handling, NEW_YORK) == date(2026, 3, 12)


def test_from_the_cut_off_on_it_leaves_on_the_next_working_day() -> None:
    handling = Handling(cut_off=time(15))

    assert leaves_from(datetime(2026, 3, 13, 19, 0, tzinfo=UTC), handling, NEW_YORK) == date(2026, 3, 16)


def test_on_a_day_off_the_carrier_does_not_come() -> None:
    handling = Handling(working_days=1, cut_off=time(15))

    assert leaves_from(datetime(2026, 3, 14, 12, 0, tzinfo=UTC), handling, NEW_YORK) == date(2026, 3, 17)


def test_without_a_cut_off_the_local_day_counts() -> None:
    night = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)

    assert leaves_from(night, Handling(), NEW_YORK) == date(2026, 3, 12)
    assert leaves_from(night, Handling(working_days=1), NEW_YORK) == date(2026, 3, 13)
