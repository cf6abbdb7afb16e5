"""Every address with every kind of nonsense in it: it is answered, and never by a fault of ours."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import csrf

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STRANGE = (
    "%00",
    "1%00",
    "%ff%fe",
    "%F0%9F%92%A1",
    "%ud800",
    "..%2f..%2fetc%2fpasswd",
    "-1",
    "0",
    "1e9",
    "NaN",
    "9223372036854775808",
    "9" * 4_000,
    "x" * 1_000_000,
    "%0d%0aSet-Cookie:%20a=b",
    "{{7*7}}",
    "' or 1=1 --",
    "%25s%25n",
)
QUERIES = ("page=%00", "sku=%00%ff&show=%00", "page=" + "9" * 100, "sku=" + "%F0%9F%92%A1" * 500, "page[]=1&sku[]=2")
FORMS = ({}, {"answer": "\x00"}, {"answer": "x" * 50_000}, {"timezone": "\x00", "sender_name": "a\x00b\ud800"})
DOORS = (
    "/webhooks/<platform>/<token>",
    "/webhooks/woocommerce/<token>",
    "/webhooks/shopify/<token>",
    "/webhooks/mail/events",
)


def addresses(app: Flask) -> list[str]:
    """Each rule that there is, with each strange value in its places."""
    rules: Iterator[Rule] = app.url_map.iter_rules()
    return [*dict.fromkeys(with_values(rule) for rule in (*(one.rule for one in rules), *DOORS))]


def with_values(rule: str) -> str:
    return "/".join("{}" if part.startswith("<") else part for part in rule.split("/"))


@pytest.fixture
def browser(connector: Connector, log_in: Callable[[Shop], FlaskClient]) -> FlaskClient:
    return log_in(given.small_store(connector))


@pytest.fixture
def app(app: Flask) -> Flask:
    """As in production: a fault is an answer, not an exception in the test."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("method", METHODS)
def test_no_strange_id_is_a_fault_of_ours(app: Flask, browser: FlaskClient, method: str) -> None:
    form = {"csrf_token": csrf(browser, "/settings")} if method == "POST" else None
    faults = []
    for address in addresses(app):
        if address == "/logout":
            continue
        for strange in STRANGE if "{}" in address else ("",):
            with browser.open(address.replace("{}", strange), method=method, data=form) as answer:
                if answer.status_code >= 500:
                    faults.append((address, strange[:20], answer.status_code))
    assert faults == []


@pytest.mark.parametrize("strange", ["%00", "1%00", "x" * 1_000_000, "9" * 4_000])
def test_an_id_that_nothing_can_have_is_not_found(app: Flask, browser: FlaskClient, strange: str) -> None:
    form = {"csrf_token": csrf(browser, "/settings")}
    codes = {}
    for address in addresses(app):
        if "{}" in address:
            path = address.replace("{}", strange)
            codes[address] = browser.get(path).status_code, browser.post(path, data=form).status_code
    assert codes == dict.fromkeys(codes, (404, 404))


@pytest.mark.parametrize("query", QUERIES)
def test_no_strange_question_is_a_fault_of_ours(app: Flask, browser: FlaskClient, query: str) -> None:
    plain = [address for address in addresses(app) if "{}" not in address]
    answers = {address: browser.get(f"{address}?{query}").status_code for address in plain}
    assert {address: code for address, code in answers.items() if code >= 500} == {}


@pytest.mark.parametrize("fields", FORMS)
def test_no_strange_form_is_a_fault_of_ours(app: Flask, browser: FlaskClient, fields: dict[str, str]) -> None:
    form = urlencode(fields, errors="surrogatepass").encode()
    token = csrf(browser, "/settings")
    plain = [address for address in addresses(app) if "{}" not in address and address != "/logout"]
    for body in (form, form + b"&csrf_token=" + token.encode(), b"\xff\xfe=%ff%00&csrf_token=" + token.encode()):
        kind = "application/x-www-form-urlencoded"
        answers = {address: browser.post(address, data=body, content_type=kind).status_code for address in plain}
        assert {address: code for address, code in answers.items() if code >= 500} == {}
