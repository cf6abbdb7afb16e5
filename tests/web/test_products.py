"""Products: what is there, what waits, what comes, what the listing says."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.facts import ItemSnapshot, SupplyRow
from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from connector.store.tables import outbox
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


def rows(browser: FlaskClient, **query: str) -> list[list[str]]:
    answer = browser.get("/products", query_string=query)
    assert answer.status_code == 200
    return read(answer.text).rows[1:]


def names(browser: FlaskClient, **query: str) -> list[str]:
    return [row[0] for row in rows(browser, **query)]


def test_products_are_listed_with_their_figures_most_wanted_first(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        tx.execute(sa.update(outbox).values(status="done"))
    assert rows(log_in(shop)) == [
        [
            "Wall Lamp LAMP-4",
            "0",
            "−4",
            "4",
            "Nothing announced",
            "On backorder Available on backorder. We do not have a delivery date for new orders yet.",
        ],
        [
            "Reading Lamp LAMP-1",
            "2",
            "−3",
            "3",
            "10 on 20 March 2027 acme",
            "On backorder Available on backorder: 7 units can ship by 20 March 2027.",
        ],
        ["Desk Lamp LAMP-2", "0", "0", "0", "Nothing announced", "Out of stock"],
        ["Floor Lamp LAMP-3", "42", "40", "0", "Nothing announced", "In stock"],
    ]


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        ("due", None, "Out of stock Waiting to be written"),
        ("sending", None, "Out of stock Being written"),
        ("done", None, "Out of stock"),
        ("dead", "403 forbidden", "Out of stock Could not be written: 403 forbidden"),
    ],
)
def test_a_listing_says_whether_the_store_has_it(
    connector: Connector, log_in: LogIn, status: str, error: str | None, said: str
) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        tx.execute(sa.update(outbox).where(outbox.c.kind == "listing").values(status=status, error=error))
    assert rows(log_in(shop), sku="LAMP-2")[0][5] == said


def test_the_next_lots_are_shown_the_dated_first_and_the_rest_counted(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    lots = [SupplyRow("LAMP-3", n, date(2027, 1, n), f"PO-{n}") for n in (4, 2, 3)]
    given.supply(connector, shop, "bulk", SupplyRow("LAMP-3", 9, None, "PO-9"), *lots)
    shown = rows(log_in(shop), sku="LAMP-3")[0][4]
    assert shown == "2 on 2 January 2027 bulk 3 on 3 January 2027 bulk 4 on 4 January 2027 bulk and 1 more"


@pytest.mark.parametrize(
    ("sku", "found"),
    [
        ("LAMP-1", ["Reading Lamp LAMP-1"]),
        ("lamp-1", ["Reading Lamp LAMP-1"]),
        ("  LAMP-1 ", ["Reading Lamp LAMP-1"]),
        ("floor", ["Floor Lamp LAMP-3"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("' or 1=1 --", []),
        ("LAMP-1\x00", ["Reading Lamp LAMP-1"]),
    ],
)
def test_search_looks_for_just_these_signs(connector: Connector, log_in: LogIn, sku: str, found: list[str]) -> None:
    assert names(log_in(given.small_store(connector)), sku=sku) == found


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("waiting", ["Wall Lamp LAMP-4", "Reading Lamp LAMP-1"]),
        ("out_of_stock", ["Desk Lamp LAMP-2"]),
        ("nonsense", ["Wall Lamp LAMP-4", "Reading Lamp LAMP-1", "Desk Lamp LAMP-2", "Floor Lamp LAMP-3"]),
    ],
)
def test_the_numbers_of_the_desk_can_be_looked_into(
    connector: Connector, log_in: LogIn, show: str, found: list[str]
) -> None:
    assert names(log_in(given.small_store(connector)), show=show) == found


def test_what_was_searched_for_stays_in_the_form(connector: Connector, log_in: LogIn) -> None:
    page = read(log_in(given.small_store(connector)).get("/products?sku=lamp&show=waiting").text)
    assert [attrs["value"] for tag, attrs in page.tags if attrs.get("id") == "sku"] == ["lamp"]
    assert [attrs["value"] for tag, attrs in page.tags if "selected" in attrs] == ["waiting"]


def test_long_lists_come_in_pages_that_keep_the_search(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    told = [given.Told(f"BULB-{n:03d}", "Bulb", 1) for n in range(101)]
    given.hear(connector, shop, [fact for one in told for fact in given.item_facts(one)])
    browser = log_in(shop)
    found = [name for page in ("1", "2", "3") for name in names(browser, sku="bulb", page=page)]
    assert found == [f"Bulb BULB-{n:03d}" for n in range(101)]
    page = read(browser.get("/products?sku=bulb&page=2").text)
    assert "Page 2 of 3" in page.text
    links = [attrs["href"] for tag, attrs in page.tags if "rel" in attrs and tag == "a"]
    assert links == ["/products?page=1&sku=bulb", "/products?page=3&sku=bulb"]
    assert names(browser, sku="bulb", page="77") == ["Bulb BULB-100"]


def test_a_product_that_is_not_counted_says_so(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    item = ItemSnapshot("i", "DOWNLOAD", "Plans", "i", given.SEEN, tracked=False)
    parent = ItemSnapshot("p", "PARENT", "Parent", "p", given.SEEN, stock_only=True)
    given.hear(connector, shop, [item, parent])
    found = rows(log_in(shop))
    assert found == [["Plans DOWNLOAD", "Not counted", "Not counted", "0", "Nothing announced", "In stock"]]


def test_no_match_is_not_an_empty_store(connector: Connector, log_in: LogIn) -> None:
    assert "No product is like that." in log_in(given.small_store(connector)).get("/products?sku=zzz").text


def test_a_store_without_products_says_what_to_do(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    assert f"backorder store reconcile --store {shop.id}" in log_in(shop).get("/products").text
