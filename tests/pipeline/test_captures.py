"""Money that is reserved is proposed to be taken, taken by one click or at once, and its end is told days ahead."""

import dataclasses
from datetime import timedelta

import pytest

from connector.domain.effects import CapturePayment, Means
from connector.domain.errors import NeedsMerchant, Retryable, Undecided
from connector.domain.facts import OrderSnapshot, OrderState, Reserve, SupplyRow
from connector.domain.obligations import Answer
from connector.pipeline.captures import approve
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.ports import Taken
from connector.store import orderbook, proposals, shops, supplies
from connector.store.ledger import chain
from connector.store.tables import problems
from tests.conftest import NOW, Clock
from tests.pipeline.given import Desk, House
from tests.store.given import item, level, line, order, read, supply

UNTIL = NOW + timedelta(days=7)
HELD = Reserve(held=True, until=UNTIL)


@pytest.fixture
def desk(home: House) -> Desk:
    home.stall.desk = made = Desk()
    set_to(home, captures="propose")
    return made


def set_to(home: House, **settings: object) -> None:
    with home.connector.db.begin() as tx:
        all_of_it = {"settle_seconds": 0, "staff_email": "staff@example.com", **settings}
        shops.change_settings(tx, home.shop.id, all_of_it)


def money(seen: float = 0, reserve: Reserve | None = HELD, *, charged: bool = False) -> OrderSnapshot:
    gateway = "cards" if reserve and reserve.held else ""
    told = order("1", line(quantity=3), seen=seen)
    return dataclasses.replace(told, authorised=gateway, charged=charged, reserve=reserve)


def turn(home: House, *facts: object) -> None:
    home.tell(*facts)  # type: ignore[arg-type]
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


def rows(home: House) -> list[tuple[str, str]]:
    with home.connector.db.begin() as tx:
        return [(one.effect.key, one.status) for one in proposals.of_order(tx, home.shop.id, CapturePayment, "1")]


def told(home: House, kind: str = "capture") -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, problems, "text", kind=kind, solved_at=None)


def recorded(home: House) -> list[tuple[str, object]]:
    with home.connector.db.begin() as tx:
        found = chain(tx, home.shop.id, "1")
    return [(one.kind, one.entry.get("sure")) for one in found if one.kind.startswith("Payment")]


def alerts(home: House) -> list[str]:
    return [letter.subject for letter in home.post.sent if letter.to == "staff@example.com"]


def fills(home: House) -> None:
    turn(home, item(), level(available=-2), money())
    turn(home, level(available=0, seen=5))


def test_it_is_proposed_once_all_is_there_and_taken_by_one_click(home: House, desk: Desk) -> None:
    fills(home)
    why = "All of it is there. What is reserved is to be taken."
    assert told(home) == [f"Order #1: {why} Have it taken from the order's page, or do so in the store."]
    assert (rows(home), desk.captured, alerts(home)) == ([("capture:1", "proposed")], [], [])
    assert approve(home.connector, home.shop.id, "1") is True
    perform(home.connector, home.shop.id)
    assert (rows(home), [one.asked for one in desk.captured]) == ([("capture:1", "done")], [1])
    assert recorded(home) == [("PaymentApproved", None), ("PaymentTaken", True)]
    assert told(home) == ["Order #1: its money has been taken. This goes once the store has told us so by itself."]
    turn(home, money(9, None, charged=True))
    assert (told(home), approve(home.connector, home.shop.id, "1"), len(desk.captured)) == ([], False, 1)


def test_it_is_taken_at_once_where_the_merchant_wants_that(home: House, desk: Desk) -> None:
    set_to(home, captures="filled")
    fills(home)
    assert ([one.key for one in desk.captured], recorded(home)) == (["capture:1"], [("PaymentTaken", True)])


def test_it_is_taken_before_it_lapses_too_where_the_merchant_wants_that_and_nobody_is_bothered(
    home: House, desk: Desk, clock: Clock
) -> None:
    set_to(home, captures="automatic")
    turn(home, item(), level(available=-2), money())
    clock.move(days=5)
    turn(home)
    assert ([one.key for one in desk.captured], recorded(home)) == (["capture:1"], [("PaymentTaken", True)])
    assert (told(home), alerts(home)) == ([], [])


def test_a_payment_method_that_was_left_is_charged_once_all_is_there(home: House, desk: Desk) -> None:
    set_to(home, captures="filled")
    turn(home, item(), level(available=-2), money(reserve=Reserve(mandate=True)))
    assert desk.captured == []
    turn(home, level(available=0, seen=5))
    assert [(one.key, one.means) for one in desk.captured] == [("charge:1", Means.MANDATE)]


def test_the_end_of_what_is_reserved_is_told_days_ahead_and_mailed_once(
    home: House, desk: Desk, clock: Clock
) -> None:
    turn(home, item(), level(available=-2), money())
    assert (told(home), rows(home), alerts(home)) == ([], [], [])
    clock.move(days=5)
    turn(home)
    assert rows(home) == [("capture:1", "proposed")]
    (said,) = told(home)
    assert said.startswith("Order #1: What is reserved lapses on ")
    assert alerts(home) == ["The reserved money of 1 order is about to lapse"]
    turn(home, money(9))
    assert (len(alerts(home)), desk.captured) == (1, [])
    clock.move(days=2)
    turn(home)
    assert rows(home) == []
    assert told(home)[0].startswith("Order #1: The money that was reserved for it lapsed before its goods came")


def test_what_is_not_called_for_any_more_is_proposed_no_more(home: House, desk: Desk, clock: Clock) -> None:
    turn(home, item(), level(available=-2), money())
    clock.move(days=5)
    turn(home)
    soon = (NOW + timedelta(days=6)).date()
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(SupplyRow("SKU-A", 9, soon, "PO-1")), home.connector.clock())
    set_to(home, cold_start_days=0)
    turn(home)
    assert (rows(home), told(home)) == ([], [])


def test_what_the_merchant_has_asked_for_is_taken_although_it_does_not_wait_for_it_any_more(
    home: House, desk: Desk, clock: Clock
) -> None:
    desk.takes = Retryable("busy")
    turn(home, item(), level(available=-2), money())
    clock.move(days=5)
    turn(home)
    approve(home.connector, home.shop.id, "1")
    perform(home.connector, home.shop.id)
    turn(home, money(500_000, Reserve(held=True, until=UNTIL + timedelta(days=30))))
    desk.takes = Taken.NOW
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    assert recorded(home)[-1] == ("PaymentTaken", True)


def test_an_order_that_never_waited_is_left_to_its_merchant(home: House, desk: Desk, clock: Clock) -> None:
    turn(home, item(), level(available=5), money())
    clock.move(days=6)
    turn(home)
    assert (rows(home), told(home)) == ([], [])


def test_a_failure_is_told_and_can_be_asked_for_again(home: House, desk: Desk) -> None:
    fills(home)
    desk.takes = NeedsMerchant("The card was declined.")
    approve(home.connector, home.shop.id, "1")
    perform(home.connector, home.shop.id)
    assert (rows(home), told(home, "payment")) == ([("capture:1", "dead")], ["Order #1: The card was declined."])
    desk.takes = Taken.NOW
    assert approve(home.connector, home.shop.id, "1") is True
    perform(home.connector, home.shop.id)
    assert [one.asked for one in desk.captured] == [1, 2]
    assert (rows(home), told(home, "payment")) == ([("capture:1", "done")], [])
    assert [kind for kind, _ in recorded(home)] == [
        "PaymentApproved",
        "PaymentNotTaken",
        "PaymentApproved",
        "PaymentTaken",
    ]


@pytest.mark.parametrize("answered", [True, False])
def test_money_whose_answer_was_lost_is_written_down_when_it_is_seen(
    home: House, desk: Desk, clock: Clock, answered: bool
) -> None:
    """By the store's own answer, or by its webhook, which comes first."""
    set_to(home, captures="filled")
    desk.takes = Retryable("The store did not answer")
    fills(home)
    desk.takes = Taken.BEFORE
    if not answered:
        home.tell(money(9, None, charged=True))
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    assert recorded(home) == [("PaymentTaken", False)]
    assert rows(home) == [("capture:1", "done")]
    assert len(desk.captured) == (2 if answered else 1)


def test_money_that_somebody_else_took_first_is_not_ours(home: House, desk: Desk) -> None:
    set_to(home, captures="filled")
    desk.takes = Taken.BEFORE
    fills(home)
    assert (recorded(home), len(desk.captured)) == ([], 1)


def test_an_order_that_is_cancelled_has_nothing_to_take(home: House, desk: Desk) -> None:
    fills(home)
    gone = dataclasses.replace(money(9), state=OrderState.CANCELLED)
    turn(home, gone)
    assert (rows(home), told(home)) == ([], [])


def test_what_was_begun_and_told_later_is_written_down_as_taken(home: House, desk: Desk, clock: Clock) -> None:
    set_to(home, captures="filled")
    desk.takes = Undecided("Shopify does not say yet what became of the payment", 30.0)
    fills(home)
    tries = len(desk.captured)
    clock.move(minutes=1)
    desk.takes = Taken.BEFORE
    perform(home.connector, home.shop.id)
    assert (len(desk.captured), rows(home)) == (tries + 1, [("capture:1", "done")])
    assert recorded(home) == [("PaymentTaken", False)]


def test_what_was_begun_and_is_told_by_the_store_s_own_message_is_written_down_as_taken(
    home: House, desk: Desk, clock: Clock
) -> None:
    set_to(home, captures="filled")
    desk.takes = Undecided("Shopify does not say yet what became of the payment", 30.0)
    fills(home)
    home.tell(money(9, None, charged=True))
    plan(home.connector, home.shop.id)
    clock.move(minutes=1)
    perform(home.connector, home.shop.id)
    assert (rows(home), recorded(home)) == ([("capture:1", "done")], [("PaymentTaken", False)])


@pytest.mark.parametrize("captures", ["propose", "filled", "automatic"])
def test_nothing_is_taken_or_proposed_for_an_order_that_its_customer_has_cancelled_whole(
    home: House, desk: Desk, clock: Clock, captures: str
) -> None:
    set_to(home, captures=captures, jurisdiction="us_ftc")
    turn(home, item(), level(available=-2), money())
    with home.connector.db.begin() as tx:
        orderbook.put_answer(tx, home.shop.id, "1", Answer.CANCEL, home.connector.clock())
    turn(home)
    clock.move(days=8)
    turn(home, money(500_000))
    assert (rows(home), desk.captured, told(home), told(home, "payment"), alerts(home)) == ([], [], [], [], [])
    assert told(home, "refund")[0].startswith("What has not shipped of order #1 counts as cancelled")


def test_what_has_shipped_is_paid_though_nothing_of_it_is_left_to_ship(home: House, desk: Desk) -> None:
    set_to(home, captures="filled")
    turn(home, item(), level(available=-2), money())
    gone = dataclasses.replace(order("1", line(quantity=3, shipped=3, taken=0), seen=9), charged=False)
    turn(home, dataclasses.replace(gone, authorised="cards", reserve=HELD))
    assert [one.key for one in desk.captured] == ["capture:1"]


def test_what_was_to_be_taken_at_once_is_only_proposed_where_the_merchant_wants_to_be_asked_meanwhile(
    home: House, desk: Desk, clock: Clock
) -> None:
    set_to(home, captures="filled")
    desk.takes = Retryable("busy")
    fills(home)
    tries = len(desk.captured)
    set_to(home, captures="propose")
    turn(home, money(9))
    desk.takes = Taken.NOW
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    assert (rows(home), len(desk.captured), recorded(home)) == ([("capture:1", "proposed")], tries, [])
    assert told(home)[0].endswith("Have it taken from the order's page, or do so in the store.")
    assert approve(home.connector, home.shop.id, "1") is True
    perform(home.connector, home.shop.id)
    assert recorded(home)[-1] == ("PaymentTaken", True)
