"""What counts as cancelled is cancelled and given back in the store: asked first or at once, once, never silently."""

import pytest
import sqlalchemy as sa

from connector.domain.effects import CancelLines
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.domain.facts import OrderState
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.refunds import approve
from connector.store import proposals, shops
from connector.store.ledger import chain
from connector.store.tables import problems
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order

KEY = "cancel:1001:1"


def lapsed(home: House, clock: Clock, setting: str) -> House:
    """Order 1001 under the FTC's rule, whose customer was asked to choose and said nothing: it is over."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc", "cancellations": setting})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    clock.move(days=61)
    plan(home.connector, home.shop.id)
    return home


@pytest.fixture
def proposed(home: House, clock: Clock) -> House:
    return lapsed(home, clock, "propose")


@pytest.fixture
def automatic(home: House, clock: Clock) -> House:
    return lapsed(home, clock, "automatic")


def tasks(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        open_ones = sa.select(problems.c.text).where(problems.c.solved_at.is_(None))
        return list(tx.scalars(open_ones.where(problems.c.kind.in_(("refund", "access", "dead_letter")))))


def rows(home: House) -> list[tuple[str, str]]:
    with home.connector.db.begin() as tx:
        return [(one.status, one.said) for one in proposals.of_order(tx, home.shop.id, CancelLines, "1001")]


def recorded(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.kind for one in chain(tx, home.shop.id, "1001") if one.kind.startswith("Refund")]


def status(home: House) -> str:
    with home.connector.db.begin() as tx:
        return shops.get(tx, home.shop.id).status


def test_a_cancellation_waits_for_the_merchant_and_says_so(proposed: House) -> None:
    perform(proposed.connector, proposed.shop.id)
    assert proposed.stall.refunds == []
    assert rows(proposed) == [("proposed", "")]
    (task,) = tasks(proposed)
    assert task.endswith("Have it cancelled and given back from the order's page, or do so in the store.")


def test_one_click_has_it_carried_out_once(proposed: House) -> None:
    assert approve(proposed.connector, proposed.shop.id, "1001")
    assert not approve(proposed.connector, proposed.shop.id, "1001")
    perform(proposed.connector, proposed.shop.id)
    perform(proposed.connector, proposed.shop.id)
    (asked,) = proposed.stall.refunds
    assert (asked.key, asked.lines, asked.reason) == (KEY, (("1", 1),), "Not shipped in time")
    said = "The store gave back 40.00 EUR and the order is cancelled in it."
    assert rows(proposed) == [("done", said)]
    assert tasks(proposed) == [f"Order #1001: {said} This goes once the store has told us so by itself."]
    assert recorded(proposed) == ["RefundApproved", "RefundMade"]


def test_it_is_done_at_once_where_the_merchant_has_said_so(automatic: House) -> None:
    perform(automatic.connector, automatic.shop.id)
    assert [one.key for one in automatic.stall.refunds] == [KEY]
    assert recorded(automatic) == ["RefundMade"]


def test_the_store_s_own_word_ends_the_task(automatic: House, clock: Clock) -> None:
    perform(automatic.connector, automatic.shop.id)
    clock.move(minutes=1)
    automatic.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED, refunded=True))
    plan(automatic.connector, automatic.shop.id)
    assert tasks(automatic) == []
    assert recorded(automatic)[-1] == "RefundStatement"


def test_money_that_went_back_in_the_store_takes_the_proposal_away(proposed: House, clock: Clock) -> None:
    clock.move(minutes=1)
    proposed.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED, refunded=True))
    plan(proposed.connector, proposed.shop.id)
    assert rows(proposed) == [("done", "It was done in the store.")]
    assert not approve(proposed.connector, proposed.shop.id, "1001")


def test_a_late_refund_ends_its_task_too(proposed: House, clock: Clock) -> None:
    clock.move(days=20)
    plan(proposed.connector, proposed.shop.id)
    (task,) = tasks(proposed)
    assert "This is overdue." in task
    proposed.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED, refunded=True))
    plan(proposed.connector, proposed.shop.id)
    assert tasks(proposed) == []


def test_what_takes_a_person_becomes_the_task_and_pauses_no_store(automatic: House) -> None:
    automatic.stall.gives_back = NeedsMerchant("Give 40.00 EUR back by hand.")
    perform(automatic.connector, automatic.shop.id)
    assert rows(automatic) == [("dead", "Give 40.00 EUR back by hand.")]
    assert tasks(automatic) == ["Order #1001: Give 40.00 EUR back by hand."]
    assert status(automatic) == "active"
    assert recorded(automatic) == ["RefundRefused"]


def test_what_was_not_carried_out_can_be_asked_for_again(automatic: House) -> None:
    automatic.stall.gives_back = Terminal("The store is upset.")
    perform(automatic.connector, automatic.shop.id)
    assert approve(automatic.connector, automatic.shop.id, "1001")
    perform(automatic.connector, automatic.shop.id)
    assert [one.key for one in automatic.stall.refunds] == [KEY, KEY]


def test_a_store_that_is_busy_is_asked_again_later(automatic: House, clock: Clock) -> None:
    automatic.stall.gives_back = Retryable("The store answered 503")
    perform(automatic.connector, automatic.shop.id)
    assert rows(automatic) == [("due", "The store answered 503")]
    clock.move(minutes=1)
    perform(automatic.connector, automatic.shop.id)
    assert [one.key for one in automatic.stall.refunds] == [KEY, KEY]
    assert recorded(automatic) == []


def test_letters_of_the_order_do_not_wait_for_its_refund(automatic: House) -> None:
    automatic.stall.gives_back = Retryable("The store answered 503")
    perform(automatic.connector, automatic.shop.id)
    assert automatic.post.sent[-1].category == "cancelled"


def test_an_order_that_is_cancelled_in_the_store_is_left_to_whoever_did_it(home: House, clock: Clock) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc", "cancellations": "automatic"})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    plan(home.connector, home.shop.id)
    clock.move(minutes=1)
    home.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED))
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert (home.stall.refunds, rows(home)) == ([], [("proposed", "")])
