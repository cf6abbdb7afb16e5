"""States, reasons, dates, figures and addresses in a merchant's words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connector.domain.effects import ListingState
from connector.domain.facts import OrderState
from connector.domain.notices import NOTICES
from connector.domain.promise import Filled, PromiseMade, Reason
from connector.domain.telling import REASONS, promised
from connector.domain.wording import moment, place
from connector.store.outbox import KINDS
from connector.web import words

NOON = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999, "999"), (1000, "1\u202f000"), (1234567, "1\u202f234\u202f567"), (-3, "−3")],
)
def test_figures_have_thin_separators(count: int, said: str) -> None:
    assert words.figure(count) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "20 March 2027, 12:00 UTC"),
        ("Europe/Berlin", "20 March 2027, 13:00 CET"),
        ("Pacific/Auckland", "21 March 2027, 01:00 NZDT"),
        ("America/Sao_Paulo", "20 March 2027, 09:00 America/Sao_Paulo"),
    ],
)
def test_times_name_their_zone(zone: str, said: str) -> None:
    assert moment(NOON, ZoneInfo(zone)) == said


@pytest.mark.parametrize(
    ("when", "zone", "said"),
    [
        (datetime.min.replace(tzinfo=UTC), "America/New_York", "1 January 1, 00:00 UTC"),
        (datetime.max.replace(tzinfo=UTC), "Asia/Tokyo", "31 December 9999, 23:59 UTC"),
    ],
)
def test_a_time_at_the_end_of_all_calendars_stays_in_utc(when: datetime, zone: str, said: str) -> None:
    assert moment(when, ZoneInfo(zone)) == said


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=47), "1 day ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_past_times_are_told_in_their_largest_unit(past: timedelta, said: str) -> None:
    assert words.ago(NOON - past, NOON) == said


@pytest.mark.parametrize(
    ("span", "said"), [(30, "every 30 seconds"), (60, "every 1 minute"), (900, "every 15 minutes")]
)
def test_how_often_is_told_in_words(span: int, said: str) -> None:
    assert words.every(timedelta(seconds=span)) == said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ann@example.com", "a…@example.com"),
        ("a@example.com", "a…@example.com"),
        ('"odd@name"@example.com', '"…@example.com'),
        ("@example.com", "…@example.com"),
        ("ann", "…"),
        ("", "…"),
    ],
)
def test_addresses_are_masked(address: str, said: str) -> None:
    assert words.masked(address) == said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://a.example/x.csv", "https://a.example/x.csv"),
        ("https://u:p@a.example:8443/x.csv?key=1#f", "https://a.example:8443/x.csv"),
        ("https://[::1/x", "an address that cannot be read"),
        ("https://a.example:port/", "an address that cannot be read"),
    ],
)
def test_places_keep_no_secrets(url: str, said: str) -> None:
    assert place(url) == said


def made(reason: Reason, eta: date | None, previous: date | None) -> PromiseMade:
    return PromiseMade("1", "1", 2, eta, previous, reason, None, None)


def test_a_promise_that_moved_says_why_and_from_where() -> None:
    entry = made(Reason.SUPPLIER_LATER, date(2027, 3, 20), date(2027, 3, 10))
    assert promised(entry) == (
        "Promised 20 March 2027 because the supplier moved its date back (was 10 March 2027); 2 units waiting"
    )


def test_a_date_that_was_lost_is_told() -> None:
    assert promised(made(Reason.QUEUE, None, date(2027, 3, 10))) == (
        "No date can be promised because others came first (was 10 March 2027); 2 units waiting"
    )


def test_who_gets_a_better_date_in_the_queue_has_moved_up() -> None:
    assert promised(made(Reason.QUEUE, date(2027, 3, 10), date(2027, 3, 20))) == (
        "Promised 10 March 2027 because it moved up in the queue (was 20 March 2027); 2 units waiting"
    )


def test_a_first_promise_has_nothing_before_it() -> None:
    said = promised(made(Reason.NEW, date(2027, 3, 20), None))
    assert said == "Promised 20 March 2027 because more was ordered than is there; 2 units waiting"


def test_units_that_came_are_told() -> None:
    assert promised(Filled("1", "1", 1)) == "1 unit on hand for this order"


def test_all_that_the_product_can_say_has_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(words.LISTING_STATES) == {state.value for state in ListingState}
    assert set(words.ORDER_STATES) == {state.value for state in OrderState}
    assert set(words.TEMPLATES) >= {notice.name for notice in NOTICES}
    assert set(words.GIVEN_UP) == {"delivery", *KINDS.values()}


def test_a_name_without_words_is_shown_as_a_label() -> None:
    assert words.word(words.TEMPLATES, "restocked_again") == "Restocked again"
    assert words.given_up("split_order", 2) == "2 Split order"
