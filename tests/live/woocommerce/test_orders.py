"""What is written into real orders moves no amounts and no stock, and reserved money is taken when all is there."""

import json

from connector.pipeline.remove import remove
from connector.store import shops
from tests.live.woocommerce.conftest import Beside, day
from tests.live.woocommerce.store import ADDRESS, Json

AMOUNTS = ("total", "total_tax", "shipping_total", "discount_total", "cart_tax")


def bought(beside: Beside, product: Json, units: int, **more: Json) -> Json:
    """An order as the merchant takes it by telephone."""
    billing = ADDRESS | {"email": "ann@example.com"}
    body = {"billing": billing, "line_items": [{"product_id": product["id"], "quantity": units}]}
    made = beside.store.rest("POST", "orders", body | {"payment_method": "cod", "status": "processing"} | more)
    beside.store.undo.append(lambda: beside.store.drop_order(made["id"]))
    return made


def stock(beside: Beside, product: Json) -> int:
    return int(beside.store.rest("GET", f"products/{product['id']}")["stock_quantity"])


def test_an_order_that_waits_shows_its_lines_and_a_note_and_costs_what_it_did(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 1)
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    before = bought(beside, lamp, 3)
    left = stock(beside, lamp)
    beside.reconcile()
    after = store.rest("GET", f"orders/{before['id']}")
    shown = {entry["key"]: entry["value"] for entry in after["meta_data"]}
    line = str(before["line_items"][0]["id"])
    assert json.loads(shown["_backorder_lines"]) == {line: {"waiting": 2, "ready": 1, "eta": day(20)}}
    assert shown["_backorder_link"].startswith(f"{beside.connector.config.url}/o/")
    assert {name: after[name] for name in AMOUNTS} == {name: before[name] for name in AMOUNTS}
    assert stock(beside, lamp) == left
    notes = [note["note"] for note in store.rest("GET", f"orders/{before['id']}/notes")]
    assert 1 == sum(note.startswith("Ready to ship: 1 × Test lamp. Waiting: 2 × Test lamp") for note in notes)

    beside.reconcile()
    again = store.rest("GET", f"orders/{before['id']}")
    assert (again["date_modified_gmt"], again["meta_data"]) == (after["date_modified_gmt"], after["meta_data"])


def test_an_order_of_a_store_that_is_let_go_shows_nothing_of_ours(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 0)
    beside.connect()
    before = bought(beside, lamp, 1)
    beside.reconcile()
    assert marks(store.rest("GET", f"orders/{before['id']}")) != set()
    assert remove(beside.connector, beside.connected.store).orders == 1
    after = store.rest("GET", f"orders/{before['id']}")
    assert (marks(after), {name: after[name] for name in AMOUNTS}) == (
        set(),
        {name: before[name] for name in AMOUNTS},
    )


def marks(order: Json) -> set[str]:
    """What an order and its lines show of ours."""
    entries = (order["meta_data"], *(line["meta_data"] for line in order["line_items"]))
    return {entry["key"] for some in entries for entry in some if entry["key"].startswith("_backorder_")}


def test_reserved_money_is_taken_once_all_is_there_and_the_stock_once(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 1)
    beside.connect()
    with beside.connector.db.begin() as tx:
        shops.change_settings(tx, beside.connected.store, {"capture_filled": "bacs", "settle_seconds": 0})
    order = bought(beside, lamp, 2, payment_method="bacs", status="on-hold")
    beside.reconcile()
    assert store.rest("GET", f"orders/{order['id']}")["status"] == "on-hold"
    store.rest("PUT", f"products/{lamp['id']}", {"stock_quantity": stock(beside, lamp) + 1})
    left = stock(beside, lamp)
    beside.reconcile()
    moved = store.rest("GET", f"orders/{order['id']}")
    assert (moved["status"], moved["date_paid_gmt"] is not None) == ("processing", True)
    assert (moved["total"], stock(beside, lamp)) == (order["total"], left)
