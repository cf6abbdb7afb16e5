"""The practice store's answers have the shape of the recorded ones."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from adapters.http import Answer, Http
from adapters.woocommerce.practice import PracticeStore
from adapters.woocommerce.practice.checkout import checkout
from adapters.woocommerce.rest import _Signed
from tests.adapters.woocommerce.recorded import body, recordings


class Caller:
    """Calls the practice store as anybody with its key could."""

    def __init__(self, store: PracticeStore) -> None:
        self.store = store
        self.http = Http([store.url.removeprefix("http://")])

    def call(self, method: str, path: str, sent: object = None) -> Answer:
        url = f"{self.store.url}/wp-json/wc/v3/{path}"
        signed = _Signed(url, self.store.key, self.store.secret, method=method).get_oauth_url()
        content = None if sent is None else json.dumps(sent).encode()
        return self.http.request(method, signed, headers={"Content-Type": "application/json"}, body=content)

    def json(self, method: str, path: str, sent: object = None) -> Any:
        return json.loads(self.call(method, path, sent).body)


@pytest.fixture
def caller(practice: PracticeStore) -> Iterator[Caller]:
    found = Caller(practice)
    yield found
    found.http.close()


def shape(value: Any) -> Any:
    """Names and their order; of a list, the shape of its first entry."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


def assert_like(answered: Any, recorded: Any) -> None:
    """Same names in the same order, at each level that both show."""
    assert list(answered) == list(recorded)
    for name in recorded:
        ours, theirs = shape(answered[name]), shape(recorded[name])
        if ours and theirs:
            assert ours == theirs, name


def test_a_simple_product(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    caller.store.checkout("LAMP-1", 4)
    answered = caller.json("GET", f"products/{lamp.id}")
    assert_like(answered, body("rest_product_negative_stock"))
    assert (answered["stock_quantity"], answered["stock_status"], answered["backordered"]) == (
        -3,
        "onbackorder",
        True,
    )


def test_a_product_just_made_and_one_just_changed(caller: Caller) -> None:
    made = caller.json("POST", "products", recordings("rest_product_create_simple")[0]["request"]["body"])
    assert_like(made, body("rest_product_create_simple"))
    changed = caller.json("PUT", f"products/{made['id']}", recordings("rest_product_update")[0]["request"]["body"])
    assert_like(changed, body("rest_product_update"))
    assert changed["short_description"] == "<p>Ships by 1 December.</p>"


def test_a_variable_product_and_its_variations(caller: Caller) -> None:
    jacket, shirt = caller.store.shop.by_sku("JACKET"), caller.store.shop.by_sku("SHIRT")
    small = caller.store.shop.by_sku("JACKET-S")
    assert_like(caller.json("GET", f"products/{jacket.id}"), body("rest_product_variable"))
    assert_like(caller.json("GET", f"products/{jacket.id}/variations/{small.id}"), body("rest_variation"))
    shared = caller.json("GET", f"products/{shirt.id}/variations")[0]
    assert_like(shared, body("rest_variation_parent_stock"))
    assert shared["manage_stock"] == "parent"
    assert_like(caller.json("GET", f"products/{small.id}"), body("webhook_product_updated_variation"))


def test_an_order_of_the_checkout(caller: Caller) -> None:
    order = caller.store.checkout("LAMP-1", 3)
    answered = caller.json("GET", f"orders/{order.id}")
    assert_like(answered, body("rest_order_checkout") | {"shipping_lines": []})
    assert answered["line_items"][0]["meta_data"][0]["key"] == "Backordered"
    assert [entry["value"] for entry in answered["line_items"][0]["meta_data"]] == ["2", "3"]


def test_two_variations_on_one_stock_understate_what_is_missing(caller: Caller) -> None:
    order = checkout(caller.store.shop, [("SHIRT-S", 2), ("SHIRT-M", 3)])
    lines = caller.json("GET", f"orders/{order.id}")["line_items"]
    keys = [[entry["key"] for entry in line["meta_data"]] for line in lines]
    recorded = [
        [entry["key"] for entry in line["meta_data"]] for line in body("rest_order_shared_parent_stock")["line_items"]
    ]
    assert keys == recorded
    assert caller.store.shop.by_sku("SHIRT").stock == -3


def test_an_order_made_changed_completed_refunded_and_trashed_by_rest(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    wanted = {"status": "processing", "line_items": [{"product_id": lamp.id, "quantity": 5}]}
    order = caller.json("POST", "orders", wanted)
    assert_like(order, body("rest_order_create_beyond_stock"))
    assert lamp.stock == -4
    line = order["line_items"][0]["id"]
    changed = caller.json("PUT", f"orders/{order['id']}", {"line_items": [{"id": line, "quantity": 4}]})
    assert_like(changed, body("rest_order_line_quantity_changed"))
    assert (lamp.stock, changed["total"], changed["line_items"][0]["meta_data"][0]["value"]) == (-3, "200.00", "4")
    refused = caller.call("POST", f"orders/{order['id']}/refunds", {"amount": "1.00"})
    assert (refused.status, refused.body.decode()) == (500, recordings("rest_refund_error_no_gateway")[0]["body_raw"])
    given = {"amount": "40.00", "api_refund": False, "line_items": [{"id": line, "quantity": 1, "refund_total": 40}]}
    assert_like(caller.json("POST", f"orders/{order['id']}/refunds", given), body("rest_refund_create"))
    assert_like(caller.json("GET", f"orders/{order['id']}/refunds")[0], body("rest_refunds_list")[0])
    done = caller.json("PUT", f"orders/{order['id']}", {"status": "completed"})
    assert_like(done, body("rest_order_update_status"))
    assert (lamp.stock, [m["value"] for m in done["line_items"][0]["meta_data"]]) == (-2, ["3", "1"])
    assert_like(caller.json("DELETE", f"orders/{order['id']}"), body("rest_order_trash"))
    assert caller.json("GET", f"orders/{order['id']}")["status"] == "trash"
    assert lamp.stock == -2


def test_a_cancelled_order_returns_its_units_and_takes_them_again(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    order = caller.store.checkout("LAMP-1", 3)
    assert caller.json("PUT", f"orders/{order.id}", {"status": "cancelled"})["status"] == "cancelled"
    assert (lamp.stock, order.lines[0].reduced) == (1, None)
    caller.json("PUT", f"orders/{order.id}", {"status": "processing"})
    assert (lamp.stock, order.lines[0].reduced) == (-2, 3)


def test_a_pending_order_takes_nothing(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    made = caller.json("POST", "orders", {"line_items": [{"product_id": lamp.id, "quantity": 2}]})
    assert (made["status"], made["line_items"][0]["meta_data"], lamp.stock) == ("pending", [], 1)


def test_a_batch_with_one_good_one_unknown_and_one_senseless_entry(caller: Caller) -> None:
    lamp, desk = caller.store.shop.by_sku("LAMP-1"), caller.store.shop.by_sku("DESK-1")
    sent = [
        {"id": lamp.id, "stock_quantity": 4},
        {"id": 999999, "stock_quantity": 1},
        {"id": desk.id, "stock_quantity": "abc"},
    ]
    answered, recorded = caller.json("POST", "products/batch", {"update": sent}), body("rest_products_batch_mixed")
    assert_like(answered["update"][0], recorded["update"][0])
    assert answered["update"][1] == recorded["update"][1]
    assert (lamp.stock, desk.stock) == (4, 0)


def test_webhooks(caller: Caller) -> None:
    made = caller.json("POST", "webhooks", recordings("rest_webhook_create")[0]["request"]["body"])
    assert_like(made, body("rest_webhook_create"))
    assert_like(caller.json("GET", f"webhooks/{made['id']}"), body("rest_webhook"))
    caller.store.shop.hooks[made["id"]].status = "disabled"
    disabled = caller.json("GET", f"webhooks/{made['id']}")
    assert_like(disabled, body("rest_webhook_disabled"))
    assert disabled["status"] == "disabled"


def test_notes_statuses_and_the_system_status(caller: Caller) -> None:
    order = caller.store.checkout("LAMP-1", 1)
    sent = recordings("rest_note_create")[0]["request"]["body"]
    assert_like(caller.json("POST", f"orders/{order.id}/notes", sent), body("rest_note_create"))
    assert_like(caller.json("GET", f"orders/{order.id}/notes")[0], body("rest_notes_list")[0])
    assert caller.json("GET", "orders/statuses") == body("rest_order_statuses")
    assert_like(caller.json("GET", "system_status"), body("rest_system_status_excerpt"))


@pytest.mark.parametrize(
    ("name", "method", "path", "sent"),
    [
        ("rest_error_no_route", "GET", "nosuch", None),
        ("rest_error_order_not_found", "GET", "orders/999999", None),
        ("rest_error_product_not_found", "GET", "products/999999", None),
        ("rest_error_invalid_param", "GET", "products?per_page=101", None),
        ("rest_error_invalid_stock", "PUT", "products/{lamp}", {"stock_quantity": "abc"}),
        ("rest_error_batch_too_large", "POST", "products/batch", {"update": [{"id": 1}] * 101}),
        (
            "rest_error_webhook_topic",
            "POST",
            "webhooks",
            {"topic": "order.nosuch", "delivery_url": "http://127.0.0.1:9/"},
        ),
        ("rest_error_webhook_delete_without_force", "DELETE", "webhooks/{hook}", None),
    ],
)
def test_errors_are_word_for_word(name: str, method: str, path: str, sent: object, caller: Caller) -> None:
    hook = caller.json("POST", "webhooks", {"topic": "order.updated", "delivery_url": "http://127.0.0.1:9/"})
    lamp = caller.store.shop.by_sku("LAMP-1")
    answer = caller.call(method, path.format(lamp=lamp.id, hook=hook["id"]), sent)
    recorded = recordings(name)[0]
    assert (answer.status, answer.body.decode()) == (recorded["status"], recorded["body_raw"])


def test_lists_come_in_pages_that_say_how_many_there_are(caller: Caller) -> None:
    for _ in range(5):
        caller.store.checkout("CHAIR-1", 1)
    page = caller.call("GET", "orders?per_page=2&page=2&_fields=id%2Cstatus%2Cdate_created_gmt%2Cdate_modified_gmt")
    recorded = recordings("rest_orders_page")[0]
    assert [list(order) for order in json.loads(page.body)] == [
        list(order) for order in json.loads(recorded["body_raw"])
    ]
    assert (page.headers["x-wp-total"], page.headers["x-wp-totalpages"]) == ("5", "3")
    beyond = caller.call("GET", "products?per_page=10&page=99")
    assert (beyond.status, beyond.body, beyond.headers["x-wp-total"]) == (200, b"[]", "7")


def test_texts_are_rendered_for_readers_and_raw_for_editors(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    assert caller.json("GET", f"products/{lamp.id}")["short_description"] == f"<p>{lamp.short_description}</p>\n"
    assert caller.json("GET", f"products/{lamp.id}?context=edit")["short_description"] == lamp.short_description


def test_unsafe_elements_and_one_layer_of_backslashes_are_taken_off(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    caller.json("PUT", f"products/{lamp.id}", {"short_description": r"a\b\\c<iframe src='x'></iframe>"})
    assert lamp.short_description == r"ab\c"


def test_a_variation_is_changed_only_below_its_parent(caller: Caller) -> None:
    small = caller.store.shop.by_sku("JACKET-S")
    assert caller.call("PUT", f"products/{small.id}", {"description": "x"}).status == 404
    changed = caller.json("PUT", f"products/{small.parent}/variations/{small.id}", {"regular_price": "70"})
    assert (changed["price"], small.price, small.description) == ("70", Decimal(70), "")


def test_the_stock_of_a_variation_on_its_parents_stock_is_ignored(caller: Caller) -> None:
    small, shirt = caller.store.shop.by_sku("SHIRT-S"), caller.store.shop.by_sku("SHIRT")
    changed = caller.json("PUT", f"products/{shirt.id}/variations/{small.id}", {"stock_quantity": 50})
    assert (changed["manage_stock"], changed["stock_quantity"], shirt.stock) == ("parent", 2, 2)


def test_a_webhook_set_active_again_keeps_its_count_of_failures(caller: Caller) -> None:
    made = caller.json("POST", "webhooks", {"topic": "order.updated", "delivery_url": "http://127.0.0.1:9/"})
    hook = caller.store.shop.hooks[made["id"]]
    hook.status, hook.failures = "disabled", 6
    changed = caller.json("PUT", f"webhooks/{hook.id}", {"status": "active"})
    assert (changed["status"], hook.failures, changed["date_modified"] is None) == ("active", 6, False)
    assert caller.call("DELETE", f"webhooks/{hook.id}?force=true").status == 200
    assert caller.call("GET", f"webhooks/{hook.id}").status == 404


def test_a_product_goes_to_the_trash_or_for_good(caller: Caller) -> None:
    lamp, desk = caller.store.shop.by_sku("LAMP-1"), caller.store.shop.by_sku("DESK-1")
    assert caller.call("DELETE", f"products/{lamp.id}").status == 200
    assert caller.json("GET", f"products/{lamp.id}")["status"] == "trash"
    assert caller.call("DELETE", f"products/{desk.id}?force=true").status == 200
    assert caller.call("GET", f"products/{desk.id}").status == 404
    assert lamp.id not in [product["id"] for product in caller.json("GET", "products?status=any")]


def test_a_product_is_found_by_its_sku_even_as_a_variation(caller: Caller) -> None:
    assert [found["sku"] for found in caller.json("GET", "products?sku=JACKET-M")] == ["JACKET-M"]


def test_stock_that_is_no_more_counted_is_wiped(caller: Caller) -> None:
    lamp = caller.store.shop.by_sku("LAMP-1")
    changed = caller.json("PUT", f"products/{lamp.id}", {"manage_stock": False, "stock_status": "onbackorder"})
    named = ("manage_stock", "stock_quantity", "backorders", "stock_status")
    assert [changed[name] for name in named] == [False, None, "no", "onbackorder"]
    counted = caller.json("PUT", f"products/{lamp.id}", {"manage_stock": True, "stock_quantity": 3})
    assert [counted[name] for name in named] == [True, 3, "no", "instock"]


def test_an_order_cannot_enter_a_status_that_does_not_exist(caller: Caller) -> None:
    order = caller.store.checkout("LAMP-1", 1)
    refused = caller.call("PUT", f"orders/{order.id}", {"status": "teleported"})
    assert (refused.status, json.loads(refused.body)["code"], order.status) == (
        400,
        "rest_invalid_param",
        "processing",
    )
    wrong = caller.call("PUT", f"orders/{order.id}", {"line_items": [{"id": 999, "quantity": 1}]})
    assert (wrong.status, order.lines[0].quantity) == (400, 1)


def test_a_whole_refund_makes_an_order_refunded(caller: Caller) -> None:
    order = caller.store.checkout("LAMP-1", 1)
    given = {"amount": "40.00", "api_refund": False, "line_items": [{"id": order.lines[0].id, "quantity": 1}]}
    assert caller.json("POST", f"orders/{order.id}/refunds", given)["meta_data"][0]["value"] == "full"
    assert (order.status, caller.store.shop.by_sku("LAMP-1").stock) == ("refunded", 1)


@pytest.mark.parametrize(
    ("status", "gateway", "after", "paid"),
    [
        ("pending", "bacs", "processing", True),
        ("on-hold", "bacs", "processing", True),
        ("cancelled", "", "processing", True),
        ("completed", "", "completed", True),
        ("pending", "cod", "completed", True),
        ("processing", "cod", "processing", False),
    ],
)
def test_an_order_that_is_made_as_paid(status: str, gateway: str, after: str, paid: bool, caller: Caller) -> None:
    form = {"status": status, "payment_method": gateway, "set_paid": True, "line_items": []}
    order = caller.json("POST", "orders", form)
    assert (order["status"], order["date_paid"] is not None) == (after, paid)


@pytest.mark.parametrize(
    ("status", "gateway", "after", "paid"),
    [
        ("pending", "bacs", "processing", True),
        ("failed", "cod", "completed", True),
        ("on-hold", "cod", "on-hold", False),
        ("processing", "bacs", "processing", True),
        ("processing", "cod", "processing", False),
    ],
)
def test_an_order_that_becomes_paid(status: str, gateway: str, after: str, paid: bool, caller: Caller) -> None:
    made = caller.json("POST", "orders", {"status": status, "payment_method": gateway, "line_items": []})
    order = caller.json("PUT", f"orders/{made['id']}", {"set_paid": True})
    assert (order["status"], order["date_paid"] is not None) == (after, paid)
