"""A merchant connects a store by a click or with keys; nobody else's keys and no other browser connect anything."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.woocommerce.practice.server import PracticeStore
from connector.app import make_app
from connector.pipeline.connector import Connector
from connector.store import consents, shops
from connector.store.shops import Shop
from connector.store.tables import consents as table
from jobs import JOBS
from tests.conftest import Clock
from tests.web.conftest import csrf, press

OURS = "https://127.0.0.1:1"
KEYS = "/install/keys/woocommerce"


@pytest.fixture
def ours(make_connector: Callable[..., Connector], practice: PracticeStore) -> Connector:
    return make_connector(url=OURS, install=True, dial_allow=(practice.url.removeprefix("http://"),))


@pytest.fixture
def opened(ours: Connector) -> Flask:
    return make_app(ours)


def begin(browser: FlaskClient, url: str) -> dict[str, str]:
    """What the store is asked, once the merchant has said which it is."""
    page = press(browser, "/install", url=url)
    (ask_at,) = [unescape(link) for link in re.findall(r'href="([^"]+/wc-auth/[^"]+)"', page.text)]
    assert ask_at.startswith(f"{url}/wc-auth/v1/authorize?")
    return {name: value for name, (value,) in parse_qs(urlsplit(ask_at).query).items()}


def send_keys(app: Flask, nonce: str, key: str, secret: str) -> int:
    """The store sends keys, as WooCommerce 11.0.1 does."""
    keys = {"consumer_key": key, "consumer_secret": secret, "key_permissions": "read_write"}
    body = msgspec.json.encode({"key_id": 8, "user_id": nonce, **keys})
    return app.test_client().post(KEYS, data=body, content_type="application/json;charset=UTF-8").status_code


def come_back(browser: FlaskClient, nonce: str) -> TestResponse:
    return browser.get(f"/install/back?success=1&user_id={nonce}")


def stores(connector: Connector) -> list[tuple[str, str]]:
    with connector.db.begin() as tx:
        return [(shop.address, shop.status) for shop in shops.every(tx)]


def test_a_store_is_connected_by_a_click_and_read_in_afterwards(
    ours: Connector, opened: Flask, practice: PracticeStore
) -> None:
    browser = opened.test_client()
    asked = begin(browser, practice.url)
    nonce = asked.pop("user_id")
    assert asked == {
        "app_name": "Backorder Connector",
        "scope": "read_write",
        "return_url": f"{OURS}/install/back",
        "callback_url": f"{OURS}{KEYS}",
    }
    assert send_keys(opened, nonce, practice.key, practice.secret) == 200
    assert stores(ours) == []
    assert "Your store has agreed" in come_back(browser, nonce).text
    assert stores(ours) == []
    token = csrf(browser, f"/install/back?success=1&user_id={nonce}")
    done = browser.post("/install/back", data={"csrf_token": token})
    assert (done.status_code, done.location) == (303, "/connection")
    page = browser.get("/connection").text
    assert "Practice Store is connected." in page
    assert "has not come yet" in page
    assert stores(ours) == [(practice.url, "active")]
    assert len(practice.shop.hooks) == 8
    woken: list[tuple[str, str]] = []
    JOBS["sweep"](ours, lambda *one: woken.append(one), "")
    (job,) = [one for one in woken if one[0] == "take_in"]
    JOBS["take_in"](ours, lambda *_: None, job[1])
    with ours.db.begin() as tx:
        assert shops.importing(tx) == ()
        assert shops.get(tx, job[1]).reconciled_at is not None


def test_another_browser_that_comes_back_connects_nothing(
    ours: Connector, opened: Flask, practice: PracticeStore
) -> None:
    nonce = begin(opened.test_client(), practice.url)["user_id"]
    send_keys(opened, nonce, practice.key, practice.secret)
    other = opened.test_client()
    assert come_back(other, nonce).status_code == 410
    token = csrf(other, "/install")
    assert other.post("/install/back", data={"csrf_token": token}).status_code == 422
    assert stores(ours) == []


def test_a_store_that_did_not_agree_is_not_connected(opened: Flask, practice: PracticeStore) -> None:
    browser = opened.test_client()
    nonce = begin(browser, practice.url)["user_id"]
    assert browser.get(f"/install/back?success=0&user_id={nonce}").status_code == 410
    assert "has sent no keys yet" in come_back(browser, nonce).text


def test_keys_are_taken_once_for_a_number_that_is_awaited(
    opened: Flask, practice: PracticeStore, clock: Clock
) -> None:
    first = begin(opened.test_client(), practice.url)["user_id"]
    late = begin(opened.test_client(), practice.url)["user_id"]
    assert send_keys(opened, "0" * 64, practice.key, practice.secret) == 404
    assert send_keys(opened, first, "no key", practice.secret) == 404
    assert send_keys(opened, first, practice.key, practice.secret) == 200
    assert send_keys(opened, first, practice.key, practice.secret) == 404
    clock.move(seconds=consents.LASTS.total_seconds())
    assert send_keys(opened, late, practice.key, practice.secret) == 404


def test_keys_of_another_store_connect_nothing_and_are_tried_once(
    ours: Connector, opened: Flask, practice: PracticeStore
) -> None:
    browser = opened.test_client()
    nonce = begin(browser, practice.url)["user_id"]
    assert send_keys(opened, nonce, "ck_" + "0" * 40, "cs_" + "0" * 40) == 200
    token = csrf(browser, f"/install/back?success=1&user_id={nonce}")
    done = browser.post("/install/back", data={"csrf_token": token})
    assert done.status_code == 422
    assert "does not know this consumer key" in done.text
    assert (stores(ours), come_back(browser, nonce).status_code) == ([], 410)


def test_a_store_is_connected_with_keys_that_were_typed_in(
    ours: Connector, opened: Flask, practice: PracticeStore
) -> None:
    browser = opened.test_client()
    typed = {"url": f"{practice.url}/wp-admin/index.php", "key": practice.key, "secret": practice.secret}
    done = press(browser, "/install/with-keys", on="/install", **typed)
    assert (done.status_code, done.location) == (303, "/connection")
    assert stores(ours) == [(practice.url, "active")]


@pytest.mark.parametrize("url", ["", "ftp://a.example", "https://a@shop.example", "https://a.example/?x=1", "a@b"])
def test_what_is_no_address_is_told_and_nobody_is_asked(opened: Flask, url: str) -> None:
    done = press(opened.test_client(), "/install", url=url)
    assert done.status_code == 422
    assert 'role="alert"' in done.text


def test_a_store_without_https_is_warned_of(opened: Flask) -> None:
    assert "has no https" in press(opened.test_client(), "/install", url="http://shop.example/store").text
    assert "has no https" not in press(opened.test_client(), "/install", url="shop.example/store").text


def test_a_form_of_somebody_else_begins_nothing(opened: Flask) -> None:
    browser = opened.test_client()
    for path in ("/install", "/install/back", "/install/with-keys"):
        assert browser.post(path, data={"url": "https://shop.example"}).status_code == 400


@pytest.mark.parametrize(
    "url",
    ["garbage", "localhost", "10.0.0.5", "https://127.0.0.1", "http://[::1]/", "0x7f.1", "2130706433", ".example"],
)
def test_what_no_shop_on_the_internet_can_have_for_an_address_is_told_and_nothing_is_begun(
    ours: Connector, opened: Flask, url: str
) -> None:
    for path in ("/install", "/install/with-keys"):
        done = press(opened.test_client(), path, on="/install", url=url, key="ck_1", secret="cs_1")
        assert (done.status_code, 'role="alert"' in done.text) == (422, True)
    with ours.db.begin() as tx:
        assert tx.execute(sa.select(table)).all() == []


def test_an_installation_that_is_not_open_has_no_such_pages(anonymous: FlaskClient, shop: Shop) -> None:
    assert anonymous.get("/install").status_code == 404
    assert anonymous.post(KEYS, data=b"{}").status_code == 404
