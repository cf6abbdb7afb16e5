"""What of an order is there and what waits: shown in the store, noted for who packs, split where that is wanted."""

from connector.domain.board import OrderBefore, OrderLine
from connector.domain.chain import digest
from connector.domain.effects import NoteOrder, Part, SplitOrder, WriteOrder
from connector.domain.keeping_back import ships_apart
from connector.domain.settings import Settings
from connector.domain.wording import day


def written(before: OrderBefore, stage: str, settings: Settings) -> WriteOrder | None:
    """How an order that waits, or has waited, stands now."""
    if not settings.write_orders or not stage or before.cancelled or not before.lines:
        return None
    parts = (Part(one.line, one.filled, one.waiting, one.eta) for one in before.lines)
    return WriteOrder(before.order, tuple(parts))


def noted(before: OrderBefore, settings: Settings) -> NoteOrder | None:
    """A note where a part can ship; none where an order leaves together, or was there before us."""
    ready, waits = _apart(before, settings)
    if not settings.order_notes or not ready or not waits:
        return None
    # Told once for each set of units that is there and of dates for the rest: what comes and goes is not told again.
    told = [[one.line, one.filled] for one in ready], [[one.line, str(one.eta)] for one in waits]
    key = f"note:{before.order}:{digest(told)[:32]}"
    here = ", ".join(f"{one.filled} × {one.title}" for one in ready)
    text = f"Ready to ship: {here}. Waiting: {', '.join(_waiting(one) for one in waits)}."
    return NoteOrder(key, before.order, before.number, text)


def divided(before: OrderBefore, settings: Settings) -> SplitOrder | None:
    """What waits becomes an order of its own, once, if the merchant wants that; not while money is only reserved."""
    ready, waits = _apart(before, settings)
    if not settings.split_orders or before.divided or before.authorised or not ready or not waits:
        return None
    lines = tuple((one.line, one.quantity, one.waiting) for one in waits)
    return SplitOrder(f"split:{before.order}", before.order, before.number, lines)


def _apart(before: OrderBefore, settings: Settings) -> tuple[list[OrderLine], list[OrderLine]]:
    """Lines with units that are there, and lines with units that wait; none where the order leaves together."""
    if not ships_apart(before, settings) or before.cancelled or before.silent:
        return [], []
    return [one for one in before.lines if one.filled], [one for one in before.lines if one.waiting]


def _waiting(line: OrderLine) -> str:
    until = f"expected by {day(line.eta)}" if line.eta else "no date yet"
    return f"{line.waiting} × {line.title} ({until})"
