"""Orders that end, and the refund that is owed for them (16 CFR 435.2(c), 435.1(b), (d))."""

from datetime import timedelta

import pytest

from connector.domain.errors import BadInput
from connector.domain.obligations import Answer, Cause, cancel, refunded
from tests.domain.obligations.given import GRACE_END, T_END, Story, line, order, time

AT = "2026-03-10T12:00:00Z"
DUE = "2026-03-20T03:59:59Z"  # seven working days after 10 March: 19 March


def quiet(*names: str) -> Story:
    """An order that nothing had to be said about."""
    return Story(order(*(line("2026-03-20", name=name) for name in names or ("1",))))


def ended(cause: str, *names: str, at: str = AT, due: str = DUE) -> list[str]:
    names = names or ("1",)
    return [
        *(f"{at} deemed_cancelled {name} x1 {cause}" for name in names),
        f"{at} obligation refund open due {due}",
        f"{at} notice cancelled {','.join(names)} {cause}",
    ]


def test_a_buyer_who_cancels_ends_all_that_is_unshipped_at_once() -> None:
    """16 CFR 435.2(c)(1)."""
    assert quiet("1", "2").answered(AT, Answer.CANCEL).told() == ended("buyer", "1", "2")


def test_a_seller_who_will_not_ship_ends_it_too() -> None:
    """16 CFR 435.2(c)(4)."""
    assert quiet().cancelled(AT, Cause.SELLER).told() == ended("seller")


def test_one_line_can_be_ended_alone() -> None:
    """16 CFR 435.2(c)(4)."""
    story = quiet("1", "2").cancelled(AT, Cause.SELLER, ["2"])
    assert story.told() == ended("seller", "2")
    story.now("2026-03-11T12:00:00Z", line(None, name="1"), line(None, name="2"))
    assert story.told()[1] == f"2026-03-11T12:00:00Z notice option_first undated silence means cancel at {GRACE_END}"


def test_what_has_shipped_cannot_be_cancelled() -> None:
    """16 CFR 435.2(c)(1): prior to the time of shipment."""
    assert quiet().now("2026-03-09T12:00:00Z").answered(AT, Answer.CANCEL).told() == []


def test_a_second_cancellation_says_nothing() -> None:
    """16 CFR 435.2(c)(1)."""
    story = quiet().answered(AT, Answer.CANCEL)
    story.told()
    assert story.answered(AT, Answer.CANCEL).cancelled("2026-03-11T12:00:00Z", Cause.SELLER).told() == []


def test_a_cancelled_line_that_is_shown_again_stays_cancelled() -> None:
    """16 CFR 435.2(c)."""
    story = quiet().answered(AT, Answer.CANCEL)
    story.told()
    story.now("2026-03-11T12:00:00Z", line(None)).until("2026-03-19T00:00:00Z")
    assert story.told() == []


def test_a_refund_in_time_meets_the_duty() -> None:
    """16 CFR 435.1(b)(1): within seven working days."""
    story = quiet().answered(AT, Answer.CANCEL)
    story.told()
    assert story.refunded("2026-03-12T12:00:00Z").until("2027-01-01T00:00:00Z").told() == [
        f"2026-03-12T12:00:00Z obligation refund met due {DUE}",
        "2026-03-12T12:00:00Z notice refund_statement refunded",
    ]


def test_a_refund_at_the_last_instant_is_in_time() -> None:
    """16 CFR 435.1(b)(1)."""
    story = quiet().answered(AT, Answer.CANCEL)
    story.told()
    assert story.refunded(DUE).told()[0] == f"{DUE} obligation refund met due {DUE}"


def test_a_refund_that_does_not_come_is_a_breach_when_it_is_due() -> None:
    """16 CFR 435.2(c)."""
    story = quiet().answered(AT, Answer.CANCEL)
    story.told()
    assert story.until("2027-01-01T00:00:00Z").told() == [f"{DUE} obligation refund breached due {DUE}"]


def test_a_late_refund_is_still_told_to_the_buyer() -> None:
    """16 CFR 435.1(d)."""
    story = quiet().answered(AT, Answer.CANCEL).until(DUE)
    story.told()
    story.refunded("2026-04-12T12:00:00Z")
    assert story.told() == ["2026-04-12T12:00:00Z notice refund_statement refunded"]


def test_a_late_refund_that_nobody_woke_for_is_a_breach_all_the_same() -> None:
    """16 CFR 435.2(c)."""
    story = quiet().answered(AT, Answer.CANCEL)
    assert story.clock is not None
    story.told()
    story.clock, events = refunded(story.clock, time(DUE) + timedelta(seconds=1))
    story.events.extend(events)
    assert story.told() == [
        f"2026-03-20T04:00:00Z obligation refund breached due {DUE}",
        "2026-03-20T04:00:00Z notice refund_statement refunded",
    ]


def test_a_refund_that_nobody_owed_says_nothing() -> None:
    assert quiet().refunded(AT).told() == []


def test_a_second_refund_says_nothing() -> None:
    story = quiet().answered(AT, Answer.CANCEL).refunded("2026-03-12T12:00:00Z")
    story.told()
    assert story.refunded("2026-03-13T12:00:00Z").told() == []


def test_two_cancellations_before_the_refund_are_one_duty_due_with_the_first() -> None:
    """16 CFR 435.2(c)."""
    story = quiet("1", "2").cancelled(AT, Cause.BUYER, ["1"])
    story.told()
    later = "2026-03-12T12:00:00Z"
    assert story.cancelled(later, Cause.BUYER).told() == [
        f"{later} deemed_cancelled 2 x1 buyer",
        f"{later} notice cancelled 2 buyer",
    ]


def test_a_cancellation_after_the_refund_owes_another() -> None:
    """16 CFR 435.2(c)."""
    story = quiet("1", "2").cancelled(AT, Cause.BUYER, ["1"]).refunded("2026-03-11T12:00:00Z")
    story.told()
    later = "2026-03-12T12:00:00Z"
    assert story.cancelled(later, Cause.BUYER).told() == ended("buyer", "2", at=later, due="2026-03-24T03:59:59Z")


def test_who_was_never_charged_is_told_so_and_that_is_the_refund() -> None:
    """16 CFR 435.1(d)(2)(iii)."""
    story = Story(order(line("2026-03-20"), charged=False)).answered(AT, Answer.CANCEL)
    assert story.until("2027-01-01T00:00:00Z").told() == [
        *ended("buyer"),
        f"{AT} notice refund_statement never charged",
        f"{AT} obligation refund met due {DUE}",
    ]


def test_a_refund_owed_for_a_charged_line_is_not_met_by_an_uncharged_one() -> None:
    """16 CFR 435.2(c)."""
    story = quiet("1", "2").cancelled(AT, Cause.BUYER, ["1"])
    story.now("2026-03-11T12:00:00Z", line("2026-03-20", name="2"), charged=False)
    story.told()
    story.cancelled("2026-03-12T12:00:00Z", Cause.BUYER).until(DUE)
    assert story.told() == [
        "2026-03-12T12:00:00Z deemed_cancelled 2 x1 buyer",
        "2026-03-12T12:00:00Z notice cancelled 2 buyer",
        "2026-03-12T12:00:00Z notice refund_statement never charged",
        f"{DUE} obligation refund breached due {DUE}",
    ]


def test_federal_holidays_do_not_count_toward_the_seven_days() -> None:
    """16 CFR 435.1(b)(1): Memorial Day, 25 May 2026, lies in between."""
    at = "2026-05-20T12:00:00Z"
    story = Story(order(line("2026-05-30"), placed="2026-05-10T12:00:00Z"), at="2026-05-10T12:00:00Z")
    assert story.answered(at, Answer.CANCEL).told() == ended("buyer", at=at, due="2026-06-02T03:59:59Z")


def test_the_seven_days_run_from_the_store_s_day() -> None:
    """A cancellation of 03:00 UTC on 11 March is one of 10 March in New York."""
    at = "2026-03-11T03:00:00Z"
    assert quiet().answered(at, Answer.CANCEL).told() == ended("buyer", at=at)


def test_a_lapse_noticed_late_owes_the_refund_since_the_lapse() -> None:
    """16 CFR 435.1(b)(1): from the date on which the right vests."""
    story = Story(order(line(None)))
    story.told()
    story.slept_until("2026-07-01T12:00:00Z")
    assert story.told() == [
        *ended("no_consent", at="2026-07-01T12:00:00Z", due="2026-05-12T03:59:59Z"),
        "2026-07-01T12:00:00Z obligation refund breached due 2026-05-12T03:59:59Z",
    ]


def test_a_cancelled_order_is_never_asked_again() -> None:
    """16 CFR 435.2(c)."""
    story = quiet().answered(AT, Answer.CANCEL).refunded(AT)
    story.told()
    story.now("2026-03-20T12:00:00Z", line(None)).until("2027-01-01T00:00:00Z")
    assert story.told() == []


def test_an_option_that_was_owed_has_nothing_left_to_offer_once_the_buyer_cancels() -> None:
    """16 CFR 435.2(c)(1)."""
    story = Story(order(line(None), reachable=False))
    story.told()
    first, met, *rest = story.answered(AT, Answer.CANCEL).told()
    assert met == f"{AT} obligation first_option met due {T_END}"
    assert [first, *rest] == ended("buyer")


def test_a_line_added_to_an_order_that_had_lapsed_is_left_to_the_staff() -> None:
    """The option that the buyer had was about other lines."""
    story = Story(order(line(None, name="1"))).until(GRACE_END)
    story.told()
    at = "2026-05-02T12:00:00Z"
    story.now(at, line(None, name="1"), line(None, name="2"))
    assert story.told() == [f"{at} notice staff_alert late_start due {GRACE_END}"]


@pytest.mark.parametrize("cause", [Cause.NO_CONSENT, Cause.RENEWED_SILENCE, Cause.NO_VALID_OPTION])
def test_nobody_can_cancel_for_a_reason_that_the_clock_has_to_find(cause: Cause) -> None:
    story = quiet()
    with pytest.raises(BadInput, match=f"cause: {cause.value} is for the clock alone to find"):
        cancel(story.clock, story.standing, cause, time(AT))
