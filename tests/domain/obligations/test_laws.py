"""What holds for the legal clock whatever happens to an order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.jurisdictions import RULES, Regime
from connector.domain.obligations import (
    Answer,
    CancelledNotice,
    Cause,
    DeemedCancelled,
    Duty,
    DutyEvent,
    LegalClock,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    RefundStatement,
    Standing,
    Unshipped,
    next_instant,
    watch,
)
from connector.domain.obligations.days import end_of_day
from connector.domain.obligations.deadlines import open_lines
from tests.domain.obligations.given import GRACE_END, NEW_YORK, PLACED, T_END, WARNED, Story, order, time

DAYS = st.integers(0, 100).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
LINES = st.lists(
    st.builds(
        lambda name, quantity, waits, eta: Unshipped(name, quantity, quantity if waits else 0, eta),
        st.sampled_from("123"),
        st.integers(1, 3),
        st.booleans(),
        st.none() | DAYS,
    ),
    max_size=3,
    unique_by=lambda one: one.line,
).map(tuple)
EDGES = [time(T_END), time(WARNED), time(GRACE_END), time("2026-04-20T04:00:00Z"), time("2026-04-21T03:59:59Z")]
TIMES = st.integers(0, 120 * 24).map(lambda n: time(PLACED) + timedelta(hours=n)) | st.sampled_from(EDGES)


@dataclass(frozen=True)
class Happening:
    """One thing that happens: new facts, an answer, a cancellation, a refund or a bounce."""

    at: datetime
    what: str
    lines: tuple[Unshipped, ...] = ()
    reachable: bool = True
    charged: bool = True


HAPPENINGS = st.lists(
    st.builds(
        Happening,
        TIMES,
        st.sampled_from(["facts"] * 5 + ["ship", "wait", "wait", "wait", "cancel", "seller", "refund", "bounce"]),
        LINES,
        st.sampled_from([True, True, True, False]),
        st.sampled_from([True, True, False]),
    ),
    max_size=12,
).map(lambda many: sorted(many, key=lambda one: one.at))
STARTS = st.builds(
    lambda regime, lines, reachable, stated: order(*lines, regime=regime, reachable=reachable, stated_days=stated),
    st.sampled_from([*RULES, Regime.US_FTC, Regime.US_FTC]),
    LINES,
    st.sampled_from([True, True, True, False]),
    st.none() | st.integers(1, 60),
)
END = "2026-12-01T00:00:00Z"


def happens(story: Story, one: Happening) -> None:
    now = story.standing
    match one.what:
        case "facts":
            story.now(one.at, *one.lines, reachable=one.reachable, charged=one.charged)
        case "ship":
            story.now(one.at)
        case "wait":
            story.answered(one.at, Answer.WAIT)
        case "cancel":
            story.answered(one.at, Answer.CANCEL)
        case "seller":
            story.cancelled(one.at.isoformat(), Cause.SELLER, [line.line for line in now.unshipped[:1]])
        case "refund":
            story.refunded(one.at)
        case _:
            serial = story.clock.options if story.clock else 0
            story.bounced(one.at, serial, reachable=one.reachable)


def told(start: Standing, many: Sequence[Happening], wake_also: Sequence[datetime] = ()) -> Story:
    story = Story(start, wake_also=wake_also)
    for one in many:
        happens(story, one)
    return story.until(END)


class Witness(Story):
    """A story that looks at the clock after each step."""

    seen: list[tuple[LegalClock, Standing, tuple[DutyEvent, ...]]]

    def _took(self, step: tuple[LegalClock, tuple[DutyEvent, ...]]) -> None:
        self.__dict__.setdefault("seen", []).append((step[0], self.standing, step[1]))
        super()._took(step)


def witnessed(start: Standing, many: Sequence[Happening]) -> Witness:
    story = Witness(start)
    for one in many:
        happens(story, one)
    story.until(END)
    return story


@given(STARTS, HAPPENINGS)
def test_a_duty_ends_as_it_was_opened_and_no_kind_is_open_twice(start: Standing, many: list[Happening]) -> None:
    story = told(start, many)
    open_now: dict[Duty, datetime] = {}
    for event in story.events:
        if isinstance(event, ObligationOpened):
            assert event.duty not in open_now
            open_now[event.duty] = event.due
        elif isinstance(event, ObligationMet | ObligationBreached):
            assert open_now.pop(event.duty) == event.due
            assert isinstance(event, ObligationMet) or event.at >= event.due
    assert story.clock is not None
    assert {one.duty: one.due for one in story.clock.duties} == open_now


@given(STARTS, HAPPENINGS)
def test_looking_again_says_nothing_new(start: Standing, many: list[Happening]) -> None:
    for clock, standing, _ in witnessed(start, many).seen:
        once, _ = watch(clock, standing, clock.seen)
        assert watch(once, standing, once.seen) == (once, ())


@given(STARTS, HAPPENINGS, st.lists(TIMES, max_size=30))
def test_waking_often_says_the_same_as_waking_when_asked(
    start: Standing, many: list[Happening], wake_also: list[datetime]
) -> None:
    assert told(start, many, wake_also).events == told(start, many).events


@given(STARTS, HAPPENINGS)
def test_nothing_but_refunds_happens_once_all_is_shipped(start: Standing, many: list[Happening]) -> None:
    for (clock, standing, _), (_, after, events) in pairwise(witnessed(start, many).seen):
        if not standing.unshipped and not after.unshipped and clock.idle:
            assert all(isinstance(event, RefundStatement) or _of_refund(event) for event in events)


def _of_refund(event: DutyEvent) -> bool:
    return isinstance(event, ObligationOpened | ObligationMet | ObligationBreached) and event.duty is Duty.REFUND


@given(STARTS, HAPPENINGS)
def test_a_line_is_cancelled_once_and_never_comes_back(start: Standing, many: list[Happening]) -> None:
    story = witnessed(start, many)
    times = Counter(event.line for event in story.events if isinstance(event, DeemedCancelled))
    assert set(times.values()) <= {1}
    for (before, _, _), (after, _, _) in pairwise(story.seen):
        assert after.cancelled[: len(before.cancelled)] == before.cancelled


@given(STARTS, HAPPENINGS)
def test_the_next_instant_lies_ahead(start: Standing, many: list[Happening]) -> None:
    for clock, standing, _ in witnessed(start, many).seen:
        ahead = next_instant(clock, standing)
        assert ahead is None or ahead > clock.seen


@given(STARTS, HAPPENINGS)
def test_events_come_in_order_of_time(start: Standing, many: list[Happening]) -> None:
    events = told(start, many).events
    assert all(one.at <= two.at for one, two in pairwise(events))


@given(STARTS, HAPPENINGS)
def test_every_cancellation_is_told_and_owes_a_refund(start: Standing, many: list[Happening]) -> None:
    """16 CFR 435.2(c)."""
    story = witnessed(start, many)
    for clock, standing, events in story.seen:
        gone = {event.line for event in events if isinstance(event, DeemedCancelled)}
        named = [event.lines for event in events if isinstance(event, CancelledNotice)]
        assert {line for lines in named for line in lines} == gone
        if gone:
            assert clock.owed or not standing.charged


@settings(max_examples=200)
@given(STARTS, HAPPENINGS)
def test_no_buyer_in_america_waits_without_an_offer_or_beyond_a_consent(
    start: Standing, many: list[Happening]
) -> None:
    """16 CFR 435.2(b), (c): after each look, a line still open is within T, within a consent, or the staff's."""
    for clock, standing, _ in witnessed(start, many).seen:
        clock, _ = watch(clock, standing, clock.seen)
        if not RULES[standing.regime].option_is_duty or clock.late_start or not open_lines(clock, standing):
            continue
        assert clock.first_offered or clock.seen < end_of_day(clock.t_day, NEW_YORK)
        assert clock.lapse is None or clock.seen < clock.lapse.at
        assert clock.r_day is None or clock.seen < end_of_day(clock.r_day, NEW_YORK)


@given(STARTS, HAPPENINGS)
def test_no_law_never_says_a_word(start: Standing, many: list[Happening]) -> None:
    assert told(replace(start, regime=Regime.NONE), many).events == []
