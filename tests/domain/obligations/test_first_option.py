"""The first option: when it is owed, what it offers, what silence means (16 CFR 435.2(b)(1))."""

from zoneinfo import ZoneInfo

import pytest

from connector.domain.obligations import Answer, OptionNotice, Told
from tests.domain.obligations.given import FILLED, GRACE_END, PLACED, T_END, WARNED, Story, line, order, time


def sent(eta: str, silence: str, at: str = PLACED, due: str = T_END) -> list[str]:
    return [
        f"{at} obligation first_option open due {due}",
        f"{at} notice option_first {eta} silence means {silence}",
        f"{at} obligation first_option met due {due}",
    ]


def test_a_date_within_the_thirty_days_calls_for_no_option() -> None:
    """16 CFR 435.2(a)(1)(ii)."""
    assert Story(order(line("2026-03-31"))).told() == []


def test_a_date_after_the_t_day_calls_for_the_option_at_that_instant() -> None:
    """16 CFR 435.2(b)(1), (b)(1)(ii)."""
    assert Story(order(line("2026-04-01"))).told() == sent("2026-04-01", "consent")


def test_a_date_thirty_days_after_the_t_day_may_still_be_consented_to_by_silence() -> None:
    """16 CFR 435.2(b)(1)(ii)."""
    assert Story(order(line("2026-04-30"))).told() == sent("2026-04-30", "consent")


def test_a_date_one_day_later_needs_a_yes() -> None:
    """16 CFR 435.2(b)(1)(iii)."""
    assert Story(order(line("2026-05-01"))).told() == sent("2026-05-01", f"cancel at {GRACE_END}")


def test_an_unknown_date_needs_a_yes() -> None:
    """16 CFR 435.2(b)(1)(iii)."""
    assert Story(order(line(None))).told() == sent("undated", f"cancel at {GRACE_END}")


def test_the_latest_date_of_the_unshipped_lines_counts() -> None:
    """16 CFR 435.2(b)(1)."""
    early, late = line("2026-03-05", name="1"), line("2026-04-10", name="2")
    assert Story(order(early, late, line(waiting=0, name="3"))).told() == sent("2026-04-10", "consent")


def test_one_unknown_date_makes_the_order_s_date_unknown() -> None:
    """16 CFR 435.2(b)(1)(iii)."""
    story = Story(order(line("2026-03-05", name="1"), line(None, name="2")))
    assert story.told() == sent("undated", f"cancel at {GRACE_END}")


def test_the_option_goes_out_once_the_date_moves_beyond_the_t_day() -> None:
    """16 CFR 435.2(b)(1): within a reasonable time after the seller becomes aware."""
    story = Story(order(line("2026-03-20")))
    assert story.told() == []
    story.now("2026-03-10T12:00:00Z", line("2026-04-05"))
    assert story.told() == sent("2026-04-05", "consent", at="2026-03-10T12:00:00Z")


def test_the_option_is_sent_once() -> None:
    """16 CFR 435.2(b)(1)."""
    story = Story(order(line("2026-04-20")))
    story.told()
    story.now("2026-03-10T12:00:00Z", line("2026-04-10")).now("2026-03-11T12:00:00Z", line("2026-04-20"))
    assert story.told() == []


def test_units_on_hand_that_did_not_leave_are_warned_of_a_day_before_the_end() -> None:
    """16 CFR 435.1(e): shipment is when the carrier has it; 435.2(b)(1): in no event later than T."""
    story = Story(order(FILLED)).until(WARNED)
    assert story.told() == sent("2026-04-07", "consent", at=WARNED)


def test_a_line_that_should_have_come_by_the_t_day_is_warned_of_with_a_later_date() -> None:
    """16 CFR 435.2(b)(1)(i): a revised date lies after the one that it revises."""
    story = Story(order(line("2026-03-31"))).until(WARNED)
    assert story.told() == sent("2026-04-07", "consent", at=WARNED)


def test_no_warning_goes_out_a_second_earlier() -> None:
    assert Story(order(FILLED)).until("2026-03-31T03:59:58Z").told() == []


def test_what_shipped_in_time_is_never_warned_of() -> None:
    """16 CFR 435.2(a)(1)."""
    assert Story(order(FILLED)).now("2026-03-30T12:00:00Z").until("2026-12-01T00:00:00Z").told() == []


def test_the_days_stated_at_the_order_set_the_t_day() -> None:
    """16 CFR 435.2(a)(1)(i)."""
    story = Story(order(line("2026-03-09"), stated_days=7))
    assert story.told() == sent("2026-03-09", "consent", due="2026-03-09T03:59:59Z")


def test_a_credit_application_without_a_stated_time_gives_fifty_days() -> None:
    """16 CFR 435.2(a)(1)(ii): 20 April is day 50."""
    assert Story(order(line("2026-04-20"), credit_without_time=True)).told() == []
    story = Story(order(line("2026-04-21"), credit_without_time=True))
    assert story.told() == sent("2026-04-21", "consent", due="2026-04-21T03:59:59Z")


def test_a_stated_time_holds_for_a_credit_application_too() -> None:
    """16 CFR 435.2(a)(1)."""
    story = Story(order(line("2026-03-20"), credit_without_time=True, stated_days=7))
    assert story.told()[0].endswith("due 2026-03-09T03:59:59Z")


def test_the_order_s_day_is_the_store_s() -> None:
    """An order of 03:00 UTC on 2 March is one of 1 March in New York."""
    story = Story(order(line("2026-04-01"), placed="2026-03-02T03:00:00Z"), at="2026-03-02T03:00:00Z")
    assert story.told() == sent("2026-04-01", "consent", at="2026-03-02T03:00:00Z")


def test_the_t_day_does_not_move_when_the_stated_days_do() -> None:
    """16 CFR 435.2(a)(1)(i): stated at the time of solicitation."""
    story = Story(order(line("2026-03-20"))).now("2026-03-02T10:00:00Z", line("2026-03-20"), stated_days=3)
    assert story.told() == []


@pytest.mark.parametrize(("eta", "days"), [("2026-04-10", 10), (None, None)])
def test_the_notice_tells_the_delay_in_days_its_number_and_what_it_stands_for(
    eta: str | None, days: int | None
) -> None:
    (notice,) = (one for one in Story(order(line(eta))).events if isinstance(one, OptionNotice))
    assert (notice.delay_days, notice.serial, notice.withdrawal) == (days, 1, False)
    assert notice.replaces == {"backordered", "eta_changed"}


def test_an_option_given_before_the_clock_watched_is_taken_over() -> None:
    """16 CFR 435.2(b)(1): who offered it, and how, does not matter."""
    told = Told(time("2026-03-20T10:00:00Z"), line("2026-05-20").eta)
    story = Story(order(line("2026-05-20"), told=told), at="2026-04-10T12:00:00Z")
    assert story.told() == []
    story.until(GRACE_END)
    assert story.told()[0] == f"{GRACE_END} deemed_cancelled 1 x1 no_consent"


def test_a_consent_given_before_the_clock_watched_is_taken_over() -> None:
    """16 CFR 435.2(b)(1)(iii)."""
    told = Told(time("2026-03-20T10:00:00Z"), None, consented=True)
    story = Story(order(line(None), told=told), at="2026-08-10T12:00:00Z").until("2027-01-01T00:00:00Z")
    assert story.told() == []


def test_an_option_given_after_the_t_day_was_none() -> None:
    """16 CFR 435.2(b)(1): in no event later than T."""
    told = Told(time("2026-04-02T10:00:00Z"), None, consented=True)
    story = Story(order(line(None), told=told), at="2026-08-10T12:00:00Z")
    assert story.told() == [f"2026-08-10T12:00:00Z notice staff_alert late_start due {T_END}"]


def test_an_order_that_comes_to_us_too_late_is_left_to_the_staff() -> None:
    """Nobody here knows what was offered: nothing is cancelled, staff is told once."""
    story = Story(order(line("2026-06-20")), at="2026-05-10T12:00:00Z")
    assert story.told() == [f"2026-05-10T12:00:00Z notice staff_alert late_start due {T_END}"]
    story.now("2026-05-11T12:00:00Z", line(None)).until("2027-01-01T00:00:00Z")
    assert story.told() == []


def test_the_buyer_can_still_cancel_what_was_left_to_the_staff() -> None:
    """16 CFR 435.2(c)(1)."""
    story = Story(order(line(None)), at="2026-05-10T12:00:00Z")
    story.told()
    story.answered("2026-05-11T12:00:00Z", Answer.CANCEL)
    assert story.told()[0] == "2026-05-11T12:00:00Z deemed_cancelled 1 x1 buyer"


def test_a_line_added_after_the_t_day_to_an_order_that_had_shipped_is_left_to_the_staff() -> None:
    """No option was owed while nothing was unshipped, so none was missed."""
    story = Story(order(FILLED)).now("2026-03-05T12:00:00Z").now("2026-06-01T12:00:00Z", line(None, name="2"))
    assert story.told() == [f"2026-06-01T12:00:00Z notice staff_alert late_start due {T_END}"]


def test_the_end_of_the_day_holds_where_clocks_are_set_back_over_midnight() -> None:
    """Santiago repeats 23:00 to 24:00 of 4 April 2026: the day ends with the second 23:59:59."""
    chile = order(line(None), zone=ZoneInfo("America/Santiago"), stated_days=34)
    assert Story(chile).told()[0] == f"{PLACED} obligation first_option open due 2026-04-05T03:59:59Z"


def test_an_order_that_comes_to_us_at_the_last_instant_still_gets_its_option() -> None:
    """16 CFR 435.2(b)(1): in no event later than T."""
    assert Story(order(line("2026-04-20")), at=T_END).told() == sent("2026-04-20", "consent", at=T_END)


def test_staff_that_knows_of_an_earlier_option_sets_the_clock_going() -> None:
    """16 CFR 435.2(b)(2)."""
    story = Story(order(line("2026-06-20")), at="2026-05-10T12:00:00Z")
    story.told()
    told = Told(time("2026-03-20T10:00:00Z"), line("2026-06-10").eta, consented=True)
    story.now("2026-05-11T12:00:00Z", line("2026-06-20"), told=told)
    assert story.told()[1] == (
        "2026-05-11T12:00:00Z notice option_renewed 2026-06-20 silence means cancel at 2026-06-11T03:59:59Z"
    )


def test_an_earlier_option_that_had_lapsed_by_then_is_left_to_the_staff_again() -> None:
    """Nothing is cancelled on the strength of a deadline that the clock did not see pass."""
    story = Story(order(line(None)), at="2026-05-10T12:00:00Z")
    story.told()
    story.now("2026-05-11T12:00:00Z", line(None), told=Told(time("2026-03-20T10:00:00Z"), None))
    assert story.told() == [f"2026-05-11T12:00:00Z notice staff_alert late_start due {GRACE_END}"]
