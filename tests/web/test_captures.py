"""One click on the order's page has reserved money taken in the store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from connector.domain.effects import CapturePayment
from connector.domain.facts import Reserve, StockLevel
from connector.pipeline.connector import Connector
from connector.store import proposals
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]
WHY = "All of it is there. What is reserved is to be taken."


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store with one order, 1, that waited and is filled, with its money reserved."""
    shop = given.store(connector)
    waits = replace(given.order_fact("1", given.line("1", "LAMP", 1)), charged=False, authorised="cards")
    given.hear(connector, shop, given.item_facts(given.Told("LAMP", "Lamp", -1)))
    given.hear(connector, shop, [replace(waits, reserve=Reserve(held=True))])
    given.hear(connector, shop, [StockLevel("lamp", 0, given.SEEN + timedelta(minutes=1))])
    return shop


def states(connector: Connector, shop: Shop) -> list[str]:
    with connector.db.begin() as tx:
        return [one.status for one in proposals.of_order(tx, shop.id, CapturePayment, "1")]


def test_the_desk_leads_to_the_order_and_the_order_asks(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    assert "Payments to be taken" in read(browser.get("/").text).text
    assert '<a href="/orders/1">The order</a>' in browser.get("/").text
    shown = read(browser.get("/orders/1").text).text
    assert f"{WHY} Waits for you" in shown
    assert "Take the money in the store" in shown
    assert states(connector, shop) == ["proposed"]


def test_a_click_has_it_taken_and_is_not_asked_for_again(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    assert press(browser, "/orders/1/capture", on="/orders/1").location == "/orders/1"
    shown = read(browser.get("/orders/1").text).text
    assert "The store is being asked for the money." in shown
    assert "Take the money in the store" not in shown
    assert states(connector, shop) == ["due"]
    assert press(browser, "/orders/1/capture", on="/orders/1/answer").status_code == 404
    told = read(browser.get("/orders/1/proof").text).text
    assert "The merchant has the money of the order taken." in told


def test_a_forged_click_moves_no_money(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    assert log_in(shop).post("/orders/1/capture").status_code == 400
    assert states(connector, shop) == ["proposed"]
