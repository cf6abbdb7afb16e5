"""Once the time to deliver is over, a consumer of the EU or the UK sets a further period: by the link or by word."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store import shops
from connector.store.shops import Shop
from connector.store.tables import answers, orders
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import csrf, press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]
LAST = date(2027, 1, 20)


@pytest.fixture(params=["eu", "uk"])
def shop(connector: Connector, request: pytest.FixtureRequest) -> Shop:
    """A store under a law of Europe with one order of 23 November that waits without a date."""
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": request.param})
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 1))
    given.hear(connector, shop, [*lamp, order])
    return shop


@pytest.fixture
def late(connector: Connector, clock: Clock, shop: Shop) -> Shop:
    """The same after thirty days, which are over on 23 December."""
    clock.move(days=31)
    plan(connector, shop.id)
    return shop


def set_until(connector: Connector) -> list[date | None]:
    with connector.db.begin() as tx:
        return list(tx.scalars(sa.select(answers.c.until)))


def test_nobody_is_asked_for_a_period_while_the_time_to_deliver_runs(
    shop: Shop, customer: FlaskClient, path: str
) -> None:
    assert "A further period" not in customer.get(path).text
    refused = press(customer, path, on=path, answer="period", until="2027-01-20")
    assert refused.status_code == 409


def test_a_customer_sets_a_period_and_may_end_the_contract_once_it_is_over(
    connector: Connector, clock: Clock, late: Shop, customer: FlaskClient, path: str
) -> None:
    assert "The time in which we had to deliver is over." in read(customer.get(path).text).text
    assert press(customer, path, on=path, answer="period", until="2027-01-20").status_code == 303
    page = read(customer.get(path).text).text
    assert ("A further period" in page, set_until(connector)) == (False, [LAST])
    assert "You have agreed to wait until 20 January 2027." in page
    with connector.db.begin() as tx:
        assert tx.scalar(sa.select(orders.c.clock["r_day"].astext).where(orders.c.order == "1")) == "2027-01-20"
    clock.move(days=28)
    plan(connector, late.id)
    page = read(customer.get(path).text).text
    assert "We have not delivered in the further period either: you may end the contract" in page
    assert press(customer, path, on=path, answer="cancel", sure="yes").status_code == 303
    assert "What had not shipped of this order is cancelled." in customer.get(path).text


@pytest.mark.parametrize("until", ["", "soon", "2026-12-24", "2026-11-01", "2028-01-01", "2026-13-40"])
def test_what_is_no_further_period_is_refused_where_it_was_typed(
    connector: Connector, late: Shop, customer: FlaskClient, path: str, until: str
) -> None:
    answer = press(customer, path, on=path, answer="period", until=until)
    assert (answer.status_code, "Choose a day after today, within a year." in answer.text) == (422, True)
    assert set_until(connector) == []


def test_a_period_that_was_told_to_the_merchant_is_recorded_with_who_and_how(
    connector: Connector, late: Shop, log_in: LogIn
) -> None:
    browser = log_in(late)
    where = "/orders/1/answer"
    refused = browser.post(
        where, data={"csrf_token": csrf(browser, where), "answer": "period", "until": "", "how": "telephone"}
    )
    assert (refused.location, set_until(connector)) == (where, [])
    assert "the further period needs a last day" in browser.get(where).text
    press(browser, where, answer="period", until="2027-01-20", how="telephone", who="Ann")
    said = "The customer (Ann) answered by telephone: to set a further period until 20 January 2027."
    assert said in read(browser.get("/orders/1/proof").text).text


def test_a_period_that_is_no_more_when_it_is_looked_at_changes_nothing(
    connector: Connector, clock: Clock, late: Shop, customer: FlaskClient, path: str
) -> None:
    with connector.db.begin() as tx:
        row = {"store": late.id, "order": "1", "answer": "wait", "at": clock.now, "until": date(2026, 12, 1)}
        tx.execute(sa.insert(answers).values(row))
        tx.execute(sa.update(orders).values(news=True))
    plan(connector, late.id)
    assert "The time in which we had to deliver is over." in read(customer.get(path).text).text
