"""What the clock refuses, and what it makes of times that run backwards."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import Regime
from connector.domain.obligations import Answer, Told, Unshipped, answer, next_instant, refunded, watch
from connector.domain.obligations.days import later
from tests.domain.obligations.given import GRACE_END, PLACED, T_END, Story, line, order, time

EARLIER = "2026-02-20T12:00:00Z"


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_stated_days_that_cannot_be_counted_are_refused(days: int) -> None:
    with pytest.raises(BadInput, match=f"stated_days: must be from 1 to 3650, not {days}"):
        order(line(None), stated_days=days)


@pytest.mark.parametrize(("quantity", "waiting"), [(0, 0), (-1, 0), (1, 2), (1, -1)])
def test_units_that_cannot_be_are_refused(quantity: int, waiting: int) -> None:
    with pytest.raises(BadInput, match=f"line 1: {waiting} of {quantity} units cannot be waiting"):
        Unshipped("1", quantity, waiting)


def test_a_line_named_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="unshipped: a line is named twice"):
        order(line(None), line("2026-03-20"))


def test_a_placing_without_an_offset_is_refused() -> None:
    with pytest.raises(BadInput, match="placed_at: a time needs its offset"):
        order(line(None), placed="2026-03-01T10:00:00")


def test_an_earlier_option_without_an_offset_is_refused() -> None:
    with pytest.raises(BadInput, match="placed_at: a time needs its offset"):
        order(line(None), told=Told(datetime(2026, 3, 1), None))


def test_a_now_without_an_offset_is_refused() -> None:
    clock, _ = watch(None, order(line(None)), time(PLACED))
    with pytest.raises(BadInput, match="now: a time needs its offset"):
        watch(clock, order(line(None)), datetime(2026, 3, 2))
    with pytest.raises(BadInput, match="now: a time needs its offset"):
        refunded(clock, datetime(2026, 3, 2))


def test_the_clock_of_another_order_is_refused() -> None:
    clock, _ = watch(None, order(line(None)), time(PLACED))
    with pytest.raises(BadInput, match="order: the clock of 1001 was shown 1002"):
        watch(clock, replace(order(line(None)), order="1002"), time(PLACED))


def test_an_instant_before_the_last_one_counts_as_the_last_one() -> None:
    """A worker whose clock is behind must neither fail nor turn time back."""
    story = Story(order(line("2026-04-20")))
    story.told()
    again, nothing = watch(story.clock, story.standing, time(EARLIER))
    assert (again, nothing) == (story.clock, ())
    assert story.clock is not None
    assert story.now(EARLIER, line(None)).told()[0].startswith(PLACED)
    assert story.clock.seen == time(PLACED)


def test_an_answer_stamped_too_early_is_not_lost() -> None:
    story = Story(order(line("2026-03-20")))
    _, events = answer(story.clock, story.standing, Answer.CANCEL, time(EARLIER))
    assert [event.at for event in events] == [time(PLACED)] * 3


def test_a_further_period_is_for_the_laws_that_know_one() -> None:
    """CRD art. 18(2)."""
    story = Story(order(line(None)))
    with pytest.raises(BadInput, match="until: this law lets the buyer agree to the date offered only"):
        story.answered("2026-03-02T12:00:00Z", Answer.WAIT, until=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("at", "until"),
    [("2026-03-10T12:00:00Z", date(2026, 3, 31)), ("2026-04-10T12:00:00Z", date(2026, 4, 9))],
)
def test_a_further_period_that_ends_with_the_first_or_is_over_is_refused(at: str, until: date) -> None:
    """CRD art. 18(2)."""
    story = Story(order(line(None), regime=Regime.EU))
    with pytest.raises(BadInput, match=f"until: {until} is no further period"):
        story.answered(at, Answer.WAIT, until=until)


def test_days_never_run_off_the_calendar() -> None:
    assert later(date(9999, 12, 28), 7) == date.max
    assert later(date(2026, 12, 28), 7) == date(2027, 1, 4)


def test_a_date_at_the_end_of_the_calendar_is_a_date_like_any_other() -> None:
    """Suppliers write 9999-12-31 for "some day"."""
    story = Story(order(line("9999-12-31")))
    assert story.told()[1] == f"{PLACED} notice option_first 9999-12-31 silence means cancel at {GRACE_END}"
    story.answered("2026-03-02T12:00:00Z", Answer.WAIT)
    assert story.clock is not None
    assert next_instant(story.clock, story.standing) == datetime(9999, 12, 31, 5, tzinfo=UTC)
    story.now("2026-03-03T12:00:00Z", line(None))
    assert story.told()[0].startswith("2026-03-03T12:00:00Z obligation renewed_option open due 9999-12-31T23:59:59Z")


def test_a_clock_with_nothing_to_wait_for_names_no_instant() -> None:
    story = Story(order())
    assert story.clock is not None
    assert next_instant(story.clock, story.standing) is None


def test_the_clock_asks_to_be_woken_for_the_warning_then_for_nothing_before_the_r_day() -> None:
    story = Story(order(line("2026-03-20")))
    assert story.clock is not None
    assert next_instant(story.clock, story.standing) == time("2026-03-31T03:59:59Z")
    story.until("2026-03-31T03:59:59Z")
    assert next_instant(story.clock, story.standing) == time("2026-04-07T04:00:00Z")


def test_without_an_address_the_clock_asks_to_be_woken_for_the_end() -> None:
    story = Story(order(line(None), reachable=False)).until("2026-03-31T03:59:59Z")
    assert story.clock is not None
    assert next_instant(story.clock, story.standing) == time(T_END)


def test_once_the_renewed_option_is_out_the_clock_asks_to_be_woken_for_the_end_of_the_r_day() -> None:
    story = Story(order(line("2026-04-20"))).now("2026-04-02T12:00:00Z", line("2026-05-20"))
    assert story.clock is not None
    assert next_instant(story.clock, story.standing) == time("2026-04-21T03:59:59Z")
