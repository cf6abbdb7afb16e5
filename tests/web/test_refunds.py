"""One click on the order's page has what counts as cancelled carried out in the store."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from connector.domain.effects import CancelLines
from connector.pipeline.connector import Connector
from connector.store import proposals, shops
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


@pytest.fixture
def shop(connector: Connector, log_in: LogIn) -> Shop:
    """A store with one order, 1, whose customer has cancelled it, and one, 2, that waits."""
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_ftc"})
    given.hear(connector, shop, given.item_facts(given.Told("LAMP", "Lamp", -2)))
    given.hear(connector, shop, [given.order_fact(one, given.line("1", "LAMP", 1)) for one in ("1", "2")])
    press(log_in(shop), "/orders/1/answer", answer="cancel", how="telephone")
    return shop


def states(connector: Connector, shop: Shop, order: str) -> list[str]:
    with connector.db.begin() as tx:
        return [one.status for one in proposals.of_order(tx, shop.id, CancelLines, order)]


def test_the_desk_leads_to_the_order_and_the_order_asks(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    assert '<a href="/orders/1">The order</a>' in browser.get("/").text
    shown = read(browser.get("/orders/1").text).text
    assert "Cancelled by the customer: 1 unit, since 23 November 2026, 12:00 UTC. Waits for you" in shown
    assert "Cancel and refund in the store" in shown
    assert states(connector, shop, "1") == ["proposed"]


def test_a_click_has_it_carried_out_and_is_not_asked_for_again(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    browser = log_in(shop)
    assert press(browser, "/orders/1/refund", on="/orders/1").location == "/orders/1"
    shown = read(browser.get("/orders/1").text).text
    assert "It is being cancelled and given back in the store." in shown
    assert "Cancel and refund in the store" not in shown
    assert states(connector, shop, "1") == ["due"]
    assert press(browser, "/orders/1/refund", on="/orders/2/answer").status_code == 404
    told = read(browser.get("/orders/1/proof").text).text
    assert "The merchant has the cancellation carried out in the store, and the money given back." in told


def test_an_order_of_which_nothing_is_cancelled_asks_for_nothing(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    assert "Cancel and refund in the store" not in browser.get("/orders/2").text
    assert press(browser, "/orders/2/refund", on="/orders/2/answer").status_code == 404


def test_a_forged_click_moves_no_money(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    assert log_in(shop).post("/orders/1/refund").status_code == 400
    assert states(connector, shop, "1") == ["proposed"]


def test_another_store_cannot_click_for_this_one(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    other = given.store(connector, "https://other.example")
    given.hear(connector, other, given.item_facts(given.Told("LAMP", "Lamp", -2)))
    given.hear(connector, other, [given.order_fact("3", given.line("1", "LAMP", 1))])
    assert press(log_in(other), "/orders/1/refund", on="/orders/3").status_code == 404
    assert states(connector, shop, "1") == ["proposed"]
