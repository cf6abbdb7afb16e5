"""Webhooks of the practice store: late, collapsed, unrepeated, and given up."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Condition, Thread

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.practice import PracticeStore
from adapters.woocommerce.practice.courier import Delivered
from connector.domain.facts import OrderSnapshot, RightsLost
from connector.ports import Delivery
from tests.adapters.woocommerce.conftest import HOOK_SECRET, Quiet, Shopfront

ARRIVED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLATFORM = WooCommerce(Http())


class Receiver:
    """Somebody who takes deliveries, and answers them with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[Request] = []
        self._came = Condition()
        self._server = make_server("127.0.0.1", 0, self._take, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def _take(self, environ, start_response):  # type: ignore[no-untyped-def]
        request = Request(environ)
        request.get_data()
        with self._came:
            self.got.append(request)
            self._came.notify_all()
        return Response("", self.status, {"Location": f"{self.url}/moved"})(environ, start_response)

    def wait_for(self, count: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.got) >= count, timeout=30)

    def topics(self) -> list[str]:
        return [request.headers["X-WC-Webhook-Topic"] for request in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.close()


@pytest.fixture
def told(front: Shopfront, receiver: Receiver) -> Shopfront:
    """A store whose every event is told to the receiver; the pings are done."""
    front.platform.subscribe(front.access, receiver.url)
    receiver.got.clear()
    return front


def delivery(request: Request) -> Delivery:
    accepted = PLATFORM.verify(dict(request.headers), request.get_data(), HOOK_SECRET)
    assert accepted is not None
    return Delivery(accepted.headers, request.get_data(), ARRIVED)


def test_a_new_webhook_is_pinged_while_it_is_made(front: Shopfront, receiver: Receiver) -> None:
    found = front.platform.subscribe(front.access, receiver.url)
    assert [request.get_data().decode() for request in receiver.got] == [f"webhook_id={one.id}" for one in found]
    assert {request.content_type for request in receiver.got} == {"application/x-www-form-urlencoded"}
    for request in receiver.got:
        assert PLATFORM.verify(dict(request.headers), request.get_data(), HOOK_SECRET) is None


def test_a_webhook_is_made_even_where_nobody_answers_the_ping(front: Shopfront) -> None:
    assert len(front.platform.subscribe(front.access, "http://127.0.0.1:9/nobody")) == 8


def test_a_checkout_is_told_as_updates_first_and_as_genuine_orders(told: Shopfront, receiver: Receiver) -> None:
    order = told.store.checkout("LAMP-1", 3)
    told.store.deliver_now()
    assert receiver.topics() == ["product.updated", "order.updated", "order.created"]
    facts = [PLATFORM.parse(delivery(request)) for request in receiver.got[1:]]
    assert facts[0] == facts[1] == told.platform.orders(told.access, None).facts
    assert isinstance(facts[0][0], OrderSnapshot)
    assert facts[0][0].order == str(order.id)


def test_several_changes_are_one_delivery_of_the_last_state(told: Shopfront, receiver: Receiver) -> None:
    lamp = told.store.shop.by_sku("LAMP-1")
    for _ in range(3):
        told.store.goods_in("LAMP-1", 5)
    assert told.store.deliver_now() == [Delivered("product.updated", lamp.id, 200)]
    assert json.loads(receiver.got[0].get_data())["stock_quantity"] == 16
    assert told.store.deliver_now() == []


def test_an_order_deleted_before_its_delivery_is_an_error_without_an_id(told: Shopfront, receiver: Receiver) -> None:
    order = told.store.checkout("CHAIR-1", 1)
    told.store.shop.delete_order(order.id, force=True)
    told.store.deliver_now()
    gone = '{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}'
    assert [request.get_data().decode() for request in receiver.got[1:]] == [gone, gone]
    assert [PLATFORM.parse(delivery(request)) for request in receiver.got[1:]] == [(), ()]


def test_silent_events_are_silent(told: Shopfront, receiver: Receiver) -> None:
    order = told.store.checkout("CHAIR-1", 1)
    told.store.deliver_now()
    receiver.got.clear()
    told.store.shop.add_note(order, "Ships soon", for_customer=True)
    told.store.shop.delete_order(order.id, force=True)
    assert (told.store.deliver_now(), receiver.got) == ([], [])


def test_the_trash_tells_only_an_id_and_keeps_the_stock(told: Shopfront, receiver: Receiver) -> None:
    order = told.store.checkout("LAMP-1", 1)
    told.store.deliver_now()
    receiver.got.clear()
    told.store.shop.delete_order(order.id, force=False)
    told.store.deliver_now()
    assert receiver.topics() == ["order.deleted"]
    assert receiver.got[0].get_data() == f'{{"id":{order.id}}}'.encode()
    assert told.store.shop.by_sku("LAMP-1").stock == 0
    told.store.shop.restore_order(order.id)
    told.store.deliver_now()
    assert receiver.topics() == ["order.deleted", "order.restored"]
    assert json.loads(receiver.got[1].get_data())["status"] == "processing"


def test_deliveries_of_one_second_share_their_id(receiver: Receiver) -> None:
    frozen = datetime.now(UTC)
    store = PracticeStore(clock=lambda: frozen)
    store.start()
    http = Http([store.url.removeprefix("http://")])
    try:
        access = PLATFORM.access({"url": store.url, "key": store.key, "secret": store.secret})
        WooCommerce(http).subscribe(access, receiver.url)
        receiver.got.clear()
        store.goods_in("LAMP-1", 1)
        store.goods_in("DESK-1", 1)
        store.deliver_now()
    finally:
        http.close()
        store.stop()
    assert len(receiver.got) == 2
    assert len({request.headers["X-WC-Webhook-Delivery-ID"] for request in receiver.got}) == 1
    assert len({request.get_data() for request in receiver.got}) == 2


def test_a_failed_delivery_is_never_repeated(told: Shopfront, receiver: Receiver) -> None:
    receiver.status = 500
    told.store.goods_in("LAMP-1", 1)
    assert [one.status for one in told.store.deliver_now()] == [500]
    receiver.status = 200
    assert (told.store.deliver_now(), len(receiver.got)) == ([], 1)


def fail(told: Shopfront, receiver: Receiver, times: int) -> None:
    receiver.status = 500
    for _ in range(times):
        told.store.goods_in("LAMP-1", 1)
        told.store.deliver_now()
    receiver.status = 200


def updates(told: Shopfront) -> str:
    return next(hook.status for hook in told.store.shop.hooks.values() if hook.topic == "product.updated")


def test_the_seventh_failure_in_a_row_switches_a_webhook_off(told: Shopfront, receiver: Receiver) -> None:
    fail(told, receiver, 6)
    assert updates(told) == "active"
    fail(told, receiver, 1)
    assert (updates(told), len(receiver.got)) == ("disabled", 7)
    told.store.goods_in("LAMP-1", 1)
    assert told.store.deliver_now() == []
    assert {hook.status for hook in told.store.shop.hooks.values() if hook.topic != "product.updated"} == {"active"}


def test_one_success_forgets_the_failures(told: Shopfront, receiver: Receiver) -> None:
    fail(told, receiver, 6)
    told.store.goods_in("LAMP-1", 1)
    told.store.deliver_now()
    fail(told, receiver, 6)
    assert updates(told) == "active"


def test_switched_on_again_it_goes_off_at_the_next_failure(told: Shopfront, receiver: Receiver) -> None:
    fail(told, receiver, 7)
    hook = next(hook for hook in told.store.shop.hooks.values() if hook.status == "disabled")
    hook.status = "active"
    fail(told, receiver, 1)
    assert hook.status == "disabled"


def test_a_webhook_that_was_made_anew_bears_six_failures_again(told: Shopfront, receiver: Receiver) -> None:
    fail(told, receiver, 7)
    told.platform.subscribe(told.access, receiver.url)
    fail(told, receiver, 6)
    assert updates(told) == "active"


def test_a_redirect_counts_as_delivered_and_is_not_followed(told: Shopfront, receiver: Receiver) -> None:
    receiver.status = 302
    for _ in range(8):
        told.store.goods_in("LAMP-1", 1)
        told.store.deliver_now()
    assert updates(told) == "active"
    assert {request.path for request in receiver.got} == {"/hook"}


def test_nobody_there_is_a_failure(told: Shopfront, receiver: Receiver) -> None:
    for hook in told.store.shop.hooks.values():
        hook.url = "http://127.0.0.1:9/nobody"
    told.store.goods_in("LAMP-1", 1)
    assert [one.status for one in told.store.deliver_now()] == [0]
    assert receiver.got == []


def test_an_owner_without_rights_sends_errors(told: Shopfront, receiver: Receiver) -> None:
    told.store.courier.owner_has_rights = False
    told.store.goods_in("LAMP-1", 1)
    told.store.deliver_now()
    (lost,) = PLATFORM.parse(delivery(receiver.got[0]))
    assert isinstance(lost, RightsLost)


def test_a_part_of_the_deliveries_is_lost_the_same_part_each_time(told: Shopfront, receiver: Receiver) -> None:
    lost = []
    for _ in range(2):
        told.store.courier.drop(0.5, seed=7)
        receiver.got.clear()
        orders = [told.store.checkout("CHAIR-1", 1) for _ in range(20)]
        told.store.deliver_now()
        arrived = {json.loads(request.get_data())["id"] for request in receiver.got}
        lost.append([number for number, order in enumerate(orders) if order.id not in arrived])
    assert lost[0] == lost[1]
    assert 0 < len(lost[0]) < 20


def test_a_store_that_delivers_by_itself_can_be_held_up_and_let_go(receiver: Receiver) -> None:
    store = PracticeStore(lag=0.0)
    store.start()
    http = Http([store.url.removeprefix("http://")])
    try:
        access = PLATFORM.access({"url": store.url, "key": store.key, "secret": store.secret})
        WooCommerce(http).subscribe(access, receiver.url)
        receiver.got.clear()
        store.goods_in("LAMP-1", 1)
        receiver.wait_for(1)
        store.courier.paused = True
        store.goods_in("DESK-1", 1)
        assert store.deliver_now() != []
        store.goods_in("CHAIR-1", 1)
        store.courier.resume()
        receiver.wait_for(3)
    finally:
        http.close()
        store.stop()
    assert [json.loads(request.get_data())["sku"] for request in receiver.got] == ["LAMP-1", "DESK-1", "CHAIR-1"]
