"""The page that a lawyer reads: whole, without scripts, to print or as a file."""

from collections.abc import Callable

from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.pipeline.proof import check
from connector.store.shops import Shop
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


def test_the_page_tells_the_order_its_duties_and_every_entry(connector: Connector, log_in: LogIn) -> None:
    page = read(log_in(given.small_store(connector)).get("/orders/1001/proof").text)
    assert "What was promised and done for order #1001" in page.text
    assert "All times are in UTC." in page.text
    assert "Placed 23 November 2026, 12:00 UTC Customer Ann Lee, ann@example.com (DE)" in page.text
    assert "No law that is watched here applies to this order." in page.text
    assert "The 3 entries below are as sealed when written" in page.text
    assert "Promised 20 March 2027 because more was ordered than is there; 3 units waiting." in page.text
    assert [tag for tag, _ in page.tags if tag in ("script", "style", "form")] == []


def test_the_order_leads_to_its_proof_and_the_proof_to_its_file(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert 'href="/orders/1001/proof"' in browser.get("/orders/1001").text
    assert 'href="/orders/1001/proof.json"' in browser.get("/orders/1001/proof").text


def test_the_file_can_be_checked(connector: Connector, log_in: LogIn) -> None:
    answer = log_in(given.small_store(connector)).get("/orders/1001/proof.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=proof-1001.json"
    assert check(answer.data) == (3, None, 0)


def test_an_order_that_nobody_has_is_nothing(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    assert browser.get("/orders/77/proof").status_code == 404
    assert browser.get("/orders/77/proof.json").status_code == 404
    assert browser.get("/orders/%00/proof").status_code == 404
