"""What belongs to another store does not exist, and what is behind the login is for nobody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from connector.domain.effects import CancelLines, CapturePayment
from connector.pipeline.connector import Connector
from connector.ports import DataRequest, RequestKind
from connector.store import problems, proposals, requests
from connector.store.shops import Shop
from connector.store.tables import feeds, metadata
from tests.web import given
from tests.web.conftest import csrf

OPEN = {
    "static",
    "customer.show",
    "customer.answer",
    "login.explain",
    "login.offer",
    "login.enter",
    "health.healthz",
    "health.readyz",
    "health.metrics",
}
LISTS = {
    ("GET", path)
    for path in ("/", "/products", "/duties", "/watch", "/calibration", "/feeds", "/settings", "/connection")
}
LISTS |= {("GET", "/privacy"), ("GET", "/policy-page")}
ACTIONS = {("POST", "/try-again"), ("POST", "/settings"), ("POST", "/connection"), ("POST", "/logout")}
ACTIONS |= {("POST", "/connection/disconnect"), ("POST", "/policy-page")}
ACTIONS |= {("POST", path) for path in ("/privacy", "/privacy/export", "/privacy/erase")}
WITH_ID = {
    ("GET", "/orders/<order>"),
    ("GET", "/orders/<order>/answer"),
    ("POST", "/orders/<order>/answer"),
    ("GET", "/orders/<order>/told"),
    ("POST", "/orders/<order>/told"),
    ("POST", "/orders/<order>/refund"),
    ("POST", "/orders/<order>/capture"),
    ("GET", "/orders/<order>/proof"),
    ("GET", "/orders/<order>/proof.json"),
    ("POST", "/orders/<order>/<line>/pin"),
    ("POST", "/feeds/<int:feed>/use"),
    ("POST", "/feeds/<int:feed>/decline"),
    ("POST", "/privacy/requests/<int:number>/export"),
    ("POST", "/privacy/requests/<int:number>/done"),
}


@dataclass
class Two:
    """Two stores with the same kinds of things; each `ids` has the values that its addresses hold."""

    mine: Shop
    theirs: Shop
    ids: dict[str, str]


@pytest.fixture
def two(connector: Connector) -> Two:
    mine = given.store(connector, "https://mine.example", "Mine")
    theirs = given.store(connector, "https://theirs.example", "Theirs")
    given.hear(connector, mine, [*given.item_facts(given.Told("MY-1", "My Lamp", -1))])
    given.hear(connector, mine, [given.order_fact("1", given.line("1", "MY-1", 1), email="me@example.com")])
    given.hear(connector, theirs, [*given.item_facts(given.Told("SECRET-1", "Secret Lamp", -7, beyond=True))])
    given.hear(connector, theirs, [given.order_fact("77", given.line("1", "SECRET-1", 7), email="spy@example.com")])
    with connector.db.begin() as tx:
        feed = given.feed(tx, theirs, "Secret Supplier", connector.clock())
        tx.execute(sa.update(feeds).values(quarantined={"rows": 1, "at": connector.clock().isoformat()}))
        problems.report(tx, theirs.id, "mail", "", "Secret problem", connector.clock())
        proposed = CancelLines("cancel:77:1", "77", "77", (("1", 7),), "Secret reason")
        money = CapturePayment("capture:77", "77", "77", "cards", at_once=False)
        proposals.put(tx, theirs.id, [proposed, money], connector.clock())
        asked = DataRequest(RequestKind.EXPORT, theirs.address, "1", "spy@example.com")
        request = requests.put(tx, theirs.id, asked, connector.clock())
    assert request is not None
    ids = {"<order>": "77", "<line>": "1", "<int:feed>": str(feed.id), "<int:number>": str(request.id)}
    return Two(mine, theirs, ids)


def desk_rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN and not rule.endpoint.startswith("webhooks."):
            yield from ((method, rule.rule) for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"})


def filled(rule: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        rule = rule.replace(name, value)
    return rule


def books(connector: Connector) -> dict[str, list[str]]:
    with connector.db.begin() as tx:
        return {table.name: sorted(map(repr, tx.execute(sa.select(table)))) for table in metadata.sorted_tables}


def test_every_page_is_in_one_of_these_lists(app: Flask) -> None:
    assert set(desk_rules(app)) == LISTS | ACTIONS | WITH_ID


@pytest.mark.parametrize(("method", "rule"), sorted(LISTS | ACTIONS | WITH_ID))
def test_nobody_gets_in_without_a_session(
    connector: Connector, anonymous: FlaskClient, two: Two, method: str, rule: str
) -> None:
    before = books(connector)
    answer = anonymous.open(filled(rule, two.ids), method=method)
    assert (answer.status_code, answer.location) == ((303, "/login") if method == "GET" else (401, None))
    assert b"Secret" not in answer.data
    assert books(connector) == before


@pytest.mark.parametrize(("method", "rule"), sorted(WITH_ID))
def test_another_stores_id_gets_the_bytes_of_an_id_that_nobody_has(
    connector: Connector,
    log_in: Callable[[Shop], FlaskClient],
    two: Two,
    method: str,
    rule: str,
) -> None:
    nobodys = {"<order>": "no-such-order", "<int:feed>": "987654321", "<int:number>": "987654321"}
    browser = log_in(two.mine)
    form = {"csrf_token": csrf(browser, "/settings")} if method == "POST" else None
    before = books(connector)
    theirs = browser.open(filled(rule, two.ids), method=method, data=form)
    nothing = browser.open(filled(rule, nobodys), method=method, data=form)
    assert (theirs.status_code, theirs.data) == (404, nothing.data)
    assert list(theirs.headers) == list(nothing.headers)
    assert books(connector) == before


@pytest.mark.parametrize(("method", "rule"), sorted(WITH_ID))
def test_the_owner_does_get_in(log_in: Callable[[Shop], FlaskClient], two: Two, method: str, rule: str) -> None:
    browser = log_in(two.theirs)
    form = {"csrf_token": csrf(browser, "/settings")} if method == "POST" else None
    assert browser.open(filled(rule, two.ids), method=method, data=form).status_code in (200, 303)


@pytest.mark.parametrize(("method", "rule"), sorted(LISTS))
def test_no_list_shows_anything_of_another_store(
    log_in: Callable[[Shop], FlaskClient], two: Two, method: str, rule: str
) -> None:
    page = log_in(two.mine).open(rule, method=method, query_string={"sku": "", "show": "all"}).text
    found = [word for word in ("Secret", "SECRET-1", "#77", "Theirs", "spy@", two.theirs.id) if word in page]
    assert found == []


def test_two_stores_with_one_order_id_see_their_own_order(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], two: Two
) -> None:
    given.hear(
        connector, two.theirs, [given.order_fact("1", given.line("1", "SECRET-1", 2), email="spy@example.com")]
    )
    page = log_in(two.mine).get("/orders/1").text
    assert "me@example.com" in page
    assert "spy@example.com" not in page
    assert "SECRET-1" not in page


@pytest.mark.parametrize(
    "path", ["/orders/%00", "/orders/1%00", "/orders/%ff", "/orders/..%2f", "/orders/" + "9" * 3000]
)
def test_an_odd_order_id_is_nothing(log_in: Callable[[Shop], FlaskClient], two: Two, path: str) -> None:
    assert log_in(two.mine).get(path).status_code == 404


@pytest.mark.parametrize("feed", ["0", "-1", "9223372036854775807", "9223372036854775808", "9" * 60, "x"])
def test_an_odd_feed_id_is_nothing(log_in: Callable[[Shop], FlaskClient], two: Two, feed: str) -> None:
    browser = log_in(two.mine)
    form = {"csrf_token": csrf(browser, "/settings")}
    assert browser.post(f"/feeds/{feed}/use", data=form).status_code == 404
