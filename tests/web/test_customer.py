"""The customer's own page: only with its link, only what the order asks for, and looking changes nothing."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.facts import SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.customers import STAY, order_link
from connector.store import shops
from connector.store.shops import Shop
from connector.store.tables import ledger, lines, outbox, problems
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import csrf, press
from tests.web.reading import read


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store under the FTC's rule with one order that waits without a date, and so was asked to choose."""
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_ftc"})
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 1))
    given.hear(connector, shop, [*lamp, order])
    return shop


def test_a_customer_sees_the_choice_and_looking_changes_nothing(
    connector: Connector, customer: FlaskClient, path: str
) -> None:
    with connector.db.begin() as tx:
        before = tx.execute(sa.select(ledger)).all()
    page = customer.get(path)
    assert page.status_code == 200
    assert "We cannot say when we will be able to ship." in page.text
    assert "If you do nothing by 22 January 2027, what has not shipped by then is cancelled" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    with connector.db.begin() as tx:
        assert tx.execute(sa.select(ledger)).all() == before


def test_a_customer_who_will_wait_is_shown_so_and_asked_no_more(customer: FlaskClient, path: str) -> None:
    assert press(customer, path, on=path, answer="wait").status_code == 303
    page = customer.get(path).text
    assert "You have agreed to wait" in page
    assert "I will wait" not in page
    assert press(customer, path, on=path, answer="wait").status_code == 409


def test_a_customer_who_cancels_is_owed_a_refund_that_the_merchant_sees(
    connector: Connector, customer: FlaskClient, path: str
) -> None:
    asked = press(customer, path, on=path, answer="cancel")
    assert (asked.status_code, "Cancel what has not shipped of order #1?" in asked.text) == (200, True)
    with connector.db.begin() as tx:
        assert tx.scalar(sa.select(lines.c.cancelled)) is False
    assert press(customer, path, on=path, answer="cancel", sure="yes").status_code == 303
    assert "What had not shipped of this order is cancelled." in customer.get(path).text
    with connector.db.begin() as tx:
        assert tx.execute(sa.select(lines.c.cancelled, lines.c.open)).all() == [(True, False)]
        text = tx.scalar(sa.select(problems.c.text).where(problems.c.kind == "refund"))
    assert text is not None
    assert "its money has to go back by" in text
    assert "<form" not in customer.get(path).text


def test_who_cancels_by_a_form_of_before_is_told_that_it_is_over(customer: FlaskClient, path: str) -> None:
    token = csrf(customer, path)
    press(customer, path, on=path, answer="cancel", sure="yes")
    late = customer.post(path, data={"csrf_token": token, "answer": "cancel"})
    assert (late.status_code, "This order does not ask for that any more" in late.text) == (409, True)
    assert 'href="/"' not in late.text


def test_a_better_date_than_the_one_offered_is_shown_as_what_is_expected(
    connector: Connector, shop: Shop, customer: FlaskClient, path: str
) -> None:
    given.supply(connector, shop, "acme", SupplyRow("LAMP", 1, date(2027, 2, 20), "PO-1"))
    page = read(customer.get(path).text).text
    assert "We now expect to ship by 20 February 2027. If you do nothing by 22 January 2027" in page
    assert "you agree to wait without a fixed date. You can still cancel until it ships." in page
    assert "We cannot say" not in page


def test_a_date_that_got_earlier_is_shown_beside_the_one_that_was_written(
    connector: Connector, customer: FlaskClient
) -> None:
    shop = given.store(connector, "https://early.example", "Early")
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_ftc"})
    given.supply(connector, shop, "acme", SupplyRow("LAMP", 1, date(2027, 1, 15), "PO-1"))
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 1))
    given.hear(connector, shop, [*lamp, order])
    path = order_link(connector.config, shop.id, "1").removeprefix(connector.config.url)
    page = read(customer.get(path).text).text
    assert "We expect to ship by 15 January 2027. If you do nothing, we take it that you agree to wait until" in page
    given.supply(connector, shop, "acme", SupplyRow("LAMP", 1, date(2027, 1, 4), "PO-1"))
    page = read(customer.get(path).text).text
    assert "We now expect to ship by 4 January 2027, earlier than 15 January 2027, of which we wrote to you." in page
    assert "you agree to wait until 15 January 2027 at the latest" in page


@pytest.mark.parametrize("law", ["eu", "uk"])
def test_where_silence_means_nothing_the_page_reads_no_consent_into_it(
    connector: Connector, customer: FlaskClient, law: str
) -> None:
    shop = given.store(connector, f"https://{law}.example", "Abroad")
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"jurisdiction": law})
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 1))
    given.hear(connector, shop, [*lamp, order])
    path = order_link(connector.config, shop.id, "1").removeprefix(connector.config.url)
    page = read(customer.get(path).text).text
    assert "It stays yours to decide: nothing is cancelled if you do nothing." in page
    assert "we take it that you agree" not in page
    assert "Withdraw from the contract here" in page
    asked = read(press(customer, path, on=path, answer="cancel").text).text
    assert "We confirm it by e-mail to a…@example.com. Confirm the withdrawal" in asked
    press(customer, path, on=path, answer="cancel", sure="yes")
    with connector.db.begin() as tx:
        sent = tx.scalars(sa.select(outbox.c.effect["template"].astext).where(outbox.c.kind == "notice")).all()
    assert "cancelled" in sent


def test_of_a_store_that_has_left_nothing_is_promised_and_nothing_asked(
    connector: Connector, customer: FlaskClient, path: str, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        shops.set_status(tx, shop.id, "closed")
        before = tx.execute(sa.select(ledger)).all()
    page = customer.get(path)
    assert page.status_code == 200
    assert f"{shop.name.replace('&', '&amp;')} no longer uses this page" in page.text
    assert ("ship" in page.text, "<form" in page.text) == (False, False)
    assert customer.post(path, data={"answer": "wait"}).status_code in (400, 409)
    with connector.db.begin() as tx:
        assert tx.execute(sa.select(ledger)).all() == before


@pytest.mark.parametrize("place", [6, -30, -10])
def test_a_link_with_another_letter_leads_nowhere(customer: FlaskClient, path: str, place: int) -> None:
    other = "A" if path[place] != "A" else "B"
    assert customer.get(path[:place] + other + path[place + 1 :]).status_code == 404


def test_a_link_that_is_not_ours_leads_nowhere(customer: FlaskClient, path: str) -> None:
    answers = [customer.get(one) for one in ("/o/nothing", f"{path}x", "/o/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {"This link leads to no order" in answer.text for answer in answers} == {True}


def test_a_link_is_good_for_a_year_and_not_for_longer(
    connector: Connector, customer: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.pipeline.customers.STAY", timedelta(seconds=-1))
    assert timedelta(days=365) == STAY
    assert customer.get(path).status_code == 404


def test_an_answer_without_the_forms_token_is_refused(connector: Connector, customer: FlaskClient, path: str) -> None:
    customer.get(path)
    assert customer.post(path, data={"answer": "cancel"}).status_code == 400
    with connector.db.begin() as tx:
        assert tx.scalar(sa.select(lines.c.cancelled)) is False


def test_where_no_law_applies_there_is_nothing_to_choose(connector: Connector, customer: FlaskClient) -> None:
    shop = given.store(connector, "https://free.example", "Free")
    lamp, order = given.item_facts(given.Told("LAMP", "Lamp", -1)), given.order_fact("1", given.line("1", "LAMP", 1))
    given.hear(connector, shop, [*lamp, order])
    path = order_link(connector.config, shop.id, "1").removeprefix(connector.config.url)
    page = customer.get(path)
    assert "No date known yet" in page.text
    assert "<form" not in page.text


def test_the_same_token_for_another_store_is_another_order(
    connector: Connector, customer: FlaskClient, clock: Clock
) -> None:
    clock.move(days=1)
    link = order_link(connector.config, "another", "1").removeprefix(connector.config.url)
    assert customer.get(link).status_code == 404
