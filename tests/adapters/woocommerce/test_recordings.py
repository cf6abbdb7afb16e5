"""Everything that was recorded from a real store is understood as what it was."""

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.orders import snapshot
from adapters.woocommerce.payloads import Order, Refund, Refusal, read
from connector.domain.errors import Unreadable
from connector.domain.facts import (
    ItemGone,
    ItemSnapshot,
    Line,
    OrderGone,
    OrderSnapshot,
    OrderState,
    Payment,
    Refetch,
    RightsLost,
    StockLevel,
)
from tests.adapters.woocommerce.recorded import RECORDINGS, SECRET, WEBHOOKS, body, delivery, recordings

ARRIVED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLATFORM = WooCommerce(Http())
SIGNED = [
    pytest.param(recording, id=f"{name}-{number}")
    for name in WEBHOOKS
    for number, recording in enumerate(recordings(name))
    if name != "webhook_ping"
]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=UTC)


def parsed(name: str) -> tuple[Any, ...]:
    return PLATFORM.parse(delivery(recordings(name)[0], ARRIVED))


def lantern(quantity: int, **more: int) -> Line:
    return Line("928", "810", "REC-LANTERN-1795418171", "Sample Lantern", quantity, **more)


def sample(order: str, state: OrderState, placed: str, seen: str, *lines: Line) -> OrderSnapshot:
    return OrderSnapshot(
        order,
        order,
        state,
        at(placed),
        at(seen),
        lines,
        email="sample.customer@example.com",
        name="Sample Customer",
        country="US",
        region="CA",
        payment=Payment.ON_DELIVERY,
        charged=state is OrderState.COMPLETED,  # WooCommerce dates the payment then
    )


@pytest.mark.parametrize("recording", SIGNED)
def test_every_recorded_delivery_is_genuine(recording: dict[str, Any]) -> None:
    accepted = PLATFORM.verify(recording["headers"], recording["body_raw"].encode(), SECRET)
    assert accepted is not None
    assert accepted.headers["x-wc-webhook-topic"] == recording["headers"]["X-WC-Webhook-Topic"]
    assert "x-wc-webhook-signature" not in accepted.headers


def test_every_recorded_delivery_has_a_key_of_its_own() -> None:
    keys = set()
    count = 0
    for name in WEBHOOKS:
        for recording in recordings(name) if name != "webhook_ping" else ():
            accepted = PLATFORM.verify(recording["headers"], recording["body_raw"].encode(), SECRET)
            assert accepted is not None
            keys.add(accepted.dedupe_key)
            count += 1
    assert count == len(SIGNED) == len(keys)


def test_three_products_in_one_second_share_a_delivery_id_but_not_a_key() -> None:
    shared = recordings("webhook_same_delivery_id")
    accepted = [PLATFORM.verify(one["headers"], one["body_raw"].encode(), SECRET) for one in shared]
    assert len({one.headers["x-wc-webhook-delivery-id"] for one in accepted if one}) == 1
    assert len({one.dedupe_key for one in accepted if one}) == 3


def test_a_ping_stores_nothing() -> None:
    ping = recordings("webhook_ping")[0]
    assert PLATFORM.verify(ping["headers"], ping["body_raw"].encode(), SECRET) is None


def test_a_checkout_becomes_an_order_with_what_it_took_from_the_stock() -> None:
    expected = sample(
        "814",
        OrderState.OPEN,
        "07:16:17",
        "07:16:18",
        Line("924", "810", "REC-LANTERN-1795418171", "Sample Lantern", 5, taken=5),
        Line("925", "812", "REC-JACKET-S-1795418171", "Sample Jacket - Small", 1, taken=1),
        Line("926", "38", "BO-YES", "Sample Backorder Yes", 3, taken=3),
    )
    for name in ("webhook_order_created_checkout", "webhook_order_updated_same_checkout"):
        (found,) = parsed(name)
        assert isinstance(found, OrderSnapshot)
        assert dict(found.marks)["is_vat_exempt"] == "no"
        assert dataclasses.replace(found, marks=()) == expected


def test_an_order_made_by_rest_is_read_like_any_other() -> None:
    expected = sample("815", OrderState.OPEN, "07:16:19", "07:16:20", lantern(5, taken=5))
    assert parsed("webhook_order_created_rest") == (expected,)


@pytest.mark.parametrize(
    "name", ["webhook_order_updated_refund", "webhook_order_updated_completed", "webhook_order_restored"]
)
def test_an_order_with_refunds_is_read_again(name: str) -> None:
    assert parsed(name) == (Refetch("order", "815"),)


@pytest.mark.parametrize(
    ("name", "state", "seen", "line"),
    [
        ("webhook_order_updated_refund", OrderState.OPEN, "07:16:21", lantern(3, taken=3)),
        ("rest_order_update_status", OrderState.COMPLETED, "07:16:22", lantern(3, shipped=3)),
        ("webhook_order_restored", OrderState.COMPLETED, "07:16:24", lantern(3, shipped=3)),
        ("rest_order_trash", OrderState.COMPLETED, "07:16:22", lantern(3, shipped=3)),
    ],
)
def test_a_refund_takes_its_units_off_the_line(name: str, state: OrderState, seen: str, line: Line) -> None:
    order = read(recordings(name)[0]["body_raw"].encode(), Order)
    refunds = read(recordings("rest_refunds_list")[0]["body_raw"].encode(), list[Refund])
    assert snapshot(order, refunds) == sample("815", state, "07:16:19", seen, line)


def test_a_changed_quantity_comes_with_what_it_took() -> None:
    order = read(recordings("rest_order_line_quantity_changed")[0]["body_raw"].encode(), Order)
    assert snapshot(order) == sample("815", OrderState.OPEN, "07:16:19", "07:16:20", lantern(4, taken=4))


def test_two_variations_on_one_stock_take_their_own_units() -> None:
    order = read(recordings("rest_order_shared_parent_stock")[0]["body_raw"].encode(), Order)
    assert snapshot(order).lines == (
        Line("931", "48", "PVAR-S", "Sample Parent Stock Shirt - Small", 2, taken=2),
        Line("932", "49", "PVAR-L", "Sample Parent Stock Shirt - Large", 3, taken=3),
    )


def test_six_checkouts_at_once_are_six_orders_of_two() -> None:
    *orders, product = recordings("rest_race_six_checkouts")
    found = [snapshot(read(order["body_raw"].encode(), Order)) for order in orders]
    assert len(orders) == 6
    assert [(order.state, [(line.quantity, line.taken) for line in order.lines]) for order in found] == [
        (OrderState.OPEN, [(2, 2)])
    ] * 6
    assert b'"stock_quantity":-8' in product["body_raw"].encode()


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(RECORDINGS.glob("*order*.json")) if path.stem.startswith(("rest_order_", "webhook"))],
)
def test_every_recorded_order_can_be_read(path: Any) -> None:
    bodies = [recording["body_raw"].encode() for recording in recordings(path.stem)]
    for raw in (raw for raw in bodies if b'"line_items"' in raw and b'"number"' in raw):
        found = snapshot(read(raw, Order))
        assert found.order == found.number
        assert found.state in (OrderState.OPEN, OrderState.COMPLETED)
        assert all(line.quantity > 0 and line.item for line in found.lines)


def test_a_deleted_order_is_gone_from_the_delivery_on() -> None:
    assert parsed("webhook_order_deleted") == (OrderGone("815", ARRIVED),)


def test_a_deleted_variation_is_gone_from_the_delivery_on() -> None:
    assert parsed("webhook_product_deleted") == (ItemGone("812", ARRIVED),)


def test_an_order_that_was_deleted_before_its_delivery_says_nothing() -> None:
    assert parsed("webhook_order_created_gone") == ()


def test_a_webhook_whose_owner_lost_the_rights_alerts_the_merchant() -> None:
    (lost,) = parsed("webhook_owner_without_rights")
    assert isinstance(lost, RightsLost)
    assert lost.seen_at == ARRIVED
    assert "shop manager" in lost.text


@pytest.mark.parametrize("name", ["webhook_coupon_created", "webhook_customer_created", "webhook_customer_deleted"])
def test_coupons_and_customers_are_none_of_ours(name: str) -> None:
    assert parsed(name) == ()


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("rest_*error*.json")))
def test_no_error_is_an_order(path: Any) -> None:
    raw = recordings(path.stem)[0]["body_raw"].encode()
    with pytest.raises(Unreadable):
        read(raw, Order)
    assert read(raw, Refusal).status == recordings(path.stem)[0]["status"]


def test_a_simple_product_brings_its_stock_along() -> None:
    item, level = parsed("webhook_product_updated_by_order")
    assert item == ItemSnapshot(
        item="810",
        sku="REC-LANTERN-1795418171",
        title="Sample Lantern",
        stock="810",
        seen_at=at("07:16:18"),
        read_at=ARRIVED,
        sells_beyond=True,
        url="http://127.0.0.1:8089/product/sample-lantern/",
        price=Decimal("40.00"),
        block_shown=False,
        block_wanted=None,
    )
    assert level == StockLevel("810", -3, at("07:16:18"), ARRIVED)


def test_a_variation_names_its_parent() -> None:
    item, level = parsed("webhook_product_updated_variation")
    assert (item.item, item.parent, item.stock, item.title) == ("812", "811", "812", "Sample Jacket - Small")
    assert level == StockLevel("812", 3, at("07:16:14"), ARRIVED)


def test_every_recorded_product_delivery_is_about_one_item() -> None:
    for name in ("webhook_product_created", "webhook_product_created_variation", "webhook_product_updated_echo"):
        item, level = parsed(name)
        assert isinstance(item, ItemSnapshot)
        assert isinstance(level, StockLevel)
        assert item.item == level.stock == str(body(name)["id"])
