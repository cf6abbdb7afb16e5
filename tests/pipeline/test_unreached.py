"""A notice of law that came back was not given: the duty is open again, and a person has to tell the customer."""

import pytest
import sqlalchemy as sa

from connector.domain.errors import Terminal
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.pipeline.hear import hear
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import shops
from connector.store.tables import duties, problems
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order


@pytest.fixture
def asked(home: House) -> House:
    """Order 1001 waits without a date under the FTC's rule, so that its customer is to be asked to choose."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    plan(home.connector, home.shop.id)
    return home


def states(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return list(tx.scalars(sa.select(duties.c.state).order_by(duties.c.opened_at)))


def tasks(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return list(tx.scalars(sa.select(problems.c.text).where(problems.c.kind == "staff")))


def bounce(home: House, outcome: NoticeOutcome = NoticeOutcome.FAILED) -> None:
    perform(home.connector, home.shop.id)
    hear(home.connector, [NoticeEvent("e1", home.post.sent[0].notice_id, outcome, NOW, "550 no such user")])
    plan(home.connector, home.shop.id)


def test_a_bounce_opens_the_duty_again_and_asks_for_a_person(asked: House, clock: Clock) -> None:
    clock.move(minutes=5)
    bounce(asked)
    assert states(asked) == ["met", "open"]
    (task,) = tasks(asked)
    assert "the notice about the delay came back; the customer has to be reached in another way" in task
    perform(asked.connector, asked.shop.id)
    assert len(asked.post.sent) == 1


def test_a_bounce_that_nobody_mends_is_a_breach(asked: House, clock: Clock) -> None:
    clock.move(minutes=5)
    bounce(asked)
    clock.move(days=31)
    plan(asked.connector, asked.shop.id)
    assert "breached" in states(asked)


def test_another_address_is_written_to_at_once(asked: House, clock: Clock) -> None:
    clock.move(minutes=5)
    bounce(asked)
    clock.move(minutes=5)
    asked.tell(order("1001", line(), seen=10, email="ann@elsewhere.example"))
    plan(asked.connector, asked.shop.id)
    perform(asked.connector, asked.shop.id)
    assert [letter.to for letter in asked.post.sent] == ["ann@example.com", "ann@elsewhere.example"]
    assert states(asked) == ["met", "met"]


def test_a_delivery_changes_nothing(asked: House, clock: Clock) -> None:
    clock.move(minutes=5)
    bounce(asked, NoticeOutcome.DELIVERED)
    assert (states(asked), tasks(asked)) == (["met"], [])


def test_a_mail_that_the_service_will_not_take_was_not_given_either(asked: House, clock: Clock) -> None:
    clock.move(minutes=5)
    asked.post.trouble["ann@example.com"] = Terminal("refused")
    perform(asked.connector, asked.shop.id)
    plan(asked.connector, asked.shop.id)
    assert states(asked) == ["met", "open"]
