"""Goods on their way between a shop's suppliers and locations, by its own transfers, as one supplier's supply."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from adapters.shopify.client import Client, Reply
from adapters.shopify.ids import plain
from adapters.shopify.paging import ALL_AT_ONCE, whole
from adapters.shopify.problems import Withheld
from adapters.shopify.shapes import Connection, Moment, Shape, Units
from connector.domain.errors import Terminal, Unreadable
from connector.domain.facts import Fact, SupplyRow, SupplySnapshot
from connector.ports import StoreAccess

T = TypeVar("T")

SUPPLIER = "Shopify transfers"
AT_ONCE = 10
SHIPMENTS_AT_ONCE = 10
# What is left out is over or was never begun; a state that is not known yet brings too much, never too little.
QUERY = "NOT status:transferred AND NOT status:canceled AND NOT status:draft"
OVER = frozenset({"DRAFT", "CANCELED", "TRANSFERRED"})
# The desk shows the beginning of it.
HIDDEN = (
    "allow read_inventory_transfers, read_inventory_shipments in Shopify's admin, or switch follow_transfers off: the"
    " app of {} may not read transfers, and what they said last still counts"
)


class StockRef(Shape, frozen=True):
    """What is moved; its SKU is what suppliers and products meet by."""

    id: str
    sku: str | None = None


class TransferLine(Shape, frozen=True):
    """Units of a transfer; `inventory_item` is None where it was deleted."""

    total_quantity: Units
    title: str | None = None
    inventory_item: StockRef | None = None


class ShipmentLine(Shape, frozen=True):
    """Units of a shipment, and those of them that are neither accepted nor rejected yet."""

    quantity: Units
    unreceived_quantity: Units
    inventory_item: StockRef | None = None


class Tracking(Shape, frozen=True):
    """When the carrier is expected."""

    arrives_at: Moment | None = None


class Shipment(Shape, frozen=True):
    """A part of a transfer that travels together."""

    id: str
    name: str
    status: str
    line_items: Connection[ShipmentLine] | None = None
    tracking: Tracking | None = None


class Place(Shape, frozen=True):
    """Where a transfer goes."""

    name: str


class Transfer(Shape, frozen=True):
    """Goods that go from one place to another."""

    id: str
    name: str
    status: str
    line_items: Connection[TransferLine]
    shipments: Connection[Shipment]
    destination: Place | None = None


class Zone(Shape, frozen=True):
    """Where the shop's days begin."""

    iana_timezone: str


class Transfers(Shape, frozen=True):
    """The answer to Transfers."""

    shop: Zone
    inventory_transfers: Connection[Transfer]


class FurtherOfTransfer(Shape, frozen=True):
    """A transfer, of which only further lines or shipments were asked for."""

    line_items: Connection[TransferLine] | None = None
    shipments: Connection[Shipment] | None = None


class OneTransfer(Shape, frozen=True):
    """The answer to TransferLines and TransferShipments."""

    inventory_transfer: FurtherOfTransfer | None


class FurtherOfShipment(Shape, frozen=True):
    """A shipment, of which only further lines were asked for."""

    line_items: Connection[ShipmentLine] | None = None


class OneShipment(Shape, frozen=True):
    """The answer to ShipmentLines."""

    inventory_shipment: FurtherOfShipment | None


def read_incoming(client: Client, access: StoreAccess, _: str) -> tuple[Fact, ...]:
    """All that is on its way now, as one snapshot; Terminal, in words, where the app may not read it."""
    try:
        return (_Reading(client, access).snapshot(),)
    except Withheld as error:
        raise Terminal(HIDDEN.format(access.address)) from error


class _Reading:
    """One look at all transfers, page by page."""

    def __init__(self, client: Client, access: StoreAccess) -> None:
        self._client = client
        self._access = access

    def snapshot(self) -> SupplySnapshot:
        """What is on its way; half of it is never taken for all."""
        reply = self._call("Transfers", self._variables(None), Transfers)
        if reply.read_at is None:
            raise Unreadable("Shopify's answer carries no date")
        zone = ZoneInfo(reply.data.shop.iana_timezone)
        found = [one for one in whole(reply.data.inventory_transfers, self._more) if one.status not in OVER]
        return SupplySnapshot(SUPPLIER, tuple(row for one in found for row in self._rows(one, zone)), reply.read_at)

    def _variables(self, cursor: str | None) -> dict[str, object]:
        return {"first": AT_ONCE, "after": cursor, "query": QUERY}

    def _more(self, cursor: str) -> Connection[Transfer]:
        return self._call("Transfers", self._variables(cursor), Transfers).data.inventory_transfers

    def _call(self, operation: str, variables: dict[str, object], shape: type[T]) -> Reply[T]:
        reply = self._client.call(self._access, operation, variables, shape)
        if reply.withheld:
            raise Withheld(", ".join(reply.withheld))
        return reply

    def _rows(self, transfer: Transfer, zone: ZoneInfo) -> Iterator[SupplyRow]:
        """What shipments carry, by the day that they name, and what no shipment carries yet, without one."""
        place = transfer.destination.name if transfer.destination else ""
        shipped: Counter[str] = Counter()
        for shipment in self._shipments(transfer):
            arrives = shipment.tracking.arrives_at if shipment.tracking else None
            day = arrives.astimezone(zone).date() if arrives else None
            left: Counter[StockRef] = Counter()
            for line in self._shipment_lines(shipment):
                if line.inventory_item is not None:
                    shipped[line.inventory_item.id] += line.quantity
                    left[line.inventory_item] += max(line.unreceived_quantity, 0)
            yield from _supply(left, day, f"{transfer.name} {shipment.name}", place)
        whole_of: Counter[StockRef] = Counter()
        for wanted in self._transfer_lines(transfer):
            if wanted.inventory_item is not None:
                whole_of[wanted.inventory_item] += wanted.total_quantity
        rest = Counter({item: units - shipped[item.id] for item, units in whole_of.items()})
        yield from _supply(rest, None, transfer.name, place)

    def _shipments(self, transfer: Transfer) -> Sequence[Shipment]:
        def more(cursor: str) -> Connection[Shipment] | None:
            variables: dict[str, object] = {"id": transfer.id, "first": SHIPMENTS_AT_ONCE, "after": cursor}
            found = self._call("TransferShipments", variables, OneTransfer).data
            return found.inventory_transfer.shipments if found.inventory_transfer else None

        return whole(transfer.shipments, more)

    def _transfer_lines(self, transfer: Transfer) -> Sequence[TransferLine]:
        def more(cursor: str) -> Connection[TransferLine] | None:
            variables: dict[str, object] = {"id": transfer.id, "first": ALL_AT_ONCE, "after": cursor}
            found = self._call("TransferLines", variables, OneTransfer).data
            return found.inventory_transfer.line_items if found.inventory_transfer else None

        return whole(transfer.line_items, more)

    def _shipment_lines(self, shipment: Shipment) -> Sequence[ShipmentLine]:
        def more(cursor: str) -> Connection[ShipmentLine] | None:
            variables: dict[str, object] = {"id": shipment.id, "first": ALL_AT_ONCE, "after": cursor}
            found = self._call("ShipmentLines", variables, OneShipment).data
            return found.inventory_shipment.line_items if found.inventory_shipment else None

        return whole(shipment.line_items, more) if shipment.line_items else ()


def _supply(units: Counter[StockRef], day: date | None, reference: str, place: str) -> Iterator[SupplyRow]:
    """Rows in a fixed order; what has no SKU is named so that its merchant can find it."""
    for item, left in sorted(units.items(), key=lambda one: one[0].id):
        if left > 0:
            yield SupplyRow(item.sku or f"inventory item {plain(item.id)}", left, day, reference, place)
