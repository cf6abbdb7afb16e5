"""The work that an order's lines are to a shop: fulfillment orders, what holds them, and when they are due."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.shopify.practice.catalogue import Catalogue
from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.records import FulfilmentOrder, Hold, Order, Piece

MOST_HOLDS = 10
OVER = ("CLOSED", "CANCELLED", "INCOMPLETE")
ACTIONS = {
    "OPEN": ("CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT"),
    "SCHEDULED": ("MARK_AS_OPEN", "MOVE"),
    "IN_PROGRESS": ("CREATE_FULFILLMENT", "REPORT_PROGRESS"),
    "ON_HOLD": ("RELEASE_HOLD", "HOLD", "MOVE"),
}
Units = Sequence[tuple[int, int]]  # piece, units


class Refused(Exception):
    """Shopify does not do it; `code` is one of those of the mutation, None where it has none for this."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message, self.code = message, code


class Fulfilments:
    """What merchants and apps do with fulfillment orders. With `splits_held` those on hold can be split too."""

    def __init__(self, clock: Clock, catalogue: Catalogue) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self.splits_held = False
        self.routes = True

    def settle(self, order: Order) -> list[FulfilmentOrder]:
        """Bring the work to what the order's lines still want; what is cancelled by it.

        Units that are wanted no more go from what is held.
        """
        if not self.routes:
            return []
        for line in order.lines:
            wanted = 0 if order.cancelled_at else max(line.unfulfilled, 0)
            held_last = sorted(_live(order), key=lambda one: one.status == "ON_HOLD")
            pieces = [piece for one in held_last for piece in one.pieces if piece.line is line]
            there = sum(piece.remaining for piece in pieces)
            for piece in reversed(pieces):
                gone = min(piece.remaining, max(there - wanted, 0))
                piece.remaining, piece.total, there = piece.remaining - gone, piece.total - gone, there - gone
            if there < wanted:
                home = self._home(order, line.location or self._catalogue.first_location)
                home.pieces.append(Piece(self._catalogue.new_id(), line, wanted - there, wanted - there))
        over = [one for one in _live(order) if order.cancelled_at and not one.units]
        self._close(order, "CANCELLED" if order.cancelled_at else "CLOSED")
        return over

    def ship(self, order: Order, units: dict[int, int]) -> None:
        """Units by line leave; Refused where so many of them may not."""
        for line_id, wanted in units.items():
            open_to = [one for one in _live(order) if "CREATE_FULFILLMENT" in self.actions(one)]
            pieces = [piece for one in open_to for piece in one.pieces if piece.line.id == line_id]
            if sum(piece.remaining for piece in pieces) < wanted:
                raise Refused("Fulfillment order is not in a fulfillable state")
            for piece in pieces:
                gone = min(piece.remaining, wanted)
                piece.remaining, wanted = piece.remaining - gone, wanted - gone
        self._close(order, "CLOSED")

    def actions(self, of: FulfilmentOrder) -> tuple[str, ...]:
        """What may be done with it as it stands."""
        actions = ACTIONS.get(of.status, ())
        if of.status == "ON_HOLD" and self.splits_held:
            actions += ("SPLIT",)
        return actions if of.units > 1 else tuple(action for action in actions if action != "SPLIT")

    def hold(
        self, order: Order, of: FulfilmentOrder, hold: Hold, units: Units = ()
    ) -> tuple[Hold, FulfilmentOrder | None]:
        """Hold all of it, or these units, whose rest goes to a fulfillment order of its own."""
        if "HOLD" not in self.actions(of):
            raise Refused("Fulfillment order cannot be put on hold in its present state")
        own = [one for one in of.holds if one.by_app == hold.by_app]
        if any(one.handle == hold.handle for one in own):
            code = "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
            raise Refused("The handle is already in use by this app for another hold", code)
        if len(own) >= MOST_HOLDS:
            raise Refused("The maximum number of holds has been reached", "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED")
        rest = None
        if units:
            if of.status != "OPEN":
                text = "The fulfillment order is not in a splittable state"
                raise Refused(text, "FULFILLMENT_ORDER_NOT_SPLITTABLE")
            left = _left(of, self._checked(of, units))
            rest = self._part(order, of, left) if any(left.values()) else None
        of.holds.append(hold)
        of.status = "ON_HOLD"
        self._moved(order, of)
        return hold, rest

    def release(self, order: Order, of: FulfilmentOrder, ids: Sequence[int] | None) -> list[Hold]:
        """Release these holds of it, or everybody's; those that are gone."""
        if of.status != "ON_HOLD":
            raise Refused("Fulfillment order is not on hold")
        gone = [one for one in of.holds if ids is None or one.id in ids]
        of.holds = [one for one in of.holds if one not in gone]
        if not of.holds:
            of.status = "SCHEDULED" if of.fulfil_at and of.fulfil_at > self._clock.now() else "OPEN"
        self._moved(order, of)
        return gone

    def split(
        self, order: Order, of: FulfilmentOrder, units: Units
    ) -> tuple[FulfilmentOrder, FulfilmentOrder | None]:
        """Units go to a fulfillment order of their own; one that is not open is replaced by another for the rest."""
        if not units:
            raise Refused("No line items were provided to split", "NO_LINE_ITEMS_PROVIDED_TO_SPLIT")
        wanted = self._checked(of, units)
        if not any(_left(of, wanted).values()):
            raise Refused("Not all of a fulfillment order can be split off", "GREATER_THAN")
        if "SPLIT" not in self.actions(of):
            raise Refused("The fulfillment order cannot be split in its present state")
        rest = _left(of, wanted)
        part = self._part(order, of, wanted, of.status)
        replacement = None if of.status == "OPEN" else self._part(order, of, rest, of.status)
        self._close(order, "CLOSED")
        return part, replacement

    def reschedule(self, order: Order, of: FulfilmentOrder, at: datetime) -> FulfilmentOrder:
        """Another time; it merges with one that is due at the same."""
        if of.status != "SCHEDULED":
            raise Refused("Fulfillment order is not scheduled")
        if at <= self._clock.now():
            raise Refused("Fulfill at must be in the future")
        same = (of.location, "SCHEDULED", at)
        twin = next((one for one in _live(order) if (one.location, one.status, one.fulfil_at) == same), None)
        of.fulfil_at = at
        if twin is not None and twin is not of:
            return self.merge(order, [twin, of])
        self._moved(order, of)
        return of

    def merge(self, order: Order, some: Sequence[FulfilmentOrder]) -> FulfilmentOrder:
        """Make one of several."""
        first, *others = some
        for other in others:
            first.pieces += other.pieces
            other.pieces = []
        self._close(order, "CLOSED")
        self._moved(order, first)
        return first

    def open(self, order: Order, of: FulfilmentOrder) -> None:
        """What was scheduled is open."""
        if "MARK_AS_OPEN" not in self.actions(of):
            raise Refused("Fulfillment order is not scheduled")
        of.status, of.fulfil_at = "OPEN", None
        self._moved(order, of)

    def come_due(self, order: Order) -> list[FulfilmentOrder]:
        """Open what is scheduled for now or before; what that was."""
        now = self._clock.now()
        due = [one for one in _live(order) if one.status == "SCHEDULED" and (one.fulfil_at or now) <= now]
        for one in due:
            one.status = "OPEN"
            self._moved(order, one)
        return due

    def move(self, order: Order, of: FulfilmentOrder, location: int) -> FulfilmentOrder:
        """Ship from somewhere else: a new fulfillment order takes the place of the old one, with its holds."""
        if "MOVE" not in self.actions(of):
            raise Refused("Fulfillment order cannot be moved in its present state")
        moved = self._part(order, of, {piece.id: piece.remaining for piece in of.pieces}, of.status)
        moved.location = location
        for piece in moved.pieces:
            if piece.line.variant is not None and piece.line.location is not None:
                self._catalogue.add_to_level(piece.line.variant, of.location, piece.remaining)
                self._catalogue.add_to_level(piece.line.variant, location, -piece.remaining)
                piece.line.location = location
        self._close(order, "CLOSED")
        return moved

    def _home(self, order: Order, location: int) -> FulfilmentOrder:
        for one in _live(order):
            if (one.location, one.status) == (location, "OPEN"):
                return one
        now = self._clock.now()
        order.fulfilment_orders.append(FulfilmentOrder(self._catalogue.new_id(), location, "OPEN", now, now))
        return order.fulfilment_orders[-1]

    def _checked(self, of: FulfilmentOrder, units: Units) -> dict[int, int]:
        wanted = dict(units)
        known = {piece.id: piece.remaining for piece in of.pieces}
        if len(wanted) < len(units):
            raise Refused("The line items are not unique", "DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS")
        if any(count < 1 for count in wanted.values()):
            raise Refused("Quantity must be greater than 0", "GREATER_THAN_ZERO")
        if any(count > known.get(piece, 0) for piece, count in wanted.items()):
            raise Refused("Quantity is invalid", "INVALID_LINE_ITEM_QUANTITY")
        return wanted

    def _part(
        self, order: Order, of: FulfilmentOrder, units: dict[int, int], status: str = "OPEN"
    ) -> FulfilmentOrder:
        """A fulfillment order of its own for units of another; holds go along where it is held."""
        now = self._clock.now()
        part = FulfilmentOrder(self._catalogue.new_id(), of.location, status, now, now, of.fulfil_at, of.fulfil_by)
        for piece in of.pieces:
            if count := units.get(piece.id, 0):
                piece.remaining, piece.total = piece.remaining - count, piece.total - count
                part.pieces.append(Piece(self._catalogue.new_id(), piece.line, count, count))
        if status == "ON_HOLD":
            part.holds = [replace(one, id=self._catalogue.new_id()) for one in of.holds]
        order.fulfilment_orders.append(part)
        of.pieces = [piece for piece in of.pieces if piece.total]
        self._moved(order, of)
        return part

    def _close(self, order: Order, status: str) -> None:
        for one in _live(order):
            if not one.units:
                one.status, one.holds, one.updated_at = status, [], self._clock.now()
        self._count(order)

    def _moved(self, order: Order, of: FulfilmentOrder) -> None:
        of.updated_at = order.updated_at = self._clock.now()
        self._count(order)

    def _count(self, order: Order) -> None:
        """Units of each line that may not be shipped now."""
        for line in order.lines:
            held = (one for one in _live(order) if one.status in ("ON_HOLD", "SCHEDULED"))
            line.held = sum(piece.remaining for one in held for piece in one.pieces if piece.line is line)


def _live(order: Order) -> Iterator[FulfilmentOrder]:
    return (one for one in list(order.fulfilment_orders) if one.status not in OVER)


def _left(of: FulfilmentOrder, units: dict[int, int]) -> dict[int, int]:
    return {piece.id: piece.remaining - units.get(piece.id, 0) for piece in of.pieces}
