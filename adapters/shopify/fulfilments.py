"""Fulfillment orders: which location ships what of an order, and what holds it back; looked up by their order."""

from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.shopify.access import READ_FULFILMENT, allows
from adapters.shopify.client import Client
from adapters.shopify.ids import gid, plain
from adapters.shopify.order_reading import read_order
from adapters.shopify.paging import ALL_AT_ONCE, whole
from adapters.shopify.profile import Installation, look_at_standing
from adapters.shopify.shapes import Connection, Moment, Ref, Shape, Units
from connector.domain.errors import NeedsMerchant, Retryable
from connector.domain.facts import Assignments, Fact
from connector.ports import StoreAccess

AT_ONCE = 10
OVER = frozenset({"CLOSED", "CANCELLED", "INCOMPLETE"})
UNROUTED = "Shopify has not said yet which location ships this order"


class Location(Shape, frozen=True):
    """The location that is to ship it, by its name; `location` is None once it is deleted."""

    name: str
    location: Ref | None = None


class Action(Shape, frozen=True):
    """Something that may be done with it as it stands."""

    action: str


class Hold(Shape, frozen=True):
    """What holds it back; `handle` is the word of the app that did."""

    id: str
    held_by_requesting_app: bool
    handle: str | None = None


class Piece(Shape, frozen=True):
    """Units of an order's line that have not left."""

    id: str
    remaining_quantity: Units
    line_item: Ref

    @property
    def line(self) -> str:
        """The line's plain id."""
        return plain(self.line_item.id)


class Work(Shape, frozen=True):
    """A fulfillment order: units that leave together from one location."""

    id: str
    status: str
    assigned_location: Location
    supported_actions: tuple[Action, ...]
    fulfillment_holds: tuple[Hold, ...]
    line_items: Connection[Piece]
    fulfill_at: Moment | None = None
    fulfill_by: Moment | None = None

    def can(self, action: str) -> bool:
        """Whether Shopify lets this be done with it now."""
        return any(one.action == action for one in self.supported_actions)


class WorkOf(Shape, frozen=True):
    """An order, of which only its fulfillment orders were asked for."""

    fulfillment_orders: Connection[Work]


class Works(Shape, frozen=True):
    """The answer to FulfillmentOrders; the order is None where it is hidden from the app, or a right is missing."""

    current_app_installation: Installation
    order: WorkOf | None


class LinesOf(Shape, frozen=True):
    """A fulfillment order, of which only further lines were asked for."""

    line_items: Connection[Piece]


class Lines(Shape, frozen=True):
    """The answer to FulfillmentOrderLines."""

    fulfillment_order: LinesOf | None


class WhoseOrder(Shape, frozen=True):
    """A fulfillment order, of which only its order was asked for."""

    order_id: str


class Whose(Shape, frozen=True):
    """The answer to OrderOfFulfillment."""

    fulfillment_order: WhoseOrder | None


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfillment order that has something to ship, with all of its units."""

    work: Work
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is left of an order to ship; None where it is hidden, for want of a right where `allowed` lacks it."""

    parts: tuple[Part, ...] | None
    allowed: frozenset[str]
    read_at: datetime


def look(client: Client, access: StoreAccess, order: str) -> Seen:
    """The fulfillment orders of an order that have something to ship; Retryable where there are none at all yet."""

    def page(cursor: str | None) -> tuple[Works, datetime | None]:
        variables = {"id": gid("Order", order), "first": AT_ONCE, "after": cursor}
        reply = client.call(access, "FulfillmentOrders", variables, Works)
        return reply.data, reply.read_at

    def more(cursor: str) -> Connection[Work] | None:
        found, _ = page(cursor)
        return found.order.fulfillment_orders if found.order else None

    first, read_at = page(None)
    allowed = frozenset(scope.handle for scope in first.current_app_installation.access_scopes)
    seen_at = read_at or datetime.min.replace(tzinfo=UTC)
    if first.order is None:
        return Seen(None, allowed, seen_at)
    works = whole(first.order.fulfillment_orders, more)
    if not works:
        raise Retryable(UNROUTED)
    parts = (Part(one, _pieces(client, access, one)) for one in works if one.status not in OVER)
    return Seen(tuple(part for part in parts if part.pieces), allowed, seen_at)


def _pieces(client: Client, access: StoreAccess, work: Work) -> tuple[Piece, ...]:
    def more(cursor: str) -> Connection[Piece] | None:
        variables = {"id": work.id, "first": ALL_AT_ONCE, "after": cursor}
        found = client.call(access, "FulfillmentOrderLines", variables, Lines).data.fulfillment_order
        return found.line_items if found else None

    return tuple(piece for piece in whole(work.line_items, more) if piece.remaining_quantity > 0)


def read_assignments(client: Client, access: StoreAccess, order: str) -> tuple[Fact, ...]:
    """Which location ships what is left of an order."""
    seen = look(client, access, order)
    if seen.parts is None:  # an order may be hidden for its age as well, and that is nobody's to mend
        return (Assignments(order, () if allows(seen.allowed, READ_FULFILMENT) else None, (), seen.read_at),)
    at: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for part in seen.parts:
        place = part.work.assigned_location
        location = plain(place.location.id) if place.location else ""
        names |= {location: place.name} if location else {}
        for piece in part.pieces:
            at.setdefault(piece.line, set()).add(location)
    lines = tuple((line, next(iter(found)) if len(found) == 1 else "") for line, found in sorted(at.items()))
    return (Assignments(order, lines, tuple(sorted(names.items())), seen.read_at),)


def read_changed(client: Client, access: StoreAccess, fulfillment_order: str) -> tuple[Fact, ...]:
    """The order of a fulfillment order that something has happened to, and which location ships it now."""
    try:
        variables = {"id": gid("FulfillmentOrder", fulfillment_order)}
        found = client.call(access, "OrderOfFulfillment", variables, Whose).data.fulfillment_order
    except NeedsMerchant:  # a right that only this wants must not stop the store
        return look_at_standing(client, access, "")
    if found is None:
        return ()
    order = plain(found.order_id)
    return (*read_order(client, access, order), *read_assignments(client, access, order))
