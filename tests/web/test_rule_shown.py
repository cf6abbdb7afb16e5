"""A product whose backorders the rule has stopped says so, and why, where the merchant looks for it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from connector.domain.facts import ItemSnapshot, StockLevel, SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store import plans, selling, shops
from connector.store.shops import Shop
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]
NOTHING_COMES = "Backorders stopped by your rule: nothing with a date is on its way that is not spoken for."


def rule(connector: Connector, shop: Shop, **settings: object) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"backorder_rule": "stop", **settings})
        plans.mark_dirty(tx, shop.id, [f"lamp-{n}" for n in (1, 2, 3, 4)])
    plan(connector, shop.id)


def listings(browser: FlaskClient, show: str) -> dict[str, str]:
    """What is said of the listing of each product found."""
    rows = read(browser.get("/products", query_string={"show": show}).text).rows[1:]
    return {row[0]: row[5] for row in rows}


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """Three lamps of which nothing with a date is on its way that nobody waits for, and one that 10 come of."""
    return given.small_store(connector)


def test_without_the_rule_no_product_speaks_of_it(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    assert listings(browser, "stopped") == {}
    assert "your rule" not in read(browser.get("/").text).text
    assert [said for said in listings(browser, "all").values() if "your rule" in said] == []


def test_what_is_stopped_is_found_with_its_reason_and_counted_on_the_desk(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    rule(connector, shop)
    browser = log_in(shop)
    found = listings(browser, "stopped")
    assert sorted(found) == ["Desk Lamp LAMP-2", "Floor Lamp LAMP-3", "Wall Lamp LAMP-4"]
    assert [said for said in found.values() if NOTHING_COMES not in said] == []
    assert "3 stopped by your rule" in read(browser.get("/").text).text


def test_a_limit_that_is_reached_is_the_reason(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    rule(connector, shop, backorder_limit=3)
    said = listings(log_in(shop), "stopped")["Reading Lamp LAMP-1"]
    assert "Backorders stopped by your rule: 3 units wait already, and your limit is 3." in said


def test_what_the_merchant_changed_by_hand_is_left_alone_in_words(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    rule(connector, shop)
    with connector.db.begin() as tx:
        selling.leave(tx, shop.id, ["lamp-4"])
    browser = log_in(shop)
    assert "Wall Lamp LAMP-4" not in listings(browser, "stopped")
    assert "You changed its backorders by hand" in listings(browser, "all")["Wall Lamp LAMP-4"]


def test_a_variation_says_what_was_said_of_its_parents_stock(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    parent = ItemSnapshot("shirt", "", "Shirt", "shirt", given.SEEN, sells_beyond=True, stock_only=True)
    small = ItemSnapshot("small", "SHIRT-S", "Shirt, small", "shirt", given.SEEN, parent="shirt", sells_beyond=True)
    given.hear(connector, shop, [parent, small, StockLevel("shirt", 1, given.SEEN)])
    rule(connector, shop)
    with connector.db.begin() as tx:
        plans.mark_dirty(tx, shop.id, ["shirt"])
    plan(connector, shop.id)
    assert NOTHING_COMES in listings(log_in(shop), "stopped")["Shirt, small SHIRT-S"]


def test_supply_with_a_date_lets_a_product_go(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    rule(connector, shop)
    given.supply(connector, shop, "more", SupplyRow("LAMP-4", 9, date(2027, 1, 4), "PO-9"))
    assert "Wall Lamp LAMP-4" not in listings(log_in(shop), "stopped")
