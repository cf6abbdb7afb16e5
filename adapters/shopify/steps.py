"""What is to be done next with the fulfillment orders of an order; decided by how they stand now, without memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from adapters.shopify.fulfilments import Hold, Part, Piece
from connector.domain.effects import HeldLine
from connector.domain.wording import day

OURS = "backorder-"
UNDATED = f"{OURS}undated"
Units = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HoldPart:
    """Hold all of a fulfillment order, or these (piece, units) of it."""

    part: Part
    handle: str
    notes: str
    pieces: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasePart:
    """Release these holds, which are ours."""

    part: Part
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Make a fulfillment order of its own of these (piece, units)."""

    part: Part
    pieces: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReschedulePart:
    """Put what is scheduled off to another time, or back to its own."""

    part: Part
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenPart:
    """Open what we had put off, and would be open by now without us."""

    part: Part


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A day by which a fulfillment order has to leave."""

    part: Part
    by: datetime


Step = HoldPart | ReleasePart | SplitPart | ReschedulePart | OpenPart | SetDeadline


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be kept: units of each line that is named (all others stay as they are), with what is known of it.

    `over`: nothing is. `put_off` are times that are ours, each with the one before, `deadlines` those that are ours.
    """

    units: Units
    lines: Mapping[str, HeldLine]
    over: bool
    put_off: Mapping[datetime, datetime]
    deadlines: frozenset[datetime]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Units by line that wait and cannot be held: others hold them, somebody is at them, or they are not shown."""

    held_by_others: Counter[str]
    in_work: Counter[str]
    unseen: Counter[str]


def our_holds(part: Part) -> tuple[Hold, ...]:
    """The holds of a fulfillment order that we have placed."""
    holds = part.work.fulfillment_holds
    return tuple(one for one in holds if one.held_by_requesting_app and (one.handle or "").startswith(OURS))


def units_of(parts: Iterable[Part]) -> Counter[str]:
    """Units by line."""
    found: Counter[str] = Counter()
    for part in parts:
        for piece in part.pieces:
            found[piece.line] += piece.remaining_quantity
    return found


def next_step(parts: Sequence[Part], wanted: Wanted, now: datetime) -> tuple[Step | None, Lacking]:
    """The first thing that is not as it is to be; None, and what cannot be held, where all else is."""
    left = Counter(dict(wanted.units))
    lacking = Lacking(Counter(), Counter(), Counter())
    ours = sorted((part for part in parts if our_holds(part)), key=lambda part: _excess(part, left, wanted))
    for part in ours:
        step = _kept(part, left, wanted)
        if step is not None:
            return step, lacking
    for part in parts:
        step = None if our_holds(part) else _taken(part, left, wanted, lacking, now)
        if step is not None:
            return step, lacking
    there = units_of(parts)
    lacking.unseen.update({line: units for line, units in left.items() if units > 0 and not there[line]})
    return next((step for part in parts if (step := _deadline(part, wanted, now))), None), lacking


def _excess(part: Part, left: Units, wanted: Wanted) -> int:
    return sum(units for _, units in _beyond(part, left, wanted))


def _beyond(part: Part, left: Units, wanted: Wanted) -> tuple[tuple[Piece, int], ...]:
    """Units of a fulfillment order that are not to be held; a line that is not named stays, unless all is over."""
    spare = Counter(dict(left))
    found = []
    for piece in part.pieces:
        stays = not wanted.over and piece.line not in wanted.lines
        kept = piece.remaining_quantity if stays else min(spare[piece.line], piece.remaining_quantity)
        spare[piece.line] -= 0 if stays else kept
        found.append((piece, piece.remaining_quantity - kept))
    return tuple((piece, units) for piece, units in found if units)


def _kept(part: Part, left: Counter[str], wanted: Wanted) -> Step | None:
    """One that we hold: it stays so, with its date in the hold, or what is not to be held leaves it."""
    held, beyond = our_holds(part), _beyond(part, left, wanted)
    ids = tuple(one.id for one in held)
    if sum(units for _, units in beyond) == sum(piece.remaining_quantity for piece in part.pieces):
        return ReleasePart(part, ids)
    if beyond and part.work.can("SPLIT"):
        return SplitPart(part, _named(beyond))
    if beyond:  # the rest of it is held by itself as soon as it can be
        return ReleasePart(part, ids)
    for piece in part.pieces:
        left[piece.line] -= min(left[piece.line], piece.remaining_quantity)
    if not any(piece.line in wanted.lines for piece in part.pieces):
        return None
    handle, notes = _word(part, wanted)
    stale = tuple(one.id for one in held if one.handle != handle)
    if len(stale) == len(held):
        return HoldPart(part, handle, notes) if part.work.can("HOLD") else None
    return ReleasePart(part, stale) if stale else None


def _taken(part: Part, left: Counter[str], wanted: Wanted, lacking: Lacking, now: datetime) -> Step | None:
    """One that we do not hold: what is to be held of it is, where that can be done."""
    take: list[tuple[Piece, int]] = []
    for piece in part.pieces:
        units = min(left[piece.line], piece.remaining_quantity)
        left[piece.line] -= units
        take += [(piece, units)] if units else []
    if part.work.status == "SCHEDULED":
        return _scheduled(part, take, wanted, now)
    if not take:
        return None
    lines = Counter({piece.line: units for piece, units in take})
    whole = sum(lines.values()) == sum(piece.remaining_quantity for piece in part.pieces)
    if not part.work.can("HOLD"):
        lacking.in_work.update(lines)
        return None
    if not whole and part.work.fulfillment_holds:  # Shopify holds a part only of what nobody holds
        if part.work.can("SPLIT"):
            return SplitPart(part, _named(take))
        lacking.held_by_others.update(lines)
        return None
    return HoldPart(part, *_word(part, wanted), () if whole else _named(take))


def _scheduled(part: Part, take: Sequence[tuple[Piece, int]], wanted: Wanted, now: datetime) -> Step | None:
    """What is scheduled waits until then anyway: it is put off to the day that is promised, never before its own."""
    at = part.work.fulfill_at
    if at is None:
        return None
    own = wanted.put_off.get(at, at)
    ready = [wanted.lines[piece.line].ready_at for piece, _ in take]
    target = max(one for one in (own, *ready) if one is not None)
    if any(one is None for one in ready):  # no day is known: it stays as it is
        target = at
    if target == at:
        return None
    units = sum(count for _, count in take)
    if 0 < units < sum(piece.remaining_quantity for piece in part.pieces) and part.work.can("SPLIT"):
        return SplitPart(part, _named(take))  # what is there goes at its own time
    if target > now:
        return ReschedulePart(part, target)
    return OpenPart(part) if part.work.can("MARK_AS_OPEN") else None


def _deadline(part: Part, wanted: Wanted, now: datetime) -> SetDeadline | None:
    """The last of its lines decides, for it leaves whole; a day that somebody else has set stays."""
    named = [wanted.lines[piece.line].ship_by for piece in part.pieces if piece.line in wanted.lines]
    days = [day for day in named if day is not None]
    is_set = part.work.fulfill_by
    if len(days) < len(part.pieces) or (is_set is not None and is_set not in wanted.deadlines):
        return None
    by = max(days)
    return SetDeadline(part, by) if by != is_set and by > now else None


def _word(part: Part, wanted: Wanted) -> tuple[str, str]:
    """The handle of a hold, which says until when it is meant, and a note for the merchant's people."""
    lines = [wanted.lines[piece.line] for piece in part.pieces if wanted.units.get(piece.line)]
    dates: list[date] = [line.eta for line in lines if line.eta is not None]
    if not dates or len(dates) < len(lines):
        return UNDATED, "Waits for goods; no date is known yet."
    return f"{OURS}{max(dates).isoformat()}", f"Waits for goods, expected by {day(max(dates))}."


def _named(some: Iterable[tuple[Piece, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((piece.id, units) for piece, units in some)
