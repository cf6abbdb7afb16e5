"""Orders for which no money was taken end without a refund, in other words, and in the store as well."""

import dataclasses

import pytest

from connector.domain.effects import CancelLines
from connector.domain.facts import OrderSnapshot, OrderState
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import proposals, shops
from connector.store.ledger import chain
from connector.store.tables import duties, problems
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order, read

LEFT = (
    "What has not shipped of order #1001 counts as cancelled; nothing was charged for it. Have it cancelled from the"
    " order's page, or do so in the store, so that nothing is charged later."
)


def turn(home: House) -> None:
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)


def snapshot(seen: float = 0, *, charged: bool = False, state: OrderState = OrderState.OPEN) -> OrderSnapshot:
    return dataclasses.replace(order("1001", line(), state=state, seen=seen), charged=charged)


def lapsed(home: House, clock: Clock, *, charged: bool, cancellations: str = "propose") -> House:
    """Order 1001 under the FTC's rule, whose customer was asked to choose and said nothing: it is over."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc", "cancellations": cancellations})
    home.tell(item(), level(available=-1), snapshot(charged=charged))
    turn(home)
    clock.move(days=61)
    turn(home)
    return home


@pytest.fixture
def uncharged(home: House, clock: Clock) -> House:
    return lapsed(home, clock, charged=False)


def told(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, problems, "text", kind="refund", solved_at=None)


def texts(home: House) -> str:
    return "\n".join(letter.text for letter in home.post.sent)


def test_its_customer_reads_nothing_of_money_that_goes_back(uncharged: House) -> None:
    said = texts(uncharged)
    assert "cancel what has not shipped and pay nothing for it: it has not been charged." in said
    assert "cancelled, and nothing is charged for it." in said
    assert "It has not been charged, so there is nothing to give back." in said
    assert "Nothing was ever charged for it." in said
    assert "money" not in said


def test_a_customer_who_was_charged_reads_of_the_money(home: House, clock: Clock) -> None:
    said = texts(lapsed(home, clock, charged=True))
    assert "get all your money for it back" in said
    assert "You get back all that you paid for it" in said
    assert "charged" not in said


def test_the_duty_to_refund_is_met_by_the_statement(uncharged: House) -> None:
    with uncharged.connector.db.begin() as tx:
        assert read(tx, duties, "state", duty="refund") == ["met"]
        kinds = [one.kind for one in chain(tx, uncharged.shop.id, "1001")]
    assert kinds[-4:].count("RefundStatement") == 1


def test_it_is_proposed_to_cancel_it_in_the_store_too(uncharged: House) -> None:
    assert told(uncharged) == [LEFT]
    with uncharged.connector.db.begin() as tx:
        (row,) = proposals.of_order(tx, uncharged.shop.id, CancelLines, "1001")
    assert (row.status, row.effect.lines) == ("proposed", (("1", 1),))
    assert uncharged.stall.refunds == []


def test_once_the_store_shows_it_cancelled_nothing_is_left_to_do(uncharged: House) -> None:
    uncharged.tell(snapshot(9_000_000, state=OrderState.CANCELLED))
    turn(uncharged)
    assert told(uncharged) == []
    with uncharged.connector.db.begin() as tx:
        assert [row.status for row in proposals.of_order(tx, uncharged.shop.id, CancelLines, "1001")] == ["done"]


def test_at_once_it_is_cancelled_in_the_store_by_itself(home: House, clock: Clock) -> None:
    lapsed(home, clock, charged=False, cancellations="automatic")
    assert [one.key for one in home.stall.refunds] == ["cancel:1001:1"]


def test_who_is_charged_meanwhile_gets_the_money_back(home: House, clock: Clock) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1), snapshot())
    turn(home)
    home.tell(snapshot(60, charged=True))
    clock.move(days=61)
    turn(home)
    with home.connector.db.begin() as tx:
        assert read(tx, duties, "state", duty="refund") == ["open"]
    assert "You get back all that you paid for it" in home.post.sent[-1].text
