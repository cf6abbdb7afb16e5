"""Orders in the store: shown in batches and only when changed, noted once, moved on only where money is reserved."""

import json
from datetime import date
from pathlib import Path

import pytest

from adapters import woocommerce
from adapters.woocommerce.desk import LINES
from adapters.woocommerce.desk import LINK as LINK_KEY
from adapters.woocommerce.practice.model import Order
from connector.domain.effects import CapturePayment, NoteOrder, Part, WriteOrder
from connector.domain.errors import NeedsMerchant
from connector.domain.facts import OrderSnapshot, Refetch
from connector.ports import OrderDesk, Taken, Written
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

LINK = "https://backorder.example/o/abc"


@pytest.fixture
def desk(front: Shopfront) -> OrderDesk:
    assert front.platform.desk
    return front.platform.desk


@pytest.fixture
def bought(front: Shopfront) -> Order:
    return front.store.checkout("LAMP-1", 3)


def state(order: Order, eta: date | None = date(2026, 12, 24)) -> WriteOrder:
    return WriteOrder(str(order.id), (Part(str(order.lines[0].id), 1, 2, eta),))


def meta(order: Order) -> dict[str, object]:
    return {entry.key: entry.value for entry in order.meta}


def figures(front: Shopfront, order: Order) -> object:
    lamp = front.store.shop.by_sku("LAMP-1")
    return lamp.stock, order.total, order.status, order.lines[0].reduced, order.lines[0].quantity


def test_an_order_shows_its_lines_and_the_link_and_nothing_else_moves(
    front: Shopfront, desk: OrderDesk, bought: Order
) -> None:
    before = figures(front, bought)
    assert desk.write(front.access, [(state(bought), LINK)]) == (Written(str(bought.id)),)
    shown = meta(bought)
    assert shown.pop("_backorder_link") == LINK
    lines = {str(bought.lines[0].id): {"waiting": 2, "ready": 1, "eta": "2026-12-24"}}
    assert json.loads(str(shown.pop("_backorder_lines"))) == lines
    assert shown == {}
    assert figures(front, bought) == before


def test_what_is_so_already_is_not_written_also_with_a_link_that_is_signed_anew(
    front: Shopfront, desk: OrderDesk, bought: Order
) -> None:
    desk.write(front.access, [(state(bought), LINK)])
    front.platform.subscribe(front.access, f"{front.store.url}/nobody")
    desk.write(front.access, [(state(bought), f"{LINK}d")])
    assert front.store.deliver_now() == []
    desk.write(front.access, [(state(bought, None), f"{LINK}d")])
    assert [told.resource for told in front.store.deliver_now()] == [bought.id]
    assert meta(bought)["_backorder_link"] == f"{LINK}d"


def test_what_orders_show_is_taken_out_again_and_nothing_else(
    front: Shopfront, desk: OrderDesk, bought: Order
) -> None:
    front.store.shop.set_meta(bought, "colour", "red")
    desk.write(front.access, [(state(bought), LINK)])
    before = figures(front, bought)
    assert desk.clear(front.access, [str(bought.id), "999999"]) == (Written(str(bought.id)), Written("999999"))
    assert (meta(bought), figures(front, bought)) == ({"colour": "red"}, before)
    front.platform.subscribe(front.access, f"{front.store.url}/nobody")
    desk.clear(front.access, [str(bought.id)])
    assert front.store.deliver_now() == []


def test_many_orders_are_one_call(scripted: Scripted, talking: Talking) -> None:
    platform, access = talking
    assert platform.desk
    scripted.says("orders", [{"id": number} for number in range(1, 101)])
    scripted.says("orders/batch", {"update": [{"id": number} for number in range(1, 101)]})
    orders = [(WriteOrder(str(number), (Part("1", 0, 1, None),)), LINK) for number in range(1, 101)]
    assert platform.desk.write(access, orders) == tuple(Written(str(number)) for number in range(1, 101))
    assert [one.method for one in scripted.seen] == ["GET", "POST"]


def test_an_order_that_is_gone_leaves_the_others(front: Shopfront, desk: OrderDesk, bought: Order) -> None:
    gone = WriteOrder("999999", (Part("1", 0, 1, None),))
    done = desk.write(front.access, [(gone, LINK), (state(bought), LINK)])
    assert done == (Written("999999"), Written(str(bought.id)))
    assert "_backorder_lines" in meta(bought)


def test_a_note_is_written_once_and_not_to_the_customer(front: Shopfront, desk: OrderDesk, bought: Order) -> None:
    note = NoteOrder("k", str(bought.id), "#1", "Ready to ship: 1 × Reading Lamp.")
    desk.note(front.access, note)
    desk.note(front.access, note)
    assert [(one.text, one.for_customer) for one in bought.notes] == [(note.text, False)]


def held(front: Shopfront, gateway: str = "stripe") -> Order:
    """An order whose money is reserved."""
    order = front.store.checkout("LAMP-1", 1)
    order.gateway = gateway
    front.store.shop.set_status(order, "on-hold")
    return order


def capture(order: Order, gateway: str = "stripe") -> CapturePayment:
    return CapturePayment(f"capture:{order.id}", str(order.id), "#1", gateway)


def authorised(front: Shopfront, order: Order) -> str:
    (found,) = front.platform.fetch(front.access, Refetch("order", str(order.id)))
    assert isinstance(found, OrderSnapshot)
    return found.authorised


def test_an_order_that_is_held_is_moved_on_once_and_takes_its_stock_once(front: Shopfront, desk: OrderDesk) -> None:
    order = held(front)
    stock = front.store.shop.by_sku("LAMP-1").stock
    assert authorised(front, order) == "stripe"
    assert desk.capture(front.access, capture(order)) is Taken.NOW
    assert (order.status, order.paid is not None, authorised(front, order)) == ("processing", True, "")
    assert desk.capture(front.access, capture(order)) is Taken.BEFORE
    assert front.store.shop.by_sku("LAMP-1").stock == stock


def test_an_order_that_is_paid_is_never_moved_on(front: Shopfront, desk: OrderDesk) -> None:
    order = held(front)
    order.paid = front.store.shop.now()
    assert authorised(front, order) == ""
    assert desk.capture(front.access, capture(order)) is Taken.BEFORE
    assert order.status == "on-hold"


def test_an_order_that_is_paid_otherwise_by_now_is_left_alone(front: Shopfront, desk: OrderDesk) -> None:
    order = held(front, "bacs")
    assert desk.capture(front.access, capture(order, "stripe")) is Taken.NOTHING
    assert order.status == "on-hold"


def test_an_order_that_nobody_holds_is_not_reserved(front: Shopfront) -> None:
    assert authorised(front, front.store.checkout("LAMP-1", 1)) == ""


def test_a_gateway_that_does_not_take_the_money_takes_a_person(scripted: Scripted, talking: Talking) -> None:
    platform, access = talking
    assert platform.desk
    scripted.says("orders/7", {"status": "on-hold", "payment_method": "stripe"})
    scripted.says("orders/7", {"status": "failed", "payment_method": "stripe"})
    with pytest.raises(NeedsMerchant, match="stripe did not take the money: the order is now failed"):
        platform.desk.capture(access, CapturePayment("capture:7", "7", "#7", "stripe"))


def test_the_companion_plugin_reads_what_is_written() -> None:
    folder = Path(woocommerce.__file__).parent / "plugin" / "backorder-notices" / "includes"
    names = ("class-backorder-notices-orders.php", "class-backorder-notices-lines.php")
    source = "".join((folder / name).read_text() for name in names)
    assert f"const LINES = '{LINES}';" in source
    assert f"const LINK = '{LINK_KEY}';" in source
    assert "$line['waiting']" in source
    assert "$line['eta']" in source
