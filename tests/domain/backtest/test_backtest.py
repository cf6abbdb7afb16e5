"""What promises would have been worth."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.backtest import Delivery, Score, Trial, Tried, plain, promises, renewals, score
from tests.data import read_deliveries

DUE = date(2026, 3, 1)
TRIAL = Trial(first=date(2010, 7, 1), last=date(2012, 12, 31), age=-30, quantile=0.9)


def delivery(id: str, slip: int, promised: date = DUE, known_after: int = 0, supplier: str = "acme") -> Delivery:
    """A delivery that slipped by some days and was on record some days after it came."""
    delivered = promised + timedelta(days=slip)
    return Delivery(id, supplier, "", promised, delivered, delivered + timedelta(days=known_after))


def trial(age: int, quantile: float = 0.9) -> Trial:
    """A trial of what was promised in March 2026."""
    return Trial(DUE, date(2026, 3, 31), age, quantile)


def etas(deliveries: list[Delivery], tried: Trial) -> list[tuple[str, int]]:
    """Ids with the days from the supplier's date to the promise."""
    return [(one.delivery.id, (one.eta - one.delivery.promised).days) for one in promises(deliveries, tried)]


def test_a_promise_uses_only_what_was_known_before_its_day() -> None:
    day = DUE - timedelta(days=30)
    late = [delivery(f"h{n}", 20, day - timedelta(days=20)) for n in range(30)]

    assert etas([*late, delivery("x", 0)], trial(-30)) == [("x", 7)]
    assert etas([*(replace(one, known=day - timedelta(days=1)) for one in late), delivery("x", 0)], trial(-30)) == [
        ("x", 20)
    ]


def test_what_came_before_or_on_the_day_of_the_promise_is_not_promised() -> None:
    deliveries = [delivery("early", -31), delivery("on the day", -30), delivery("after", -29)]

    assert [name for name, _ in etas(deliveries, trial(-30))] == ["after"]
    assert [name for name, _ in etas([delivery("kept", 0), delivery("missed", 1)], trial(0))] == ["missed"]


def test_only_what_was_promised_in_the_span_is_tried_though_all_is_learned() -> None:
    before = [delivery(f"h{n}", 12, DUE - timedelta(days=90)) for n in range(30)]
    beyond = delivery("next month", 0, date(2026, 4, 1))

    assert etas([*before, delivery("x", 0), beyond], trial(-30)) == [("x", 12)]


def test_promises_come_by_day_and_then_by_id_whatever_the_order_of_the_file() -> None:
    deliveries = [delivery("b", 0), delivery("c", 0, DUE + timedelta(days=1)), delivery("a", 0)]

    assert [name for name, _ in etas(deliveries, trial(-30))] == ["a", "b", "c"]
    assert list(promises(deliveries[::-1], trial(-30))) == list(promises(deliveries, trial(-30)))


def test_a_renewed_promise_lies_after_the_day_on_which_it_is_made() -> None:
    assert etas([delivery("x", 40)], trial(7)) == [("x", 17)]


def test_plain_promises_are_the_suppliers_date_and_some_days() -> None:
    found = list(plain([delivery("x", 3), delivery("gone", -40)], trial(-30), 7))

    assert found == [Tried(delivery("x", 3), DUE + timedelta(days=7))]


def test_the_score_counts_hits_padding_of_what_was_kept_and_the_loss() -> None:
    tried = [Tried(delivery("kept", 2), DUE + timedelta(days=7)), Tried(delivery("missed", 9), DUE)]

    assert score(tried, 0.75) == Score(promises=2, hit_rate=0.5, padding=5.0, pinball=4.0)


def test_slips_beyond_the_ends_are_clipped_in_the_loss_and_nowhere_else() -> None:
    early = score([Tried(delivery("early", -80), DUE)], 0.75)
    late = score([Tried(delivery("late", 300), DUE)], 0.75)

    assert early == Score(promises=1, hit_rate=1.0, padding=80.0, pinball=7.5)
    assert late == Score(promises=1, hit_rate=0.0, padding=0.0, pinball=90.0)


def test_nothing_promised_has_no_score() -> None:
    assert score([], 0.9) is None


def test_a_shown_date_is_renewed_only_when_it_has_passed() -> None:
    found = list(renewals([delivery("soon", 3), delivery("late", 30)], trial(-30)))

    assert [(one.id, changes) for one, changes in found] == [("soon", 0), ("late", 3)]


def test_looking_for_better_dates_every_day_changes_more_of_them() -> None:
    poor = [delivery(f"h{n}", 20, DUE - timedelta(days=200)) for n in range(12)]
    good = [delivery(f"g{n}", 0, DUE - timedelta(days=20)) for n in range(60)]

    assert [changes for _, changes in renewals([*poor, *good, delivery("x", 0)], trial(-30))] == [0]
    assert [changes for _, changes in renewals([*poor, *good, delivery("x", 0)], trial(-30), 7)] == [1]


def test_on_real_deliveries_promises_are_kept_more_often_than_the_suppliers_dates_or_a_week_more() -> None:
    deliveries = read_deliveries()

    ways = [promises(deliveries, TRIAL), plain(deliveries, TRIAL, 0), plain(deliveries, TRIAL, 7)]

    assert [rounded(score(way, 0.9)) for way in ways] == [
        (375, 0.9307, 6.34, 2.368),
        (375, 0.9093, 0.04, 2.799),
        (375, 0.9253, 6.97, 2.91),
    ]


def test_on_real_deliveries_that_are_overdue_a_new_promise_is_kept_by_three_of_four() -> None:
    deliveries = read_deliveries()

    found = [rounded(score(promises(deliveries, replace(TRIAL, age=age)), 0.9)) for age in (0, 7)]

    assert found == [(34, 0.7647, 53.12, 12.665), (28, 0.7857, 61.14, 12.775)]


def test_on_real_deliveries_a_shown_date_changes_for_one_line_in_eight() -> None:
    changes = [changed for _, changed in renewals(read_deliveries(), TRIAL)]

    assert (len(changes), sum(changes)) == (375, 45)


def rounded(found: Score | None) -> tuple[int, float, float, float] | None:
    """A score as the figures are told."""
    if found is None:
        return None
    return found.promises, round(found.hit_rate, 4), round(found.padding, 2), round(found.pinball, 3)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-10, 60)), min_size=1, max_size=12), st.integers(-30, 10))
def test_what_becomes_known_later_changes_no_promise(slips: list[tuple[int, int]], age: int) -> None:
    deliveries = [delivery(f"{n:02}", slip, DUE + timedelta(days=day)) for n, (day, slip) in enumerate(slips)]
    for tried in promises(deliveries, trial(age)):
        made = tried.delivery.promised + timedelta(days=age)
        past = [one for one in deliveries if one.known < made or one.id == tried.delivery.id]
        assert tried in list(promises(past, trial(age)))
