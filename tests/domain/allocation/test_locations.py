"""Claims and lots that name a place."""

from connector.domain.allocation import Peg, allocate
from tests.domain.allocation.given import claim, lot, march


def test_a_claim_takes_lots_of_its_place_and_of_no_place_but_of_no_other() -> None:
    lots = [lot("berlin", 1, 3, location="berlin"), lot("any", 1, 5), lot("paris", 1, 7, location="paris")]

    (got,) = allocate([claim("a", 3, location="paris")], 0, lots)

    assert got.pegs == (Peg("a", "1", "any", 1), Peg("a", "1", "paris", 1))
    assert (got.waiting, got.first, got.eta, got.lot) == (3, march(5), None, None)


def test_a_claim_of_no_place_takes_the_earliest_wherever_it_is() -> None:
    lots = [lot("any", 1, 5), lot("paris", 1, 7, location="paris"), lot("berlin", 1, 3, location="berlin")]

    (got,) = allocate([claim("a", 3)], 0, lots)

    assert [peg.lot for peg in got.pegs] == ["berlin", "any", "paris"]
    assert (got.eta, got.lot) == (march(7), "paris")


def test_units_on_hand_that_nobody_has_placed_serve_every_place() -> None:
    got = allocate([claim("a", 2, location="paris")], 1, [lot("L1", 1, 3, location="paris")])

    assert [(one.on_hand, one.waiting, one.eta) for one in got] == [(1, 1, march(3))]


def test_a_lot_that_one_claim_may_not_have_is_left_for_the_next() -> None:
    claims = [claim("a", 2, location="paris"), claim("b", 1, hour=1, location="berlin")]

    got = allocate(claims, 0, [lot("berlin", 1, 3, location="berlin"), lot("paris", 5, 9, location="paris")])

    assert [(one.order, one.eta) for one in got] == [("a", march(9)), ("b", march(3))]


def test_units_on_hand_at_a_place_fill_who_is_served_there_and_who_is_served_anywhere() -> None:
    claims = [claim("a", 2, location="paris"), claim("b", 2, hour=1, location="berlin"), claim("c", 2, hour=2)]

    got = allocate(claims, 4, [], places=(("berlin", 1), ("paris", 3)))

    assert [(one.order, one.on_hand, one.waiting) for one in got] == [("a", 2, 0), ("b", 1, 1), ("c", 1, 1)]


def test_units_that_are_held_stay_with_a_claim_only_where_it_is_served() -> None:
    claims = [claim("a", 2, location="paris", held=2), claim("b", 2, hour=1, location="berlin")]

    got = allocate(claims, 2, [], places=(("berlin", 2),))

    assert [(one.order, one.on_hand) for one in got] == [("a", 0), ("b", 2)]


def test_units_beyond_those_that_are_placed_are_for_everybody_and_missing_ones_are_missing_where_most_are() -> None:
    claims = [claim("a", 4, location="paris"), claim("b", 4, hour=1, location="berlin")]
    places = (("berlin", 1), ("paris", 3), ("rome", -2))

    assert [one.on_hand for one in allocate(claims, 5, [], places=places)] == [4, 1]
    assert [one.on_hand for one in allocate(claims, 2, [], places=places)] == [1, 1]


def test_an_order_that_ships_complete_and_pinned_lines_keep_to_their_place() -> None:
    claims = [claim("a", 2, location="paris", pin_lot="L1"), claim("b", 1, hour=1, location="paris")]
    lots = [lot("L1", 1, 3, location="paris")]

    got = allocate(claims, 2, lots, until={"b": march(9)}, places=(("berlin", 1), ("paris", 1)))

    assert [(one.order, one.on_hand, one.waiting) for one in got] == [("a", 1, 1), ("b", 0, 1)]
