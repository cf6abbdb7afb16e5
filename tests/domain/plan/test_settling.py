"""A count below what is assigned is believed only after a while: the order that explains it may be on its way."""

from datetime import datetime, timedelta

from connector.domain.balance import Balance
from connector.domain.board import LineAfter, StockAfter
from connector.domain.decide import decide_stock
from connector.domain.promise import Filled, PromiseMade
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, kept, line, lot, march, stock

WINDOW = timedelta(seconds=900)
INSTANT = timedelta(microseconds=1)


def short(on_hand: int, gap: int) -> Balance:
    """A count that has not been believed since now."""
    return Balance(on_hand, gap=gap, least=gap, since=NOW, at=NOW)


def doubted_since(after: StockAfter) -> datetime | None:
    """Since when the count is in doubt."""
    return after.balance.since if after.balance else None


def test_a_short_count_takes_nothing_from_anybody_at_first() -> None:
    after = decide_stock(stock(line("a", 3, filled=3), on_hand=1, lots=[lot(9, 20)]), PLAIN, NOW)
    assert (after.lines, after.entries) == ((), ())
    assert (doubted_since(after), after.look_again_at) == (NOW, NOW + WINDOW)


def test_until_the_last_instant_of_the_window_it_is_not_believed() -> None:
    before = stock(line("a", 3, filled=3), on_hand=1, lots=[lot(9, 20)], balance=short(3, -2))
    after = decide_stock(before, PLAIN, NOW + WINDOW - INSTANT)
    assert (after.lines, doubted_since(after), after.look_again_at) == ((), NOW, NOW + WINDOW)


def test_at_the_end_of_the_window_it_is_believed() -> None:
    before = stock(line("a", 3, filled=3), on_hand=1, lots=[lot(9, 20)], balance=short(3, -2))
    after = decide_stock(before, PLAIN, NOW + WINDOW)
    assert [(one.filled, one.waiting) for one in after.lines] == [(1, 2)]
    assert [type(entry) for entry in after.entries] == [PromiseMade]
    assert (doubted_since(after), after.look_again_at) == (None, None)


def test_a_count_that_recovers_in_time_is_forgotten() -> None:
    before = stock(line("a", 3, filled=3), on_hand=3, balance=short(3, -2))
    after = decide_stock(before, PLAIN, NOW + timedelta(seconds=5))
    assert (after.lines, after.entries, doubted_since(after), after.look_again_at) == ((), (), None, None)


def test_who_ordered_first_keeps_what_is_left() -> None:
    lines = line("early", 2, hour=1, filled=2), line("late", 2, hour=5, filled=2)
    after = decide_stock(stock(*lines, on_hand=3, balance=short(4, -1), lots=[lot(9, 20)]), PLAIN, NOW + WINDOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("late", 1, 1)]


def test_a_new_order_waits_while_the_count_is_in_doubt() -> None:
    lines = line("old", 3, filled=3), line("new", 1, hour=5)
    after = decide_stock(stock(*lines, on_hand=2, lots=[lot(9, 20)]), PLAIN, NOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("new", 0, 1)]
    assert doubted_since(after) == NOW


def test_the_window_is_a_setting_and_none_means_at_once() -> None:
    after = decide_stock(stock(line("a", 3, filled=3), on_hand=1), Settings(settle_seconds=0), NOW)
    assert [(one.filled, one.waiting) for one in after.lines] == [(1, 2)]
    assert (doubted_since(after), after.look_again_at) == (None, None)


def test_units_of_a_line_that_shrank_are_not_missed() -> None:
    after = decide_stock(stock(line("a", 1, filled=3), on_hand=1), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 1, 0, None),)
    assert doubted_since(after) is None


def test_what_is_lost_and_comes_back_is_filled_again_under_the_promise_of_then() -> None:
    settings = Settings(settle_seconds=0)
    before = stock(line("a", 2, filled=2), on_hand=0, lots=[lot(9, 20)])
    lost = decide_stock(before, settings, NOW)
    found = decide_stock(stock(*kept(before, lost).lines, on_hand=2, lots=[lot(9, 20)]), settings, NOW)
    assert found.entries == (Filled("a", "1", 2),)
    assert [(one.waiting, one.promise and one.promise.eta) for one in found.lines] == [(0, march(20))]
