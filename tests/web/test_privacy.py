"""What is held of a customer is shown, handed out and erased at the desk, by forms of our own only."""

import json
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.ports import DataRequest, RequestKind
from connector.store import requests
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]
ANN = "ann@example.com"
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_a_customer_is_shown_handed_out_and_erased(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert "Held here: orders 3, messages 2" in press(browser, "/privacy", email=ANN).text
    handed = press(browser, "/privacy/export", on="/privacy", email=ANN)
    assert handed.headers["Content-Disposition"] == "attachment; filename=customer.json"
    held = json.loads(handed.text)
    assert [one["email"] for one in held["orders"]] == [ANN, ANN, ANN]
    assert all(UTC_TIME.fullmatch(at) for at in (held["made_at"], held["orders"][0]["seen_at"]))
    assert held["customers"] == []
    assert press(browser, "/privacy/erase", on="/privacy", email=ANN, sure="yes").status_code == 303
    assert "Erased: orders 3, messages 2, deliveries 0." in browser.get("/privacy").text
    assert "Held here: orders 0, messages 0" in press(browser, "/privacy", email=ANN).text


def test_erasing_names_what_goes_and_asks_before_it_does(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    asked = press(browser, "/privacy/erase", on="/privacy", email=ANN)
    page = read(asked.text)
    assert (asked.status_code, f"Erase {ANN} for good?" in page.text) == (200, True)
    assert "Name and address on 3 orders: #1001, #1002, #1003. 2 messages to this customer" in page.text
    assert "Held here: orders 3, messages 2" in press(browser, "/privacy", email=ANN).text
    fields = {a["name"]: a["value"] for tag, a in page.tags if tag == "input" and a.get("name") in ("email", "sure")}
    assert fields == {"email": ANN, "sure": "yes"}
    press(browser, "/privacy/erase", on="/privacy", **{name: str(value) for name, value in fields.items()})
    assert "Held here: orders 0, messages 0" in press(browser, "/privacy", email=ANN).text


def test_erasing_wants_our_own_form_and_a_customer(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    for path in ("/privacy", "/privacy/export", "/privacy/erase"):
        assert browser.post(path, data={"email": ANN}).status_code == 400
        assert press(browser, path, on="/privacy", email="ann").status_code == 303
    assert "Held here: orders 3" in press(browser, "/privacy", email=ANN).text


def asked(connector: Connector, shop: Shop, kind: RequestKind = RequestKind.EXPORT, email: str = ANN) -> int:
    with connector.db.begin() as tx:
        request = requests.put(tx, shop.id, DataRequest(kind, shop.address, "1", email), connector.clock())
    assert request is not None
    return request.id


def test_what_a_customer_asked_through_the_store_is_handed_out_and_ended(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    browser, number = log_in(shop), asked(connector, shop)
    page = browser.get("/privacy").text
    assert (ANN in page, "Their data" in page, "Due <time" in page) == (True, True, True)
    handed = press(browser, f"/privacy/requests/{number}/export", on="/privacy")
    assert [one["email"] for one in json.loads(handed.text)["orders"]] == [ANN, ANN, ANN]
    assert press(browser, f"/privacy/requests/{number}/done", on="/privacy").status_code == 303
    page = browser.get("/privacy").text
    assert (ANN in page, "Handed out." in page, "Not kept" in page) == (False, True, True)
    for what in ("export", "done"):
        assert press(browser, f"/privacy/requests/{number}/{what}", on="/privacy").status_code == 404


def test_what_is_erased_by_itself_is_shown_and_nothing_for_the_merchant_to_end(
    connector: Connector, log_in: LogIn
) -> None:
    shop = given.small_store(connector)
    browser, number = log_in(shop), asked(connector, shop, RequestKind.ERASE)
    assert "To be erased" in browser.get("/privacy").text
    assert press(browser, f"/privacy/requests/{number}/done", on="/privacy").status_code == 404


def test_a_request_that_names_nobody_has_nothing_to_hand_out(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    browser, number = log_in(shop), asked(connector, shop, email="")
    assert press(browser, f"/privacy/requests/{number}/export", on="/privacy").status_code == 303
    assert "Nothing is held: the request names no customer." in browser.get("/privacy").text


def test_a_number_beyond_all_numbers_is_no_request(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert press(browser, f"/privacy/requests/{'9' * 60}/done", on="/privacy").status_code == 404
