"""The stand-in's webhooks: what buyers and merchants do is signed, delivered, and delivered again if it must be."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Buyer, Outcome, Shop, ShopifyFake, SoldOut, VirtualClock, send
from connector.domain.facts import ItemGone, OrderGone, OrderSnapshot, Refetch, StockLevel, StoreClosed
from connector.ports import Delivery, StoreAccess
from tests.adapters.shopify.conftest import SECRET

ARRIVED = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


class Receiver:
    """Takes deliveries, and answers with the statuses that it was given, then with 200."""

    def __init__(self) -> None:
        self.got: Queue[tuple[dict[str, str], bytes]] = Queue()
        self.statuses: deque[int] = deque()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.put(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.statuses.popleft() if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/webhooks/shopify/2f6c0f"

    def all(self) -> list[tuple[dict[str, str], bytes]]:
        return [self.got.get_nowait() for _ in range(self.got.qsize())]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    serving = threading.Thread(target=receiver.server.serve_forever, args=(0.02,))
    serving.start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
    serving.join()


@pytest.fixture
def listening(shopify: Shopify, access: StoreAccess, receiver: Receiver, shop: Shop) -> Shop:
    shop.add_product("Reading Lamp", "LAMP-1", 3, policy="continue")
    shopify.subscribe(access, receiver.url)
    return shop


def facts(shopify: Shopify, receiver: Receiver) -> list[Any]:
    told: list[Any] = []
    for headers, body in receiver.all():
        accepted = shopify.verify(headers, body, SECRET)
        told += shopify.parse(Delivery(accepted.headers, body, ARRIVED))
    return told


def test_a_checkout_is_told_as_an_order_and_its_stock(shopify: Shopify, receiver: Receiver, listening: Shop) -> None:
    order = listening.checkout({"LAMP-1": 5}, buyer=Buyer("bea@example.com"))
    assert listening.deliver() == [Outcome("orders/create", 200), Outcome("inventory_levels/update", 200)]
    placed, level = facts(shopify, receiver)
    assert isinstance(placed, OrderSnapshot)
    assert (placed.order, placed.email) == (str(order.id), "bea@example.com")
    assert isinstance(level, StockLevel)
    assert level.available == -2
    assert listening.deliver() == []


def test_the_life_of_an_order_is_told_step_by_step(shopify: Shopify, receiver: Receiver, listening: Shop) -> None:
    order = listening.checkout({"LAMP-1": 2})
    listening.edit(order, {"LAMP-1": 3})
    listening.fulfil(order, {order.lines[0].id: 1})
    listening.refund(order, {order.lines[0].id: 1})
    listening.cancel(order)
    listening.delete_order(order)
    assert [outcome.topic for outcome in listening.deliver()] == [
        "orders/create",
        "inventory_levels/update",
        "orders/edited",
        "orders/updated",
        "inventory_levels/update",
        "fulfillments/create",
        "orders/updated",
        "refunds/create",
        "orders/updated",
        "inventory_levels/update",
        "orders/cancelled",
        "orders/updated",
        "inventory_levels/update",
        "orders/delete",
    ]
    told = facts(shopify, receiver)
    assert [fact.available for fact in told if isinstance(fact, StockLevel)] == [1, 0, 1, 2]
    assert told.count(Refetch("order", str(order.id))) == 3
    assert isinstance(told[-1], OrderGone)


def test_products_and_the_app_are_told_of(shopify: Shopify, receiver: Receiver, listening: Shop) -> None:
    product = listening.catalogue.by_sku("LAMP-1").product
    listening.change_product(product, title="Desk Lamp")
    listening.delete_product(product)
    listening.uninstall()
    listening.deliver()
    changed, gone, closed = facts(shopify, receiver)
    assert changed == Refetch("product", str(product.id))
    assert isinstance(gone, ItemGone)
    assert gone.item == f"product:{product.id}"
    assert isinstance(closed, StoreClosed)


def test_deliveries_of_one_event_share_its_id_and_nothing_else(receiver: Receiver, listening: Shop) -> None:
    listening.checkout({"LAMP-1": 1})
    listening.deliver()
    first, second = (headers for headers, _ in receiver.all())
    assert first["x-shopify-event-id"] == second["x-shopify-event-id"]
    assert first["x-shopify-webhook-id"] != second["x-shopify-webhook-id"]
    assert {name for name in first if name.startswith("x-shopify-")} == {
        "x-shopify-topic",
        "x-shopify-hmac-sha256",
        "x-shopify-shop-domain",
        "x-shopify-api-version",
        "x-shopify-webhook-id",
        "x-shopify-triggered-at",
        "x-shopify-event-id",
    }


@pytest.mark.parametrize("status", [302, 401, 500])
def test_what_is_not_accepted_is_sent_again_as_it_was(status: int, receiver: Receiver, listening: Shop) -> None:
    listening.set_inventory("LAMP-1", 9)
    receiver.statuses.append(status)
    assert listening.deliver() == [Outcome("inventory_levels/update", status)]
    listening.set_inventory("LAMP-1", 4)
    assert [outcome.status for outcome in listening.deliver()] == [200, 200]
    (first, body), (again, same), (newer, _) = receiver.all()
    assert (first["x-shopify-webhook-id"], body) == (again["x-shopify-webhook-id"], same)
    assert newer["x-shopify-webhook-id"] != first["x-shopify-webhook-id"]


def test_a_shop_by_itself_waits_longer_before_every_retry(
    receiver: Receiver, listening: Shop, clock: VirtualClock
) -> None:
    receiver.statuses.extend([503, 503])
    listening.outgoing.queue.clear()
    listening.outgoing.tell("event", "inventory_levels/update", {"inventory_item_id": 1})
    pauses = []
    for _ in range(8):
        pauses.append([outcome.status for outcome in listening.outgoing.deliver_due()])
        clock.advance(1)
    assert pauses == [[503], [], [503], [], [], [], [200], []]


def test_after_the_last_retry_the_webhook_is_deleted(receiver: Receiver, listening: Shop) -> None:
    listening.set_inventory("LAMP-1", 9)
    receiver.statuses.extend([500] * 9)
    assert sum(len(listening.deliver()) for _ in range(12)) == 9
    assert "inventory_levels/update" not in [webhook.topic for webhook in listening.outgoing.webhooks]
    assert "orders/create" in [webhook.topic for webhook in listening.outgoing.webhooks]


def test_an_address_that_does_not_answer_counts_as_a_failure(
    shopify: Shopify, access: StoreAccess, shop: Shop, receiver: Receiver
) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    shopify.subscribe(access, "http://127.0.0.1:9/closed")
    shop.set_inventory("LAMP-1", 9)
    assert shop.deliver() == [Outcome("inventory_levels/update", 0)]
    assert receiver.all() == []


def test_nothing_is_sent_without_a_webhook(shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    assert shop.deliver() == []
    assert [topic for topic, _ in shop.told] == ["products/create"]


def test_a_compliance_delivery_can_be_made_of_any_payload(
    shopify: Shopify, receiver: Receiver, listening: Shop
) -> None:
    payload = {"shop_id": 1, "shop_domain": listening.domain, "customer": {"id": 7, "email": "ann@example.com"}}
    delivery = listening.outgoing.delivery(receiver.url, "customers/redact", payload)
    assert send(delivery) == Outcome("customers/redact", 200)
    assert facts(shopify, receiver) == []


def test_a_shop_can_deliver_by_itself(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, receiver: Receiver
) -> None:
    shop = fake.open_shop("busy", automatic=True)
    shopify.subscribe(StoreAccess(shop.domain, access.credentials), receiver.url)
    shop.add_product("Reading Lamp", "LAMP-1", 50)
    for _ in range(3):
        shop.checkout({"LAMP-1": 1})
    got = [receiver.got.get(timeout=10)[0]["x-shopify-topic"] for _ in range(7)]
    assert Counter(got) == {"products/create": 1, "orders/create": 3, "inventory_levels/update": 3}


def test_a_variant_that_denies_overselling_sells_out(shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3, policy="deny")
    with pytest.raises(SoldOut):
        shop.checkout({"LAMP-1": 4})
    assert (lamp.available, shop.orders.kept) == (3, {})


def test_a_location_that_has_all_units_comes_first(shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3, policy="deny")
    harbour = shop.add_location("Harbour")
    shop.set_inventory("LAMP-1", 8, harbour)
    shop.checkout({"LAMP-1": 5})
    assert {level.location: level.available for level in lamp.levels.values()} == {
        shop.catalogue.first_location: 3,
        harbour: 3,
    }
