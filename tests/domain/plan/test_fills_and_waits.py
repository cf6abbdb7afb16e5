"""Who gets the units that are there, and by when the others get theirs."""

from connector.domain.balance import Balance
from connector.domain.board import LineAfter
from connector.domain.decide import decide_stock
from connector.domain.promise import Filled, Promise, PromiseMade, Reason
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, kept, line, lot, march, stock


def test_units_on_hand_fill_lines_without_any_promise() -> None:
    after = decide_stock(stock(line("a", 3), on_hand=5), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 3, 0, None),)
    assert after.entries == (Filled("a", "1", 3),)


def test_what_is_missing_waits_for_the_lot_that_completes_the_line() -> None:
    before = stock(line("a", 3), on_hand=1, lots=[lot(1, 12, "acme/PO-1"), lot(5, 20, "acme/PO-2")])
    after = decide_stock(before, PLAIN, NOW)
    promise = Promise(march(20), "acme/PO-2", march(20))
    assert after.lines == (LineAfter("a", "1", 1, 2, promise),)
    assert after.entries == (
        PromiseMade("a", "1", 2, march(20), None, Reason.NEW, "acme/PO-2", march(20)),
        Filled("a", "1", 1),
    )


def test_without_supply_a_line_is_promised_no_date() -> None:
    after = decide_stock(stock(line("a", 2)), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 0, 2, Promise(None, None, None)),)
    assert after.entries == (PromiseMade("a", "1", 2, None, None, Reason.NEW, None, None),)


def test_a_lot_without_a_date_promises_no_date_but_is_remembered() -> None:
    after = decide_stock(stock(line("a"), lots=[lot(5, None)]), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 0, 1, Promise(None, "acme/PO-1", None)),)


def test_who_ordered_first_is_served_first() -> None:
    before = stock(line("late", 2, hour=5), line("early", 2, hour=1), on_hand=3, lots=[lot(9, 20)])
    after = decide_stock(before, PLAIN, NOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("early", 2, 0), ("late", 1, 1)]


def test_the_merchants_fill_order_decides_instead() -> None:
    before = stock(line("early", 2, hour=1), line("vip", 2, hour=5, rank=9), on_hand=2, lots=[lot(9, 20)])
    after = decide_stock(before, Settings(fill_order="priority"), NOW)
    assert [(one.order, one.filled) for one in after.lines] == [("vip", 2), ("early", 0)]


def test_units_that_a_line_holds_stay_with_it_when_an_earlier_order_turns_up() -> None:
    holding = line("late", 2, hour=5, filled=2)
    after = decide_stock(stock(holding, line("early", 2, hour=1), on_hand=2, lots=[lot(9, 20)]), PLAIN, NOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("early", 0, 2)]


def test_what_changes_is_said_once_and_then_nothing_comes_out() -> None:
    before = stock(line("a", 3), line("b", 4, hour=1), on_hand=1, lots=[lot(9, 20)])
    first = decide_stock(before, PLAIN, NOW)
    again = decide_stock(kept(before, first), PLAIN, NOW)
    assert len(first.entries) == 3
    assert (again.lines, again.entries, again.listings) == ((), (), ())


def test_goods_that_come_in_fill_what_waits_and_leave_the_promise_as_it_was() -> None:
    waiting = line("a", 3, filled=1, waiting=2, eta=march(20), ready=march(20))
    after = decide_stock(stock(waiting, on_hand=3, lots=[lot(5, 20)]), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 3, 0, Promise(march(20), "acme/PO-1", march(20))),)
    assert after.entries == (Filled("a", "1", 3),)


def test_a_line_that_is_edited_upwards_waits_for_more_under_the_same_promise() -> None:
    edited = line("a", 5, filled=1, waiting=2, eta=march(20), ready=march(20))
    after = decide_stock(stock(edited, on_hand=1, lots=[lot(9, 20)]), PLAIN, NOW)
    assert after.lines == (LineAfter("a", "1", 1, 4, Promise(march(20), "acme/PO-1", march(20))),)
    assert after.entries == ()


def test_a_line_that_is_edited_down_to_what_it_holds_waits_no_more() -> None:
    edited = line("a", 1, filled=1, waiting=2, eta=march(20), ready=march(20))
    after = decide_stock(stock(edited, on_hand=1, lots=[lot(9, 20)]), PLAIN, NOW)
    assert [(one.filled, one.waiting) for one in after.lines] == [(1, 0)]
    assert after.entries == ()


def test_a_line_that_wants_less_than_it_holds_gives_the_rest_to_the_next() -> None:
    edited = line("a", 1, filled=3)
    after = decide_stock(stock(edited, line("b", 2, hour=1), on_hand=3), PLAIN, NOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("a", 1, 0), ("b", 2, 0)]
    assert after.entries == (Filled("b", "1", 2),)


def test_where_nothing_is_counted_everything_is_filled() -> None:
    after = decide_stock(stock(line("a", 3), line("b", 4), on_hand=None), PLAIN, NOW)
    assert [(one.order, one.filled, one.waiting) for one in after.lines] == [("a", 3, 0), ("b", 4, 0)]


def test_a_count_below_zero_counts_as_nothing() -> None:
    after = decide_stock(stock(line("a", 2), on_hand=-8, lots=[lot(5, 20)]), PLAIN, NOW)
    assert [(one.filled, one.waiting) for one in after.lines] == [(0, 2)]
    assert (after.balance, after.look_again_at) == (Balance(-8), None)
