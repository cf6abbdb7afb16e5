"""One order: its units, and every promise that was made for them, in words."""

import dataclasses
import re
from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from connector.domain.board import Released
from connector.domain.facts import Company, CustomerSnapshot, OrderGone, OrderState, StockLevel, SupplyRow
from connector.pipeline.connector import Connector
from connector.store import pins
from connector.store.shops import Shop
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import Page, read

LogIn = Callable[[Shop], FlaskClient]


def order(browser: FlaskClient, id_: str) -> Page:
    answer = browser.get(f"/orders/{id_}")
    assert answer.status_code == 200
    return read(answer.text)


def test_an_order_shows_its_lines_in_units(connector: Connector, log_in: LogIn) -> None:
    page = order(log_in(given.small_store(connector)), "1001")
    assert page.rows[:3] == [
        ["Product", "Ordered", "Shipped", "On hand", "Waiting", "Promised"],
        ["The LAMP-1 LAMP-1", "5", "0", "2", "3", "20 March 2027"],
        ["The LAMP-3 LAMP-3", "3", "1", "2", "0", "On hand"],
    ]
    assert "Order #1001 Open" in page.text
    assert "Placed 23 November 2026, 12:00 UTC Customer Ann Lee, ann@example.com Country DE" in page.text


def test_a_date_is_explained_by_what_its_supplier_has_been_worth(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert (
        "The LAMP-1: acme has named 20 March 2027. No delivery of this supplier is known: the date rests on what all"
        " suppliers do. Therefore 20 March 2027."
    ) in order(browser, "1001").text
    assert "has named" not in order(browser, "1002").text


def test_a_line_without_a_date_says_so(connector: Connector, log_in: LogIn) -> None:
    assert order(log_in(given.small_store(connector)), "1002").rows[1][5] == "No date known yet"


def test_a_closed_order_promises_nothing(connector: Connector, log_in: LogIn) -> None:
    page = order(log_in(given.small_store(connector)), "1003")
    assert "Order #1003 Completed" in page.text
    assert page.rows[1] == ["The LAMP-3 LAMP-3", "1", "1", "0", "0", "Nothing open"]
    assert "nothing had to be promised" in page.text
    assert "No notice has been sent about this order." in page.text


def test_a_line_that_the_store_does_not_count_says_so(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "GIFT-WRAP", 1))])
    assert order(log_in(shop), "1").rows[1][5] == "Not counted by the store"


def test_an_order_of_which_only_its_end_is_known_can_be_seen(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, [OrderGone("5", given.SEEN)])
    text = order(log_in(shop), "5").text
    assert "Order 5 Deleted in the store" in text
    assert "nothing of this order but that it is gone" in text


def test_the_ledger_tells_how_a_promise_came_and_went(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    clock.move(days=1)
    given.supply(connector, shop, "acme", SupplyRow("LAMP-1", 10, date(2027, 4, 2), "PO-1"))
    clock.move(days=1)
    given.supply(connector, shop, "acme")
    clock.move(days=1)
    given.supply(connector, shop, "acme", SupplyRow("LAMP-1", 10, date(2027, 3, 1), "PO-2"))
    clock.move(days=1)
    given.hear(connector, shop, [StockLevel("lamp-1", 0, clock.now)])
    text = order(log_in(shop), "1001").text
    told = text.split("What was promised")[1].split(" What the customer was told")[0]
    assert re.split(r" (?=\d+ November 2026, 12:00 UTC)", told)[1:] == [
        "27 November 2026, 12:00 UTC 5 units on hand for this order The LAMP-1",
        "26 November 2026, 12:00 UTC Promised 1 March 2027 because supply comes sooner"
        " (there was no date before); 3 units waiting The LAMP-1",
        "25 November 2026, 12:00 UTC No date can be promised because the supplier no longer announces the units"
        " it rested on (was 2 April 2027); 3 units waiting The LAMP-1",
        "24 November 2026, 12:00 UTC Promised 2 April 2027 because the supplier moved its date back"
        " (was 20 March 2027); 3 units waiting The LAMP-1",
        "23 November 2026, 12:00 UTC 2 units on hand for this order The LAMP-3",
        "23 November 2026, 12:00 UTC 2 units on hand for this order The LAMP-1",
        "23 November 2026, 12:00 UTC Promised 20 March 2027 because more was ordered than is there;"
        " 3 units waiting The LAMP-1",
    ]


def test_an_order_that_is_not_paid_says_so(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, [given.order_fact("1", state=OrderState.UNPAID)])
    assert "Order #1 Not paid yet" in order(log_in(shop), "1").text


def test_a_waiting_line_can_be_put_first_or_be_given_a_lot(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    path = "/orders/1001/1/pin"
    assert press(browser, path, on="/orders/1001", lot="acme/PO-1").status_code == 303
    assert ("option", {"value": "acme/PO-1", "selected": None}) in order(browser, "1001").tags
    assert press(browser, path, on="/orders/1001", lot="-").status_code == 303
    assert ("option", {"value": "-", "selected": None}) in order(browser, "1001").tags


def test_a_pin_that_was_released_says_so_where_it_was_set(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    browser = log_in(shop)
    said = "Line 1 of order 1001 was given acme/PO-1, which is not announced any more: it waits in its turn again."
    with connector.db.begin() as tx:
        pins.release(tx, shop.id, [Released("1001", "1", "acme/PO-1", gone=True)], connector.clock())
    assert said in order(browser, "1001").text
    press(browser, "/orders/1001/1/pin", on="/orders/1001", lot="-")
    assert said not in order(browser, "1001").text


def test_no_line_is_given_a_lot_that_there_is_not(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    for path, lot in (("/orders/1001/1/pin", "acme/PO-9"), ("/orders/1001/9/pin", ""), ("/orders/1001/2/pin", "")):
        assert press(browser, path, on="/orders/1001", lot=lot).status_code == 404


def test_a_companys_order_says_who_buys_and_when_it_is_to_be_paid(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    sold = given.order_fact("9", given.line("1", "LAMP-1", 1))
    account = {"customer": "location:9", "segment": "b2b", "pay_by": given.SEEN + 24 * given.HOUR}
    company = Company("Acme <Ltd.>", "Berlin", "Net 30", (("id", "7"),))
    given.hear(connector, shop, [dataclasses.replace(sold, **account)])
    given.hear(connector, shop, [CustomerSnapshot("location:9", "", (), given.SEEN, company)])
    page = order(log_in(shop), "9")
    assert "Company Acme <Ltd.>, Berlin Payment Net 30, due 24 November 2026, 12:00 UTC" in page.text
    other = order(log_in(shop), "1001").text
    assert ("Company" in other, "Payment" in other) == (False, False)
