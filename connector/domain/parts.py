"""What of an order is there and what waits: shown in the store, and noted for who packs."""

from connector.domain.board import OrderBefore, OrderLine
from connector.domain.effects import NoteOrder, Part, WriteOrder
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
    apart = before.apart if before.apart is not None else not settings.ships_whole
    ready = [one for one in before.lines if one.filled]
    waits = [one for one in before.lines if one.waiting]
    if not settings.order_notes or not apart or before.cancelled or before.silent or not ready or not waits:
        return None
    # Told once for each set of units that is there: what comes and goes is not told again.
    key = f"note:{before.order}:{','.join(f'{one.line}={one.filled}' for one in ready)}"
    here = ", ".join(f"{one.filled} × {one.title}" for one in ready)
    text = f"Ready to ship: {here}. Waiting: {', '.join(_waiting(one) for one in waits)}."
    return NoteOrder(key, before.order, before.number, text)


def _waiting(line: OrderLine) -> str:
    until = f"expected by {day(line.eta)}" if line.eta else "no date yet"
    return f"{line.waiting} × {line.title} ({until})"
