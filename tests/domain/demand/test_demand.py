"""How fast a stock sells, and when it runs out."""

from datetime import date, timedelta
from math import comb, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.demand import Demand, after_day, days_of_cover, demand_of, reorder_by, stock_out_risk

TODAY = date(2026, 11, 23)
STEADY = [2] * 60
histories = st.lists(st.integers(0, 9), max_size=60)


def test_a_day_with_sales_moves_chance_and_size() -> None:
    assert after_day(Demand(0.5, 10.0), 5) == Demand(0.55, 9.0)


def test_a_day_without_sales_lowers_the_chance_and_leaves_the_size() -> None:
    assert after_day(Demand(0.5, 10.0), 0) == Demand(0.45, 10.0)


def test_the_rate_is_chance_times_size() -> None:
    assert Demand(0.25, 8.0).rate == 2.0


def test_a_history_starts_from_the_averages_of_its_first_ten_days() -> None:
    assert demand_of([0, 4, 0, 0, 2, 0, 0, 0, 0, 0]) == Demand(0.2, 3.0)


def test_after_ten_days_a_history_goes_on_day_by_day() -> None:
    first = [0, 4, 0, 0, 2, 0, 0, 0, 0, 0]

    assert demand_of([*first, 8, 0]) == after_day(after_day(Demand(0.2, 3.0), 8), 0)


def test_a_late_first_sale_gives_the_size() -> None:
    assert demand_of([0] * 10 + [6]) == Demand(0.1, 6.0)


def test_nothing_sold_is_no_demand() -> None:
    assert demand_of([]) == Demand(0.0, 0.0)
    assert demand_of([0] * 30) == Demand(0.0, 0.0)


def test_what_sells_no_more_fades() -> None:
    assert demand_of([2] * 10 + [0] * 50).rate == pytest.approx(2 * 0.9**50)


def test_a_steady_sale_of_two_a_day_runs_out_of_nineteen_in_ten_days_more_often_than_of_forty() -> None:
    assert stock_out_risk(STEADY, 10, 19) == pytest.approx(6 / 16 + 10 / 16 * (1 - poisson(20.0, 19)))
    assert stock_out_risk(STEADY, 10, 40) == pytest.approx(10 / 16 * (1 - poisson(20.0, 40)))


def poisson(mean: float, units: int) -> float:
    """P(X <= units), term by term."""
    term, total = exp(-mean), 0.0
    for k in range(units + 1):
        total += term
        term *= mean / (k + 1)
    return total


def test_demand_in_lumps_is_a_negative_binomial_beside_what_was_seen() -> None:
    history = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]
    mean, variance = 1.0 * 5, 9.0 * 5
    size, chance = mean**2 / (variance - mean), mean / variance
    first = chance**size
    seen = 1 / 6  # of six runs of five days the last one has the sale

    assert stock_out_risk(history, 5, 0) == pytest.approx(2 / 12 * seen + 10 / 12 * (1 - first))


def test_the_negative_binomial_agrees_with_its_formula_for_a_whole_size() -> None:
    history = [0, 4] * 5  # mean 2 and variance 4 a day: of two days size 4 and a chance of one half
    known = sum(comb(k + 3, k) * 0.5 ** (k + 4) for k in range(5))  # no run of two days sold more than 4

    assert stock_out_risk(history, 2, 4) == pytest.approx(10 / 15 * (1 - known))


def test_a_history_shorter_than_the_lead_time_is_judged_by_the_distribution_alone() -> None:
    assert stock_out_risk([2] * 5, 10, 19) == pytest.approx(1 - poisson(20.0, 19))


def test_no_demand_and_no_time_are_no_risk_but_owed_units_are() -> None:
    assert stock_out_risk([], 30, 0) == 0.0
    assert stock_out_risk([0, 0], 30, 0) == 0.0
    assert stock_out_risk(STEADY, 0, 0) == 0.0
    assert stock_out_risk([], 30, -1) == 1.0


def test_large_stocks_are_neither_slow_nor_out_of_range() -> None:
    assert stock_out_risk([1000, 1400] * 50, 30, 10**9) == 0.0
    assert stock_out_risk([1000, 1400] * 50, 30, 0) == pytest.approx(1.0, abs=1e-6)


@given(histories, st.integers(1, 40), st.integers(0, 100), st.integers(1, 50))
def test_more_units_are_never_more_risk(history: list[int], days: int, units: int, more: int) -> None:
    risk = stock_out_risk(history, days, units)

    assert 0.0 <= risk <= 1.0
    assert stock_out_risk(history, days, units + more) <= risk + 1e-9


def test_cover_is_units_by_the_rate() -> None:
    assert days_of_cover(30, Demand(0.5, 3.0)) == 20.0
    assert days_of_cover(-4, Demand(0.5, 3.0)) == 0.0
    assert days_of_cover(30, Demand(0.0, 0.0)) is None


def test_more_is_ordered_on_the_last_day_on_which_it_comes_in_time() -> None:
    day = reorder_by(STEADY, 100, 14, TODAY)

    assert day == date(2026, 12, 23)
    wait = (day - TODAY).days
    assert stock_out_risk(STEADY, wait + 14, 100) <= 0.1 < stock_out_risk(STEADY, wait + 15, 100)


def test_a_smaller_risk_is_an_earlier_day() -> None:
    assert reorder_by(STEADY, 100, 14, TODAY, risk=0.01) == date(2026, 12, 18)


def test_where_it_is_too_late_it_is_today() -> None:
    assert reorder_by(STEADY, 3, 14, TODAY) == TODAY
    assert reorder_by(STEADY, -3, 14, TODAY) == TODAY


def test_where_nothing_sells_nothing_has_to_be_ordered() -> None:
    assert reorder_by([0] * 60, 5, 14, TODAY) is None


def test_the_longer_the_lead_time_the_earlier_the_day() -> None:
    days = [reorder_by(STEADY, 100, lead, TODAY) for lead in (14, 15, 16)]

    assert days == [date(2026, 12, 23) - timedelta(days=n) for n in range(3)]
