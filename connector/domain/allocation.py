"""Which unit goes to whom: supply and claims laid along one line, so that each claim owns an interval of supply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import NamedTuple

from connector.domain.shelves import Floor, Lot, Pick, Places, Shelves, in_date_order
from connector.domain.strategies import NO_STANCES, STRATEGIES, Claim, in_order

__all__ = ["STRATEGIES", "Allotment", "Claim", "Lot", "Peg", "Stock", "allocate", "allocate_each", "unclaimed"]


# Peg and Allotment are made by the million; a named tuple is built in a quarter of a frozen dataclass's time.
class Peg(NamedTuple):
    """`quantity` units of a lot that are meant for a line."""

    order: str
    line: str
    lot: str
    quantity: int


class Allotment(NamedTuple):
    """What a line gets: `on_hand` units are there, `waiting` are not.

    `first` is when the first of the waiting units come, `eta` when the last do (None: unknown, or nothing waits);
    `pegs` name the lots they come from in date order, `lot` the one that completes the line.
    """

    order: str
    line: str
    on_hand: int
    waiting: int
    first: date | None
    eta: date | None
    pegs: tuple[Peg, ...]
    lot: str | None


@dataclass(frozen=True, slots=True)
class Stock:
    """One stock with all that is claimed of it and all that will come; `places` say where what is on hand is."""

    id: str
    claims: tuple[Claim, ...]
    on_hand: int
    lots: tuple[Lot, ...]
    places: Places = ()


def allocate(
    claims: Iterable[Claim],
    on_hand: int,
    lots: Iterable[Lot],
    strategy: str = "first_come",
    stances: Mapping[str, str] = NO_STANCES,
    until: Mapping[str, date] | None = None,
    places: Places = (),
) -> tuple[Allotment, ...]:
    """What each claim gets, in order of service, in O(n + m) after sorting.

    Held units are served first, then the units of lots that claims are pinned to, then what else is on hand, then the
    lots in date order. Where claim and lot both
    name a location the two must agree, and so where `places` say where units on hand are. An
    order in `until` (order -> day) first takes the latest units that are
    ready by that day, and only then the earliest. BadInput for an unknown strategy or stance.
    """
    ranked = in_order(claims, strategy, stances)
    queue = in_date_order(lots)
    floor = Floor(max(on_hand, 0), places)
    kept = _held(ranked, floor)
    if until or places or _located(queue) or any(claim.pin_lot for claim in ranked):
        return tuple(_picked(ranked, kept, floor, Shelves(queue), until or {}))
    return tuple(_swept(ranked, kept, floor.left, queue))


def allocate_each(
    stocks: Iterable[Stock], strategy: str = "first_come", stances: Mapping[str, str] = NO_STANCES
) -> Iterator[tuple[str, tuple[Allotment, ...]]]:
    """Stock by stock the id and what its claims get; nothing is kept, so that a million lines fit."""
    for stock in stocks:
        yield stock.id, allocate(stock.claims, stock.on_hand, stock.lots, strategy, stances, places=stock.places)


def unclaimed(
    lots: Iterable[Lot], allotments: Iterable[Allotment], on_hand: int
) -> tuple[int, tuple[tuple[Lot, int], ...]]:
    """What a new buyer could have: units on hand, and (lot, units) in date order without empty lots.

    Those who wait take the reserved units of a lot first.
    """
    free = max(on_hand, 0)
    pegged: dict[str, int] = {}
    for allotment in allotments:
        free -= allotment.on_hand
        for peg in allotment.pegs:
            pegged[peg.lot] = pegged.get(peg.lot, 0) + peg.quantity
    left = ((lot, lot.quantity - max(pegged.get(lot.id, 0), lot.reserved)) for lot in in_date_order(lots))
    return free, tuple((lot, units) for lot, units in left if units > 0)


def _located(queue: Sequence[Lot]) -> bool:
    return any(lot.location for lot in queue)


def _held(ranked: Sequence[Claim], floor: Floor) -> Iterable[int]:
    """The units that each claim keeps of what is on hand."""
    if not any(claim.held for claim in ranked):
        return repeat(0)
    return [floor.take(claim.location, min(claim.held, claim.quantity)) for claim in ranked]


def _swept(ranked: Iterable[Claim], kept: Iterable[int], free: int, queue: Iterable[Lot]) -> Iterator[Allotment]:
    """One walk along claims and lots together."""
    coming = iter(queue)
    lot, left = _following(coming)
    for claim, own in zip(ranked, kept, strict=False):
        order, line, missing = claim.order, claim.line, claim.quantity - own
        if free:
            here = min(missing, free)
            own, free, missing = own + here, free - here, missing - here
        waiting = missing
        first = lot.ready if lot and missing else None
        pegs: list[Peg] = []
        while lot and missing > left:
            pegs.append(Peg(order, line, lot.id, left))
            missing -= left
            lot, left = _following(coming)
        if not lot or not missing:
            yield Allotment(order, line, own, waiting, first, None, tuple(pegs), None)
            continue
        pegs.append(Peg(order, line, lot.id, missing))
        yield Allotment(order, line, own, waiting, first, lot.ready, tuple(pegs), lot.id)
        left -= missing
        if not left:
            lot, left = _following(coming)


def _following(coming: Iterator[Lot]) -> tuple[Lot | None, int]:
    """The lot that comes next, and its units."""
    lot = next(coming, None)
    return lot, lot.quantity if lot else 0


def _picked(
    ranked: Iterable[Claim], kept: Iterable[int], floor: Floor, shelves: Shelves, until: Mapping[str, date]
) -> Iterator[Allotment]:
    """Claim by claim, where a claim may have to pass over lots; pins come before everybody's turn."""
    each = list(zip(ranked, kept, strict=False))
    firm = [shelves.of(claim.pin_lot, claim.quantity - own) if claim.pin_lot else [] for claim, own in each]
    for (claim, own), pinned in zip(each, firm, strict=True):
        missing = claim.quantity - own - sum(units for _, units in pinned)
        late: list[Pick] = []
        if claim.order in until:
            late = shelves.latest(claim.location, missing, until[claim.order])
            missing -= sum(units for _, units in late)
        here = floor.take(claim.location, missing)
        missing -= here
        early = shelves.earliest(claim.location, missing)
        missing -= sum(units for _, units in early)
        picks = late + early
        if pinned:
            picks = sorted(pinned + picks, key=_by_date)
        yield _allotment(claim, own + here, picks, missing)


def _by_date(pick: Pick) -> tuple[date, str]:
    return pick[0].ready or date.max, pick[0].id


def _allotment(claim: Claim, on_hand: int, picks: Sequence[Pick], missing: int) -> Allotment:
    order, line = claim.order, claim.line
    if not picks:
        return Allotment(order, line, on_hand, claim.quantity - on_hand, None, None, (), None)
    pegs = tuple([Peg(order, line, lot.id, units) for lot, units in picks])
    last = picks[-1][0]
    waiting = claim.quantity - on_hand
    if missing:
        return Allotment(order, line, on_hand, waiting, picks[0][0].ready, None, pegs, None)
    return Allotment(order, line, on_hand, waiting, picks[0][0].ready, last.ready, pegs, last.id)
