"""Who reports a mail as spam or unsubscribes gets no more; what the law asks for is left to the merchant's hand."""

import pytest
import sqlalchemy as sa

from connector.domain.facts import NoticeEvent, NoticeOutcome, OrderState
from connector.pipeline.by_hand import untold
from connector.pipeline.hear import hear
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.proof import proof_of
from connector.store import plans, shops
from connector.store.problems import open_problems
from connector.store.tables import duties
from connector.store.unwanted import unwanted
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order

TEXT = (
    "The customer of order {} has reported a mail of this store as spam or unsubscribed, so that none goes out any"
    " more. What the law asks for becomes a task: tell it by telephone or letter."
)


@pytest.fixture
def told(home: House, clock: Clock) -> House:
    """Order 1001 waits, and its customer has been told so by mail."""
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    act(home)
    clock.move(minutes=5)
    return home


def act(home: House) -> None:
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)


def complain(home: House, event: str = "e1") -> None:
    notice = home.post.sent[0].notice_id
    hear(home.connector, [NoticeEvent(event, notice, NoticeOutcome.UNWANTED, NOW, "reported as spam")])


def shown(home: House) -> dict[str, str]:
    with home.connector.db.begin() as tx:
        return {one.kind: one.text for one in open_problems(tx, home.shop.id)}


def states(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return list(tx.scalars(sa.select(duties.c.state).order_by(duties.c.opened_at)))


def test_no_more_mail_goes_to_the_customer_whatever_the_order_and_however_it_is_spelled(
    told: House, clock: Clock
) -> None:
    complain(told)
    told.tell(item("B"), level("B", available=-1))
    told.tell(order("1002", line("B"), email="ANN@example.com"), order("1003", line("B"), email="bob@example.com"))
    act(told)
    assert [letter.to for letter in told.post.sent] == ["ann@example.com", "bob@example.com"]


def test_the_merchant_is_told_once_for_an_order_as_long_as_it_waits(told: House, clock: Clock) -> None:
    complain(told)
    act(told)
    assert shown(told) == {"unwanted": TEXT.format("#1001")}
    act(told)
    clock.move(minutes=1)
    told.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED))
    act(told)
    assert shown(told) == {}


def test_it_is_written_down_behind_the_notice(told: House) -> None:
    complain(told)
    proof = proof_of(told.connector, told.shop.id, "1001")
    assert proof is not None
    assert proof.said[-1].sentence == (
        "The mail service reports the notice unwanted, so that its customer gets no more mail from this store, at"
        " 23 November 2026, 12:00 UTC: reported as spam."
    )


def test_a_notice_of_law_becomes_a_duty_for_the_merchant_s_hand(told: House, clock: Clock) -> None:
    complain(told)
    with told.connector.db.begin() as tx:
        shops.change_settings(tx, told.shop.id, {"jurisdiction": "us_ftc"})
        plans.mark_dirty(tx, told.shop.id, ["A"])
    act(told)
    assert states(told) == ["open"]
    assert "the customer wants none" in shown(told)["staff"]
    assert untold(told.connector, told.shop.id, "1001") is not None
    assert len(told.post.sent) == 1


def test_the_plan_wakes_for_it_by_itself(told: House) -> None:
    with told.connector.db.begin() as tx:
        assert plans.stores_dirty(tx, told.connector.clock()) == ()
    complain(told)
    with told.connector.db.begin() as tx:
        assert plans.stores_dirty(tx, told.connector.clock()) == (told.shop.id,)


def test_a_letter_that_was_on_its_way_is_given_up_in_words(told: House, clock: Clock) -> None:
    with told.connector.db.begin() as tx:
        shops.change_settings(tx, told.shop.id, {"jurisdiction": "us_ftc"})
    told.tell(level(available=-2, seen=5), order("1001", line(quantity=2), seen=5))
    plan(told.connector, told.shop.id)
    assert states(told) == ["met"]
    clock.move(minutes=1)
    complain(told)
    perform(told.connector, told.shop.id)
    assert len(told.post.sent) == 1
    assert shown(told)["dead_letter"] == "Given up after 1 try: the customer wants no mail of this store"
    plan(told.connector, told.shop.id)
    assert states(told) == ["met", "open"]


def test_another_address_is_written_to(told: House, clock: Clock) -> None:
    complain(told)
    told.tell(order("1001", line(quantity=2), seen=10, email="ann@elsewhere.example"))
    act(told)
    told.tell(item("B"), level("B", available=-1))
    told.tell(order("1002", line("B"), email="ann@elsewhere.example"))
    act(told)
    assert [letter.to for letter in told.post.sent][1:] == ["ann@elsewhere.example"]


def test_only_this_store_is_meant_and_only_these_addresses(told: House) -> None:
    complain(told)
    with told.connector.db.begin() as tx:
        assert unwanted(tx, told.shop.id, ["ann@example.com", "bob@example.com", ""]) == {"ann@example.com"}
        assert unwanted(tx, "other", ["ann@example.com"]) == frozenset()
        assert unwanted(tx, told.shop.id, [""]) == frozenset()
