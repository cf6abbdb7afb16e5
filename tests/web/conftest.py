"""A browser at a desk, and the desk's application around the test's connector."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.app import make_app
from connector.pipeline.connector import Connector
from connector.pipeline.customers import order_link
from connector.store import logins
from connector.store.shops import Shop

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def app(connector: Connector) -> Flask:
    return make_app(connector)


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def log_in(app: Flask, connector: Connector) -> Callable[[Shop], FlaskClient]:
    """A browser that has a session with a store."""

    def make(shop: Shop) -> FlaskClient:
        browser = app.test_client()
        with connector.db.begin() as tx:
            token = logins.issue(tx, shop.id, connector.clock())
        answer = press(browser, f"/login/{token}")
        assert (answer.status_code, answer.location) == (303, "/")
        return browser

    return make


def csrf(browser: FlaskClient, path: str) -> str:
    """The token in the first form of a page."""
    found = TOKEN.search(browser.get(path).text)
    assert found is not None
    return found[1]


def press(browser: FlaskClient, path: str, *, on: str | None = None, **fields: str) -> TestResponse:
    """Send a form of a page (`on`; the same address unless it is given)."""
    return browser.post(path, data={"csrf_token": csrf(browser, on or path), **fields})


@pytest.fixture
def path(connector: Connector, shop: Shop) -> str:
    """Where the customer of order 1 of the test's own `shop` sees it."""
    return order_link(connector.config, shop.id, "1").removeprefix(connector.config.url)


@pytest.fixture
def customer(anonymous: FlaskClient) -> FlaskClient:
    """Whoever has only the link in the mail."""
    return anonymous
