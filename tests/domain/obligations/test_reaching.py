"""An option that reaches nobody was never given (16 CFR 435.2(b)(1), (c)(5))."""

from connector.domain.obligations import Answer
from tests.domain.obligations.given import GRACE_END, PLACED, T_END, Story, line, order

OPEN = f"{PLACED} obligation first_option open due {T_END}"
REFUND_DUE = "2026-04-10T03:59:59Z"  # seven working days after 31 March: 9 April
NO_OPTION = [
    f"{T_END} obligation first_option breached due {T_END}",
    f"{T_END} deemed_cancelled 1 x1 no_valid_option",
    f"{T_END} obligation refund open due {REFUND_DUE}",
    f"{T_END} notice cancelled 1 no_valid_option",
]
BOUNCE = "2026-03-01T10:05:00Z"


def sent(eta: str | None = None, **more: bool) -> Story:
    """An order whose first option is out."""
    story = Story(order(line(eta), **more))
    story.told()
    return story


def test_without_an_address_the_duty_stays_open_and_staff_is_told_once() -> None:
    """16 CFR 435.2(b)(1)."""
    story = Story(order(line(None), reachable=False))
    assert story.told() == [OPEN, f"{PLACED} notice staff_alert unreachable due {T_END}"]
    story.now("2026-03-05T12:00:00Z", line("2026-05-01")).now("2026-03-06T12:00:00Z", line(None))
    assert story.told() == []


def test_the_option_goes_out_once_there_is_an_address() -> None:
    """16 CFR 435.2(b)(1)."""
    story = sent(reachable=False).now("2026-03-05T12:00:00Z", line("2026-04-05"), reachable=True)
    assert story.told() == [
        "2026-03-05T12:00:00Z notice option_first 2026-04-05 silence means consent",
        f"2026-03-05T12:00:00Z obligation first_option met due {T_END}",
    ]


def test_a_t_day_that_ends_without_an_option_ends_the_order() -> None:
    """16 CFR 435.2(c)(5)."""
    story = sent(reachable=False)
    assert story.until("2026-04-01T03:59:58Z").told() == []
    assert story.until(T_END).told() == NO_OPTION


def test_what_ships_before_needs_no_option_any_more() -> None:
    """16 CFR 435.2(c)(5): and has not shipped within the applicable time."""
    story = sent(reachable=False).now("2026-03-30T12:00:00Z").until("2027-01-01T00:00:00Z")
    assert story.told() == [f"2026-03-30T12:00:00Z obligation first_option met due {T_END}"]


def test_an_option_that_bounced_counts_as_not_sent() -> None:
    """16 CFR 435.2(b)(1)."""
    story = sent().bounced(BOUNCE, 1, reachable=False)
    assert story.told() == [
        f"{BOUNCE} obligation first_option open due {T_END}",
        f"{BOUNCE} notice staff_alert bounced due {T_END}",
    ]
    assert story.until(T_END).told() == NO_OPTION


def test_after_a_bounce_it_is_sent_again_to_the_new_address() -> None:
    """16 CFR 435.2(b)(1)."""
    story = sent().bounced(BOUNCE, 1, reachable=False)
    story.told()
    again = "2026-03-02T12:00:00Z"
    assert story.now(again, line(None), reachable=True).told() == [
        f"{again} notice option_first undated silence means cancel at {GRACE_END}",
        f"{again} obligation first_option met due {T_END}",
    ]


def test_the_bounce_of_a_notice_that_was_sent_again_since_means_nothing() -> None:
    """16 CFR 435.2(b)(1)."""
    story = sent().bounced(BOUNCE, 1)
    story.told()
    assert story.bounced("2026-03-01T10:06:00Z", 1).told() == []


def test_a_bounce_that_is_learnt_of_after_the_t_day_ends_the_order_then() -> None:
    """16 CFR 435.2(c)(5)."""
    at = "2026-04-02T12:00:00Z"
    story = sent("2026-04-20").bounced(at, 1, reachable=False)
    assert story.told() == [
        f"{at} obligation first_option open due {T_END}",
        f"{at} notice staff_alert bounced due {T_END}",
        f"{at} obligation first_option breached due {T_END}",
        f"{at} deemed_cancelled 1 x1 no_valid_option",
        f"{at} obligation refund open due {REFUND_DUE}",
        f"{at} notice cancelled 1 no_valid_option",
    ]


def test_a_buyer_who_answered_was_reached() -> None:
    """16 CFR 435.2(b)(1)."""
    story = sent().answered("2026-03-02T12:00:00Z", Answer.WAIT)
    assert story.bounced("2026-03-03T12:00:00Z", 1).until("2027-01-01T00:00:00Z").told() == []


def test_the_bounce_for_an_order_that_has_shipped_means_nothing() -> None:
    assert sent().now("2026-03-02T12:00:00Z").bounced("2026-03-03T12:00:00Z", 1).told() == []


def test_a_renewed_option_that_bounced_is_sent_again() -> None:
    """16 CFR 435.2(b)(2)."""
    story = sent("2026-04-20").now("2026-04-02T12:00:00Z", line("2026-05-20"))
    story.told()
    at, due = "2026-04-02T12:05:00Z", "2026-04-21T03:59:59Z"
    assert story.bounced(at, 2).told() == [
        f"{at} obligation renewed_option open due {due}",
        f"{at} notice staff_alert bounced due {due}",
        f"{at} notice option_renewed 2026-05-20 silence means cancel at {due}",
        f"{at} obligation renewed_option met due {due}",
    ]


def test_a_renewed_option_that_reaches_nobody_is_a_breach_and_ends_the_order_with_the_r_day() -> None:
    """16 CFR 435.2(b)(2), (c)(3)."""
    story = sent("2026-04-20").now("2026-04-02T12:00:00Z", line("2026-05-20"), reachable=False)
    due = "2026-04-21T03:59:59Z"
    assert story.until(due).told()[:4] == [
        f"2026-04-02T12:00:00Z obligation renewed_option open due {due}",
        f"2026-04-02T12:00:00Z notice staff_alert unreachable due {due}",
        f"{due} obligation renewed_option breached due {due}",
        f"{due} deemed_cancelled 1 x1 renewed_silence",
    ]


def test_the_bounce_of_a_renewed_option_leaves_the_first_lapse_standing() -> None:
    """16 CFR 435.2(c)(2)."""
    story = sent("2026-06-01").now("2026-04-02T12:00:00Z", line("2026-07-01"))
    story.bounced("2026-04-02T12:05:00Z", 2, reachable=False)
    story.told()
    assert story.until(GRACE_END).told()[:2] == [
        f"{GRACE_END} deemed_cancelled 1 x1 no_consent",
        f"{GRACE_END} obligation renewed_option met due 2026-06-02T03:59:59Z",
    ]


def test_a_yes_after_the_bounce_agrees_to_nothing_until_it_is_sent_again() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    story = sent().bounced(BOUNCE, 1, reachable=False).answered("2026-03-02T12:00:00Z", Answer.WAIT)
    story.told()
    assert story.until(T_END).told() == NO_OPTION
