"""Who is given a discount code along with which notice."""

from dataclasses import replace
from datetime import date

import pytest

from connector.domain.consolation import consoled
from connector.domain.effects import GrantOffer, Offer, SendNotice
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, order

GIVEN = Settings(offer_with="backordered", offer_percent=15, offer_days=30)
FIRST = SendNotice("notice:1001:1", "backordered", "1001", "#1001", "ann@example.com", "Ann", "en", None, None, ())
OFFER = Offer(15, date(2026, 4, 9))


def test_the_first_notice_carries_an_offer_and_the_offer_is_granted() -> None:
    waits = replace(order(), email="ann@example.com", number="#1001")
    assert consoled(waits, [FIRST], GIVEN, NOW) == (
        (replace(FIRST, offer=OFFER),),
        (GrantOffer("offer:1001", "1001", "#1001", "ann@example.com", OFFER),),
    )


@pytest.mark.parametrize("settings", [Settings(), Settings(offer_with="eta_changed")])
def test_a_notice_that_the_merchant_does_not_name_carries_none(settings: Settings) -> None:
    assert consoled(order(), [FIRST], settings, NOW) == ((FIRST,), ())


def test_an_order_is_given_one_offer_in_all_its_time() -> None:
    assert consoled(replace(order(), offered=True), [FIRST], GIVEN, NOW) == ((FIRST,), ())


def test_who_is_written_to_about_the_law_is_offered_money_and_nothing_that_looks_like_less() -> None:
    option = replace(FIRST, template="option_first")
    assert consoled(order(), [option], GIVEN, NOW) == ((option,), ())


def test_an_offer_whose_letter_did_not_go_is_told_of_by_the_next_as_it_was_made() -> None:
    made = Offer(10, date(2026, 3, 20))
    option, moved = replace(FIRST, template="option_first"), replace(FIRST, template="eta_changed")
    untold = replace(order(), offered=True, untold=made)
    assert consoled(untold, [option, moved], GIVEN, NOW) == ((option, replace(moved, offer=made)), ())
    assert consoled(untold, [option], GIVEN, NOW) == ((option,), ())
    over = replace(untold, untold=replace(made, until=date(2026, 3, 9)))
    assert consoled(over, [moved], GIVEN, NOW) == ((moved,), ())


def test_nobody_is_given_what_nobody_is_told_of() -> None:
    assert consoled(order(), [], GIVEN, NOW) == ((), ())
