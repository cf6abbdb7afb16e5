"""The list of what the law asks for, its figures, and answers that came by another way than the link."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.store import shops
from connector.store.ledger import chain
from connector.store.shops import Shop
from connector.store.tables import lines
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store under the FTC's rule with one order that was asked to choose, and one that cannot be told."""
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_ftc"})
    given.hear(connector, shop, given.item_facts(given.Told("LAMP", "Lamp", -2)))
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "LAMP", 1))])
    given.hear(connector, shop, [given.order_fact("2", given.line("1", "LAMP", 1), email="", name="Bob")])
    return shop


def test_open_duties_come_first_and_the_others_by_filter(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    duty = "To offer the choice between waiting and cancelling 16 CFR 435.2(b)(1)"
    due = "23 December 2026, 23:59 UTC"
    assert read(browser.get("/duties").text).rows[1:] == [["#2 Bob", duty, due, "Open"]]
    assert read(browser.get("/duties?state=met").text).rows[1:] == [["#1 Ann Lee", duty, due, "Met"]]
    assert [row[0] for row in read(browser.get("/duties?state=all").text).rows[1:]] == ["#1 Ann Lee", "#2 Bob"]
    assert read(browser.get("/duties?state=all&duty=refund").text).rows == []
    assert read(browser.get("/duties?state=x&duty=y&page=z").text).rows[1:] == [["#2 Bob", duty, due, "Open"]]


def test_a_missed_duty_is_breached_in_the_list_and_in_the_figures(
    connector: Connector, clock: Clock, log_in: LogIn, shop: Shop
) -> None:
    clock.move(days=31)
    given.hear(connector, shop, [])
    browser = log_in(shop)
    assert "1 breached: not done in time." in read(browser.get("/duties").text).text
    assert read(browser.get("/duties?state=breached").text).rows[1][3] == "Breached"
    figures = browser.get("/metrics").text
    labels = f'{{duty="first_option",store="{shop.id}"}}'
    assert f"backorder_obligations_breached{labels} 1.0" in figures
    assert f"backorder_obligations_open{labels} 0.0" in figures
    assert f"backorder_obligation_next_due_seconds{labels} +Inf" in figures
    assert f'backorder_obligations_open{{duty="refund",store="{shop.id}"}} 1.0' in figures


def test_an_answer_by_telephone_counts_and_is_recorded_as_such(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    browser = log_in(shop)
    form = {"answer": "cancel", "how": "telephone", "who": "Ann Lee", "note": "rang\r\nat noon"}
    assert press(browser, "/orders/1/answer", **form).location == "/orders/1"
    assert "The answer has been recorded." in browser.get("/orders/1").text
    with connector.db.begin() as tx:
        assert tx.scalar(sa.select(lines.c.cancelled).where(lines.c.order == "1")) is True
        (said,) = [one for one in chain(tx, shop.id, "1") if one.kind == "Answered"]
    assert said.entry["how"] == "telephone"
    assert said.personal is not None
    assert (said.personal["who"], said.personal["note"]) == ("Ann Lee", "rang at noon")
    told = read(browser.get("/orders/1/proof").text).text
    assert "The customer (Ann Lee) answered by telephone: to cancel. Recorded by the merchant." in told


@pytest.mark.parametrize(
    "form", [{"answer": "cancel"}, {"answer": "cancel", "how": "link"}, {"answer": "x", "how": "letter"}]
)
def test_an_answer_that_does_not_say_how_or_what_is_not_recorded(
    connector: Connector, log_in: LogIn, shop: Shop, form: dict[str, str]
) -> None:
    browser = log_in(shop)
    assert press(browser, "/orders/1/answer", **form).status_code == 303
    assert "This order does not ask for that answer" in browser.get("/orders/1").text
    with connector.db.begin() as tx:
        assert [one.kind for one in chain(tx, shop.id, "1")].count("Answered") == 0


def test_a_call_to_the_customer_meets_the_duty_and_is_seen_in_the_list_and_the_proof(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    browser = log_in(shop)
    shown = read(browser.get("/orders/2/told").text)
    assert "To be said: no date can be given, and why. The customer may wait, or cancel" in shown.text
    (when,) = [one["value"] for tag, one in shown.tags if tag == "input" and one.get("name") == "when"]
    form = {"how": "telephone", "when": str(when), "who": "Eve rang Bob", "note": "", "offered": ""}
    assert press(browser, "/orders/2/told", **form).location == "/orders/2"
    assert "It has been recorded that the customer was told." in browser.get("/orders/2").text
    assert [row[3] for row in read(browser.get("/duties?state=met").text).rows[1:]] == ["Met", "Met by telephone"]
    told = read(browser.get("/orders/2/proof").text).text
    assert "The merchant told the customer (Eve rang Bob) by telephone at 23 November 2026, 12:00 UTC." in told
    assert "Nothing has to be told by hand" in browser.get("/orders/2/told").text


@pytest.mark.parametrize(
    "changed",
    [
        {"who": " "},
        {"how": "link"},
        {"how": ""},
        {"when": "noon"},
        {"when": "2027-01-01T00:00"},
        {"offered": "2027-01-01"},
    ],
)
def test_what_was_told_in_no_way_or_at_no_time_or_otherwise_is_not_recorded(
    connector: Connector, log_in: LogIn, shop: Shop, changed: dict[str, str]
) -> None:
    browser = log_in(shop)
    form = {"how": "letter", "when": "2026-11-23T12:00", "who": "Eve wrote Bob", "offered": ""} | changed
    assert press(browser, "/orders/2/told", **form).location == "/orders/2/told"
    assert "That was not recorded" in browser.get("/orders/2/told").text
    with connector.db.begin() as tx:
        assert [one.kind for one in chain(tx, shop.id, "2")].count("ToldByHand") == 0


def test_in_california_a_call_is_no_way_to_tell(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_california"})
    shown = read(log_in(shop).get("/orders/2/told").text)
    assert "This law wants it in writing." in shown.text
    assert [one["value"] for tag, one in shown.tags if tag == "option"] == ["e-mail", "letter"]


def test_where_no_law_is_watched_the_list_says_so(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert "No law is watched: the settings name none." in browser.get("/duties").text
    assert "Nothing has to be answered" in browser.get("/orders/1001/answer").text
