"""One stock, first come first served, by hand."""

from connector.domain.allocation import Allotment, Lot, Peg, allocate, unclaimed
from tests.domain.allocation.given import claim, lot, march


def test_units_on_hand_go_to_the_oldest_order_and_the_rest_waits_for_the_lot() -> None:
    got = allocate([claim("b", 2, hour=1), claim("a", 2)], 3, [lot("PO-1", 10, 20)])

    assert got == (
        Allotment("a", "1", 2, 0, None, None, (), None),
        Allotment("b", "1", 1, 1, march(20), march(20), (Peg("b", "1", "PO-1", 1),), "PO-1"),
    )


def test_a_line_over_two_lots_has_a_first_day_and_a_last_day() -> None:
    (got,) = allocate([claim("a", 7)], 1, [lot("late", 9, 25), lot("soon", 4, 10)])

    pegs = (Peg("a", "1", "soon", 4), Peg("a", "1", "late", 2))
    assert got == Allotment("a", "1", 1, 6, march(10), march(25), pegs, "late")


def test_the_lot_that_a_line_empties_exactly_is_the_one_that_completes_it() -> None:
    got = allocate([claim("a", 3), claim("b", 1, hour=1)], 0, [lot("L1", 3, 10), lot("L2", 1, 12)])

    assert [(one.eta, one.lot) for one in got] == [(march(10), "L1"), (march(12), "L2")]


def test_a_line_that_supply_covers_in_part_knows_its_first_day_but_no_last() -> None:
    got = allocate([claim("a", 5), claim("b", 1, hour=1)], 0, [lot("L1", 3, 10)])

    assert got == (
        Allotment("a", "1", 0, 5, march(10), None, (Peg("a", "1", "L1", 3),), None),
        Allotment("b", "1", 0, 1, None, None, (), None),
    )


def test_a_lot_without_a_date_comes_last_and_promises_nothing() -> None:
    got = allocate([claim("a", 1), claim("b", 1, hour=1)], 0, [lot("someday", 5, None), lot("L1", 1, 28)])

    assert got == (
        Allotment("a", "1", 0, 1, march(28), march(28), (Peg("a", "1", "L1", 1),), "L1"),
        Allotment("b", "1", 0, 1, None, None, (Peg("b", "1", "someday", 1),), "someday"),
    )


def test_stock_below_zero_is_nothing_on_hand() -> None:
    got = allocate([claim("a", 1)], -4, [])

    assert got == (Allotment("a", "1", 0, 1, None, None, (), None),)


def test_an_empty_lot_completes_nobody() -> None:
    got = allocate([claim("a", 1)], 0, [lot("empty", 0, 5), lot("L1", 1, 9)])

    assert got == (Allotment("a", "1", 0, 1, march(9), march(9), (Peg("a", "1", "L1", 1),), "L1"),)


def test_orders_of_one_instant_are_served_by_order_and_line() -> None:
    got = allocate([claim("b"), claim("a", line="2"), claim("a", line="1")], 0, [])

    assert [(one.order, one.line) for one in got] == [("a", "1"), ("a", "2"), ("b", "1")]


def test_held_units_stay_with_a_younger_order() -> None:
    got = allocate([claim("old", 2), claim("young", 1, hour=5, held=1)], 1, [lot("L1", 5, 10)])

    assert [(one.order, one.on_hand, one.waiting) for one in got] == [("old", 0, 2), ("young", 1, 0)]


def test_held_units_that_exist_no_more_are_lost_by_the_last_in_line() -> None:
    got = allocate([claim("old", 2, held=2), claim("young", 2, hour=5, held=2)], 3, [])

    assert [(one.order, one.on_hand) for one in got] == [("old", 2), ("young", 1)]


def test_a_line_that_shrank_keeps_only_what_it_still_wants() -> None:
    got = allocate([claim("old", 1, held=3), claim("young", 2, hour=5)], 3, [])

    assert [(one.order, one.on_hand) for one in got] == [("old", 1), ("young", 2)]


def test_lots_of_one_day_are_taken_by_reservation_and_then_by_id() -> None:
    lots = [lot("a", 1, 5), lot("c", 1, 5, reserved=1), lot("b", 1, 5)]

    (got,) = allocate([claim("x", 3)], 0, lots)

    assert [peg.lot for peg in got.pegs] == ["c", "a", "b"]


def test_a_new_buyer_could_have_what_nobody_claimed_and_nothing_reserved() -> None:
    lots = [lot("later", 4, 20), lot("soon", 5, 10), lot("kept", 9, 11, reserved=9)]

    got = allocate([claim("a", 4)], 1, lots)

    assert unclaimed(lots, got, 1) == (0, ((lots[1], 2), (lots[0], 4)))


def test_those_who_wait_take_the_reserved_part_of_a_lot_first() -> None:
    lots = [lot("L", 10, 5, reserved=4)]

    few, many = allocate([claim("a", 3)], 0, lots), allocate([claim("a", 7)], 0, lots)

    assert unclaimed(lots, few, 0) == (0, ((lots[0], 6),))
    assert unclaimed(lots, many, 0) == (0, ((lots[0], 3),))


def test_a_new_buyer_is_told_of_units_on_hand_and_not_of_empty_lots() -> None:
    lots = [Lot("L1", 2, march(10))]

    got = allocate([claim("a", 2, held=2), claim("b", 2, hour=1)], 2, lots)

    assert unclaimed(lots, got, 2) == (0, ())
    assert unclaimed(lots, (), 2) == (2, ((lots[0], 2),))
    assert unclaimed(lots, (), -2) == (0, ((lots[0], 2),))
