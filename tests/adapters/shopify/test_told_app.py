"""What Shopify tells the app as a whole is believed by its signed body, and under its own topic only."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.keys import AppKeys
from adapters.shopify.manifest import manifest
from connector.domain.errors import BadSignature, Unreadable
from connector.ports import DataRequest, LookAgain, RequestKind
from tests.adapters.shopify.test_verify import signed

SHOP = "acme.myshopify.com"
CUSTOMER = {"id": 191167, "email": "ann@example.com", "phone": "555-625-1199"}
EXPORT = {
    "shop_id": 954889,
    "shop_domain": SHOP,
    "orders_requested": [299938, 280263],
    "customer": CUSTOMER,
    "data_request": {"id": 9999},
}
ERASE = {"shop_id": 954889, "shop_domain": SHOP, "customer": CUSTOMER, "orders_to_redact": [299938]}
FORGET = {"shop_id": 954889, "shop_domain": SHOP}
SCOPES = {"id": 1, "shop_id": "gid://shopify/Shop/1", "previous": [], "current": [], "updated_at": "2026-11-01"}


def told(topic: str, body: Any, secret: str = "shpss_new", **headers: str) -> DataRequest | LookAgain | None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    app = Shopify(Http(), keys=AppKeys("client", "shpss_new", "shpss_old")).app
    assert app is not None
    return app.hear(signed(raw, secret) | {"X-Shopify-Topic": topic} | headers, raw)


def test_the_three_requests_are_told_apart() -> None:
    orders = ("299938", "280263")
    assert told("customers/data_request", EXPORT) == DataRequest(
        RequestKind.EXPORT, SHOP, "9999", "ann@example.com", orders
    )
    assert told("customers/redact", ERASE) == DataRequest(
        RequestKind.ERASE, SHOP, "b54557e4", "ann@example.com", ("299938",)
    )
    assert told("shop/redact", FORGET) == DataRequest(RequestKind.FORGET, SHOP, "b54557e4")


def test_both_secrets_are_good_while_they_change_and_no_other() -> None:
    assert told("shop/redact", FORGET, "shpss_old") == told("shop/redact", FORGET)
    with pytest.raises(BadSignature):
        told("shop/redact", FORGET, "shpss_older")


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("shop/redact", ERASE),
        ("shop/redact", EXPORT),
        ("customers/redact", EXPORT),
        ("customers/redact", FORGET),
        ("customers/data_request", ERASE),
        ("customers/data_request", FORGET),
    ],
)
def test_a_request_under_another_topic_is_a_replay(topic: str, body: Any) -> None:
    with pytest.raises(BadSignature):
        told(topic, body)


def test_the_shop_is_the_one_that_was_signed_and_not_the_one_in_the_headers() -> None:
    found = told("shop/redact", FORGET, **{"X-Shopify-Shop-Domain": "other.myshopify.com"})
    assert isinstance(found, DataRequest)
    assert found.address == SHOP


@pytest.mark.parametrize(
    ("topic", "left_at"),
    [("app/uninstalled", datetime(2026, 11, 2, 14, 0, 1, 500_000, UTC)), ("app/scopes_update", None)],
)
def test_a_change_of_standing_is_no_more_than_a_reason_to_look(topic: str, left_at: datetime | None) -> None:
    assert told(topic, SCOPES) == LookAgain(SHOP, left_at)
    assert told(topic, SCOPES, **{"X-Shopify-Triggered-At": "yesterday"}) == LookAgain(SHOP)
    assert told(topic, SCOPES, **{"X-Shopify-Shop-Domain": "evil.example"}) is None


@pytest.mark.parametrize("topic", ["app/uninstalled", "app/scopes_update"])
@pytest.mark.parametrize("body", [b"eyJhbGciOiJ9.eyJkZXN0IjoieCJ9", b"code=x&shop=evil.myshopify.com", b"7", b""])
def test_what_the_secret_signs_besides_webhooks_is_none(topic: str, body: bytes) -> None:
    with pytest.raises(BadSignature, match="another purpose"):
        told(topic, body, **{"X-Shopify-Shop-Domain": SHOP})


def test_another_topic_is_nothing_of_the_apps() -> None:
    assert told("orders/create", b"{}") is None


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"shop_domain": 7}', FORGET | {"shop_domain": "x"}])
def test_what_is_signed_and_no_request_cannot_be_read(body: Any) -> None:
    with pytest.raises(Unreadable):
        told("shop/redact", body)


def test_a_customer_without_an_address_is_known_by_orders() -> None:
    found = told("customers/redact", {**ERASE, "customer": {"id": 1, "email": None, "phone": None}})
    assert found == DataRequest(RequestKind.ERASE, SHOP, "b54557e4", "", ("299938",))


def test_every_topic_that_the_app_subscribes_to_is_heard() -> None:
    said = manifest("0123456789abcdef", "https://ours.example")
    bodies = {"customers/data_request": EXPORT, "customers/redact": ERASE, "shop/redact": FORGET}
    for topic in ("app/uninstalled", "app/scopes_update", *bodies):
        assert f'"{topic}"' in said
        assert told(topic, bodies.get(topic, SCOPES)) is not None
