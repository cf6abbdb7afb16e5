"""What becomes of an order is shown in the store, noted and paid: once, and told where it fails."""

import dataclasses
from datetime import date

import pytest
import sqlalchemy as sa

from connector.domain.effects import Part, WriteOrder
from connector.domain.errors import NeedsMerchant, Retryable, RightWanted, ShutOut
from connector.domain.facts import OrderSnapshot, SupplyRow
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.ports import Taken
from connector.store import shops, supplies
from connector.store.ledger import chain
from connector.store.tables import lines, outbox, problems
from tests.conftest import Clock
from tests.pipeline.given import Desk, House
from tests.store.given import item, level, line, order, read, supply


@pytest.fixture
def desk(home: House) -> Desk:
    home.stall.desk = made = Desk()
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"capture_filled": "stripe", "settle_seconds": 0})
    return made


def turn(home: House, *facts: object) -> None:
    home.tell(*facts)  # type: ignore[arg-type]
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


def reserved(seen: float = 0, gateway: str = "stripe", units: int = 3) -> OrderSnapshot:
    return dataclasses.replace(order("1", line(quantity=units), seen=seen), authorised=gateway)


def part(ready: int, waiting: int) -> WriteOrder:
    return WriteOrder("1", (Part("1", ready, waiting, None),))


def payments(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.kind for one in chain(tx, home.shop.id, "1") if one.kind.startswith("Payment")]


def told(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, problems, "text", kind="payment", solved_at=None)


def test_an_order_shows_how_it_stands_whenever_that_changes(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=-2), order("1", line(quantity=3)))
    turn(home, order("1", line(quantity=3), seen=1))
    assert desk.written == [part(1, 2)]
    assert desk.links[0].startswith(f"{home.connector.config.url}/o/")
    turn(home, level(available=0, seen=5))
    assert desk.written == [part(1, 2), part(3, 0)]


def test_an_order_that_never_waits_is_left_alone(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=5), order("1", line(quantity=3)))
    assert (desk.written, desk.notes) == ([], [])


def test_a_right_that_only_orders_want_is_told_once_and_waited_for(home: House, desk: Desk, clock: Clock) -> None:
    desk.lacks = RightWanted("The app lacks write_orders.")
    turn(home, item(), level(available=-2), order("1", line(quantity=3)))
    turn(home, level(available=-1, seen=5))
    with home.connector.db.begin() as tx:
        told = read(tx, problems, "kind", "subject", "text", "times", solved_at=None)
        assert shops.get(tx, home.shop.id).status == "active"
    said = "The app lacks write_orders."
    assert sorted(map(tuple, told)) == [("rights", "note", said, 1), ("rights", "order", said, 1)]
    desk.lacks = None
    perform(home.connector, home.shop.id)
    assert (desk.written, desk.notes) == ([], [])
    clock.move(hours=1)
    perform(home.connector, home.shop.id)
    assert (desk.written, len(desk.notes)) == ([part(2, 1)], 2)
    with home.connector.db.begin() as tx:
        assert read(tx, problems, "text", kind="rights", solved_at=None) == []


def test_a_part_that_can_ship_is_noted_once_for_each_part(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=-2), order("1", line(quantity=3)))
    turn(home, order("1", line(quantity=3), seen=1))
    turn(home, level(available=-1, seen=5))
    assert [one.text for one in desk.notes] == [
        "Ready to ship: 1 × Thing A. Waiting: 2 × Thing A (no date yet).",
        "Ready to ship: 2 × Thing A. Waiting: 1 × Thing A (no date yet).",
    ]


def test_a_date_that_was_noted_and_moves_is_noted_again(home: House, desk: Desk) -> None:
    for day in (date(2026, 12, 3), date(2026, 12, 20), date(2026, 12, 20)):
        with home.connector.db.begin() as tx:
            supplies.fold_supply(tx, home.shop.id, supply(SupplyRow("SKU-A", 9, day, "PO-1")), home.connector.clock())
        turn(home, item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    assert [one.text.partition(" Waiting: ")[2] for one in desk.notes] == [
        "2 × Thing A (expected by 3 December 2026).",
        "2 × Thing A (expected by 20 December 2026).",
    ]


def test_money_is_taken_when_the_last_unit_is_there_and_written_down(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=-2), reserved())
    assert (desk.captured, payments(home)) == ([], [])
    turn(home, level(available=0, seen=5))
    assert [(one.key, one.gateway) for one in desk.captured] == [("capture:1", "stripe")]
    assert payments(home) == ["PaymentTaken"]


def test_the_store_s_word_of_what_we_did_is_nothing_new(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=0), reserved())
    mails = len(home.post.sent)
    turn(home, reserved(seen=2, gateway=""))
    turn(home, reserved(seen=3))
    assert (len(desk.captured), payments(home), len(home.post.sent)) == (1, ["PaymentTaken"], mails)


def test_money_that_was_charged_or_is_another_gateways_is_left_alone(home: House, desk: Desk) -> None:
    turn(home, item(), level(available=0), reserved(gateway=""))
    turn(home, reserved(seen=1, gateway="bacs"))
    assert desk.captured == []


def test_an_order_that_was_moved_on_by_somebody_else_is_not_ours(home: House, desk: Desk) -> None:
    desk.takes = Taken.NOTHING
    turn(home, item(), level(available=0), reserved())
    assert (len(desk.captured), payments(home), told(home)) == (1, [], [])


def test_money_that_was_not_taken_is_told_and_pauses_no_store(home: House, desk: Desk) -> None:
    desk.takes = NeedsMerchant("Stripe did not take it.")
    turn(home, item(), level(available=0), reserved())
    assert payments(home) == ["PaymentNotTaken"]
    assert told(home) == ["Order #1: Stripe did not take it."]
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "active"


def test_a_store_that_is_busy_is_asked_again(home: House, desk: Desk, clock: Clock) -> None:
    desk.takes = Retryable("The store answered 503")
    turn(home, item(), level(available=0), reserved())
    assert (payments(home), told(home)) == ([], [])
    desk.takes = Taken.NOW
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    assert payments(home) == ["PaymentTaken"]


def test_money_is_not_taken_for_an_order_that_waits_again_until_all_is_there_again(
    home: House, desk: Desk, clock: Clock
) -> None:
    desk.takes = Retryable("The store answered 503")
    turn(home, item(), level(available=0), reserved())
    desk.takes, tried = Taken.NOW, len(desk.captured)
    home.tell(level(available=-2, seen=5))
    plan(home.connector, home.shop.id)
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    assert (len(desk.captured), payments(home)) == (tried, [])
    turn(home, level(available=0, seen=9))
    assert (len(desk.captured), payments(home)) == (tried + 1, ["PaymentTaken"])


def test_money_of_an_order_of_which_a_part_counts_as_cancelled_is_left_to_a_person(home: House, desk: Desk) -> None:
    both = dataclasses.replace(order("1", line(), line(id="2"), seen=0), authorised="stripe")
    home.tell(item(), level(available=-2), both)
    plan(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        gone = {"cancelled": True, "open": False, "filled": 0, "waiting": 0}
        tx.execute(sa.update(lines).where(lines.c.line == "2").values(gone))
    turn(home, level(available=-1, seen=5))
    turn(home, level(available=0, seen=6))
    assert (desk.captured, payments(home)) == ([], ["PaymentNotTaken"])
    assert told(home) == [
        "Order #1: A part of it counts as cancelled: take the money for the rest in the store by hand."
    ]


def test_a_platform_without_a_desk_is_asked_for_nothing(home: House) -> None:
    turn(home, item(), level(available=-2), reserved())
    with home.connector.db.begin() as tx:
        assert [kind for kind in read(tx, outbox, "kind") if kind in ("order", "note", "capture")] == []


def test_a_store_that_lets_us_in_no_more_loses_nothing_of_what_goes_once(home: House, desk: Desk) -> None:
    desk.takes = ShutOut("Connect the store again.")
    turn(home, item(), level(available=0), reserved())
    assert (len(desk.captured), payments(home), told(home)) == (1, [], [])
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "paused"
        assert read(tx, problems, "text", kind="access", solved_at=None) == ["Connect the store again."]
        shops.set_status(tx, home.shop.id, "active")
    desk.takes = Taken.NOW
    perform(home.connector, home.shop.id)
    assert payments(home) == ["PaymentTaken"]
