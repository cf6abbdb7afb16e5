"""The words of the notices, letter by letter, and which of them is due."""

from datetime import date

import pytest

from connector.domain.board import OrderBefore
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.errors import Terminal
from connector.domain.notices import NOTICES, notice_named
from connector.domain.notices.base import line_text
from connector.domain.wording import day, listing_notice, units
from tests.domain.plan.given import march, order, told

LAMP = NoticeLine("Lamp", 3, 2, march(20))


def notice(template: str, *lines: NoticeLine, eta: date | None = None, previous: date | None = None) -> SendNotice:
    """A notice about order #1001 to Ann."""
    return SendNotice(
        "notice:1001:1", template, "1001", "#1001", "ann@example.com", "Ann", "en", eta, previous, lines
    )


def words(sent: SendNotice) -> tuple[str, ...]:
    """Subject and paragraphs."""
    kind = notice_named(sent.template)
    return kind.subject(sent), *kind.body(sent)


def test_the_first_notice_names_the_date_and_every_line() -> None:
    there = NoticeLine("Bulb", 1, 0, None)
    assert words(notice("backordered", LAMP, there, eta=march(20))) == (
        "Your order #1001 is on backorder, expected by 20 March 2026",
        "Thank you for your order #1001. More was ordered than we have in stock, so part of it has to wait for our"
        " next delivery.",
        "We expect to ship everything by 20 March 2026.",
        "2 of 3 × Lamp: expected to ship by 20 March 2026",
        "1 × Bulb: in stock for you",
        "You do not need to do anything. If the date changes, we will tell you.",
    )


def test_the_first_notice_without_a_date_says_so() -> None:
    assert words(notice("backordered", NoticeLine("Lamp", 3, 3, None))) == (
        "Your order #1001 is on backorder",
        "Thank you for your order #1001. More was ordered than we have in stock, so part of it has to wait for our"
        " next delivery.",
        "We do not have a date yet and will write to you as soon as we do.",
        "3 × Lamp: no date known yet",
        "You do not need to do anything. If the date changes, we will tell you.",
    )


def test_a_changed_date_is_told_with_the_one_before() -> None:
    assert words(notice("eta_changed", LAMP, eta=march(20), previous=march(12))) == (
        "Your order #1001: new date 20 March 2026",
        "There is news about your order #1001.",
        "We now expect to ship everything by 20 March 2026. Until now it was 12 March 2026.",
        "2 of 3 × Lamp: expected to ship by 20 March 2026",
    )


def test_a_first_date_has_none_before_it() -> None:
    told_first = words(notice("eta_changed", LAMP, eta=march(20)))
    assert told_first[2] == "We now expect to ship everything by 20 March 2026."


def test_a_date_that_does_not_hold_any_more_is_taken_back() -> None:
    assert words(notice("eta_changed", NoticeLine("Lamp", 1, 1, None), previous=march(12))) == (
        "Your order #1001: the date has to be set anew",
        "There is news about your order #1001.",
        "The date that we gave you does not hold any more. Until now it was 12 March 2026. We will write as soon as"
        " we know more.",
        "1 × Lamp: no date known yet",
    )


def test_the_last_notice_says_that_everything_is_there() -> None:
    assert words(notice("filled", NoticeLine("Lamp", 3, 0, None))) == (
        "Your order #1001 is being made ready to ship",
        "Good news: everything in your order #1001 is here and is being made ready to ship.",
        "3 × Lamp: in stock for you",
        "Thank you for waiting.",
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (NoticeLine("Lamp", 1, 0, march(20)), "1 × Lamp: in stock for you"),
        (NoticeLine("Lamp", 1, 1, march(1)), "1 × Lamp: expected to ship by 1 March 2026"),
        (NoticeLine("Lamp", 9, 4, None), "4 of 9 × Lamp: no date known yet"),
    ],
)
def test_a_line_says_how_much_of_it_waits(line: NoticeLine, expected: str) -> None:
    assert line_text(line) == expected


WAITS, MOVED, THERE = told(waiting=1, eta=march(20)), told(waiting=1, eta=march(20), changed=True), told()


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (order(THERE), []),
        (order(WAITS), ["backordered"]),
        (order(WAITS, stage="filled"), ["backordered"]),
        (order(WAITS, stage="waiting"), []),
        (order(MOVED, stage="waiting"), ["eta_changed"]),
        (order(THERE, stage="waiting"), ["filled"]),
        (order(THERE, stage="filled"), []),
        (order(stage="waiting"), []),
        (order(), []),
    ],
)
def test_never_are_two_notices_due_at_once(before: OrderBefore, expected: list[str]) -> None:
    assert [one.name for one in NOTICES if one.due(before)] == expected


def test_a_name_that_nobody_registered_is_no_notice() -> None:
    with pytest.raises(Terminal, match="birthday"):
        notice_named("birthday")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (date(2026, 1, 1), "1 January 2026"),
        (date(2027, 12, 31), "31 December 2027"),
        (date(2028, 2, 29), "29 February 2028"),
    ],
)
def test_a_date_leaves_no_doubt_about_day_and_month(when: date, expected: str) -> None:
    assert day(when) == expected


@pytest.mark.parametrize(("count", "expected"), [(0, "0 units"), (1, "1 unit"), (2, "2 units")])
def test_one_unit_is_singular(count: int, expected: str) -> None:
    assert units(count) == expected


def test_a_listing_says_how_many_can_ship_by_when() -> None:
    assert listing_notice(march(20), 1) == "Available on backorder: 1 unit can ship by 20 March 2026."
    assert listing_notice(None, 0) == (
        "Available on backorder. We do not have a delivery date for new orders yet."
    )
