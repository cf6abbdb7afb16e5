"""The end of a long queue: where those ahead are as they were, only who comes behind them has to be decided."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from connector.domain.settings import Settings
from connector.domain.shelves import Lot
from connector.domain.strategies import Claim

if TYPE_CHECKING:
    from connector.domain.allocation import Allotment
    from connector.domain.board import StockBefore

LONG = 500  # lines; a shorter queue is decided whole as quickly
Place = tuple[datetime, str, str]


@dataclass(frozen=True, slots=True)
class Tail:
    """What a queue leaves to whoever comes behind it, and what it was decided by.

    `placed_at`, `order` and `line` are those of the last claim; `waiting` units are not on hand for the queue, `free`
    are on hand for nobody, `left` (lot -> units) are to come for nobody. It was decided with `counted` units,
    `reserved` of them for unpaid orders, and with lots of this `lots` digest.
    """

    placed_at: datetime
    order: str
    line: str
    counted: int
    reserved: int
    waiting: int
    free: int
    left: dict[str, int]
    lots: str


def digest(lots: Iterable[Lot]) -> str:
    """The same for the same lots with the same dates."""
    return hashlib.sha256(repr(sorted(lots, key=lambda lot: lot.id)).encode()).hexdigest()


def tail_of(
    before: "StockBefore", claims: Sequence[Claim], got: Iterable["Allotment"], on_hand: int, settings: Settings
) -> Tail | None:
    """The tail of a queue that was decided like this; None where who comes behind could change what others get."""
    if before.on_hand is None or (before.tail is None and len(before.lines) < LONG):
        return None
    if before.places or not _in_turn(settings) or any(lot.reserved or lot.location for lot in before.lots):
        return None
    if any(claim.pinned or claim.pin_lot or claim.ship_complete or claim.location for claim in claims):
        return None
    free, left = on_hand, {lot.id: lot.quantity for lot in before.lots}
    waiting = before.tail.waiting if before.tail else 0
    for one in got:
        free, waiting = free - one.on_hand, waiting + one.waiting
        for peg in one.pegs:
            left[peg.lot] -= peg.quantity
    last = _last(before, claims)
    if last is None or len(left) != len(before.lots):
        return None
    lots = before.tail.lots if before.tail else digest(before.lots)
    return Tail(*last, before.on_hand, before.reserved, waiting, free, left, lots)


def _in_turn(settings: Settings) -> bool:
    return settings.fill_order == "first_come" and not settings.ships_whole


def _last(before: "StockBefore", claims: Iterable[Claim]) -> Place | None:
    there = [(before.tail.placed_at, before.tail.order, before.tail.line)] if before.tail else []
    return max([*there, *(_place(claim) for claim in claims)], default=None)


def _place(claim: Claim) -> Place:
    return claim.placed_at, claim.order, claim.line


def behind(before: "StockBefore", tail: Tail, settings: Settings) -> "StockBefore | None":
    """A stock as those see it who come behind its queue; None where the queue has to be decided anew.

    `before` has only lines that are new; the others are as they were.
    """
    moved, balance = before.moved, before.balance
    same = (before.on_hand, before.reserved, digest(before.lots)) == (tail.counted, tail.reserved, tail.lots)
    quiet = not (moved.shipped or moved.freed or moved.came_in or moved.set_anew or (balance and balance.doubted))
    last = (tail.placed_at, tail.order, tail.line)
    in_turn = _in_turn(settings) and not before.places
    if not (same and quiet and in_turn and all(_place(line.claim) > last for line in before.lines)):
        return None
    lots = tuple(replace(lot, quantity=tail.left[lot.id]) for lot in before.lots)
    return replace(before, lots=lots, tail=tail)
