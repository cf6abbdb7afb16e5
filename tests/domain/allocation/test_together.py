"""Orders that leave only when they are complete."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.allocation import Allotment, Peg, Stock, allocate
from connector.domain.together import Departure, allocate_together, departures
from tests.domain.allocation.given import by_line, claim, later, lot, march, shops


def sofa_and_lamp(place: str = "") -> list[Stock]:
    """An order that waits for a sofa until the 20th and could have its lamp now; another wants a lamp."""
    first = claim("first", 1, line="lamp", ship_complete=True, location=place)
    lamps = (first, claim("second", 1, hour=1, line="lamp"))
    sofa = claim("first", 1, line="sofa", ship_complete=True, location=place)
    return [
        Stock("lamp", lamps, 1, (lot("L1", 3, 10), lot("L2", 3, 20), lot("L3", 3, 25))),
        Stock("sofa", (sofa,), 0, (lot("S1", 1, 20),)),
    ]


def test_a_lamp_that_waits_for_its_sofa_goes_to_the_next_in_line() -> None:
    got = allocate_together(sofa_and_lamp())

    assert got["lamp"] == (
        Allotment("first", "lamp", 0, 1, march(20), march(20), (Peg("first", "lamp", "L2", 1),), "L2"),
        Allotment("second", "lamp", 1, 0, None, None, (), None),
    )
    assert [one.eta for one in got["sofa"]] == [march(20)]


def test_units_that_are_held_for_an_order_are_not_given_away() -> None:
    lamps, sofa = sofa_and_lamp()
    held = claim("first", 1, line="lamp", ship_complete=True, held=1)

    got = allocate_together([Stock("lamp", (held, lamps.claims[1]), 1, lamps.lots), sofa])

    assert [(one.order, one.on_hand, one.eta) for one in got["lamp"]] == [
        ("first", 1, None),
        ("second", 0, march(10)),
    ]


def test_only_segments_that_give_way_do_so() -> None:
    stocks = sofa_and_lamp()

    assert allocate_together(stocks, giving=()) == {
        stock.id: allocate(stock.claims, stock.on_hand, stock.lots) for stock in stocks
    }
    assert allocate_together(stocks, giving=("dtc",)) == allocate_together(stocks)


def test_an_order_that_waits_for_the_unknown_keeps_its_early_units() -> None:
    lamps, sofa = sofa_and_lamp()

    got = allocate_together([lamps, Stock("sofa", sofa.claims, 0, ())])

    assert [(one.order, one.on_hand) for one in got["lamp"]] == [("first", 1), ("second", 0)]


def test_an_order_is_complete_with_its_last_line_and_unknown_with_one_unknown_line() -> None:
    lamps, sofa = sofa_and_lamp()
    plain = {stock.id: allocate(stock.claims, stock.on_hand, stock.lots) for stock in (lamps, sofa)}
    bare = {"sofa": allocate(sofa.claims, 0, ())}

    assert departures([lamps, sofa], plain) == {"first": Departure(march(20), march(20))}
    assert departures([sofa], bare) == {"first": Departure(None, None)}
    assert departures([lamps], plain) == {}


def test_units_of_another_place_are_not_swapped_where_somebody_would_be_later() -> None:
    first = claim("first", 1, line="lamp", ship_complete=True, location="paris")
    berlin = claim("second", 1, hour=1, line="lamp", location="berlin")
    lots = (lot("P", 1, 5, location="paris"), lot("any", 1, 9))
    sofa = Stock("sofa", (claim("first", 1, line="sofa", ship_complete=True),), 0, (lot("S1", 1, 20),))

    got = allocate_together([Stock("lamp", (first, berlin), 0, lots), sofa])

    assert [(one.order, one.eta) for one in got["lamp"]] == [("first", march(5)), ("second", march(9))]


def test_an_order_with_a_day_takes_the_latest_units_by_it_over_several_lots_and_places() -> None:
    lots = [lot("x", 1, 1), lot("a", 2, 5, location="paris"), lot("b", 2, 8), lot("c", 9, 11), lot("d", 9, None)]
    late = claim("late", 3)

    got = allocate([late, claim("next", 3, hour=1)], 0, lots, until={"late": march(10)})

    assert [one.pegs for one in got] == [
        (Peg("late", "1", "a", 1), Peg("late", "1", "b", 2)),
        (Peg("next", "1", "x", 1), Peg("next", "1", "a", 1), Peg("next", "1", "c", 1)),
    ]


def test_lots_that_late_orders_emptied_are_passed_over() -> None:
    lots = [lot("a", 1, 2), lot("b", 1, 4), lot("c", 1, 6), lot("d", 1, 8)]
    until = dict.fromkeys(("1", "2", "3"), march(7))

    got = allocate([claim("1"), claim("2"), claim("3"), claim("4")], 0, lots, until=until)

    assert [(one.order, one.lot) for one in got] == [("1", "c"), ("2", "b"), ("3", "a"), ("4", "d")]


def test_an_order_that_misses_its_day_takes_what_is_on_hand_and_then_the_earliest() -> None:
    lots = [lot("late", 5, 20), lot("soon", 1, 5)]

    got = allocate([claim("a", 3)], 1, lots, until={"a": march(10)})

    pegs = (Peg("a", "1", "soon", 1), Peg("a", "1", "late", 1))
    assert got == (Allotment("a", "1", 1, 2, march(5), march(20), pegs, "late"),)


@given(st.one_of(shops(), shops(places=("", "paris", "berlin"))))
def test_giving_way_makes_nobody_later(stocks: list[Stock]) -> None:
    plain = {stock.id: allocate(stock.claims, stock.on_hand, stock.lots) for stock in stocks}
    dates = {order: leaves.eta for order, leaves in departures(stocks, plain).items()}

    got = allocate_together(stocks)

    whole = {order for order, day in dates.items() if day is not None}
    for stock in stocks:
        assert sum(one.on_hand for one in got[stock.id]) <= stock.on_hand
        assert by_line(got[stock.id]).keys() == by_line(plain[stock.id]).keys()
        assert [line for line in later(plain[stock.id], got[stock.id]) if line[0] not in whole] == []
    left = departures(stocks, got).items()
    shipped = {order: leaves.eta or date.max for order, leaves in left if order in whole}
    assert [order for order, day in shipped.items() if day > (dates[order] or date.min)] == []
