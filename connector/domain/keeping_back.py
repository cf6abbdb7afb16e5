"""What of an order the store is to hold back until it is there, and by when it has to leave."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from connector.domain.board import OrderBefore, OrderLine
from connector.domain.decide import latest
from connector.domain.effects import ArrangeOrder, HeldLine
from connector.domain.settings import Settings

DAY_ENDS = time(23, 59, 59)


def arranged(before: OrderBefore, stage: str, settings: Settings) -> ArrangeOrder | None:
    """How the goods of an order that waits, or has waited, are to be kept; None where nothing is to be done."""
    wanted = stage and (settings.hold_waiting or settings.fulfil_by)
    if wanted and not before.cancelled and not before.lines and _to_be_cancelled(before):
        return None  # what is held stays so until the store has cancelled it
    if before.cancelled or not before.lines or not wanted:
        return ArrangeOrder(before.order, before.number, (), over=True) if before.arranged else None
    lines = tuple(_held(one, before, settings) for one in before.lines)
    return ArrangeOrder(before.order, before.number, lines, over=not settings.hold_waiting)


def ships_apart(before: OrderBefore, settings: Settings) -> bool:
    """Whether what is there of an order may leave before the rest: by its own word, or else by the setting."""
    return before.apart if before.apart is not None else not settings.ships_whole


def _to_be_cancelled(before: OrderBefore) -> bool:
    """Whether something counts as cancelled that the store has not taken off yet."""
    return before.clock is not None and bool(before.clock.cancelled) and not before.refunded


def _held(line: OrderLine, before: OrderBefore, settings: Settings) -> HeldLine:
    """One line: of an order that leaves together, all of it is held while anything of the order waits."""
    waits = [one for one in before.lines if one.waiting]
    together = bool(waits) and not ships_apart(before, settings)
    units = line.quantity if together else line.waiting
    eta = _date(waits if together else [line], units)
    ready_at = _instant(eta, time.min, settings) if eta else None
    by = _ship_by(before, eta, settings)
    held = units if settings.hold_waiting else 0
    return HeldLine(line.line, held, eta, ready_at, _instant(by, DAY_ENDS, settings) if by else None)


def _date(waits: Sequence[OrderLine], units: int) -> date | None:
    return latest(one.eta for one in waits) if units else None


def _ship_by(before: OrderBefore, eta: date | None, settings: Settings) -> date | None:
    """By the days within which orders of its segment are to ship, or else by the date that was promised."""
    if not settings.fulfil_by:
        return None
    days = settings.days_to_ship.get(before.segment)
    if days is None:
        return eta
    return before.placed_at.astimezone(settings.zone).date() + timedelta(days=days)


def _instant(day: date, at: time, settings: Settings) -> datetime:
    return datetime.combine(day, at, settings.zone).astimezone(UTC)
