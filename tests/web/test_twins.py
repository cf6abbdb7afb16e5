"""Two stores may call everything the same, as small numbers do; each still sees only its own."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.facts import SupplyRow
from connector.pipeline.connector import Connector
from connector.store import feeds, logins, plans, reports_products
from connector.store.shops import Shop
from connector.store.tables import inbox, outbox
from tests.conftest import Clock
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


def twin(connector: Connector, name: str, units: int, coming: int, day: int) -> Shop:
    """A store with one product, one order of it, one supplier and one feed, always of the same ids."""
    shop = given.store(connector, f"https://{name}.example", name)
    given.hear(connector, shop, given.item_facts(given.Told("7", f"Lamp of {name}", -units)))
    given.supply(
        connector, shop, "acme", *(SupplyRow("7", coming, date(2027, 3, day), f"PO-{n}") for n in range(day))
    )
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "7", units), email=f"{name}@example.com")])
    with connector.db.begin() as tx:
        feeds.went_well(tx, given.feed(tx, shop, "acme", connector.clock()), None, connector.clock())
    return shop


@pytest.fixture
def one(connector: Connector) -> Shop:
    return twin(connector, "one", 3, 10, 2)


@pytest.fixture
def two(connector: Connector, one: Shop) -> Shop:
    """The twin that has all the trouble."""
    shop = twin(connector, "two", 50, 80, 4)
    given.deliver(connector, shop, "k")
    with connector.db.begin() as tx:
        tx.execute(sa.update(inbox).values(status="dead"))
        tx.execute(sa.update(outbox).values(status="done"))
        theirs = sa.and_(outbox.c.store == shop.id, outbox.c.kind == "listing")
        tx.execute(sa.update(outbox).where(theirs).values(status="dead", error="403 of two"))
    return shop


def test_products_have_their_own_figures(log_in: LogIn, one: Shop, two: Shop) -> None:
    first, second = (read(log_in(shop).get("/products").text).rows[1:] for shop in (one, two))
    lots = "10 on 2 March 2027 acme 10 on 2 March 2027 acme"
    said = "On backorder Available on backorder: 17 units can ship by 2 March 2027."
    assert first == [["Lamp of one 7", "0", "−3", "3", lots, said]]
    assert second[0][:4] == ["Lamp of two 7", "0", "−50", "50"]
    assert second[0][5].endswith("Could not be written: 403 of two")


def test_the_desk_has_its_own_figures(log_in: LogIn, one: Shop, two: Shop) -> None:
    first, second = (read(log_in(shop).get("/").text) for shop in (one, two))
    assert "Units backordered 3 " in first.text
    assert "Backlog 3 " in first.text
    assert first.rows[1:3] == [["Promised for 2 March 2027 3 units in 1 line"], ["#1", "The 7 7", "3 of 3"]]
    assert second.rows[1:3] == [["Promised for 4 March 2027 50 units in 1 line"], ["#1", "The 7 7", "50 of 50"]]


def test_one_stores_troubles_and_news_are_not_the_others(log_in: LogIn, one: Shop, two: Shop) -> None:
    first, second = (read(log_in(shop).get("/").text).text for shop in (one, two))
    assert "Last webhook None yet" in first
    assert "Given up" not in first
    assert "Given up: 1 message from the store, 1 listing." in second
    assert "Last webhook just now" in second


def test_a_suppliers_rows_are_counted_by_store(log_in: LogIn, one: Shop, two: Shop) -> None:
    first, second = (read(log_in(shop).get("/feeds").text).text for shop in (one, two))
    assert "Rows that count 2 Last good" in first
    assert "Rows that count 4 Last good" in second


def test_an_order_has_its_own_ledger_and_notices(log_in: LogIn, one: Shop, two: Shop) -> None:
    text = read(log_in(one).get("/orders/1").text).text
    assert text.count("Promised 2 March 2027 because") == 1
    assert "4 March" not in text
    assert text.count("On backorder to one@example.com") == 1
    assert "two" not in text


def test_a_change_of_settings_plans_only_ones_own_stocks(connector: Connector, one: Shop, two: Shop) -> None:
    with connector.db.begin() as tx:
        reports_products.plan_again(tx, one.id, connector.clock(), dates=True)
        assert [plans.dirty_stocks(tx, shop.id, 10) for shop in (one, two)] == [("7",), ()]


def test_a_session_of_one_is_none_of_the_other(connector: Connector, clock: Clock, one: Shop, two: Shop) -> None:
    with connector.db.begin() as tx:
        token = logins.issue(tx, one.id, clock.now)
        assert logins.redeem(tx, token, clock.now) == one.id
        session = logins.digest(token)
        assert [logins.is_open(tx, shop.id, session, clock.now) for shop in (one, two)] == [True, False]
