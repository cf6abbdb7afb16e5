"""The app's own address, over HTTP: signed requests are kept and answered with 200, everything else with 401."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from connector.store.tables import data_requests
from tests.conftest import open_shop
from tests.serving import served
from tests.store.given import read
from webhooks import blueprint

SECRET, OLD = "shpss_new", "shpss_old"
SHOP = "acme.myshopify.com"
REDACT = {"shop_id": 1, "shop_domain": SHOP, "customer": {"email": "ann@example.com"}, "orders_to_redact": [1001]}


@pytest.fixture
def ours(make_connector: Callable[..., Connector]) -> Connector:
    return make_connector(shopify_key="client", shopify_secret=SECRET, shopify_old_secret=OLD)


@pytest.fixture
def acme(ours: Connector) -> Shop:
    return open_shop(ours, SHOP, "shopify")


@pytest.fixture
def door(ours: Connector, acme: Shop) -> Iterator[str]:
    app = Flask("doors")
    app.register_blueprint(blueprint(ours))
    with served(app) as url:
        yield f"{url}/webhooks/shopify/app"


def knock(url: str, body: Any, secret: str = SECRET, topic: str = "customers/redact") -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()
    headers = {"X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": "w1", "X-Shopify-Hmac-Sha256": signature}
    return requests.post(url, data=raw, headers=headers, timeout=10).status_code


def kept(connector: Connector) -> list[Any]:
    with connector.db.begin() as tx:
        return read(tx, data_requests, "store", "kind", "email", "orders")


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_a_signed_request_is_kept_for_its_store(ours: Connector, acme: Shop, door: str, secret: str) -> None:
    assert [knock(door, REDACT, secret), knock(door, REDACT, secret)] == [200, 200]
    assert kept(ours) == [(acme.id, "erase", "ann@example.com", ["1001"])]


@pytest.mark.parametrize(
    ("body", "secret", "topic"), [(REDACT, "shpss_older", "customers/redact"), (REDACT, SECRET, "shop/redact")]
)
def test_what_was_not_signed_for_this_is_401_and_kept_nowhere(
    ours: Connector, door: str, body: Any, secret: str, topic: str
) -> None:
    assert (knock(door, body, secret, topic), kept(ours)) == (401, [])


@pytest.mark.parametrize("body", [b"", b"{}", {**REDACT, "shop_domain": "nobody.myshopify.com"}])
def test_what_is_signed_and_of_no_use_is_answered_so_that_it_does_not_come_again(
    ours: Connector, door: str, body: Any
) -> None:
    assert (knock(door, body), kept(ours)) == (200, [])


def test_a_platform_without_an_app_has_no_such_address(ours: Connector, door: str) -> None:
    for platform in ("woocommerce", "nobodys"):
        assert knock(door.replace("shopify", platform), REDACT) == 401
    assert kept(ours) == []


def test_an_installation_without_an_app_believes_nobody(make_connector: Callable[..., Connector]) -> None:
    app = Flask("doors")
    app.register_blueprint(blueprint(make_connector()))
    with served(app) as url:
        assert knock(f"{url}/webhooks/shopify/app", REDACT, "") == 401
