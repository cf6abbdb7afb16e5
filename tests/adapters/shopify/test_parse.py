"""What each topic tells."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.topics import TOPICS
from connector.domain.errors import Unreadable
from connector.domain.facts import (
    Fact,
    ItemGone,
    Line,
    OrderGone,
    OrderSnapshot,
    OrderState,
    Refetch,
    StockLevel,
    StoreClosed,
)
from connector.ports import Delivery

TRIGGERED = "2026-11-02T14:00:01.500000Z"
TRIGGERED_AT = datetime(2026, 11, 2, 14, 0, 1, 500_000, tzinfo=UTC)
ARRIVED = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)

LINE = {
    "id": 11,
    "name": "Reading Lamp",
    "sku": "LAMP-1",
    "quantity": 5,
    "current_quantity": 5,
    "fulfillable_quantity": 5,
    "variant_id": 501,
    "variant_inventory_management": "shopify",
}
ORDER: dict[str, Any] = {
    "id": 1001,
    "name": "#1001",
    "created_at": "2026-11-02T09:00:00-05:00",
    "updated_at": "2026-11-02T09:00:01-05:00",
    "financial_status": "paid",
    "line_items": [LINE],
}


def parse(topic: str, payload: object, triggered: str | None = TRIGGERED) -> tuple[Fact | Refetch, ...]:
    headers = {"x-shopify-topic": topic} | ({"x-shopify-triggered-at": triggered} if triggered else {})
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return Shopify(Http()).parse(Delivery(headers, body, ARRIVED))


def order(**fields: Any) -> OrderSnapshot:
    (fact,) = parse("orders/updated", ORDER | fields)
    assert isinstance(fact, OrderSnapshot)
    return fact


def line(**fields: Any) -> Line:
    return order(line_items=[LINE | fields]).lines[0]


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "orders/cancelled"])
def test_an_order_without_protected_data_is_still_an_order(topic: str) -> None:
    assert parse(topic, ORDER) == (
        OrderSnapshot(
            order="1001",
            number="#1001",
            state=OrderState.OPEN,
            placed_at=datetime(2026, 11, 2, 14, 0, tzinfo=UTC),
            seen_at=datetime(2026, 11, 2, 14, 0, 1, tzinfo=UTC),
            lines=(Line("11", "501", "LAMP-1", "Reading Lamp", 5, 0, 5),),
        ),
    )


def test_times_are_in_utc() -> None:
    assert order().placed_at.tzinfo is UTC
    assert order().seen_at.tzinfo is UTC


def test_an_imported_order_was_placed_when_it_was_processed() -> None:
    assert order(processed_at="2025-03-01T10:00:00+01:00").placed_at == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_a_test_order_is_an_order() -> None:
    assert order(test=True) == order()


def test_a_company_buys_as_b2b() -> None:
    assert order(company={"id": 1, "location_id": 2}).segment == "b2b"


def test_the_name_is_that_of_who_pays_and_the_country_that_of_the_goods() -> None:
    told = order(
        billing_address={"name": "Ann Archer", "country_code": "US", "province_code": "CA"},
        shipping_address={"name": "Bea Baker", "country_code": "FR", "province_code": None},
        customer={"first_name": "A.", "last_name": "A."},
    )
    assert (told.name, told.country, told.region) == ("Ann Archer", "FR", "")


def test_without_addresses_the_customers_own_stand_in() -> None:
    told = order(
        billing_address=None,
        customer={
            "first_name": "Ann",
            "last_name": None,
            "default_address": {"country_code": "US", "province_code": "NY"},
        },
    )
    assert (told.name, told.country, told.region) == ("Ann", "US", "NY")


def test_units_on_hold_are_not_fulfillable_and_yet_not_shipped() -> None:
    assert line(fulfillable_quantity=0) == Line("11", "501", "LAMP-1", "Reading Lamp", 5, 0, 5)


def test_only_fulfillments_that_succeeded_were_shipped() -> None:
    def parcel(status: str, units: int) -> dict[str, Any]:
        return {"status": status, "line_items": [{"id": 11, "quantity": units}]}

    parcels = [parcel("success", 1), parcel("success", 2), parcel("cancelled", 1), parcel("pending", 1)]
    told = order(line_items=[LINE | {"fulfillable_quantity": 0}], fulfillments=parcels)
    assert (told.lines[0].shipped, told.lines[0].taken) == (3, 2)


def test_an_item_that_is_not_counted_takes_nothing_from_the_stock() -> None:
    assert line(variant_inventory_management=None).taken == 0
    assert line(variant_inventory_management="some-warehouse").taken == 0


def test_a_custom_item_is_kept_without_an_item() -> None:
    told = line(variant_id=None, variant_inventory_management=None, sku=None)
    assert (told.item, told.sku, told.title, told.quantity) == ("", "", "Reading Lamp", 5)


@pytest.mark.parametrize("topic", ["refunds/create", "fulfillments/create", "fulfillments/update"])
def test_what_tells_of_a_part_of_an_order_makes_us_read_the_order(topic: str) -> None:
    assert parse(topic, {"id": 7, "order_id": 1001}) == (Refetch("order", "1001"),)


def test_an_edit_tells_differences_so_that_the_order_is_read() -> None:
    edit = {"id": 8, "order_id": 1001, "line_items": {"additions": [{"id": 11, "delta": 2}], "removals": []}}
    assert parse("orders/edited", {"order_edit": edit}) == (Refetch("order", "1001"),)


def test_a_deleted_order_is_gone_since_it_was_told() -> None:
    assert parse("orders/delete", {"id": 1001}) == (OrderGone("1001", TRIGGERED_AT),)


@pytest.mark.parametrize("triggered", [None, "", "yesterday", "2026-11-02T14:00:01"])
def test_a_delivery_that_does_not_say_its_time_was_told_as_it_arrived(triggered: str | None) -> None:
    assert parse("orders/delete", {"id": 1001}, triggered) == (OrderGone("1001", ARRIVED),)


@pytest.mark.parametrize("topic", ["inventory_levels/update", "inventory_levels/connect"])
@pytest.mark.parametrize(("available", "units"), [(4, 4), (-3, -3), (0, 0), (None, 0)])
def test_stock_is_told_by_item_and_location(topic: str, available: int | None, units: int) -> None:
    payload = {
        "inventory_item_id": 601,
        "location_id": 55,
        "available": available,
        "updated_at": "2026-11-02T09:00:01-05:00",
    }
    seen_at = datetime(2026, 11, 2, 14, 0, 1, tzinfo=UTC)
    assert parse(topic, payload) == (StockLevel("601", units, seen_at, TRIGGERED_AT, "55"),)
    (level,) = parse(topic, payload, None)
    assert level == StockLevel("601", units, seen_at, None, "55")
    assert level.seen_at.tzinfo is UTC


def test_an_item_that_a_location_stocks_no_more_has_no_units_there() -> None:
    payload = {"inventory_item_id": 601, "location_id": 55}
    assert parse("inventory_levels/disconnect", payload) == (StockLevel("601", 0, TRIGGERED_AT, None, "55"),)


@pytest.mark.parametrize("topic", ["products/create", "products/update"])
def test_a_product_is_read_because_its_payload_does_not_say_what_is_counted(topic: str) -> None:
    variant = {"id": 501, "sku": "LAMP-1", "inventory_item_id": 601, "inventory_policy": "deny"}
    assert parse(topic, {"id": 401, "title": "Lamp", "variants": [variant]}) == (Refetch("product", "401"),)


def test_a_deleted_product_takes_all_of_its_items_along() -> None:
    assert parse("products/delete", {"id": 401}) == (ItemGone("product:401", TRIGGERED_AT),)


def test_an_uninstalled_app_closes_the_store() -> None:
    assert parse("app/uninstalled", {"id": 548380009, "domain": None}) == (StoreClosed(TRIGGERED_AT),)


def test_new_rights_are_asked_for_and_not_believed() -> None:
    assert parse("app/scopes_update", {"id": 1, "current": []}) == (Refetch("standing", ""),)


def test_that_something_in_bulk_has_ended_has_it_looked_at() -> None:
    ended = {"admin_graphql_api_id": "gid://shopify/BulkOperation/1", "status": "completed", "type": "mutation"}
    assert parse("bulk_operations/finish", ended) == (Refetch("bulk", ""),)


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact", "themes/update", ""])
@pytest.mark.parametrize("body", [b"{}", b"not json", b""])
def test_other_topics_tell_nothing_and_break_nothing(topic: str, body: bytes) -> None:
    assert parse(topic, body) == ()


@pytest.mark.parametrize("topic", sorted(set(TOPICS.values()) - {"app/uninstalled", "app/scopes_update"}))
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"id":"x"}', b"\xff", b"[" * 100_000])
def test_what_shopify_does_not_send_is_unreadable(topic: str, body: bytes) -> None:
    with pytest.raises(Unreadable, match=f"^A delivery of {topic} is not what Shopify sends: "):
        parse(topic, body)


def test_a_time_without_a_zone_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        parse("orders/create", ORDER | {"updated_at": "2026-11-02T09:00:01"})
