"""What every platform keeps, because it is registered."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import PLATFORMS
from adapters.http import Http
from adapters.shopify.keys import AppKeys
from connector.domain.errors import BadInput, BadSignature, ConnectorError, Retryable, Terminal, Unreadable
from connector.domain.facts import Fact, Refetch
from connector.ports import Delivery, Discount, Platform, StoreAccess
from tests.conftest import NOW

MADE = tuple(make(Http(), None, AppKeys()) for make in PLATFORMS)
ALL = pytest.mark.parametrize("platform", MADE, ids=lambda platform: platform.name)
# Under which header a platform names its topics, and those in which it can tell us something.
TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "shopify": (
        "x-shopify-topic",
        (
            "orders/create",
            "orders/updated",
            "orders/edited",
            "orders/delete",
            "refunds/create",
            "fulfillments/create",
            "fulfillment_orders/moved",
            "inventory_levels/update",
            "inventory_levels/disconnect",
            "inventory_items/update",
            "inventory_transfers/updated",
            "inventory_shipments/receive_items",
            "products/update",
            "products/delete",
            "app/uninstalled",
            "app/scopes_update",
        ),
    ),
    "woocommerce": (
        "x-wc-webhook-topic",
        tuple(
            f"{what}.{how}" for what in ("order", "product") for how in ("created", "updated", "deleted", "restored")
        ),
    ),
}
KEYS = st.sampled_from(
    ["id", "line_items", "status", "date_modified_gmt", "updated_at", "order_id", "quantity", "available", "code"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def deliveries(platform: Platform, body: bytes) -> list[Delivery]:
    """A body under every topic of the platform, under one of nobody's, and under none."""
    header, topics = TOPICS[platform.name]
    headers: list[dict[str, str]] = [{header: topic} for topic in (*topics, "themes/publish")]
    return [Delivery(one, body, NOW) for one in (*headers, {})]


def parsed(platform: Platform, delivery: Delivery) -> tuple[Fact | Refetch, ...] | Unreadable:
    """What is in a delivery, or that it cannot be read; nothing else may come out."""
    try:
        return platform.parse(delivery)
    except Unreadable as error:
        return error


def test_no_two_platforms_have_the_same_name() -> None:
    assert len({platform.name for platform in MADE}) == len(MADE)


@ALL
def test_a_platform_has_a_name_for_addresses_and_a_batch(platform: Platform) -> None:
    assert platform.name.isascii()
    assert platform.name.isalpha()
    assert platform.name == platform.name.lower()
    assert platform.listing_batch >= 1


@ALL
@pytest.mark.parametrize(
    "method", [name for name, value in vars(Platform).items() if inspect.isfunction(value) and name[0] != "_"]
)
def test_a_platform_has_every_method_as_the_port_says(platform: Platform, method: str) -> None:
    wanted = list(inspect.signature(getattr(Platform, method)).parameters)[1:]
    assert list(inspect.signature(getattr(platform, method)).parameters) == wanted


@ALL
@pytest.mark.parametrize("secret", ["", "a secret of the tests"])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"id":7}', b"webhook_id=", b"webhook_id=7&id=8", b"\xff\x00"])
def test_a_platform_refuses_what_nobody_has_signed(platform: Platform, secret: str, body: bytes) -> None:
    header, topics = TOPICS[platform.name]
    for headers in ({}, {header: topics[0]}, {header: topics[0], "x-signature": "0" * 64}):
        with pytest.raises(BadSignature):
            platform.verify(headers, body, secret)


@ALL
@given(name=st.sampled_from(["x-shopify-hmac-sha256", "x-wc-webhook-signature"]), value=st.text(max_size=64))
def test_a_platform_refuses_every_made_up_signature(platform: Platform, name: str, value: str) -> None:
    with pytest.raises(BadSignature):
        platform.verify({name: value}, b'{"id":7}', "a secret of the tests")


@ALL
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"0",
        b"<html><body>Maintenance</body></html>",
        b"\xff\xfe\x00",
        b'{"id":',
        b'{"id":NaN}',
        b'{"id":1e999}',
        b"[" * 50_000,
        b'{"id":' * 50_000,
        b'{"id":' + b"9" * 5_000 + b"}",
        json.dumps({"id": "\ud800"}).encode(),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_platform_reads_garbage_as_nothing_but_unreadable(platform: Platform, body: bytes) -> None:
    for delivery in deliveries(platform, body):
        assert isinstance(parsed(platform, delivery), Unreadable | tuple)


@ALL
@given(st.binary(max_size=64))
def test_a_platform_reads_any_bytes_as_facts_or_unreadable(platform: Platform, body: bytes) -> None:
    for delivery in deliveries(platform, body):
        assert isinstance(parsed(platform, delivery), Unreadable | tuple)


@ALL
@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_a_platform_reads_any_json_as_facts_or_unreadable(platform: Platform, said: dict[str, Any]) -> None:
    for delivery in deliveries(platform, json.dumps(said).encode()):
        assert isinstance(parsed(platform, delivery), Unreadable | tuple)


@ALL
def test_a_platform_without_options_says_which_are_missing(platform: Platform) -> None:
    with pytest.raises(BadInput, match=r"^\w+: "):
        platform.access({})


CALLS: dict[str, Callable[[Platform, StoreAccess], object]] = {
    "profile": lambda platform, access: platform.profile(access),
    "subscribe": lambda platform, access: platform.subscribe(access, "https://ours.example/webhooks/x/y"),
    "items": lambda platform, access: platform.items(access, None),
    "orders": lambda platform, access: platform.orders(access, None),
    "fetch": lambda platform, access: platform.fetch(access, Refetch("order", "7")),
}
OPTIONS = {
    "shopify": {"shop": "example.myshopify.com", "token": "shpat_1", "api_secret": "shpss_1"},
    "woocommerce": {"url": "http://127.0.0.1:1", "key": "ck_1", "secret": "cs_1"},
}


@ALL
@pytest.mark.parametrize("call", CALLS)
def test_a_platform_that_is_kept_from_calling_says_so_in_our_errors(platform: Platform, call: str) -> None:
    shut = next(
        one
        for one in (make(Http(), "http://127.0.0.1:1", AppKeys()) for make in PLATFORMS)  # nobody allowed it
        if one.name == platform.name
    )
    with pytest.raises(ConnectorError):
        CALLS[call](shut, platform.access(OPTIONS[platform.name]))


@ALL
def test_what_a_platform_calls_is_counted_by_its_name(platform: Platform) -> None:
    heard: list[tuple[str, str]] = []
    http = Http(["127.0.0.1:1"], sleep=lambda _: None, heard=lambda *call: heard.append(call))
    counted = [make(http, "http://127.0.0.1:1", "") for make in PLATFORMS]
    (one,) = (one for one in counted if one.name == platform.name)
    with pytest.raises(Retryable):
        one.grant(platform.access(OPTIONS[platform.name]), Discount("THANKS", 10, "ann@example.com", NOW.date()))
    assert set(heard) == {(platform.name, "unanswered")}


@ALL
def test_a_platform_writes_nothing_where_there_is_nothing_to_write(platform: Platform) -> None:
    assert platform.write(platform.access(OPTIONS[platform.name]), []) == ()


@ALL
def test_a_platform_cannot_read_a_kind_that_it_does_not_know(platform: Platform) -> None:
    with pytest.raises(Terminal):
        platform.fetch(platform.access(OPTIONS[platform.name]), Refetch("shoe", "7"))


@ALL
def test_a_platform_keeps_credentials_out_of_what_is_printed(platform: Platform) -> None:
    options = OPTIONS[platform.name]
    shown = repr(platform.access(options))
    assert not [value for name, value in options.items() if name not in ("url", "shop") and value in shown]
