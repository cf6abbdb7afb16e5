"""What the law calls for is told in the store's own days, and counts as told only where something goes out."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from connector.domain.board import OrderAfter
from connector.domain.decide import decide_order
from connector.domain.notices import notice_named
from connector.domain.notices.base import WITHDRAWAL
from connector.domain.obligations import ObligationMet, ObligationOpened, StaffNeeded, StaffReason
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, march, order, told

UNDER_THE_RULE = Settings(jurisdiction="us_ftc", timezone="America/New_York")


def decided(settings: Settings = UNDER_THE_RULE, **more: object) -> OrderAfter:
    """What follows for an order that waits without a date."""
    return decide_order(order(told(waiting=1, changed=True), **more), settings, NOW)


def test_the_day_by_which_to_answer_is_the_stores_day_and_not_that_of_greenwich() -> None:
    sent = decided().send[0]
    lapse = decided().clock
    assert lapse is not None
    assert lapse.lapse is not None
    assert lapse.lapse.at == datetime(2026, 5, 9, 23, 59, 59, tzinfo=ZoneInfo("America/New_York"))
    assert sent.answer_by == march(31).replace(month=5, day=9)


def test_what_an_option_says_is_what_its_customer_knows_from_then_on() -> None:
    waits = order(told(waiting=1, eta=march(20), changed=False), stage="waiting", told_eta=march(12))
    after = decide_order(replace(waits, stated_days=2), UNDER_THE_RULE, NOW)
    assert [(one.template, one.eta, one.previous) for one in after.send] == [("option_first", march(20), march(12))]
    assert after.told_eta == march(20)


def test_an_option_that_may_not_go_out_is_not_counted_as_offered() -> None:
    after = decided(Settings(jurisdiction="us_ftc", notify_customers=False))
    assert after.send == ()
    assert [type(event) for event in after.duties] == [ObligationOpened, StaffNeeded]
    assert after.clock is not None
    assert after.clock.first_offered is False


def test_an_option_with_no_address_to_go_to_is_a_task_for_people() -> None:
    after = decided(email="")
    asked = [event for event in after.duties if isinstance(event, StaffNeeded)]
    assert [one.reason for one in asked] == [StaffReason.UNREACHABLE]
    assert not any(isinstance(event, ObligationMet) for event in after.duties)


def body(law: str, eta: date | None) -> tuple[str, ...]:
    """The words of the first option for an order that should ship by 9 April."""
    waits = told(waiting=1, changed=True, eta=eta)
    sent = decide_order(order(waits), Settings(jurisdiction=law), NOW).send[0]
    assert sent.template == "option_first"
    return notice_named(sent.template).body(sent)


@pytest.mark.parametrize("law", ["us_ftc", "us_california", "eu", "uk"])
@pytest.mark.parametrize(("eta", "late"), [(date(2026, 4, 10), "1 day"), (date(2026, 4, 24), "15 days")])
def test_the_delay_is_told_as_a_date_and_as_a_number_of_days(law: str, eta: date, late: str) -> None:
    said = f"We now expect to ship it by {eta.day} April 2026, {late} later than you could expect."
    assert said in body(law, eta)


def test_no_number_of_days_is_told_where_no_date_is_known() -> None:
    assert [text for text in body("us_california", None) if "later than" in text] == []


@pytest.mark.parametrize(("law", "shown"), [("us_ftc", False), ("us_california", False), ("eu", True), ("uk", True)])
def test_the_right_of_withdrawal_is_shown_where_there_is_one(law: str, shown: bool) -> None:
    assert (WITHDRAWAL in body(law, date(2026, 4, 24))) is shown
