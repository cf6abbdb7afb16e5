"""What a buyer's answer, or none, does to an order under a first option (16 CFR 435.2(b)(1), (c)(2))."""

from connector.domain.obligations import Answer, Consent
from tests.domain.obligations.given import GRACE_END, T_END, Story, line, order

REFUND_DUE = "2026-05-12T03:59:59Z"  # seven working days after 30 April: 11 May
LAPSED = [
    f"{GRACE_END} deemed_cancelled 1 x1 no_consent",
    f"{GRACE_END} obligation refund open due {REFUND_DUE}",
    f"{GRACE_END} notice cancelled 1 no_consent",
]


def offered(*lines: str | None) -> Story:
    """An order whose first option is out."""
    story = Story(order(*(line(eta, name=str(n)) for n, eta in enumerate(lines, 1))))
    story.told()
    return story


def consent(story: Story) -> Consent:
    assert story.clock is not None
    return story.clock.consent


def test_silence_to_a_late_date_ends_the_order_thirty_days_after_the_t_day() -> None:
    """16 CFR 435.2(b)(1)(iii), (c)(2)."""
    assert offered("2026-06-01").until(GRACE_END).told() == LAPSED


def test_silence_to_an_unknown_date_ends_the_order_thirty_days_after_the_t_day() -> None:
    """16 CFR 435.2(b)(1)(iii), (c)(2)."""
    assert offered(None).until(GRACE_END).told() == LAPSED


def test_nothing_ends_a_second_earlier() -> None:
    """16 CFR 435.2(b)(1)(iii)."""
    assert offered(None).until("2026-05-01T03:59:58Z").told() == []


def test_silence_to_a_date_within_thirty_days_is_consent_until_that_date() -> None:
    """16 CFR 435.2(b)(1)(ii)."""
    story = offered("2026-04-20").until("2026-04-20T03:59:59Z")
    assert story.told() == []
    assert consent(story) is Consent.SILENT


def test_a_yes_to_a_late_date_keeps_the_order() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    story = offered("2026-06-01").answered("2026-03-10T12:00:00Z", Answer.WAIT).until("2026-05-31T12:00:00Z")
    assert story.told() == []
    assert consent(story) is Consent.EXPRESS


def test_a_yes_at_the_last_instant_is_in_time() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    assert offered(None).answered(GRACE_END, Answer.WAIT).until("2026-12-01T00:00:00Z").told() == []


def test_a_yes_a_second_later_is_too_late() -> None:
    """16 CFR 435.2(c)(2)."""
    assert offered(None).answered("2026-05-01T04:00:00Z", Answer.WAIT).told() == LAPSED


def test_a_yes_to_an_unknown_date_is_a_standing_consent() -> None:
    """16 CFR 435.2(b)(2): no renewed option after a consent to an indefinite delay."""
    story = offered(None).answered("2026-03-10T12:00:00Z", Answer.WAIT)
    story.now("2026-05-01T12:00:00Z", line("2026-07-01")).now("2026-06-01T12:00:00Z", line(None))
    assert story.until("2027-03-01T00:00:00Z").told() == []
    assert consent(story) is Consent.STANDING


def test_who_waits_without_a_date_may_cancel_at_any_time() -> None:
    """16 CFR 435.2(b)(1)(iii): a continuing right to cancel."""
    story = (
        offered(None).answered("2026-03-10T12:00:00Z", Answer.WAIT).answered("2026-09-01T12:00:00Z", Answer.CANCEL)
    )
    assert story.told()[0] == "2026-09-01T12:00:00Z deemed_cancelled 1 x1 buyer"


def test_a_date_learnt_later_does_not_turn_silence_into_consent() -> None:
    """16 CFR 435.2(b)(1)(iii): the buyer was told that silence cancels."""
    assert offered(None).now("2026-03-05T12:00:00Z", line("2026-04-05")).until(GRACE_END).told() == LAPSED


def test_what_shipped_by_the_end_of_the_thirty_days_is_not_cancelled() -> None:
    """16 CFR 435.2(b)(1)(iii)(A)."""
    story = offered("2026-06-01", "2026-06-01").now(GRACE_END, line("2026-06-01", name="2")).until(GRACE_END)
    assert [one for one in story.told() if "deemed" in one] == [f"{GRACE_END} deemed_cancelled 2 x1 no_consent"]


def test_a_complete_shipment_in_time_ends_the_matter() -> None:
    """16 CFR 435.2(b)(1)(iii)(A)."""
    assert offered("2026-06-01").now(GRACE_END).until("2027-01-01T00:00:00Z").told() == []


def test_only_the_units_without_a_carrier_are_cancelled() -> None:
    """16 CFR 435.2(c)(2)."""
    story = Story(order(line(None, waiting=5, quantity=5)))
    story.told()
    story.now("2026-04-10T12:00:00Z", line(None, waiting=2, quantity=2)).until(GRACE_END)
    assert story.told()[0] == f"{GRACE_END} deemed_cancelled 1 x2 no_consent"


def test_partial_and_substitute_are_no_consent() -> None:
    """16 CFR 435.2(b)(1)(iii)(B): specifically consenting."""
    story = offered(None).answered("2026-03-10T12:00:00Z", Answer.PARTIAL)
    story.answered("2026-03-11T12:00:00Z", Answer.SUBSTITUTE).until(GRACE_END)
    assert story.told() == LAPSED


def test_a_yes_without_an_offer_agrees_to_nothing() -> None:
    """16 CFR 435.2(b)(1)."""
    story = Story(order(line("2026-03-20"))).answered("2026-03-02T12:00:00Z", Answer.WAIT)
    story.now("2026-03-03T12:00:00Z", line(None))
    assert story.told()[0] == f"2026-03-03T12:00:00Z obligation first_option open due {T_END}"
    assert consent(story) is Consent.NONE


def test_a_second_yes_changes_nothing() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    story = offered("2026-06-01").answered("2026-03-10T12:00:00Z", Answer.WAIT)
    once = story.clock
    story.answered("2026-03-10T12:00:00Z", Answer.WAIT)
    assert story.told() == []
    assert story.clock == once


def test_an_answer_that_names_its_notice_counts() -> None:
    story = offered(None).answered("2026-03-10T12:00:00Z", Answer.WAIT, notice=1)
    assert consent(story) is Consent.STANDING


def test_an_answer_to_another_notice_agrees_to_nothing() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    story = offered(None).answered("2026-03-10T12:00:00Z", Answer.WAIT, notice=2)
    assert consent(story) is Consent.NONE
