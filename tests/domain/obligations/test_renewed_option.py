"""The renewed option: owed before the R-day is missed, silence cancels (16 CFR 435.2(b)(2), (c)(3))."""

from connector.domain.obligations import Answer
from tests.domain.obligations.given import FILLED, GRACE_END, Story, line, order

R_BEGIN = "2026-04-20T04:00:00Z"
R_END = "2026-04-21T03:59:59Z"
REFUND_DUE = "2026-04-30T03:59:59Z"  # seven working days after 20 April: 29 April


def consented(eta: str = "2026-04-20") -> Story:
    """An order whose first option offered a date that silence consents to."""
    story = Story(order(line(eta)))
    story.told()
    return story


def renewed(at: str, eta: str, due: str = R_END, cancels: str | None = None) -> list[str]:
    return [
        f"{at} obligation renewed_option open due {due}",
        f"{at} notice option_renewed {eta} silence means cancel at {cancels or due}",
        f"{at} obligation renewed_option met due {due}",
    ]


LAPSED = [
    f"{R_END} deemed_cancelled 1 x1 renewed_silence",
    f"{R_END} obligation refund open due {REFUND_DUE}",
    f"{R_END} notice cancelled 1 renewed_silence",
]


def test_a_date_beyond_the_r_day_calls_for_it_at_that_instant() -> None:
    """16 CFR 435.2(b)(2)."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-04-21"))
    assert story.told() == renewed("2026-04-02T12:00:00Z", "2026-04-21")


def test_a_date_that_is_lost_calls_for_it_too() -> None:
    """16 CFR 435.2(b)(2)(i)."""
    story = consented().now("2026-04-02T12:00:00Z", line(None))
    assert story.told() == renewed("2026-04-02T12:00:00Z", "undated")


def test_a_better_date_calls_for_nothing() -> None:
    """16 CFR 435.2(b)(2)."""
    assert consented().now("2026-04-02T12:00:00Z", line("2026-04-10")).told() == []


def test_it_can_be_owed_before_the_t_day_is_over() -> None:
    """16 CFR 435.2(b)(2): within a reasonable time after the seller becomes aware."""
    story = consented().now("2026-03-02T12:00:00Z", line("2026-04-25"))
    assert story.told() == renewed("2026-03-02T12:00:00Z", "2026-04-25")


def test_an_r_day_that_begins_with_lines_unshipped_calls_for_it() -> None:
    """16 CFR 435.2(b)(2): in no event later than the expiration of the revised date."""
    story = consented().now("2026-04-15T12:00:00Z", FILLED).until(R_BEGIN)
    assert story.told() == renewed(R_BEGIN, "2026-04-27")


def test_no_renewed_option_goes_out_before_the_r_day_begins() -> None:
    assert consented().until("2026-04-20T03:59:59Z").told() == []


def test_silence_ends_the_order_with_the_old_r_day() -> None:
    """16 CFR 435.2(b)(2)(ii), (c)(3)."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-05-20"))
    story.told()
    assert story.until("2026-04-21T03:59:58Z").told() == []
    assert story.until(R_END).told() == LAPSED


def test_what_ships_by_the_old_r_day_is_not_cancelled() -> None:
    """16 CFR 435.2(b)(2)(ii): if the seller is in fact unable to ship."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-05-20"))
    story.told()
    assert story.now(R_END).until("2027-01-01T00:00:00Z").told() == []


def test_a_yes_moves_the_r_day_to_the_date_offered() -> None:
    """16 CFR 435.2(b)(2): the date consented to supersedes the revised one."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-05-20")).answered(R_END, Answer.WAIT)
    story.told()
    assert story.until("2026-05-20T03:59:59Z").told() == []
    story.until("2026-05-20T04:00:00Z")
    assert story.told() == renewed("2026-05-20T04:00:00Z", "2026-05-27", due="2026-05-21T03:59:59Z")


def test_a_yes_to_a_renewed_option_without_a_date_is_a_standing_consent() -> None:
    """16 CFR 435.2(b)(2)."""
    story = consented().now("2026-04-02T12:00:00Z", line(None)).answered("2026-04-03T12:00:00Z", Answer.WAIT)
    story.told()
    assert story.until("2027-01-01T00:00:00Z").told() == []


def test_a_date_that_moves_again_before_the_answer_brings_no_second_notice() -> None:
    """16 CFR 435.2(b)(2): the option is out; the R-day has not moved."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-05-20"))
    story.told()
    story.now("2026-04-03T12:00:00Z", line("2026-06-01"))
    assert story.told() == []


def test_a_yes_to_a_date_that_no_longer_holds_calls_for_the_next_option() -> None:
    """16 CFR 435.2(b)(2)."""
    story = (
        consented().now("2026-04-02T12:00:00Z", line("2026-05-20")).now("2026-04-03T12:00:00Z", line("2026-06-01"))
    )
    story.told()
    story.answered("2026-04-04T12:00:00Z", Answer.WAIT)
    assert story.told() == renewed("2026-04-04T12:00:00Z", "2026-06-01", due="2026-05-21T03:59:59Z")


def test_a_yes_to_the_first_notice_does_not_answer_the_renewed_one() -> None:
    """16 CFR 435.2(b)(2)(ii): specifically consenting to the further delay."""
    story = consented().now("2026-04-02T12:00:00Z", line("2026-05-20"))
    story.told()
    assert story.answered("2026-04-03T12:00:00Z", Answer.WAIT, notice=1).until(R_END).told() == LAPSED


def test_a_late_date_that_moves_before_any_answer_still_ends_thirty_days_after_the_t_day() -> None:
    """16 CFR 435.2(c)(2): the first lapse is the earlier one and is the one named."""
    story = consented("2026-06-01").now("2026-04-02T12:00:00Z", line("2026-07-01"))
    assert story.told() == renewed(
        "2026-04-02T12:00:00Z", "2026-07-01", due="2026-06-02T03:59:59Z", cancels=GRACE_END
    )
    assert story.until(GRACE_END).told()[0] == f"{GRACE_END} deemed_cancelled 1 x1 no_consent"


def test_a_yes_to_that_one_agrees_to_the_newer_date() -> None:
    """16 CFR 435.2(b)(1)(iii)(B), (b)(2)."""
    story = consented("2026-06-01").now("2026-04-02T12:00:00Z", line("2026-07-01"))
    story.answered("2026-04-03T12:00:00Z", Answer.WAIT)
    story.told()
    story.until("2026-07-01T04:00:00Z")
    assert story.told() == renewed("2026-07-01T04:00:00Z", "2026-07-08", due="2026-07-02T03:59:59Z")


def test_a_clock_that_slept_through_the_r_day_finds_the_duty_breached() -> None:
    """16 CFR 435.2(b)(2), (c)(3)."""
    at = "2026-04-24T10:00:00Z"
    assert consented().slept_until(at).told() == [
        f"{at} obligation renewed_option open due {R_END}",
        f"{at} obligation renewed_option breached due {R_END}",
        f"{at} deemed_cancelled 1 x1 renewed_silence",
        f"{at} obligation refund open due {REFUND_DUE}",
        f"{at} notice cancelled 1 renewed_silence",
    ]
