"""What stores leave out, and what breaks off half-way."""

import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from threading import Thread

import pytest

from adapters.http import Answer, Http
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.rest import Rest
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import NeedsMerchant, Retryable, Unreadable
from connector.domain.facts import Fact, Refetch, StockLevel
from connector.ports import Delivery, StoreAccess, Written
from tests.adapters.woocommerce.conftest import KEY, SECRET, Scripted, Talking
from tests.adapters.woocommerce.recorded import body

ARRIVED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HTTPS = StoreAccess("https://shop.example", {"key": KEY, "secret": SECRET})


def product(**changed: object) -> tuple[Fact | Refetch, ...]:
    content = json.dumps(body("webhook_product_created") | changed).encode()
    return WooCommerce(Http()).parse(Delivery({"x-wc-webhook-topic": "product.updated"}, content, ARRIVED))


@pytest.mark.parametrize(
    ("price", "read"),
    [("", None), (None, None), ("12.50", Decimal("12.50")), (12.5, Decimal("12.5")), ("Infinity", None)],
)
def test_a_price_may_be_missing(price: object, read: Decimal | None) -> None:
    assert product(price=price)[0].price == read  # type: ignore[union-attr]


def test_a_price_that_is_no_number_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="price"):
        product(price="on request")


def test_a_product_without_dates_was_as_it_is_when_it_came() -> None:
    item, level = product(date_modified_gmt=None, date_created_gmt=None)
    assert (item.seen_at, item.read_at) == (ARRIVED, None)  # type: ignore[union-attr]
    assert level == StockLevel("810", 2, ARRIVED)


def test_counted_stock_without_a_figure_is_none_in_stock() -> None:
    assert product(stock_quantity=None)[1].available == 0  # type: ignore[union-attr]


class Deaf(Http):
    """A way out that does what the test says instead of asking anybody."""

    def __init__(self, answer: Callable[[], Answer]) -> None:
        super().__init__()
        self.answer = answer

    def request(self, *given: object, **more: object) -> Answer:  # type: ignore[override]
        return self.answer()


def test_what_is_gone_needs_a_time() -> None:
    nameless = Answer(404, {}, b'{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID."}')
    with pytest.raises(Unreadable, match="date"):
        WooCommerce(Deaf(lambda: nameless)).fetch(HTTPS, Refetch("order", "1"))


@pytest.mark.parametrize("told", ["", "yesterday", "Mon, 23 Nov 2026 11:54:11"])
def test_a_store_that_does_not_tell_the_time_has_said_when_its_product_changed(told: str) -> None:
    answer = Answer(200, {"date": told}, json.dumps(body("webhook_product_created")).encode())
    item, level = WooCommerce(Deaf(lambda: answer)).fetch(HTTPS, Refetch("item", "810"))
    changed = datetime(2026, 11, 23, 7, 16, 11, tzinfo=UTC)
    assert item.seen_at == changed  # type: ignore[union-attr]
    assert level == StockLevel("810", 2, changed)


@pytest.fixture
def breaking() -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and hangs up; its address and what it was sent."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def hang_up() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(65536))

    thread = Thread(target=hang_up)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_connection_that_breaks_off_is_tried_again_and_then_later(breaking: tuple[str, list[bytes]]) -> None:
    address, heard = breaking
    pauses: list[float] = []
    access = StoreAccess(f"http://{address}", {"key": KEY, "secret": SECRET})
    http = Http([address])
    with pytest.raises(Retryable):
        Rest(http, access, pauses.append).get("orders", list[int])
    http.close()
    assert (len(heard), len(set(heard)), pauses) == (3, 3, [1.0, 2.0])


def test_a_write_that_breaks_off_may_be_repeated_but_not_at_once(breaking: tuple[str, list[bytes]]) -> None:
    address, heard = breaking
    http = Http([address])
    access = StoreAccess(f"http://{address}", {"key": KEY, "secret": SECRET})
    with pytest.raises(Retryable):
        Rest(http, access).send("POST", "products/batch", {"update": []}, dict)
    http.close()
    assert len(heard) == 1


def test_a_variation_that_leaves_between_two_looks_is_an_error_of_its_own(
    talking: Talking, scripted: Scripted
) -> None:
    platform, access = talking
    scripted.says("products/14/variations", [{"id": 15, "description": "", "meta_data": []}])
    scripted.says("products/15", {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}, 404)
    listing = WriteListing("15", "14", ListingState.BACKORDER, None, 1, "Soon")
    assert platform.write(access, [listing]) == (Written("15", "The product is no longer in the store."),)
    assert [request.method for request in scripted.seen] == ["GET", "GET"]


def test_a_key_that_loses_its_rights_while_writing_stops_all_of_it(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    scripted.says("products", {"code": "woocommerce_rest_cannot_edit", "message": "Sorry"}, 401)
    with pytest.raises(NeedsMerchant):
        platform.write(access, [WriteListing("15", None, ListingState.BACKORDER, None, 1, "Soon")])


def test_an_old_webhook_that_somebody_else_removed_is_no_trouble(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    url = "http://127.0.0.1:9/hook"
    scripted.says("webhooks", [{"id": 1, "topic": "order.created", "status": "disabled", "delivery_url": url}])
    for number in range(8):
        scripted.says("webhooks", {"id": 10 + number, "topic": "x", "status": "active", "delivery_url": url}, 201)
    scripted.says("webhooks/1", {"code": "woocommerce_rest_shop_webhook_invalid_id", "message": "Invalid ID."}, 404)
    found = platform.subscribe(access, url)
    assert [one.id for one in found] == [str(10 + number) for number in range(8)]
    assert [request.method for request in scripted.seen] == ["GET", *["POST"] * 8, "DELETE"]
    assert {json.loads(request.get_data())["secret"] for request in scripted.seen[1:9]} == {access.hook_secret}
