"""What holds for all claims, lots, strategies and places."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.allocation import STRATEGIES, Claim, Lot, Stock, allocate, allocate_each, unclaimed
from connector.domain.shelves import Floor
from tests.domain.allocation.given import SPREAD, by_line, claims, later, lot, lots

PLACES = ("", "paris", "berlin")
strategies = st.sampled_from(STRATEGIES)
on_hand = st.integers(0, 8)
somewhere = st.one_of(
    st.tuples(claims(), lots()),
    st.tuples(claims(PLACES), lots(PLACES)),
)


@given(somewhere, on_hand, strategies)
def test_no_unit_is_given_twice_and_none_is_lost(drawn: tuple[list[Claim], list[Lot]], units: int, name: str) -> None:
    wanted, supply = drawn
    got = allocate(wanted, units, supply, name, SPREAD)
    pegged = Counter[str]()
    for one in got:
        pegged.update({peg.lot: peg.quantity for peg in one.pegs})
        assert all(peg.quantity > 0 for peg in one.pegs)

    free, left = unclaimed(supply, got, units)

    assert sum(one.on_hand for one in got) + free == units
    assert free >= 0
    idle = {one.id: number for one, number in left}
    assert {each.id: pegged[each.id] + idle.get(each.id, 0) for each in supply} == {
        each.id: each.quantity for each in supply
    }


@given(
    st.tuples(claims(PLACES), lots(PLACES)),
    on_hand,
    st.dictionaries(st.sampled_from(PLACES), st.integers(-2, 6)),
    strategies,
)
def test_no_place_gives_more_units_than_it_has_and_none_stand_idle_where_somebody_served_there_waits(
    drawn: tuple[list[Claim], list[Lot]], units: int, spread: dict[str, int], name: str
) -> None:
    wanted, supply = drawn
    places = tuple(sorted(spread.items()))
    got = allocate(wanted, units, supply, name, SPREAD, places=places)
    place = {(one.order, one.line): one.location for one in wanted}
    taken = Counter[str]()
    for one in got:
        taken[place[one.order, one.line]] += one.on_hand

    assert sum(taken.values()) + unclaimed(supply, got, units)[0] == units
    if places:
        assert all(taken[where] <= Floor(units, places).take(where, 99) for where in PLACES if where)
    if sum(taken.values()) < units:
        assert not any(one.waiting for one in got if not place[one.order, one.line])


@given(somewhere, on_hand, strategies)
def test_a_line_waits_exactly_for_what_is_not_on_hand(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str
) -> None:
    wanted, supply = drawn
    ready = {each.id: each.ready for each in supply}
    got = by_line(allocate(wanted, units, supply, name, SPREAD))

    for one in wanted:
        mine = got[one.order, one.line]
        assert mine.on_hand + mine.waiting == one.quantity
        pegged = sum(peg.quantity for peg in mine.pegs)
        assert pegged <= mine.waiting
        assert mine.first == (ready[mine.pegs[0].lot] if mine.pegs else None)
        complete = bool(mine.waiting) and pegged == mine.waiting
        assert mine.lot == (mine.pegs[-1].lot if complete else None)
        assert mine.eta == (ready[mine.pegs[-1].lot] if complete else None)


@given(somewhere, on_hand, strategies)
def test_units_stand_idle_only_where_nobody_waits(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str
) -> None:
    wanted, supply = drawn
    got = allocate(wanted, units, supply, name, SPREAD)
    free, _ = unclaimed(supply, got, units)
    place = {(one.order, one.line): one.location for one in wanted}
    pegged = Counter[str]()
    for one in got:
        pegged.update({peg.lot: peg.quantity for peg in one.pegs})
    for one in got:
        if one.waiting:
            assert free == 0
        if one.waiting > sum(peg.quantity for peg in one.pegs):
            fit = [x for x in supply if not x.location or place[one.order, one.line] in ("", x.location)]
            assert [x.id for x in fit if x.quantity > pegged[x.id]] == []


@given(somewhere, on_hand, strategies, st.data())
def test_the_order_of_the_input_means_nothing(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str, data: st.DataObject
) -> None:
    wanted, supply = drawn
    shuffled = data.draw(st.permutations(wanted)), data.draw(st.permutations(supply))

    assert allocate(shuffled[0], units, shuffled[1], name, SPREAD) == allocate(wanted, units, supply, name, SPREAD)


@given(somewhere, on_hand, strategies, st.data())
def test_a_claim_that_goes_away_makes_nobody_later(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str, data: st.DataObject
) -> None:
    wanted, supply = drawn
    gone = data.draw(st.sampled_from(wanted)) if wanted else None
    before = allocate(wanted, units, supply, name, SPREAD)

    after = allocate([one for one in wanted if one is not gone], units, supply, name, SPREAD)

    assert later(before, after) == []


@given(somewhere, on_hand, strategies, st.integers(0, 3), st.integers(1, 4), st.sampled_from((None, 1, 4, 9)))
def test_more_supply_makes_nobody_later(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str, more: int, extra: int, day: int | None
) -> None:
    wanted, supply = drawn
    before = allocate(wanted, units, supply, name, SPREAD)

    after = allocate(wanted, units + more, [*supply, lot("extra", extra, day)], name, SPREAD)

    assert later(before, after) == []


@given(somewhere, on_hand, strategies)
def test_held_units_are_lost_only_when_they_exist_no_more(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str
) -> None:
    wanted, supply = drawn
    keepers = [one for one in wanted if name != "segments" or SPREAD.get(one.segment) not in ("redistribute", "lose")]
    got = by_line(allocate(wanted, units, supply, name, SPREAD))

    lost = sum(max(0, one.held - got[one.order, one.line].on_hand) for one in keepers)

    assert lost == max(0, sum(one.held for one in keepers) - units)


@given(somewhere, on_hand, strategies)
def test_planning_again_with_what_was_planned_changes_nothing(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str
) -> None:
    wanted, supply = drawn
    units += sum(one.held for one in wanted)
    before = by_line(allocate(wanted, units, supply, name))
    again = [replace(one, held=before[one.order, one.line].on_hand) for one in wanted]

    assert by_line(allocate(again, units, supply, name)) == before


@given(claims(), lots(), on_hand, strategies)
def test_stock_by_stock_is_the_same_as_one_by_one(
    wanted: list[Claim], supply: list[Lot], units: int, name: str
) -> None:
    stocks = [Stock("A", tuple(wanted), units, tuple(supply)), Stock("B", (), 3, ())]

    assert list(allocate_each(stocks, name, SPREAD)) == [
        ("A", allocate(wanted, units, supply, name, SPREAD)),
        ("B", ()),
    ]


@given(claims(), lots(), on_hand)
def test_places_that_all_agree_are_as_good_as_none(wanted: list[Claim], supply: list[Lot], units: int) -> None:
    placed = [Lot(each.id, each.quantity, each.ready, "paris") for each in supply]

    assert allocate(wanted, units, placed) == allocate(wanted, units, supply)


@given(somewhere, on_hand, strategies, st.data())
def test_a_line_that_was_given_a_lot_gets_its_units_and_nothing_is_given_twice(
    drawn: tuple[list[Claim], list[Lot]], units: int, name: str, data: st.DataObject
) -> None:
    wanted, supply = drawn
    given_to = data.draw(st.lists(st.sampled_from(["", *(each.id for each in supply)]), min_size=len(wanted)))
    firm = [replace(one, pinned=bool(lot), pin_lot=lot) for one, lot in zip(wanted, given_to, strict=False)]

    got = allocate(firm, units, supply, name, SPREAD)

    mine = {(one.order, one.line): one.pin_lot for one in firm}
    left = {each.id: each.quantity for each in supply}
    owed = dict(left)
    for one in got:
        for peg in one.pegs:
            left[peg.lot] -= peg.quantity
            owed[peg.lot] -= peg.quantity if mine[one.order, one.line] == peg.lot else 0
    assert min(left.values(), default=0) >= 0
    for one in got:
        lot = mine[one.order, one.line]
        if lot and sum(peg.quantity for peg in one.pegs if peg.lot == lot) < one.waiting:
            assert owed[lot] == 0  # all of it went to lines that were given it
    assert sum(one.on_hand for one in got) <= units
