"""The customer asks for what is in stock, where the merchant leaves it to the customer."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.pipeline.customers import order_link
from connector.store import shops
from connector.store.shops import Shop
from connector.store.tables import orders
from tests.web import given
from tests.web.conftest import press

BUTTON, SHIPS = "Ship what is in stock now", "What is in stock ships first"


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store that asks, with an order of two lamps of which one is there."""
    shop = given.store(connector)
    policy(connector, shop, "ask")
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 2))
    given.hear(connector, shop, [*lamp, order])
    return shop


def policy(connector: Connector, shop: Shop, choice: str) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"partial_shipments": choice})


def apart(connector: Connector) -> bool:
    with connector.db.begin() as tx:
        return bool(tx.scalar(sa.select(orders.c.ships_apart)))


def test_who_asks_for_what_is_there_gets_it_first_and_is_asked_no_more(
    connector: Connector, customer: FlaskClient, path: str
) -> None:
    assert BUTTON in customer.get(path).text
    assert not apart(connector)
    assert press(customer, path, on=path, answer="partial").status_code == 303
    assert apart(connector)
    page = customer.get(path).text
    assert (BUTTON in page, SHIPS in page, "<form" in page) == (False, True, False)


@pytest.mark.parametrize("choice", ["yes", "no"])
def test_it_is_not_the_customers_where_the_merchant_has_decided(
    connector: Connector, shop: Shop, customer: FlaskClient, path: str, choice: str
) -> None:
    page = customer.get(path)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    policy(connector, shop, choice)
    assert BUTTON not in customer.get(path).text
    assert customer.post(path, data={"csrf_token": token, "answer": "partial"}).status_code == 409
    assert not apart(connector)


def test_an_order_of_which_nothing_is_there_has_no_part_to_ask_for(
    connector: Connector, shop: Shop, customer: FlaskClient
) -> None:
    desk = given.item_facts(given.Told("DESK", "Desk", -2))
    given.hear(connector, shop, [*desk, given.order_fact("2", given.line("1", "DESK", 2))])
    path = order_link(connector.config, shop.id, "2").removeprefix(connector.config.url)
    assert BUTTON not in customer.get(path).text
