"""What is genuine, what is the same delivery again, and what cannot be read."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from connector.domain.errors import BadSignature, Unreadable
from connector.domain.facts import ItemGone, OrderSnapshot, OrderState, StockLevel
from connector.ports import Delivery
from tests.adapters.woocommerce.recorded import SECRET, recordings

ARRIVED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PLATFORM = WooCommerce(Http())
GENUINE = recordings("webhook_order_created_rest")[0]
HEADERS, BODY = GENUINE["headers"], GENUINE["body_raw"].encode()


def signed(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def hook(body: bytes, topic: str = "order.deleted", delivery: str = "d1", hook_id: str = "3") -> dict[str, str]:
    return {
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-ID": hook_id,
        "X-WC-Webhook-Delivery-ID": delivery,
        "X-WC-Webhook-Signature": signed(body),
    }


def key(headers: dict[str, str], body: bytes) -> str:
    accepted = PLATFORM.verify(headers, body, SECRET)
    assert accepted is not None
    return accepted.dedupe_key


def parse(body: bytes, topic: str) -> object:
    return PLATFORM.parse(Delivery({"x-wc-webhook-topic": topic}, body, ARRIVED))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x",
        HEADERS["X-WC-Webhook-Signature"][:-2],
        HEADERS["X-WC-Webhook-Signature"] + "=",
        HEADERS["X-WC-Webhook-Signature"].swapcase(),
        hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest(),
        signed(BODY, "another secret"),
        signed(BODY + b" "),
        signed(BODY, ""),
        "\udcff",
        "Ω",
    ],
)
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        PLATFORM.verify(HEADERS | {"X-WC-Webhook-Signature": signature}, BODY, SECRET)


def test_a_missing_signature_is_refused() -> None:
    with pytest.raises(BadSignature):
        PLATFORM.verify({name: value for name, value in HEADERS.items() if "Signature" not in name}, BODY, SECRET)


def test_without_a_secret_nothing_is_genuine() -> None:
    with pytest.raises(BadSignature):
        PLATFORM.verify(HEADERS | {"X-WC-Webhook-Signature": signed(BODY, "")}, BODY, "")


def test_a_body_written_anew_is_refused() -> None:
    with pytest.raises(BadSignature):
        PLATFORM.verify(HEADERS, BODY.replace(b"\\/", b"/"), SECRET)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"X-WC-Webhook-Topic": "order.updated"}, b"webhook_id=33"),
        ({}, b"webhook_id=33&order=1"),
        ({}, b"webhook_id="),
        ({}, b'{"id":33}'),
        ({}, b""),
    ],
)
def test_only_the_bare_ping_goes_unsigned(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadSignature):
        PLATFORM.verify(headers, body, SECRET)


def test_names_of_headers_may_come_in_any_spelling() -> None:
    lowered = {name.lower(): value for name, value in HEADERS.items()}
    assert PLATFORM.verify(lowered, BODY, SECRET) == PLATFORM.verify(HEADERS, BODY, SECRET)


def test_the_same_state_delivered_again_has_the_same_key() -> None:
    assert key(HEADERS, BODY) == key(HEADERS | {"X-WC-Webhook-Delivery-ID": "of another second"}, BODY)


def test_two_orders_in_one_second_have_two_keys() -> None:
    other = BODY.replace(b'"id":815', b'"id":816')
    headers = HEADERS | {"X-WC-Webhook-Signature": signed(other)}
    assert headers["X-WC-Webhook-Delivery-ID"] == HEADERS["X-WC-Webhook-Delivery-ID"]
    assert key(HEADERS, BODY) != key(headers, other)


def test_one_state_on_two_topics_has_two_keys() -> None:
    assert key(HEADERS, BODY) != key(HEADERS | {"X-WC-Webhook-Topic": "order.updated"}, BODY)


def test_an_order_that_is_deleted_again_is_another_delivery() -> None:
    body = b'{"id":815}'
    assert key(hook(body), body) == key(hook(body), body)
    assert key(hook(body), body) != key(hook(body, delivery="d2"), body)
    assert key(hook(body), body) != key(hook(body, topic="product.deleted"), body)


def test_what_came_back_from_the_trash_is_never_older_than_its_deletion() -> None:
    facts = parse(BODY, "order.restored")
    assert isinstance(facts, tuple)
    assert [(fact.order, fact.seen_at) for fact in facts] == [("815", ARRIVED)]


@pytest.mark.parametrize(
    ("status", "state", "taken"),
    [
        ("pending", OrderState.UNPAID, 5),
        ("failed", OrderState.UNPAID, 5),
        ("checkout-draft", OrderState.UNPAID, 5),
        ("processing", OrderState.OPEN, 5),
        ("on-hold", OrderState.OPEN, 5),
        ("awaiting-goods", OrderState.OPEN, 5),
        ("completed", OrderState.COMPLETED, 0),
        ("cancelled", OrderState.CANCELLED, 0),
        ("refunded", OrderState.CANCELLED, 0),
        ("trash", OrderState.GONE, 0),
    ],
)
def test_each_status_has_its_state(status: str, state: OrderState, taken: int) -> None:
    (fact,) = parse(BODY.replace(b'"status":"processing"', f'"status":"{status}"'.encode(), 1), "order.updated")  # type: ignore[misc]
    assert isinstance(fact, OrderSnapshot)
    assert (fact.state, fact.lines[0].taken, fact.lines[0].quantity) == (state, taken, 5)


def test_a_language_kept_by_wpml_is_the_orders_language() -> None:
    entry = b'"meta_data":[{"id":1,"key":"wpml_language","value":"de"}],"line_items"'
    (fact,) = parse(BODY.replace(b'"meta_data":[],"line_items"', entry, 1), "order.updated")  # type: ignore[misc]
    assert fact.locale == "de"


@pytest.mark.parametrize("taken", [b'"5"', b"5", b'"5.0"', b"5.0", b'"7"'])
def test_taken_units_are_read_from_texts_and_never_exceed_the_line(taken: bytes) -> None:
    body = BODY.replace(b'"key":"_reduced_stock","value":"5"', b'"key":"_reduced_stock","value":' + taken)
    (fact,) = parse(body, "order.updated")  # type: ignore[misc]
    assert fact.lines[0].taken == 5


@pytest.mark.parametrize("taken", [b'""', b"null", b'"-3"'])
def test_a_line_without_taken_units_has_none(taken: bytes) -> None:
    body = BODY.replace(b'"key":"_reduced_stock","value":"5"', b'"key":"_reduced_stock","value":' + taken)
    (fact,) = parse(body, "order.updated")  # type: ignore[misc]
    assert fact.lines[0].taken == 0


def test_a_fraction_of_a_unit_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="whole units"):
        parse(BODY.replace(b'"quantity":5', b'"quantity":1.5'), "order.updated")


def test_whole_units_written_as_a_fraction_are_whole_units() -> None:
    (fact,) = parse(BODY.replace(b'"quantity":5', b'"quantity":5.0'), "order.updated")  # type: ignore[misc]
    assert fact.lines[0].quantity == 5


def test_a_product_without_counted_units_brings_no_stock() -> None:
    body = recordings("webhook_product_created")[0]["body_raw"].encode()
    body = body.replace(b'"manage_stock":true,"stock_quantity":2', b'"manage_stock":false,"stock_quantity":null')
    body = body.replace(b'"stock_status":"instock"', b'"stock_status":"onbackorder"')
    (item,) = parse(body, "product.updated")  # type: ignore[misc]
    assert (item.tracked, item.on_backorder, item.on_sale) == (False, True, True)


def test_a_variation_on_its_parents_stock_tells_the_parents_units() -> None:
    body = recordings("rest_variation_parent_stock")[0]["body_raw"].encode()
    item, level = parse(body, "product.updated")  # type: ignore[misc]
    assert (item.item, item.stock, item.tracked, item.sells_beyond) == ("48", "47", True, True)
    assert isinstance(level, StockLevel)
    assert (level.stock, level.available) == ("47", -3)


def test_a_variable_product_without_stock_of_its_own_is_gone_but_its_variations_are_not() -> None:
    found = recordings("rest_product_variable")[0]
    gone = ItemGone(str(json.loads(found["body_raw"])["id"]), ARRIVED, whole=False)
    assert parse(found["body_raw"].encode(), "product.updated") == (gone,)


def test_a_variable_product_with_stock_holds_it_and_is_never_bought() -> None:
    body = recordings("rest_product_variable")[0]["body_raw"].encode()
    body = body.replace(b'"manage_stock":false,"stock_quantity":null', b'"manage_stock":true,"stock_quantity":4')
    item, level = parse(body, "product.updated")  # type: ignore[misc]
    assert (item.stock_only, item.on_sale, level.available) == (True, False, 4)


@pytest.mark.parametrize("status", ["draft", "private", "pending", "future"])
def test_what_is_not_published_is_not_on_sale(status: str) -> None:
    body = recordings("webhook_product_created")[0]["body_raw"].encode()
    item, _ = parse(body.replace(b'"status":"publish"', f'"status":"{status}"'.encode()), "product.updated")  # type: ignore[misc]
    assert item.on_sale is False


@pytest.mark.parametrize("kind", ["grouped", "external"])
def test_what_never_holds_stock_is_gone_if_it_ever_was_there(kind: str) -> None:
    found = recordings("webhook_product_created")[0]
    body = found["body_raw"].encode().replace(b'"type":"simple"', f'"type":"{kind}"'.encode())
    gone = ItemGone(str(json.loads(body)["id"]), ARRIVED, whole=False)
    assert parse(body, "product.updated") == (gone,)


def test_an_order_under_a_products_topic_is_no_product() -> None:
    with pytest.raises(Unreadable):
        parse(BODY, "product.updated")


def test_an_error_that_is_neither_gone_nor_forbidden_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="in place of"):
        parse(
            b'{"code":"internal_server_error","message":"There has been a critical error.","data":500}',
            "order.updated",
        )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"NaN",
        b'{"id":NaN}',
        b'{"id":"815"}',
        b'{"id":-1}',
        b'{"id":99999999999999999999}',
        b'{"id":true}',
        b"\xff\xfe",
        b"<html>",
        b'{"id":1,"line_items":' + b"[" * 200_000,
        b'{"id":1,"meta_data":' + b'{"a":' * 200_000,
        b'{"code":{}}',
        b'{"id":1,"status":"processing","number":"1","date_created_gmt":"yesterday","line_items":[]}',
        BODY.replace(b'"quantity":5', b'"quantity":1e400'),
        BODY.replace(b'"value":"5"', b'"value":"five"'),
        BODY.replace(b'"value":"5"', b'"value":"NaN"'),
        BODY.replace(b'"value":"5"', b'"value":"1e999999999"'),
        BODY[:-1],
    ],
)
@pytest.mark.parametrize("topic", ["order.updated", "product.updated"])
def test_what_is_no_order_and_no_product_cannot_be_read(body: bytes, topic: str) -> None:
    with pytest.raises(Unreadable):
        parse(body, topic)


@pytest.mark.parametrize("topic", ["", "order", ".updated", "order."])
def test_a_delivery_without_a_topic_cannot_be_read(topic: str) -> None:
    with pytest.raises(Unreadable):
        parse(BODY, topic)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
SOUND = [json.loads(BODY), json.loads(recordings("webhook_product_created_variation")[0]["body_raw"])]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.data(), st.sampled_from(SOUND), JSON, st.sampled_from(["order.updated", "product.updated", "order.deleted"])
)
def test_one_wrong_value_makes_a_body_unreadable_at_worst(
    data: st.DataObject, sound: dict[str, object], wrong: object, topic: str
) -> None:
    body = json.loads(json.dumps(sound))
    place = body["line_items"][0] if "line_items" in body and data.draw(st.booleans()) else body
    place[data.draw(st.sampled_from(sorted(place)))] = wrong
    try:
        facts = PLATFORM.parse(Delivery({"x-wc-webhook-topic": topic}, json.dumps(body).encode(), ARRIVED))
    except Unreadable as error:
        assert str(error)
    else:
        assert len(facts) <= 2
