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


def test_units_on_hand_serve_every_place() -> None:
    got = allocate([claim("a", 2, location="paris")], 1, [lot("L1", 1, 3, location="paris")])

    assert [(one.on_hand, one.waiting, one.eta) for one in got] == [(1, 1, march(3))]


def test_a_lot_that_one_claim_may_not_have_is_left_for_the_next() -> None:
    claims = [claim("a", 2, location="paris"), claim("b", 1, hour=1, location="berlin")]

    got = allocate(claims, 0, [lot("berlin", 1, 3, location="berlin"), lot("paris", 5, 9, location="paris")])

    assert [(one.order, one.eta) for one in got] == [("a", march(9)), ("b", march(3))]
