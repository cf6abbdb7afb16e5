"""Goods on their way to one of the shop's places: transfers, their shipments, and what came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from adapters.shopify.practice import payloads
from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid, local
from adapters.shopify.practice.records import Variant
from adapters.shopify.practice.search import matcher

if TYPE_CHECKING:
    from adapters.shopify.practice.shop import Shop

View = dict[str, Any]


class NotNow(Exception):
    """The transfer is not in a state in which that can be done."""


@dataclass(slots=True)
class Parcel:
    """Units of one SKU in a shipment."""

    id: int
    variant: Variant
    quantity: int
    accepted: int = 0
    rejected: int = 0

    @property
    def unreceived(self) -> int:
        """The units of which nothing is known yet."""
        return self.quantity - self.accepted - self.rejected


@dataclass(slots=True)
class Shipment:
    """What travels together; `arrives_at` is what its tracking says."""

    id: int
    name: str
    parcels: list[Parcel]
    arrives_at: datetime | None = None
    in_transit: bool = False

    @property
    def status(self) -> str:
        """Shopify's word."""
        if all(parcel.unreceived <= 0 for parcel in self.parcels):
            return "RECEIVED"
        if any(parcel.unreceived < parcel.quantity for parcel in self.parcels):
            return "PARTIALLY_RECEIVED"
        return "IN_TRANSIT" if self.in_transit else "DRAFT"


@dataclass(slots=True)
class Transfer:
    """Units by SKU on their way to a location."""

    id: int
    name: str
    location: int
    units: dict[str, int]
    status: str = "DRAFT"
    shipments: list[Shipment] = field(default_factory=list)


class Transfers:
    """The transfers of a shop, and every step that they take; each is told."""

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop
        self.kept: list[Transfer] = []
        self._shipments = 0

    def plan(self, units: Mapping[str, int], location: int | None = None) -> Transfer:
        """A draft of a transfer."""
        shop = self._shop
        name, place = f"#T{len(self.kept) + 1:04}", location or shop.catalogue.first_location
        transfer = Transfer(shop.catalogue.new_id(), name, place, dict(units))
        self.kept.append(transfer)
        return transfer

    def ready(self, transfer: Transfer) -> None:
        """It is decided, and can be shipped."""
        self._step(transfer, {"DRAFT"}, "READY_TO_SHIP", "ready_to_ship")

    def cancel(self, transfer: Transfer) -> None:
        """It will not take place."""
        self._step(transfer, {"DRAFT", "READY_TO_SHIP"}, "CANCELED", "cancel")

    def ship(self, transfer: Transfer, units: Mapping[str, int], arrives_at: datetime | None = None) -> Shipment:
        """A part of it is handed to a carrier."""
        if transfer.status not in {"READY_TO_SHIP", "IN_PROGRESS"}:
            raise NotNow(transfer.status)
        shop, self._shipments = self._shop, self._shipments + 1
        new_id = shop.catalogue.new_id
        parcels = [Parcel(new_id(), shop.catalogue.by_sku(sku), count) for sku, count in units.items()]
        shipment = Shipment(new_id(), f"#S{self._shipments:04}", parcels, arrives_at, in_transit=True)
        transfer.shipments.append(shipment)
        transfer.status = "IN_PROGRESS"
        self._tell("inventory_shipments/create", _shipment_told(shipment) | {"line_items": _items_told(shipment)})
        self._tell("inventory_shipments/mark_in_transit", _shipment_told(shipment))
        return shipment

    def track(self, shipment: Shipment, arrives_at: datetime | None) -> None:
        """The carrier says another day."""
        shipment.arrives_at = arrives_at
        tracking = {"updated_tracking": {"arrives_at": local(arrives_at)}, "shipment_id": gid(SHIPMENT, shipment.id)}
        self._tell("inventory_shipments/update_tracking", tracking)

    def receive(self, transfer: Transfer, shipment: Shipment, accepted: Mapping[str, int], rejected: int = 0) -> None:
        """Units are counted in at the location; `rejected` units of the first SKU are not."""
        shop = self._shop
        for parcel in shipment.parcels:
            units = accepted.get(parcel.variant.sku, 0)
            parcel.accepted += units
            parcel.rejected += rejected if parcel is shipment.parcels[0] else 0
            shop.catalogue.add_to_level(parcel.variant, transfer.location, units)
        if all(one.status == "RECEIVED" for one in transfer.shipments) and not _unshipped(transfer):
            transfer.status = "TRANSFERRED"
        received = [{"id": gid("InventoryShipmentLineItem", one.id)} for one in shipment.parcels]
        told = _shipment_told(shipment) | {"items_received": received}
        levels = [
            ("inventory_levels/update", payloads.level(one.variant, transfer.location)) for one in shipment.parcels
        ]
        self._tell_all([("inventory_shipments/receive_items", told), *levels])

    def _step(self, transfer: Transfer, before: set[str], after: str, topic: str) -> None:
        if transfer.status not in before:
            raise NotNow(transfer.status)
        transfer.status = after
        told = {
            "id": gid(TRANSFER, transfer.id),
            "status": after.lower(),
            "happened_at": local(self._shop.clock.now()),
        }
        self._tell(f"inventory_transfers/{topic}", told)

    def _tell(self, topic: str, payload: View) -> None:
        self._tell_all([(topic, payload)])

    def _tell_all(self, told: list[tuple[str, View]]) -> None:
        with self._shop.lock:
            self._shop.clock.tick()
            event = self._shop.outgoing.new_id()
            for topic, payload in told:
                self._shop.outgoing.tell(event, topic, payload)


TRANSFER, SHIPMENT = "InventoryTransfer", "InventoryShipment"


def root(shop: "Shop") -> View:
    """What can be queried of transfers."""
    kept = shop.transfers.kept
    return {
        "inventoryTransfers": lambda *, query="", **wanted: connection(
            [one for one in kept if matcher(query or "")(partial(_holds, one))],
            lambda one: ("", one.id),
            partial(_transfer, shop),
            **wanted,
        ),
        "inventoryTransfer": lambda id: next(
            (_transfer(shop, one) for one in kept if gid(TRANSFER, one.id) == id), None
        ),
        "inventoryShipment": lambda id: next(
            (_shipment(one) for transfer in kept for one in transfer.shipments if gid(SHIPMENT, one.id) == id), None
        ),
    }


def _holds(transfer: Transfer, field: str, op: str, value: str) -> bool:
    if field != "status":
        raise GraphQLError(f"The fake cannot search transfers by {field}")
    return transfer.status.lower() == value


def _unshipped(transfer: Transfer) -> bool:
    shipped = sum(parcel.quantity for shipment in transfer.shipments for parcel in shipment.parcels)
    return shipped < sum(transfer.units.values())


def _transfer(shop: "Shop", transfer: Transfer) -> View:
    lines = [(shop.catalogue.by_sku(sku), units) for sku, units in transfer.units.items()]
    return {
        "id": gid(TRANSFER, transfer.id),
        "name": transfer.name,
        "status": transfer.status,
        "destination": {"name": shop.catalogue.locations[transfer.location]},
        "lineItems": lambda **wanted: connection(lines, lambda line: ("", line[0].id), _line, **wanted),
        "shipments": lambda **wanted: connection(transfer.shipments, lambda one: ("", one.id), _shipment, **wanted),
    }


def _line(line: tuple[Variant, int]) -> View:
    variant, units = line
    return {
        "id": gid("InventoryTransferLineItem", variant.id),
        "title": variant.name,
        "totalQuantity": units,
        "inventoryItem": _item(variant),
    }


def _item(variant: Variant) -> View:
    return {"id": gid("InventoryItem", variant.inventory_item), "sku": variant.sku or None}


def _shipment(shipment: Shipment) -> View:
    return {
        "id": gid(SHIPMENT, shipment.id),
        "name": shipment.name,
        "status": shipment.status,
        "tracking": {"arrivesAt": shipment.arrives_at.isoformat()} if shipment.arrives_at else None,
        "lineItems": lambda **wanted: connection(shipment.parcels, lambda one: ("", one.id), _parcel, **wanted),
    }


def _parcel(parcel: Parcel) -> View:
    return {
        "id": gid("InventoryShipmentLineItem", parcel.id),
        "quantity": parcel.quantity,
        "acceptedQuantity": parcel.accepted,
        "rejectedQuantity": parcel.rejected,
        "unreceivedQuantity": parcel.unreceived,
        "inventoryItem": _item(parcel.variant),
    }


def _shipment_told(shipment: Shipment) -> View:
    return {"id": gid(SHIPMENT, shipment.id), "status": shipment.status.lower()}


def _items_told(shipment: Shipment) -> list[View]:
    return [{"id": gid("InventoryShipmentLineItem", one.id), "quantity": one.quantity} for one in shipment.parcels]
