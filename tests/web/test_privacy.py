"""What is held of a customer is shown, handed out and erased at the desk, by forms of our own only."""

import json
from collections.abc import Callable

from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press

LogIn = Callable[[Shop], FlaskClient]
ANN = "ann@example.com"


def test_a_customer_is_shown_handed_out_and_erased(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert "Held here: orders 3, messages 2" in press(browser, "/privacy", email=ANN).text
    handed = press(browser, "/privacy/export", on="/privacy", email=ANN)
    assert handed.headers["Content-Disposition"] == "attachment; filename=customer.json"
    assert [one["email"] for one in json.loads(handed.text)["orders"]] == [ANN, ANN, ANN]
    assert press(browser, "/privacy/erase", on="/privacy", email=ANN).status_code == 303
    assert "Erased: orders 3, messages 2, deliveries 0." in browser.get("/privacy").text
    assert "Held here: orders 0, messages 0" in press(browser, "/privacy", email=ANN).text


def test_erasing_wants_our_own_form_and_a_customer(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    for path in ("/privacy", "/privacy/export", "/privacy/erase"):
        assert browser.post(path, data={"email": ANN}).status_code == 400
        assert press(browser, path, on="/privacy", email="ann").status_code == 303
    assert "Held here: orders 3" in press(browser, "/privacy", email=ANN).text
