"""Goods that the shop's own transfers have on their way, as rows of supply."""

from datetime import UTC, date, datetime

import pytest

from adapters.shopify import Shopify, transfers
from adapters.shopify.practice import Shop, VirtualClock
from adapters.shopify.practice.transfers import NotNow, Transfer
from adapters.shopify.receiving import parse
from adapters.shopify.topics import ON_THEIR_WAY
from connector.domain.errors import Terminal
from connector.domain.facts import Refetch, SupplyRow, SupplySnapshot
from connector.ports import Delivery, StoreAccess

INCOMING = Refetch("incoming", "")
LATE = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)  # the evening of the day before in New York
DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def stocked(shop: Shop) -> None:
    shop.scopes |= {"read_inventory_transfers", "read_inventory_shipments"}
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    shop.add_product("Rain Jacket", "JACKET", 0)


def on_its_way(shop: Shop, units: dict[str, int]) -> Transfer:
    transfer = shop.transfers.plan(units)
    shop.transfers.ready(transfer)
    return transfer


def rows(shopify: Shopify, access: StoreAccess) -> tuple[SupplyRow, ...]:
    (snapshot,) = shopify.fetch(access, INCOMING)
    assert isinstance(snapshot, SupplySnapshot)
    assert snapshot.supplier == shopify.incoming == "Shopify transfers"
    return snapshot.rows


def test_a_draft_and_what_was_called_off_promise_nothing(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.transfers.plan({"LAMP-1": 10})
    off = on_its_way(shop, {"LAMP-1": 5})
    shop.transfers.cancel(off)
    assert rows(shopify, access) == ()


def test_what_no_shipment_carries_yet_has_no_date(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    transfer = on_its_way(shop, {"LAMP-1": 10, "JACKET": 4})
    shop.transfers.ship(transfer, {"LAMP-1": 6}, LATE)
    assert rows(shopify, access) == (
        SupplyRow("LAMP-1", 6, DAY, "#T0001 #S0001", "Main Street"),
        SupplyRow("LAMP-1", 4, None, "#T0001", "Main Street"),
        SupplyRow("JACKET", 4, None, "#T0001", "Main Street"),
    )


def test_what_was_received_or_rejected_is_to_come_no_more(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    transfer = on_its_way(shop, {"LAMP-1": 10})
    shipment = shop.transfers.ship(transfer, {"LAMP-1": 10}, LATE)
    shop.transfers.receive(transfer, shipment, {"LAMP-1": 6}, rejected=1)
    assert rows(shopify, access) == (SupplyRow("LAMP-1", 3, DAY, "#T0001 #S0001", "Main Street"),)
    assert shop.catalogue.by_sku("LAMP-1").available == 9
    shop.transfers.receive(transfer, shipment, {"LAMP-1": 3})
    assert (transfer.status, rows(shopify, access)) == ("TRANSFERRED", ())


def test_a_shipment_that_is_late_keeps_its_name(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    transfer = on_its_way(shop, {"LAMP-1": 2})
    shipment = shop.transfers.ship(transfer, {"LAMP-1": 2})
    assert rows(shopify, access) == (SupplyRow("LAMP-1", 2, None, "#T0001 #S0001", "Main Street"),)
    shop.transfers.track(shipment, LATE)
    assert rows(shopify, access) == (SupplyRow("LAMP-1", 2, DAY, "#T0001 #S0001", "Main Street"),)


def test_what_has_no_sku_is_named_so_that_it_can_be_found(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    nameless = shop.add_product("Oak Desk", "")
    on_its_way(shop, {"": 2})
    (row,) = rows(shopify, access)
    assert row.sku == f"inventory item {nameless.inventory_item}"


def test_every_page_is_read(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "AT_ONCE", 2)
    for number in range(25):
        shop.add_product(f"Thing {number}", f"T-{number:02}")
    skus = [f"T-{number:02}" for number in range(25)]
    transfer = on_its_way(shop, dict.fromkeys(skus, 3))
    shop.transfers.ship(transfer, dict.fromkeys(skus, 1), LATE)
    for _ in range(6):
        shop.transfers.ship(transfer, {"T-00": 0}, LATE)
    for _ in range(4):
        on_its_way(shop, {"LAMP-1": 1})
    found = rows(shopify, access)
    assert sum(row.quantity for row in found) == 25 * 3 + 4
    assert sum(row.quantity for row in found if row.expected) == 25
    asked = [name for name, _ in shop.calls]
    assert [asked.count(name) for name in ("Transfers", "TransferLines", "TransferShipments", "ShipmentLines")] == [
        3,
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("right", ["read_inventory_transfers", "read_inventory_shipments"])
def test_without_a_right_it_is_said_and_nothing_is_taken_for_all(
    right: str, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    transfer = on_its_way(shop, {"LAMP-1": 10})
    shop.transfers.ship(transfer, {"LAMP-1": 10}, LATE)
    shop.scopes -= {right}
    with pytest.raises(Terminal, match="read_inventory_transfers, read_inventory_shipments"):
        shopify.fetch(access, INCOMING)


@pytest.mark.parametrize("topic", sorted(ON_THEIR_WAY.values()))
def test_every_step_has_all_that_is_on_its_way_read(topic: str, clock: VirtualClock) -> None:
    delivery = Delivery({"x-shopify-topic": topic}, b'{"id":"gid://shopify/InventoryTransfer/1"}', clock.now())
    assert parse(delivery) == (INCOMING,)


def test_the_practice_refuses_steps_out_of_their_order(shop: Shop) -> None:
    transfer = shop.transfers.plan({"LAMP-1": 10})
    with pytest.raises(NotNow):
        shop.transfers.ship(transfer, {"LAMP-1": 1})
    shop.transfers.ready(transfer)
    shop.transfers.ship(transfer, {"LAMP-1": 1})
    for step in (shop.transfers.ready, shop.transfers.cancel):
        with pytest.raises(NotNow):
            step(transfer)
