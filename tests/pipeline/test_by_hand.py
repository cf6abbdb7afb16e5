"""A customer whom no mail can tell is told by the merchant, and that it was so stands in the ledger."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from connector.domain.errors import BadInput
from connector.domain.facts import SupplyRow
from connector.domain.record import Note
from connector.pipeline.by_hand import told, untold
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.proof import pack, proof_of
from connector.store import orderbook, shops, supplies
from connector.store.ledger import chain
from connector.store.problems import open_problems
from connector.store.tables import duties
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order, supply

SAID = Note("Bob rang Ann", "she waits")


def waiting(home: House, law: str = "us_ftc", **more: str) -> House:
    """Order 1001 waits, and its customer has no address."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": law})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line(), email="", **more))
    plan(home.connector, home.shop.id)
    return home


@pytest.fixture
def alone(home: House) -> House:
    return waiting(home)


def states(home: House) -> list[tuple[str, str, str]]:
    with home.connector.db.begin() as tx:
        d = duties.c
        return [tuple(row) for row in tx.execute(sa.select(d.duty, d.state, d.by_hand).order_by(d.opened_at))]


def tasks(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.text for one in open_problems(tx, home.shop.id) if one.kind == "staff"]


def kinds(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.kind for one in chain(tx, home.shop.id, "1001")]


def tell(home: House, how: str = "telephone", offered: str = "") -> None:
    told(home.connector, home.shop.id, "1001", how, NOW, SAID, offered)


def test_what_has_to_be_said_is_what_the_mail_would_have_said(alone: House) -> None:
    found = untold(alone.connector, alone.shop.id, "1001")
    assert found is not None and found.option is not None
    assert (found.option.eta, found.option.silence_means, found.in_writing) == (None, "cancel", False)
    assert found.task in tasks(alone)


def test_a_call_meets_the_duty_ends_the_task_and_sends_nothing(alone: House, clock: Clock) -> None:
    assert states(alone) == [("first_option", "open", "")]
    clock.move(minutes=5)
    tell(alone)
    assert states(alone) == [("first_option", "met", "telephone")]
    assert tasks(alone) == []
    assert kinds(alone)[-3:] == ["ToldByHand", "OptionNotice", "ObligationMet"]
    perform(alone.connector, alone.shop.id)
    assert alone.post.sent == []


def test_the_proof_says_who_told_whom_when_and_how(alone: House, clock: Clock) -> None:
    clock.move(minutes=5)
    tell(alone)
    proof = proof_of(alone.connector, alone.shop.id, "1001")
    assert proof is not None and proof.broken is None
    says = [one.sentence for one in proof.said]
    assert (
        "The merchant told the customer (Bob rang Ann) by telephone at 23 November 2026, 12:00 UTC. Note: “she waits”"
        in says
    )
    assert pack(proof)["duties"][0]["by_hand"] == "by telephone"
    assert any("was done in time by telephone; it was due by" in one for one in says)


def test_once_is_enough(alone: House) -> None:
    tell(alone)
    assert untold(alone.connector, alone.shop.id, "1001") is None
    with pytest.raises(BadInput):
        tell(alone)
    assert kinds(alone).count("ToldByHand") == 1


def test_a_date_that_has_changed_since_it_was_shown_is_not_what_was_told(alone: House) -> None:
    with pytest.raises(BadInput, match="has changed"):
        tell(alone, offered="2027-01-05")
    assert states(alone) == [("first_option", "open", "")]


@pytest.mark.parametrize(
    "when", [NOW + timedelta(minutes=1), NOW - timedelta(minutes=1), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_a_time_that_has_not_come_or_was_before_the_order_is_refused(alone: House, when: datetime) -> None:
    with pytest.raises(BadInput, match="between the order and now"):
        told(alone.connector, alone.shop.id, "1001", "letter", when, SAID)


def test_the_date_that_was_told_is_the_one_that_the_customer_agrees_to(alone: House) -> None:
    with alone.connector.db.begin() as tx:
        said = supply(SupplyRow("SKU-A", 9, date(2027, 1, 5), "PO-1"))
        supplies.fold_supply(tx, alone.shop.id, said, NOW)
    plan(alone.connector, alone.shop.id)
    found = untold(alone.connector, alone.shop.id, "1001")
    assert found is not None and found.offered >= "2027-01-05"
    tell(alone, offered=found.offered)
    with alone.connector.db.begin() as tx:
        before = orderbook.look_up(tx, alone.shop.id, "1001")
    assert before is not None and before.clock is not None and before.clock.r_day is not None
    assert before.clock.r_day.isoformat() == found.offered



def test_a_law_that_wants_it_in_writing_takes_a_letter_only(home: House) -> None:
    waiting(home, "us_california")
    with pytest.raises(BadInput, match="in writing"):
        tell(home)
    tell(home, "letter")
    assert states(home) == [("first_option", "met", "letter")]


def test_an_end_that_no_mail_can_tell_of_is_a_task_until_it_is_told(alone: House, clock: Clock) -> None:
    clock.move(days=31)
    plan(alone.connector, alone.shop.id)
    (task,) = tasks(alone)
    assert task.endswith("what became of the order and its money: no e-mail can go out.")
    tell(alone)
    assert tasks(alone) == []
    assert kinds(alone)[-1] == "ToldByHand"


def test_who_can_be_told_by_mail_is_not_told_by_hand(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    plan(home.connector, home.shop.id)
    assert untold(home.connector, home.shop.id, "1001") is None
    with pytest.raises(BadInput):
        tell(home)


@pytest.mark.parametrize("named", ["404", "10\x0001"])
def test_an_order_that_there_is_not_has_nothing_to_tell(alone: House, named: str) -> None:
    assert untold(alone.connector, alone.shop.id, named) is None
