"""What changes something is one of our own forms; looking changes nothing."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.settings import SETTINGS
from connector.pipeline.connector import Connector
from connector.store import logins
from connector.store.shops import Shop
from connector.store.tables import feeds, metadata
from connector.store.tables import inbox as inbox_table
from tests.web import given
from tests.web.conftest import csrf, press

PAGES = (
    "/",
    "/?page=2",
    "/orders/1001",
    "/products",
    "/products?sku=lamp&show=waiting&page=3",
    "/watch",
    "/calibration",
    "/feeds",
    "/settings",
    "/connection",
)
FORMS = ("/try-again", "/settings", "/logout", "/feeds/<acme>/use", "/feeds/<acme>/decline", "/orders/1001/1/pin")


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store in which each form has something to change."""
    shop = given.small_store(connector)
    given.deliver(connector, shop, "poison")
    with connector.db.begin() as tx:
        given.feed(tx, shop, "acme", connector.clock())
        tx.execute(sa.update(feeds).values(quarantined={"rows": 1, "at": connector.clock().isoformat()}))
        tx.execute(sa.update(inbox_table).values(status="dead", error="not an order"))
    return shop


def at(connector: Connector, path: str) -> str:
    verdict = path.rpartition("/")[2]
    return given.use_path(connector, "acme").replace("/use", f"/{verdict}") if "<acme>" in path else path


def books(connector: Connector) -> dict[str, list[str]]:
    with connector.db.begin() as tx:
        return {table.name: sorted(map(repr, tx.execute(sa.select(table)))) for table in metadata.sorted_tables}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop, method: str
) -> None:
    browser = log_in(shop)
    with connector.db.begin() as tx:
        token = logins.issue(tx, shop.id, connector.clock())
    before = books(connector)
    more = ("/login", f"/login/{token}", "/healthz", "/readyz", "/metrics")
    assert {path: browser.open(path, method=method).status_code for path in PAGES + more} == dict.fromkeys(
        PAGES + more, 200
    )
    assert books(connector) == before


@pytest.mark.parametrize("path", FORMS)
def test_looking_at_what_changes_is_not_possible(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str
) -> None:
    browser = log_in(shop)
    before = books(connector)
    assert browser.get(at(connector, path)).status_code == (200 if path == "/settings" else 405)
    assert books(connector) == before


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_forged_form_changes_nothing(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str, token: str | None
) -> None:
    browser = log_in(shop)
    before = books(connector)
    answer = browser.post(at(connector, path), data={} if token is None else {"csrf_token": token})
    assert answer.status_code == 400
    assert "This form is out of date" in answer.text
    assert books(connector) == before


@pytest.mark.parametrize("path", FORMS)
def test_the_token_of_another_session_is_a_forged_one(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str
) -> None:
    browser, other = log_in(shop), log_in(given.store(connector, "https://other.example"))
    before = books(connector)
    assert browser.post(at(connector, path), data={"csrf_token": csrf(other, "/settings")}).status_code == 400
    assert books(connector) == before


@pytest.mark.parametrize("path", FORMS)
def test_the_same_form_from_the_desk_does_change_something(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str
) -> None:
    browser = log_in(shop)
    before = books(connector)
    fields = {entry.name: str(entry.default) for entry in SETTINGS} | {"timezone": "Asia/Tokyo"}
    answer = press(browser, at(connector, path), on="/settings", **fields)
    assert answer.status_code == 303
    assert books(connector) != before


def test_a_forged_login_form_is_refused(connector: Connector, anonymous: FlaskClient, shop: Shop) -> None:
    with connector.db.begin() as tx:
        token = logins.issue(tx, shop.id, connector.clock())
    assert anonymous.post(f"/login/{token}").status_code == 400
    assert press(anonymous, f"/login/{token}").status_code == 303


def test_a_form_that_is_too_large_is_refused(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop
) -> None:
    browser = log_in(shop)
    before = books(connector)
    answer = press(browser, "/settings", sender_name="x" * 70_000)
    assert answer.status_code == 413
    assert "That is too much" in answer.text
    assert books(connector) == before
