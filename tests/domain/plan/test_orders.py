"""At most one notice for all that changed in an order at one instant."""

from datetime import date

import pytest

from connector.domain.board import OrderAfter
from connector.domain.decide import decide_order, latest
from connector.domain.effects import NoticeLine, SendNotice
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, march, order, told


def template(after: OrderAfter) -> str | None:
    """The template of the notice that follows, if any."""
    return after.send[0].template if after.send else None


def test_an_order_that_has_to_wait_brings_one_notice_for_all_its_lines() -> None:
    lines = (
        told("1", 3, 2, eta=march(20), changed=True),
        told("2", 1, 0, title="Bulb"),
        told("3", 4, 4, title="Shade", eta=march(25), changed=True),
    )
    after = decide_order(order(*lines), PLAIN, NOW)
    notice = SendNotice(
        "notice:1001:1",
        "backordered",
        "1001",
        "#1001",
        "ann@example.com",
        "Ann",
        "en",
        march(25),
        None,
        (
            NoticeLine("Lamp", 3, 2, march(20)),
            NoticeLine("Bulb", 1, 0, None),
            NoticeLine("Shade", 4, 4, march(25)),
        ),
    )
    assert after == OrderAfter("1001", "waiting", march(25), 1, (notice,))


def test_an_order_that_never_waits_is_told_nothing() -> None:
    assert decide_order(order(told(quantity=3)), PLAIN, NOW) == OrderAfter("1001", "", None, 0)


def test_a_date_that_moved_brings_the_next_notice_with_both_dates() -> None:
    before = order(told(waiting=1, eta=march(27), changed=True), stage="waiting", told_eta=march(20), notices=1)
    after = decide_order(before, PLAIN, NOW)
    assert (after.stage, after.told_eta, after.notices, template(after)) == ("waiting", march(27), 2, "eta_changed")
    assert len(after.send) == 1
    assert (after.send[0].key, after.send[0].eta, after.send[0].previous) == ("notice:1001:2", march(27), march(20))


def test_a_waiting_order_whose_dates_stay_is_told_nothing() -> None:
    before = order(told(waiting=1, eta=march(20)), stage="waiting", told_eta=march(20), notices=1)
    assert decide_order(before, PLAIN, NOW) == OrderAfter("1001", "waiting", march(20), 1)


def test_two_moved_lines_are_one_notice() -> None:
    lines = told("1", waiting=1, eta=march(21), changed=True), told("2", waiting=1, eta=march(22), changed=True)
    after = decide_order(order(*lines, stage="waiting", told_eta=march(20), notices=1), PLAIN, NOW)
    assert (after.notices, template(after)) == (2, "eta_changed")


def test_a_line_that_is_filled_while_another_waits_is_no_news_yet() -> None:
    lines = told("1", quantity=2, changed=True), told("2", waiting=1, eta=march(20))
    after = decide_order(order(*lines, stage="waiting", told_eta=march(20), notices=1), PLAIN, NOW)
    assert after == OrderAfter("1001", "waiting", march(20), 1)


def test_an_order_that_waits_no_more_is_told_so_once() -> None:
    after = decide_order(order(told(quantity=2), stage="waiting", told_eta=march(20), notices=2), PLAIN, NOW)
    assert (after.stage, after.told_eta, after.notices, template(after)) == ("filled", None, 3, "filled")
    again = decide_order(order(told(quantity=2), stage="filled", notices=3), PLAIN, NOW)
    assert again == OrderAfter("1001", "filled", None, 3)


def test_an_order_that_loses_its_units_again_is_told_that_it_waits() -> None:
    after = decide_order(order(told(waiting=1, eta=march(25)), stage="filled", notices=2), PLAIN, NOW)
    assert (after.stage, after.notices, template(after)) == ("waiting", 3, "backordered")


def test_an_order_of_which_nothing_is_left_is_not_on_its_way() -> None:
    after = decide_order(order(stage="waiting", told_eta=march(20), notices=1), PLAIN, NOW)
    assert after == OrderAfter("1001", "filled", march(20), 1)


def test_one_line_without_a_date_leaves_the_whole_order_without_one() -> None:
    lines = told("1", waiting=1, eta=march(20), changed=True), told("2", waiting=1, changed=True)
    after = decide_order(order(*lines), PLAIN, NOW)
    assert after.told_eta is None
    assert len(after.send) == 1
    assert after.send[0].eta is None


def test_an_imported_order_gets_no_first_notice_but_the_later_ones() -> None:
    first = decide_order(order(told(waiting=1, eta=march(20), changed=True), silent=True), PLAIN, NOW)
    assert first == OrderAfter("1001", "waiting", march(20), 1)
    moved = order(
        told(waiting=1, eta=march(27), changed=True), stage="waiting", told_eta=march(20), notices=1, silent=True
    )
    assert template(decide_order(moved, PLAIN, NOW)) == "eta_changed"


def test_without_an_address_nothing_is_sent_and_the_stage_is_kept() -> None:
    after = decide_order(order(told(waiting=1, eta=march(20), changed=True), email=""), PLAIN, NOW)
    assert after == OrderAfter("1001", "waiting", march(20), 1)


def test_a_merchant_who_writes_to_customers_himself_sends_nothing() -> None:
    before = order(told(waiting=1, eta=march(20), changed=True))
    after = decide_order(before, Settings(notify_customers=False), NOW)
    assert after == OrderAfter("1001", "waiting", march(20), 1)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], None),
        ([march(20)], march(20)),
        ([march(20), march(25), march(1)], march(25)),
        ([march(20), None], None),
        ([None, march(20)], None),
    ],
)
def test_unknown_is_later_than_any_date(dates: list[date | None], expected: date | None) -> None:
    assert latest(dates) == expected
