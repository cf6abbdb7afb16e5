"""An option that the merchant gives by telephone or letter is given, where the law lets it be."""

import pytest

from connector.domain.jurisdictions import Regime
from connector.domain.obligations import Answer
from tests.domain.obligations.given import GRACE_END, T_END, Story, line, order

AT = "2026-03-05T12:00:00Z"


def unreached(eta: str | None = "2026-04-05", regime: Regime = Regime.US_FTC) -> Story:
    """An order whose customer no mail can tell of a delay."""
    story = Story(order(line(eta), reachable=False, regime=regime))
    story.told()
    return story


@pytest.mark.parametrize("how", ["telephone", "e-mail", "letter", "in person"])
def test_the_duty_is_met_in_any_way_and_nothing_is_to_be_sent(how: str) -> None:
    """16 CFR 435.2(b)(1)."""
    story = unreached().by_hand(AT, how, "2026-04-05")
    assert story.told() == [
        f"{AT} notice option_first by {how} 2026-04-05 silence means consent",
        f"{AT} obligation first_option met by {how} due {T_END}",
    ]


def test_what_was_said_counts_and_not_what_would_be_offered_now() -> None:
    story = unreached("2026-04-05").by_hand(AT, "telephone")
    assert story.told()[0] == f"{AT} notice option_first by telephone undated silence means cancel at {GRACE_END}"


def test_no_answer_to_it_means_what_it_would_have_meant_to_a_mail() -> None:
    """16 CFR 435.2(b)(1)(iii), (c)(2)."""
    story = unreached(None).by_hand(AT, "telephone")
    story.told()
    assert story.until(GRACE_END).told()[0] == f"{GRACE_END} deemed_cancelled 1 x1 no_consent"


def test_it_can_be_answered() -> None:
    story = unreached(None).by_hand(AT, "telephone").answered("2026-03-05T12:01:00Z", Answer.WAIT)
    story.told()
    assert story.until("2027-01-01T00:00:00Z").told() == []


def test_the_next_delay_is_another_duty_for_the_merchant_s_hand() -> None:
    """16 CFR 435.2(b)(2)."""
    story = unreached("2026-04-05").by_hand(AT, "telephone", "2026-04-05")
    story.told()
    later, due = "2026-03-20T12:00:00Z", "2026-04-06T03:59:59Z"
    assert story.now(later, line("2026-05-01")).told() == [
        f"{later} obligation renewed_option open due {due}",
        f"{later} notice staff_alert unreachable due {due}",
    ]
    again = "2026-03-21T12:00:00Z"
    assert story.by_hand(again, "letter", "2026-05-01").told() == [
        f"{again} notice option_renewed by letter 2026-05-01 silence means cancel at {due}",
        f"{again} obligation renewed_option met by letter due {due}",
    ]


@pytest.mark.parametrize("how", ["telephone", "in person"])
def test_california_takes_no_spoken_word_for_it(how: str) -> None:
    """17538(a)(3)."""
    story = unreached(regime=Regime.US_CALIFORNIA).by_hand(AT, how, "2026-04-05")
    assert story.told() == []
    assert f"{T_END} obligation first_option breached due {T_END}" in story.until(T_END).told()


def test_california_takes_a_letter() -> None:
    """17538(a)(3)."""
    story = unreached(regime=Regime.US_CALIFORNIA).by_hand(AT, "letter", "2026-04-05")
    assert story.told()[1] == f"{AT} obligation first_option met by letter due {T_END}"


def test_where_no_option_is_needed_nothing_is_said() -> None:
    assert unreached("2026-03-20").by_hand(AT, "telephone", "2026-03-20").told() == []


def test_it_comes_too_late_once_the_order_has_ended() -> None:
    story = unreached()
    story.until(T_END).told()
    assert story.by_hand("2026-04-02T12:00:00Z", "telephone", "2026-04-05").told() == []
