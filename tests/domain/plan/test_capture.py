"""When money is taken: by the dates of the goods, the life of what is reserved, and what the merchant wants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.domain.board import OrderBefore
from connector.domain.capture import Plan, Step, captured, is_early, planned
from connector.domain.decide import decide_order
from connector.domain.effects import CapturePayment, Means
from connector.domain.facts import Reserve
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, march, order, told

PLAIN = Settings()
UNTIL = datetime(2026, 3, 17, 12, tzinfo=UTC)  # seven days from NOW
HELD = Reserve(held=True, until=UNTIL)
LEFT = Reserve(mandate=True)
SOON, LATE, NEVER = march(15), march(20), None


def waits(reserve: Reserve | None, eta: object = LATE, **more: object) -> OrderBefore:
    """An order of two lines, one of which waits."""
    here, coming = replace(told("1"), filled=1), told("2", waiting=1, eta=eta)
    return replace(order(here, coming, stage="waiting"), authorised="cards", charged=False, reserve=reserve, **more)


def filled(reserve: Reserve | None, **more: object) -> OrderBefore:
    here = replace(told("1", quantity=2), filled=2)
    return replace(order(here, stage="filled"), authorised="cards", charged=False, reserve=reserve, **more)


def step(before: OrderBefore, now: datetime = NOW, settings: Settings = PLAIN) -> tuple[Step, Means]:
    plan = planned(before, before.stage, settings, now)
    return plan.step, plan.means


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (waits(HELD, SOON), NOW, (Step.WAIT, Means.RESERVED)),
        (waits(HELD, SOON), UNTIL - timedelta(hours=20), (Step.WAIT, Means.RESERVED)),
        (waits(HELD, LATE), NOW, (Step.WAIT, Means.RESERVED)),
        (waits(HELD, LATE), UNTIL - timedelta(days=2, seconds=1), (Step.WAIT, Means.RESERVED)),
        (waits(HELD, LATE), UNTIL - timedelta(days=2), (Step.TAKE_EARLY, Means.RESERVED)),
        (waits(HELD, NEVER), UNTIL - timedelta(days=1), (Step.TAKE_EARLY, Means.RESERVED)),
        (waits(HELD, march(17)), UNTIL - timedelta(days=1), (Step.TAKE_EARLY, Means.RESERVED)),
        (waits(HELD, LATE), UNTIL, (Step.LAPSED, Means.RESERVED)),
        (waits(Reserve(held=True), NEVER), UNTIL, (Step.WAIT, Means.RESERVED)),
        (waits(Reserve(), LATE), NOW, (Step.LAPSED, Means.RESERVED)),
        (waits(LEFT, LATE), UNTIL, (Step.WAIT, Means.MANDATE)),
        (waits(replace(HELD, mandate=True), LATE), UNTIL - timedelta(days=1), (Step.WAIT, Means.MANDATE)),
        (waits(None), NOW, (Step.NOTHING, Means.RESERVED)),
        (filled(HELD), NOW, (Step.TAKE, Means.RESERVED)),
        (filled(replace(HELD, mandate=True)), NOW, (Step.TAKE, Means.RESERVED)),
        (filled(replace(HELD, mandate=True)), UNTIL, (Step.TAKE, Means.MANDATE)),
        (filled(LEFT), NOW, (Step.TAKE, Means.MANDATE)),
        (filled(HELD), UNTIL, (Step.LAPSED, Means.RESERVED)),
        (filled(None), NOW, (Step.NOTHING, Means.RESERVED)),
        (filled(HELD, lines=(), shipped=True), NOW, (Step.TAKE, Means.RESERVED)),
        (filled(HELD, lines=(), shipped=False), NOW, (Step.NOTHING, Means.RESERVED)),
        (filled(LEFT, lines=(), shipped=False), NOW, (Step.NOTHING, Means.RESERVED)),
        (filled(HELD, lines=()), NOW, (Step.TAKE, Means.RESERVED)),
        (filled(HELD, cancelled=True), NOW, (Step.NOTHING, Means.RESERVED)),
        (filled(HELD, stage=""), NOW, (Step.NOTHING, Means.RESERVED)),
    ],
)
def test_the_step_follows_goods_and_reservation(
    before: OrderBefore, now: datetime, expected: tuple[Step, Means]
) -> None:
    assert step(before, now) == expected


def test_the_warning_comes_as_many_days_ahead_as_the_merchant_wants_and_wakes_the_order() -> None:
    week = Settings(capture_days=5)
    plan = planned(waits(HELD), "waiting", week, NOW)
    assert (plan.step, plan.look_at) == (Step.WAIT, UNTIL - timedelta(days=5))
    assert decide_order(waits(HELD), week, NOW).wake_at == UNTIL - timedelta(days=5)
    assert step(waits(HELD), UNTIL - timedelta(days=5), week) == (Step.TAKE_EARLY, Means.RESERVED)
    assert planned(waits(HELD), "waiting", week, UNTIL - timedelta(days=5)).look_at == UNTIL


def test_what_is_to_be_taken_says_why() -> None:
    said = planned(waits(HELD), "waiting", PLAIN, UNTIL - timedelta(days=1)).reason
    assert said == (
        "What is reserved lapses on 17 March 2026, 12:00 UTC, before its goods come (expected by 20 March 2026): take"
        " it before then, or lose it."
    )
    assert planned(filled(LEFT), "filled", PLAIN, NOW).reason == (
        "All of it is there. The payment method that its customer has left is to be charged."
    )


@pytest.mark.parametrize(
    ("setting", "early", "full"),
    [("propose", False, False), ("filled", False, True), ("automatic", True, True)],
)
def test_money_moves_by_itself_only_where_the_merchant_said_so(setting: str, early: bool, full: bool) -> None:
    settings = Settings(captures=setting)
    last_day = UNTIL - timedelta(days=1)
    early_one = captured(waits(HELD), planned(waits(HELD), "waiting", settings, last_day), settings)
    full_one = captured(filled(HELD), planned(filled(HELD), "filled", settings, NOW), settings)
    assert early_one is not None
    assert full_one is not None
    assert (early_one.at_once, full_one.at_once) == (early, full)


def test_a_gateway_that_is_named_is_taken_at_once_when_all_is_there_and_asked_about_before() -> None:
    named = Settings(captures="propose", capture_filled="cards")
    never = replace(filled(HELD), stage="")
    effect = captured(never, planned(never, "", named, NOW), named)
    why = "All of it is there. What is reserved is to be taken."
    assert effect == CapturePayment("capture:1001", "1001", "#1001", "cards", Means.RESERVED, why, at_once=True)
    last_day = UNTIL - timedelta(days=1)
    asked = captured(waits(HELD), planned(waits(HELD), "waiting", named, last_day), named)
    assert asked is not None
    assert asked.at_once is False


def test_a_merchant_who_wants_none_of_it_is_left_alone() -> None:
    assert step(waits(HELD), UNTIL, Settings(captures="never")) == (Step.NOTHING, Means.RESERVED)
    assert captured(filled(HELD), Plan(Step.WAIT), PLAIN) is None


def test_a_means_that_was_left_is_charged_by_a_key_of_its_own() -> None:
    effect = captured(filled(LEFT), planned(filled(LEFT), "filled", PLAIN, NOW), PLAIN)
    assert effect is not None
    assert (effect.key, effect.gateway, effect.means) == ("charge:1001", "", Means.MANDATE)


def test_people_hear_of_money_that_is_about_to_be_lost_or_was() -> None:
    steps = {step: is_early(Plan(step)) for step in Step}
    assert [one for one, early in steps.items() if early] == [Step.TAKE_EARLY, Step.LAPSED]


HERE = replace(told(quantity=2), filled=2)
HALF = replace(told("2", quantity=3, waiting=2), filled=1)
UNKNOWN = told("4", quantity=1)  # of a thing that the store does not show: neither here nor waiting
NAMED = Settings(capture_filled="stripe, bacs")


def by_name(before: OrderBefore, settings: Settings) -> CapturePayment | None:
    """What is taken where the store says no more than who has reserved the money."""
    return captured(before, planned(before, "", settings, NOW), settings)


def test_what_a_named_gateway_holds_is_taken_once_all_is_there() -> None:
    effect = by_name(replace(order(HERE), authorised="stripe"), NAMED)
    assert effect == CapturePayment("capture:1001", "1001", "#1001", "stripe", reason="All of it is there.")


@pytest.mark.parametrize(
    ("before", "settings"),
    [
        (replace(order(HERE), authorised="stripe"), PLAIN),
        (replace(order(HERE), authorised="paypal"), NAMED),
        (order(HERE), NAMED),
        (replace(order(HERE, HALF), authorised="stripe"), NAMED),
        (replace(order(HERE, UNKNOWN), authorised="stripe"), NAMED),
        (replace(order(HERE), authorised="stripe", cancelled=True), NAMED),
        (replace(order(), authorised="stripe"), NAMED),
    ],
    ids=["not wanted", "another gateway", "paid", "waits", "a line that nothing is known of", "cancelled", "shipped"],
)
def test_no_other_money_is_taken_by_name(before: OrderBefore, settings: Settings) -> None:
    assert by_name(before, settings) is None
