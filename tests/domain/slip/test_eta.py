"""The date that will be kept, from the date that the supplier named."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.slip import (
    BETWEEN_RECEIPTS,
    SINCE_ORDER,
    SLIP,
    estimate,
    eta,
    learned,
    outlook,
    outlooks,
)
from tests.domain.slip.given import START, Slip, histories, least_days, remembered

DUE = date(2026, 6, 1)
MUCH_EARLIER = date(2026, 5, 1)


def promised(slips: list[Slip], as_of: date = MUCH_EARLIER, quantile: float = 0.9, second: str = "") -> date:
    """The date for something that acme promised for the 1st of June."""
    return eta(DUE, as_of, quantile, outlook(remembered(slips), "acme", second, as_of))


@pytest.mark.parametrize("days", [0, 1, 3, 7, 14, 30, 100])
def test_without_any_history_nine_of_ten_come_within_the_cold_start_days(days: int) -> None:
    expected = outlook({}, "acme", "", MUCH_EARLIER, cold_start_days=days)

    assert eta(DUE, MUCH_EARLIER, 0.9, expected) == DUE + timedelta(days=days)


@pytest.mark.parametrize("quantile", [0.01, 0.5, 0.9, 0.95, 0.999])
def test_a_cold_start_of_no_days_takes_the_supplier_at_its_word_at_every_quantile(quantile: float) -> None:
    expected = outlook({}, "acme", "", MUCH_EARLIER, cold_start_days=0)

    assert eta(DUE, MUCH_EARLIER, quantile, expected) == DUE


def test_the_default_cold_start_is_a_week() -> None:
    assert promised([]) == date(2026, 6, 8)


def test_a_supplier_that_is_always_five_days_late_is_promised_so() -> None:
    assert promised([("acme", "", 5, day) for day in range(30)]) == date(2026, 6, 6)


def test_a_supplier_that_is_always_early_is_still_not_promised_before_its_date() -> None:
    slips = [("acme", "", -9, day) for day in range(100)]
    expected = outlook(remembered(slips), "acme", "", MUCH_EARLIER)

    assert eta(DUE, MUCH_EARLIER, 0.9, expected) == DUE
    assert eta(DUE, MUCH_EARLIER, 0.9, expected, floor=False) == date(2026, 5, 23)


def test_without_the_floor_the_tail_of_the_unknown_still_begins_at_the_suppliers_date() -> None:
    expected = outlook(remembered([("acme", "", -20, 0)] * 5), "acme", "", MUCH_EARLIER)

    assert [expected.days(-40, quantile, floor=False) for quantile in (0.05, 0.5, 0.9)] == [-20, -20, 3]


def test_without_the_floor_nothing_is_promised_for_days_that_have_gone() -> None:
    slips = [("acme", "", -9, day) for day in range(100)]
    expected = outlook(remembered(slips), "acme", "", DUE)

    assert eta(DUE, DUE - timedelta(days=5), 0.5, expected, floor=False) > DUE - timedelta(days=5)


def test_a_short_history_moves_the_date_less_than_a_long_one() -> None:
    others = [("bolt", "", 0, day) for day in range(100)]
    days = [(promised(others + [("acme", "", 20, 100)] * many) - DUE).days for many in (0, 1, 2, 10)]

    assert days == [0, 4, 20, 20]


def test_what_is_overdue_is_judged_only_by_what_was_later_still() -> None:
    slips = [("acme", "", 0, day) for day in range(50)] + [("acme", "", 30, 51)] * 5

    assert promised(slips, as_of=DUE) == DUE + timedelta(days=30)
    assert promised(slips, as_of=DUE + timedelta(days=29)) == DUE + timedelta(days=33)


def test_what_is_later_than_anything_ever_was_is_promised_by_the_tail() -> None:
    assert promised([("acme", "", 2, day) for day in range(50)], as_of=DUE + timedelta(days=2)) == date(2026, 6, 13)
    assert promised([], as_of=DUE + timedelta(days=400)) == DUE + timedelta(days=410)


def test_the_second_key_tells_a_suppliers_destinations_apart() -> None:
    slips = [("acme", "DE", 0, day) for day in range(20)] + [("acme", "ZM", 40, day) for day in range(20, 24)]

    assert promised(slips, second="DE") == DUE
    assert promised(slips, second="ZM") == DUE + timedelta(days=40)
    assert promised(slips, second="unheard of") == promised(slips)


def test_a_supplier_that_has_been_silent_for_years_counts_less_than_everybody() -> None:
    slips = [("acme", "", 20, 0)] * 30 + [("bolt", "", 0, 1500)] * 300
    known = remembered(slips)
    later = START + timedelta(days=1500)

    assert outlook(known, "acme", "", START + timedelta(days=1)).days(-30, 0.9) == 20
    assert outlook(known, "acme", "", later).days(-30, 0.9) == 0


@given(
    histories(),
    st.sampled_from(("acme", "bolt", "nobody")),
    st.sampled_from(("", "DE", "FR")),
    st.integers(-80, 250),
    st.sampled_from((0.05, 0.5, 0.8, 0.9, 0.95, 0.99)),
    st.booleans(),
)
def test_the_date_is_what_the_formulas_say(
    slips: list[Slip], supplier: str, second: str, age: int, quantile: float, floor: bool
) -> None:
    known, day = remembered(slips), START + timedelta(days=420)

    found = outlook(known, supplier, second, day).days(age, quantile, floor)

    assert found == least_days(known, supplier, second, day, age, quantile, floor=floor)


@given(histories(), st.integers(-40, 250), st.booleans())
def test_a_higher_quantile_is_never_an_earlier_date_and_no_date_has_gone(
    slips: list[Slip], age: int, floor: bool
) -> None:
    expected = outlook(remembered(slips), "acme", "DE", START + timedelta(days=400))

    days = [expected.days(age, quantile, floor) for quantile in (0.1, 0.5, 0.9, 0.95, 0.99)]

    assert days == sorted(days)
    assert days[0] > age
    assert days[0] >= 0 or not floor


def test_outlooks_of_a_day_are_made_once_and_say_the_same() -> None:
    known = remembered([("acme", "DE", 5, day) for day in range(9)])
    of = outlooks(known, MUCH_EARLIER)

    assert of("acme", "DE") is of("acme", "DE")
    assert of("acme", "DE") == outlook(known, "acme", "DE", MUCH_EARLIER)
    assert of("acme", "") == outlook(known, "acme", "", MUCH_EARLIER)


def test_supply_without_a_date_is_estimated_from_how_long_its_orders_took() -> None:
    known = remembered([("acme", "", 40, day) for day in range(20)], SINCE_ORDER)
    expected = outlook(known, "acme", "", DUE, SINCE_ORDER)

    assert estimate(DUE, DUE, 0.9, expected) == DUE + timedelta(days=40)
    assert estimate(DUE, DUE + timedelta(days=39), 0.9, expected) == DUE + timedelta(days=40)
    assert estimate(DUE, DUE + timedelta(days=40), 0.9, expected) == DUE + timedelta(days=50)


def test_nothing_is_estimated_where_nothing_was_ever_received() -> None:
    assert estimate(DUE, DUE, 0.9, outlook({}, "acme", "", DUE, SINCE_ORDER)) is None


def test_a_new_supplier_is_estimated_by_what_the_others_take() -> None:
    known = learned({}, "bolt", "", 30, START, BETWEEN_RECEIPTS)

    found = estimate(DUE, DUE, 0.3, outlook(known, "acme", "", START, BETWEEN_RECEIPTS))

    assert found == DUE + timedelta(days=3)


def test_only_dated_slips_start_from_a_delivery_on_its_date() -> None:
    assert outlook({}, "acme", "", DUE, SLIP).informed
    assert not outlook({}, "acme", "", DUE, BETWEEN_RECEIPTS).informed
