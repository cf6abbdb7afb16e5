"""Which law an order stands under, and where the others differ from the federal rule."""

import pytest

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import JURISDICTIONS, RULES, Exemption, Regime, regime_of
from connector.domain.obligations import Answer, Cause, OptionNotice
from tests.domain.obligations.given import FILLED, GRACE_END, PLACED, T_END, WARNED, Story, line, order


@pytest.mark.parametrize(
    ("country", "region", "law"),
    [
        ("US", "NY", Regime.US_FTC),
        ("US", "", Regime.US_FTC),
        ("PR", "", Regime.US_FTC),
        ("US", "CA", Regime.US_CALIFORNIA),
        ("US", "US-CA", Regime.US_CALIFORNIA),
        ("us", "California", Regime.US_CALIFORNIA),
        ("GB", "", Regime.UK),
        ("UK", "", Regime.UK),
        ("DE", "", Regime.EU),
        ("GR", "", Regime.EU),
        ("EL", "", Regime.EU),
        ("RE", "", Regime.EU),
        ("NO", "", Regime.EU),
        ("CH", "", Regime.NONE),
        ("JE", "", Regime.NONE),
        ("CA", "CA", Regime.NONE),
        ("QQ", "", Regime.NONE),
    ],
)
def test_auto_goes_by_the_customer_s_address(country: str, region: str, law: Regime) -> None:
    assert regime_of("auto", country, region) is law


@pytest.mark.parametrize("country", ["", " ", "ZZ"])
def test_an_order_that_names_no_country_is_the_store_s_country_s(country: str) -> None:
    assert regime_of("auto", country, "", home="US") is Regime.US_FTC
    assert regime_of("auto", country, "") is Regime.NONE


@pytest.mark.parametrize("law", list(Regime))
def test_a_law_that_the_merchant_chose_holds_for_every_address(law: Regime) -> None:
    assert {regime_of(law.value, "DE", ""), regime_of(law.value, "US", "CA")} == {law}


def test_the_setting_s_choices_are_auto_and_every_law() -> None:
    assert JURISDICTIONS == ("auto", "us_ftc", "us_california", "uk", "eu", "none")


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match="jurisdiction: must be one of auto, us_ftc"):
        regime_of("mars", "US", "")


@pytest.mark.parametrize("country", ["USA", "U", "1A", "ÄÖ", "840"])
def test_what_is_no_country_code_is_refused(country: str) -> None:
    with pytest.raises(BadInput, match=r"country: .* is not a two-letter country code"):
        regime_of("auto", country, "")


def test_every_law_but_none_has_its_figures() -> None:
    assert set(RULES) == set(Regime) - {Regime.NONE}


@pytest.mark.parametrize("exempt", list(Exemption))
def test_the_federal_rule_leaves_exempt_orders_alone(exempt: Exemption) -> None:
    """16 CFR 435.3(a)."""
    story = Story(order(line(None), exempt=exempt)).answered("2026-03-05T12:00:00Z", Answer.CANCEL)
    assert story.until("2027-01-01T00:00:00Z").told() == []


@pytest.mark.parametrize(
    ("law", "exempt", "bound"),
    [
        (Regime.US_CALIFORNIA, Exemption.GROWING, True),
        (Regime.US_CALIFORNIA, Exemption.SERVICE, True),
        (Regime.US_CALIFORNIA, Exemption.SUBSCRIPTION, False),
        (Regime.US_CALIFORNIA, Exemption.COD, False),
        (Regime.US_CALIFORNIA, Exemption.BUSINESS, False),
        (Regime.EU, Exemption.COD, True),
        (Regime.EU, Exemption.GROWING, True),
        (Regime.UK, Exemption.SUBSCRIPTION, True),
        (Regime.EU, Exemption.SERVICE, False),
        (Regime.UK, Exemption.BUSINESS, False),
    ],
)
def test_each_law_has_its_own_exemptions(law: Regime, exempt: Exemption, bound: bool) -> None:
    """California Bus. & Prof. Code 17538.3; CRD art. 17, 18."""
    assert bool(Story(order(line(None), regime=law, exempt=exempt)).told()) is bound


def test_an_exemption_that_is_learnt_later_stops_the_clock() -> None:
    """16 CFR 435.3(a)."""
    story = Story(order(line(None)))
    story.told()
    story.now("2026-03-05T12:00:00Z", line(None), exempt=Exemption.BUSINESS).until("2027-01-01T00:00:00Z")
    assert story.told() == []


def test_a_law_that_is_switched_on_late_cancels_nothing() -> None:
    """Deadlines that passed while no law was watched for are the staff's."""
    story = Story(order(line(None), regime=Regime.NONE)).now("2026-06-01T12:00:00Z", line(None), regime=Regime.US_FTC)
    assert story.told() == [f"2026-06-01T12:00:00Z notice staff_alert late_start due {T_END}"]


def test_no_law_says_nothing() -> None:
    story = Story(order(line(None), regime=Regime.NONE)).answered("2026-03-05T12:00:00Z", Answer.WAIT)
    story.cancelled("2026-03-06T12:00:00Z", Cause.SELLER).refunded("2026-03-07T12:00:00Z")
    assert story.until("2027-01-01T00:00:00Z").told() == []


def california(eta: str | None, **more: bool) -> Story:
    return Story(order(line(eta), regime=Regime.US_CALIFORNIA, **more))


def test_california_takes_a_definite_delay_as_the_federal_rule_does() -> None:
    """17538(a)(3)(A): the delay as a specific number of days or weeks."""
    story = california("2026-04-10")
    (notice,) = (one for one in story.events if isinstance(one, OptionNotice))
    assert notice.delay_days == 10
    assert story.told()[1] == f"{PLACED} notice option_first 2026-04-10 silence means consent"


def test_california_refunds_a_silent_buyer_with_the_t_day_where_no_date_can_be_given() -> None:
    """17538(a)(2), (3): without a number of days, what is left is the full refund within the time."""
    story = california(None)
    assert story.told()[1] == f"{PLACED} notice option_first undated silence means cancel at {T_END}"
    assert story.until("2026-04-01T03:59:58Z").told() == []
    assert story.until(T_END).told() == [
        f"{T_END} deemed_cancelled 1 x1 no_consent",
        f"{T_END} obligation refund open due 2026-04-08T03:59:59Z",
        f"{T_END} notice cancelled 1 no_consent",
    ]


def test_california_gives_a_late_date_the_federal_time_for_a_yes() -> None:
    """17538(a)(3); 16 CFR 435.2(b)(1)(iii)."""
    assert california("2026-06-01").told()[1].endswith(f"silence means cancel at {GRACE_END}")


def test_california_lets_a_buyer_wait_without_a_date_who_says_so() -> None:
    """16 CFR 435.2(b)(1)(iii)(B)."""
    story = california(None)
    story.told()
    assert story.answered("2026-03-05T12:00:00Z", Answer.WAIT).until("2027-01-01T00:00:00Z").told() == []


def test_california_wants_the_refund_within_one_week() -> None:
    """17538(a)(3)(B)."""
    story = california("2026-03-20").answered("2026-03-10T12:00:00Z", Answer.CANCEL)
    assert story.told()[1] == "2026-03-10T12:00:00Z obligation refund open due 2026-03-18T03:59:59Z"


def test_california_knows_no_fifty_days() -> None:
    """17538(a): thirty days unless otherwise stated."""
    assert california("2026-04-01", credit_without_time=True).told()[0].endswith(f"due {T_END}")


EUROPEAN = pytest.mark.parametrize("law", [Regime.UK, Regime.EU])


def europe(law: Regime, eta: str | None) -> Story:
    return Story(order(line(eta), regime=law))


@EUROPEAN
def test_a_european_buyer_is_told_of_a_delay_and_silence_means_nothing(law: Regime) -> None:
    """CRD art. 18(1); CRA s.28(3)."""
    story = europe(law, "2026-06-01")
    (notice,) = story.events
    assert isinstance(notice, OptionNotice)
    assert notice.withdrawal
    assert story.told() == [f"{PLACED} notice option_first 2026-06-01 silence means nothing"]


@EUROPEAN
def test_a_european_order_never_lapses_but_its_buyer_may_set_a_further_period(law: Regime) -> None:
    """CRD art. 18(2); CRA s.28(7)."""
    story = europe(law, None)
    story.told()
    assert story.until("2027-01-01T00:00:00Z").told() == [f"{T_END} right further_period"]


@EUROPEAN
def test_units_on_hand_that_did_not_leave_are_warned_of_there_too(law: Regime) -> None:
    """CRD art. 18(1); CRA s.28(3)."""
    story = Story(order(FILLED, regime=law)).until(WARNED)
    assert story.told() == [f"{WARNED} notice option_first 2026-04-07 silence means nothing"]


@EUROPEAN
def test_a_date_agreed_to_is_the_further_period_and_its_end_lets_the_buyer_end_the_contract(law: Regime) -> None:
    """CRD art. 18(2); CRA s.28(7), (8)."""
    story = europe(law, "2026-04-20").answered("2026-03-05T12:00:00Z", Answer.WAIT)
    story.told()
    assert story.until("2027-01-01T00:00:00Z").told() == [
        "2026-04-20T04:00:00Z notice option_renewed 2026-04-27 silence means nothing",
        "2026-04-21T03:59:59Z right end_contract",
    ]


@EUROPEAN
def test_a_consumer_sets_a_period_of_their_own(law: Regime) -> None:
    """CRD art. 18(2): an additional period appropriate to the circumstances."""
    story = europe(law, None).until(T_END)
    story.told()
    until = line("2026-04-15").eta
    story.answered("2026-04-02T12:00:00Z", Answer.WAIT, until=until).until("2026-04-16T03:59:59Z")
    assert story.told() == [
        "2026-04-02T12:00:00Z notice option_renewed undated silence means nothing",
        "2026-04-16T03:59:59Z right end_contract",
    ]


@EUROPEAN
def test_another_period_takes_the_right_to_end_back_until_it_is_over(law: Regime) -> None:
    """CRD art. 18(2)."""
    story = europe(law, "2026-04-20").answered("2026-03-05T12:00:00Z", Answer.WAIT).until("2026-04-21T03:59:59Z")
    story.told()
    story.answered("2026-04-22T12:00:00Z", Answer.WAIT).now("2026-04-22T13:00:00Z", line("2026-04-27"))
    assert story.told() == []
    assert story.until("2026-04-28T03:59:59Z").told() == [
        "2026-04-27T04:00:00Z notice option_renewed 2026-05-04 silence means nothing",
        "2026-04-28T03:59:59Z right end_contract",
    ]


@EUROPEAN
def test_who_agrees_to_wait_without_a_date_gets_no_period_that_could_end(law: Regime) -> None:
    story = europe(law, None)
    story.told()
    assert story.answered("2026-03-05T12:00:00Z", Answer.WAIT).until("2027-01-01T00:00:00Z").told() == []


@EUROPEAN
def test_a_buyer_s_end_owes_the_refund_within_fourteen_days(law: Regime) -> None:
    """CRD art. 18(3), 13(1); CRA s.28(9)."""
    at = "2026-03-05T12:00:00Z"
    assert europe(law, "2026-03-20").answered(at, Answer.CANCEL).until("2026-03-21T00:00:00Z").told() == [
        f"{at} deemed_cancelled 1 x1 buyer",
        f"{at} obligation refund open due 2026-03-20T03:59:59Z",
        f"{at} notice cancelled 1 buyer",
        "2026-03-20T03:59:59Z obligation refund breached due 2026-03-20T03:59:59Z",
    ]


@EUROPEAN
def test_a_european_notice_that_bounced_is_sent_again_and_no_duty_opens(law: Regime) -> None:
    story = europe(law, None)
    story.told()
    at = "2026-03-01T10:05:00Z"
    assert story.bounced(at, 1).told() == [
        f"{at} notice staff_alert bounced due {T_END}",
        f"{at} notice option_first undated silence means nothing",
    ]


@EUROPEAN
def test_a_late_start_needs_no_staff_where_nothing_lapses(law: Regime) -> None:
    at = "2026-05-10T12:00:00Z"
    assert Story(order(line(None), regime=law), at=at).told() == [f"{at} right further_period"]
