"""Who watches the installation learns whether it is up, can work, and how far behind it is."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.app import make_app
from connector.domain.effects import SendNotice
from connector.domain.obligations import Duty
from connector.pipeline.calls import Calls
from connector.pipeline.connector import Connector
from connector.store import outbox, shops
from connector.store.engine import Database
from connector.store.outbox import KINDS
from connector.store.shops import Shop
from connector.store.tables import inbox as inbox_table
from connector.store.tables import outbox as outbox_table
from tests.conftest import Clock
from tests.web import given

AWAY = "postgresql://postgres@127.0.0.1:1/postgres"


@pytest.fixture
def away(connector: Connector) -> Iterator[Connector]:
    """The same connector on a database that cannot be reached."""
    database = Database(AWAY)
    yield dataclasses.replace(connector, db=database)
    database.close()


STANDINGS = ("due", "oldest_seconds", "dead", "unknown")
DUTIES = {"obligations_open": 0, "obligations_breached": 0, "obligation_next_due_seconds": float("inf")}


def figures(browser: FlaskClient) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in browser.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_a_process_that_is_up_says_so_with_and_without_a_database(connector: Connector, away: Connector) -> None:
    answers = [make_app(one).test_client().get("/healthz") for one in (connector, away)]
    assert [(one.status_code, one.text) for one in answers] == [(200, "ok\n"), (200, "ok\n")]


def test_a_process_is_ready_when_its_database_answers(connector: Connector, away: Connector) -> None:
    answers = [make_app(one).test_client().get("/readyz") for one in (connector, away)]
    assert [(one.status_code, one.text) for one in answers] == [
        (200, "ready\n"),
        (503, "the database cannot be reached\n"),
    ]


def test_figures_are_not_given_without_a_database(away: Connector) -> None:
    assert make_app(away).test_client().get("/metrics").status_code == 503


@pytest.mark.parametrize("path", ["/", "/orders/1", "/products", "/feeds", "/settings"])
def test_without_a_database_every_page_says_so(
    connector: Connector, away: Connector, log_in: Callable[[Shop], FlaskClient], path: str
) -> None:
    cookie = log_in(given.store(connector)).get_cookie("backorder")
    assert cookie is not None
    browser = make_app(away).test_client()
    browser.set_cookie("backorder", cookie.value)
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database cannot be reached" in answer.text
    assert "127.0.0.1" not in answer.text


def test_without_a_database_nobody_can_log_in_and_no_link_is_spent(connector: Connector, away: Connector) -> None:
    browser = make_app(away).test_client()
    assert browser.get("/login/x").status_code == 200
    page = browser.get("/login/x").text
    form = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    assert browser.post("/login/x", data=form).status_code == 503


def test_an_installation_without_stores_has_no_figures(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/metrics")
    assert answer.content_type == "text/plain; version=1.0.0; charset=utf-8"
    assert figures(anonymous) == {}


def test_figures_tell_how_far_behind_each_store_is(
    connector: Connector, clock: Clock, anonymous: FlaskClient
) -> None:
    shop, idle = given.small_store(connector), given.store(connector, "https://idle.example")
    for key in "abc":
        given.deliver(connector, shop, key)
    clock.move(seconds=90)
    given.deliver(connector, shop, "d")
    with connector.db.begin() as tx:
        tx.execute(sa.update(inbox_table).where(inbox_table.c.dedupe_key == "a").values(status="dead"))
        tx.execute(sa.update(inbox_table).where(inbox_table.c.dedupe_key == "b").values(status="done"))
        rows = outbox.claim(tx, shop.id, SendNotice, clock.now, 10)
        outbox.in_doubt(tx, rows[0], "broken", clock.now)
        outbox.failed(tx, rows[1], "refused", clock.now, None, final=True)
        tx.execute(
            sa.update(outbox_table).where(outbox_table.c.key == "listing:lamp-1").values(status="dead", error="403")
        )
        shops.set_reconciled(tx, idle.id, clock.now)
    clock.move(seconds=10)
    found = figures(anonymous)
    busy = {name.replace(f'store="{shop.id}"', "S"): value for name, value in found.items() if shop.id in name}
    assert busy == {
        "backorder_inbox_due{S}": 2,
        "backorder_inbox_oldest_seconds{S}": 100,
        "backorder_inbox_dead{S}": 1,
        **{f'backorder_outbox_{what}{{kind="{kind}",S}}': 0 for kind in KINDS.values() for what in STANDINGS},
        'backorder_outbox_due{kind="listing",S}': 2,
        'backorder_outbox_oldest_seconds{kind="listing",S}': 100,
        'backorder_outbox_due{kind="order",S}': 2,
        'backorder_outbox_oldest_seconds{kind="order",S}': 100,
        'backorder_outbox_due{kind="note",S}': 1,
        'backorder_outbox_oldest_seconds{kind="note",S}': 100,
        'backorder_outbox_dead{kind="listing",S}': 1,
        'backorder_outbox_dead{kind="notice",S}': 1,
        'backorder_outbox_unknown{kind="notice",S}': 1,
        'backorder_notices{status="due",S}': 0,
        'backorder_notices{status="sending",S}': 0,
        'backorder_notices{status="unknown",S}': 1,
        'backorder_notices{status="done",S}': 0,
        'backorder_notices{status="dead",S}': 1,
        'backorder_notices{status="withdrawn",S}': 0,
        "backorder_reconcile_age_seconds{S}": 100,
        **{f'backorder_{what}{{duty="{duty}",S}}': none for what, none in DUTIES.items() for duty in Duty},
    }
    assert found[f'backorder_reconcile_age_seconds{{store="{idle.id}"}}'] == 10
    others = {value for name, value in found.items() if idle.id in name and "reconcile" not in name}
    assert others == {0, float("inf")}


def test_a_closed_store_is_not_behind(connector: Connector, anonymous: FlaskClient) -> None:
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.set_status(tx, shop.id, "closed")
    assert [name for name in figures(anonymous) if "reconcile" in name] == []


def test_calls_to_the_outside_are_counters_over_all_processes(connector: Connector, anonymous: FlaskClient) -> None:
    for calls in (Calls(), Calls()):
        calls.note("woocommerce", "ok")
        calls.note("sendgrid", "throttled")
        calls.write_down(connector.db)
    assert "# TYPE backorder_api_calls_total counter" in anonymous.get("/metrics").text.splitlines()
    assert figures(anonymous) == {
        'backorder_api_calls_total{outcome="ok",platform="woocommerce"}': 2,
        'backorder_api_calls_total{outcome="throttled",platform="sendgrid"}': 2,
    }


def test_what_a_page_called_is_counted_when_it_is_done(connector: Connector, anonymous: FlaskClient) -> None:
    connector.calls.note("woocommerce", "ok")
    anonymous.get("/healthz")
    assert figures(anonymous) == {'backorder_api_calls_total{outcome="ok",platform="woocommerce"}': 1}


def test_figures_name_stores_by_nothing_but_their_ids(connector: Connector, anonymous: FlaskClient) -> None:
    given.small_store(connector)
    page = anonymous.get("/metrics").text
    assert [word for word in ("Lamps", "lamps.example", "LAMP", "ann", "1001") if word in page] == []
