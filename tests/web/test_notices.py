"""What customers were told, and what became of it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.effects import SendNotice
from connector.domain.facts import NoticeEvent, NoticeOutcome, StockLevel
from connector.pipeline.connector import Connector
from connector.store import outbox
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop
from connector.store.tables import outbox as table
from tests.conftest import Clock
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store that has told Ann of two orders."""
    return given.small_store(connector)


def claim(connector: Connector, shop: Shop) -> tuple[OutboxRow, ...]:
    with connector.db.begin() as tx:
        return outbox.claim(tx, shop.id, SendNotice, connector.clock(), 10)


def desk_rows(browser: FlaskClient) -> list[list[str]]:
    rows = read(browser.get("/").text).rows
    return rows[rows.index(["Notice", "Order", "What became of it", "When"]) + 1 :]


def test_the_desk_masks_who_a_notice_went_to(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    when = "23 November 2026, 12:00 UTC"
    assert desk_rows(browser) == [
        ["On backorder to a…@example.com", "#1002", "Waiting to be sent", when],
        ["On backorder to a…@example.com", "#1001", "Waiting to be sent", when],
    ]
    assert "ann@example.com" not in browser.get("/").text


def test_the_order_shows_who_it_was(log_in: LogIn, shop: Shop) -> None:
    page = read(log_in(shop).get("/orders/1001").text)
    assert ["On backorder to ann@example.com", "Waiting to be sent", "23 November 2026, 12:00 UTC"] in page.rows
    assert page.text.count("On backorder to") == 1


def test_a_notice_that_went_out_says_when(connector: Connector, clock: Clock, log_in: LogIn, shop: Shop) -> None:
    rows = claim(connector, shop)
    clock.move(minutes=2)
    with connector.db.begin() as tx:
        outbox.done(tx, rows, connector.clock(), "service-id-1")
    assert desk_rows(log_in(shop))[0][2:] == ["Sent", "23 November 2026, 12:02 UTC"]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (["accepted"], "Sent"),
        (["accepted", "delivered"], "Delivered"),
        (["delivered", "accepted"], "Delivered"),
        (["failed"], "Not delivered mailbox full"),
        (["delivered", "failed"], "Not delivered mailbox full"),
        (["failed", "accepted"], "Not delivered mailbox full"),
    ],
)
def test_the_mail_services_word_counts(
    connector: Connector, log_in: LogIn, shop: Shop, outcomes: list[str], said: str
) -> None:
    rows = claim(connector, shop)
    now = connector.clock()
    notice = f"{shop.id}/{rows[-1].effect.key}"
    with connector.db.begin() as tx:
        outbox.done(tx, rows, now, "id")
        for number, outcome in enumerate(outcomes):
            detail = "mailbox full" if outcome == "failed" else ""
            outbox.fold_events(tx, [NoticeEvent(f"e{number}", notice, NoticeOutcome(outcome), now, detail)])
    assert desk_rows(log_in(shop))[0][2] == said


def test_a_notice_that_may_have_gone_twice_is_flagged(
    connector: Connector, clock: Clock, log_in: LogIn, shop: Shop
) -> None:
    row = claim(connector, shop)[0]
    with connector.db.begin() as tx:
        outbox.in_doubt(tx, row, "the connection broke", clock.now)
    browser = log_in(shop)
    assert desk_rows(browser)[1][2] == "Not certain the connection broke"
    with connector.db.begin() as tx:
        outbox.recover(tx, clock.now, connector.config.doubt)
    again = claim(connector, shop)
    with connector.db.begin() as tx:
        outbox.done(tx, again, clock.now, "service-id-2")
    assert [row[2] for row in desk_rows(browser)] == ["Being sent", "Sent Possibly doubled"]


def test_a_notice_that_failed_says_why(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    first, second = claim(connector, shop)
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.failed(tx, first, "550 no such user", now, None, final=True)
        outbox.failed(tx, second, "429 slow down", now, 60.0, final=False)
    said = [row[2] for row in desk_rows(log_in(shop))]
    assert said == ["Will be tried again 429 slow down", "Given up 550 no such user"]


def test_the_desk_shows_the_twenty_newest(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    orders = [given.order_fact(str(number), given.line("1", "LAMP-4", 1)) for number in range(2000, 2030)]
    given.hear(connector, shop, [*orders, StockLevel("lamp-4", -34, given.SEEN)])
    rows = desk_rows(log_in(shop))
    assert [row[1] for row in rows] == [f"#{n}" for n in range(2029, 2009, -1)]


def test_a_notice_whose_receiver_was_erased_is_still_there(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    with connector.db.begin() as tx:
        tx.execute(sa.update(table).where(table.c.kind == "notice").values(effect={"template": "filled"}))
    assert desk_rows(log_in(shop))[0][:2] == ["Ready-to-ship notice to …", "1002"]
