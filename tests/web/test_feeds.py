"""Feeds: how each is doing, and a file that was held back is used only when the merchant says so."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.blast import FallsDue
from connector.domain.facts import SupplyRow
from connector.pipeline.connector import Connector
from connector.store import feeds
from connector.store.shops import Shop
from connector.store.tables import feeds as table
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]
DOUBT = "held back: the new file names 1 of the 24 SKUs that the last one had"


@pytest.fixture
def shop(connector: Connector, clock: Clock) -> Shop:
    """A store with a good feed and, an hour later, one whose file was held back twice."""
    shop = given.small_store(connector)
    rows = (SupplyRow("LAMP-1", 10, date(2027, 3, 20), "PO-1"), SupplyRow("NO-SUCH", 1, None, "PO-2"))
    given.supply(connector, shop, "acme", *rows)
    with connector.db.begin() as tx:
        feeds.went_well(tx, given.feed(tx, shop, "acme", clock.now), None, clock.now)
        feed = given.feed(tx, shop, "oak", clock.now, "sftp://user:pw@oak.example:2222/out/stock.csv?token=abc")
        feeds.went_wrong(tx, feed, DOUBT, clock.now, quarantined=None)
    clock.move(hours=1)
    held = {"rows": 1, "at": clock.now.isoformat()}
    with connector.db.begin() as tx:
        feeds.went_wrong(tx, feeds.get(tx, feed.id), DOUBT, clock.now, quarantined=held)
    return shop


def state(connector: Connector, supplier: str) -> tuple[bool, str]:
    with connector.db.begin() as tx:
        row = tx.execute(sa.select(table).where(table.c.supplier == supplier)).one()
    return row.run_anyway, f"{row.due_at:%H:%M}"


def test_a_good_feed_says_what_it_counts(log_in: LogIn, shop: Shop) -> None:
    text = read(log_in(shop).get("/feeds").text).text
    assert (
        "acme Good Address https://acme.example/stock.csv Read CSV, every 15 minutes"
        " Rows that count 2 1 without a product"
        " Last good 23 November 2026, 12:00 UTC Last look 23 November 2026, 12:00 UTC oak"
    ) in text


def test_a_file_that_was_held_back_says_why(log_in: LogIn, shop: Shop) -> None:
    text = read(log_in(shop).get("/feeds").text).text
    assert (
        "oak Held back Held back: the new file names 1 of the 24 SKUs that the last one had."
        " 2 looks in a row brought nothing. What it said last still counts. Use it anyway Decline it"
    ) in text
    assert "Last good Never Last look 23 November 2026, 13:00 UTC" in text
    assert "Held back 1 row, 23 November 2026, 13:00 UTC" in text


def test_what_is_secret_in_an_address_is_not_shown(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    page = browser.get("/feeds").text + browser.get("/").text
    assert "sftp://oak.example:2222/out/stock.csv" in page
    assert [word for word in ("user", "pw@", "token=") if word in page.replace("csrf_token", "")] == []


def test_the_merchant_can_have_it_used(connector: Connector, clock: Clock, log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    clock.move(minutes=5)
    assert state(connector, "oak") == (False, "13:15")
    answer = press(browser, given.use_path(connector, "oak"), on="/feeds")
    assert (answer.status_code, answer.location) == (303, "/feeds")
    assert state(connector, "oak") == (True, "13:05")
    assert state(connector, "acme") == (False, "12:15")
    text = read(browser.get("/feeds").text).text
    assert "The file of oak will be used as it is." in text
    assert "Use it anyway" not in text


def test_the_merchant_can_decline_it_and_change_their_mind(
    connector: Connector, log_in: LogIn, shop: Shop
) -> None:
    browser = log_in(shop)
    answer = press(browser, given.use_path(connector, "oak").replace("/use", "/decline"), on="/feeds")
    assert (answer.status_code, answer.location) == (303, "/feeds")
    text = read(browser.get("/feeds").text).text
    assert "The file of oak stays unused until the supplier says something else." in text
    assert "oak Declined" in text
    assert "Decline it" not in text
    press(browser, given.use_path(connector, "oak"), on="/feeds")
    assert state(connector, "oak")[0] is True


def test_a_page_that_is_older_than_the_held_file_approves_nothing(
    connector: Connector, clock: Clock, log_in: LogIn, shop: Shop
) -> None:
    browser, path = log_in(shop), given.use_path(connector, "oak")
    with connector.db.begin() as tx:
        feed = feeds.get(tx, int(path.split("/")[2]))
        held = {"rows": 9, "at": clock.now.isoformat(), "digest": "of another file"}
        feeds.went_wrong(tx, feed, DOUBT, clock.now, quarantined=held)
    for verdict in ("use", "decline"):
        press(browser, path.replace("/use", f"/{verdict}"), on="/feeds", file="of the first")
        text = read(browser.get("/feeds").text).text
        assert "That file of oak is not held back any more: see what is said now." in text
        assert "Use it anyway Decline it" in text
    assert state(connector, "oak")[0] is False
    assert 'name="file" value="of another file"' in browser.get("/feeds").text
    press(browser, path, on="/feeds", file="of another file")
    assert state(connector, "oak")[0] is True


def test_where_nothing_is_held_back_nothing_is_forced(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    answer = press(browser, given.use_path(connector, "acme"), on="/feeds")
    assert answer.status_code == 303
    assert state(connector, "acme") == (False, "12:15")
    assert "That file of acme is not held back any more" in browser.get("/feeds").text


def test_a_feed_that_was_never_read_says_so(connector: Connector, clock: Clock, log_in: LogIn, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feeds.add(tx, shop.id, feeds.NewFeed("new", "https://n/", "csv", {}, timedelta(days=1)), clock.now)
    text = read(log_in(shop).get("/feeds").text).text
    assert "new Not read yet Address https://n/ Read CSV, every 1 day Rows that count 0 Last good Never" in text


def test_a_store_without_feeds_says_how_to_add_one(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    assert f"backorder feed add --store {shop.id} --url" in log_in(shop).get("/feeds").text


def test_a_file_that_waits_for_approval_shows_whom_it_would_write_to(
    connector: Connector, clock: Clock, log_in: LogIn, shop: Shop
) -> None:
    due = [
        FallsDue("1001", "option_first", date(2026, 12, 23), date(2027, 4, 1), "cancel", date(2027, 1, 22)),
        FallsDue("gone", "eta_changed", None, None),
    ]
    held = {"rows": 1, "at": clock.now.isoformat(), "notices": 3, "due": msgspec.to_builtins(due)}
    with connector.db.begin() as tx:
        feed = tx.scalar(sa.select(table.c.id).where(table.c.supplier == "oak"))
        feeds.went_wrong(tx, feeds.get(tx, feed or 0), DOUBT, clock.now, quarantined=held)
    page = read(log_in(shop).get("/feeds").text)
    assert page.rows[1:] == [
        ["#1001", "Delay: asked to choose", "1 April 2027", "23 December 2026", "Cancelled after 22 January 2027"],
        ["gone", "New date", "No date", "No duty", "Nothing"],
    ]
    assert "The 3 notices that it would send" in page.text
    assert "and 1 more." in page.text
