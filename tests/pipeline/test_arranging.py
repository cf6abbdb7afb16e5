"""What waits is held back in a store as its merchant wants it; what fails is told, and stops nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from connector.domain.effects import ArrangeOrder, HeldLine
from connector.domain.errors import ConnectorError, NeedsMerchant, Retryable, Terminal
from connector.domain.facts import Assignments, Fact, OrderState, SupplyRow
from connector.domain.obligations import Answer
from connector.pipeline.disconnect import ask, disconnect
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.pipeline.remove import remove
from connector.ports import Arranged, Kept, StoreAccess
from connector.store import arrangements, leaving, orderbook, problems, reports_products, shops, supplies
from connector.store.tables import lines, outbox
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read, supply

APRIL = date(2027, 4, 1)


@dataclass
class Warehouse:
    """What a store is asked to hold back, and what it says of it."""

    asked: list[tuple[ArrangeOrder, Kept]] = field(default_factory=list)
    answers: list[Arranged | Exception] = field(default_factory=list)

    def arrange(self, access: StoreAccess, wanted: ArrangeOrder, before: Kept) -> Arranged:
        self.asked.append((wanted, before))
        units = {one.line: one.units for one in wanted.lines}
        answer = self.answers.pop(0) if self.answers else Arranged(Kept(units, units))
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def last(self) -> ArrangeOrder:
        return self.asked[-1][0]


@pytest.fixture
def warehouse(home: House) -> Warehouse:
    home.stall.fulfilment = made = Warehouse()
    settings(home, settle_seconds=0, hold_waiting=True)
    return made


def settings(home: House, **given: object) -> None:
    """Set as the desk does it: open orders are looked at again."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, given)
        reports_products.plan_again(tx, home.shop.id, home.connector.clock(), dates=True)


def turn(home: House, *facts: Fact) -> None:
    home.tell(*facts)
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


def coming(home: House, *rows: SupplyRow) -> None:
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)


def held(*units: tuple[str, int], eta: date | None = None) -> tuple[HeldLine, ...]:
    ready = datetime(2027, 4, 1, tzinfo=UTC)
    return tuple(
        HeldLine(name, count, eta if count else None, ready if eta and count else None, None) for name, count in units
    )


def units(warehouse: Warehouse) -> list[tuple[tuple[str, int], ...]]:
    return [tuple((one.line, one.units) for one in wanted.lines) for wanted, _ in warehouse.asked]


def told(home: House) -> list[tuple[str, str]]:
    with home.connector.db.begin() as tx:
        found = problems.open_problems(tx, home.shop.id)
        return [(one.subject, one.text) for one in found if one.kind in ("hold", "dead_letter")]


def two_lines(**more: object) -> Sequence[Fact]:
    whole = order("1", line("A", 3, id="1"), line("B", 2, id="2"), seen=1, **more)
    return item("A"), item("B"), level("A", -2, seen=1), level("B", 0, seen=1), whole


def test_nothing_is_held_unless_the_merchant_wants_it(home: House) -> None:
    home.stall.fulfilment = warehouse = Warehouse()
    turn(home, *two_lines())
    assert warehouse.asked == []


def test_what_waits_is_held_and_what_has_come_is_not_any_more(home: House, warehouse: Warehouse) -> None:
    coming(home, SupplyRow("SKU-A", 5, APRIL))
    turn(home, *two_lines())
    assert warehouse.asked == [(ArrangeOrder("1", "#1", held(("1", 2), ("2", 0), eta=APRIL)), Kept())]
    turn(home, level("A", -1, seen=5))
    turn(home, level("A", 0, seen=6))
    assert units(warehouse)[1:] == [(("1", 1), ("2", 0)), (("1", 0), ("2", 0))]
    assert warehouse.asked[1][1] == Kept({"1": 2, "2": 0}, {"1": 2, "2": 0})


def test_an_order_that_never_waits_is_left_alone_and_one_that_is_told_again_as_well(
    home: House, warehouse: Warehouse
) -> None:
    turn(home, item("A"), level("A", 5), order("1", line("A", 3)))
    assert warehouse.asked == []
    turn(home, *two_lines())
    turn(home, order("1", line("A", 3, id="1"), line("B", 2, id="2"), seen=9))
    assert len(warehouse.asked) == 1


def test_an_order_that_ships_together_is_held_whole_until_its_customer_asks_for_what_is_there(
    home: House, warehouse: Warehouse
) -> None:
    settings(home, partial_shipments="ask")
    turn(home, *two_lines())
    assert units(warehouse) == [(("1", 3), ("2", 2))]
    with home.connector.db.begin() as tx:
        orderbook.put_answer(tx, home.shop.id, "1", Answer.PARTIAL, NOW)
    turn(home)
    assert units(warehouse)[-1] == (("1", 2), ("2", 0))


def test_an_order_that_ships_together_is_released_when_all_of_it_is_there(home: House, warehouse: Warehouse) -> None:
    settings(home, partial_shipments="no")
    turn(home, *two_lines())
    turn(home, level("A", 0, seen=5))
    assert units(warehouse) == [(("1", 3), ("2", 2)), (("1", 0), ("2", 0))]


def test_an_order_that_its_customer_has_cancelled_whole_stays_held_until_it_ends_in_the_store(
    home: House, warehouse: Warehouse
) -> None:
    settings(home, jurisdiction="us_ftc")
    turn(home, item(), level(available=-2), order("1", line(quantity=3), seen=1))
    with home.connector.db.begin() as tx:
        orderbook.put_answer(tx, home.shop.id, "1", Answer.CANCEL, NOW)
    turn(home)
    turn(home, order("1", line(quantity=3), seen=2))
    assert units(warehouse) == [(("1", 2),)]
    turn(home, replace(order("1", line(quantity=3), seen=3), state=OrderState.CANCELLED))
    assert (warehouse.last.over, len(warehouse.asked)) == (True, 2)


def test_units_that_count_as_cancelled_are_not_named_and_so_stay_held(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines())
    with home.connector.db.begin() as tx:
        gone = {"cancelled": True, "open": False, "filled": 0, "waiting": 0}
        tx.execute(sa.update(lines).where(lines.c.line == "1").values(gone))
    turn(home, order("1", line("A", 3, id="1"), line("B", 2, id="2"), seen=9))
    assert (units(warehouse)[-1], warehouse.last.over) == ((("2", 0),), False)


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.COMPLETED])
def test_an_order_that_is_over_is_let_go_once(home: House, warehouse: Warehouse, state: OrderState) -> None:
    turn(home, *two_lines())
    shipped = 3 if state is OrderState.COMPLETED else 0
    ended = order("1", line("A", 3, id="1", shipped=shipped), line("B", 2, id="2", shipped=shipped and 2), seen=9)
    turn(home, replace(ended, state=state))
    assert (warehouse.last, len(warehouse.asked)) == (ArrangeOrder("1", "#1", (), over=True), 2)
    turn(home, replace(ended, state=state, seen_at=at(20)))
    assert len(warehouse.asked) == 2


def test_a_merchant_who_wants_no_holds_any_more_has_them_released(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines())
    settings(home, hold_waiting=False)
    turn(home)
    assert (warehouse.last, len(warehouse.asked)) == (ArrangeOrder("1", "#1", (), over=True), 2)


def test_a_day_to_leave_by_is_that_of_the_segment_or_the_promised_one(home: House, warehouse: Warehouse) -> None:
    settings(home, hold_waiting=False, fulfil_by=True, sla_days="b2b=5", timezone="America/New_York")
    coming(home, SupplyRow("SKU-A", 9, APRIL))
    turn(home, *two_lines(), order("2", line("A"), seen=2, segment="b2b"))
    by = {wanted.order: [one.ship_by for one in wanted.lines] for wanted, _ in warehouse.asked}
    assert by == {
        "1": [datetime(2027, 4, 2, 3, 59, 59, tzinfo=UTC), None],
        "2": [datetime(2026, 11, 29, 4, 59, 59, tzinfo=UTC)],
    }
    assert {wanted.over for wanted, _ in warehouse.asked} == {True}
    assert {one.units for wanted, _ in warehouse.asked for one in wanted.lines} == {0}


def test_what_cannot_be_held_is_told_and_looked_at_again_when_something_happens_to_it(
    home: House, warehouse: Warehouse
) -> None:
    warehouse.answers = [Arranged(Kept({"1": 2}, again=True), "2 units are being packed.")]
    turn(home, *two_lines())
    assert told(home) == [("1", "Order #1: 2 units are being packed.")]
    turn(home, order("1", line("A", 3, id="1"), line("B", 2, id="2"), seen=5))
    assert len(warehouse.asked) == 1
    turn(home, Assignments("1", (), (), at(6)))
    assert (len(warehouse.asked), told(home)) == (2, [])
    turn(home, Assignments("1", (), (), at(7)))
    assert len(warehouse.asked) == 2


def test_what_cannot_be_held_is_looked_at_again_too_when_the_store_is_read_for_what_it_did_not_tell(
    home: House, warehouse: Warehouse
) -> None:
    warehouse.answers = [Arranged(Kept({"1": 2}, again=True), "2 units are being packed.")]
    turn(home, *two_lines())
    for _ in range(2):
        reconcile(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)
    assert (len(warehouse.asked), told(home)) == (2, [])


def test_what_was_kept_is_read_back_as_it_was(home: House) -> None:
    by = datetime(2027, 4, 1, tzinfo=UTC)
    kept = Kept({"1": 2}, {"1": 1}, {"1": 1}, {by.isoformat(): by}, (by,), again=True)
    with home.connector.db.begin() as tx:
        arrangements.put(tx, home.shop.id, "1", kept)
        assert arrangements.known(tx, home.shop.id, "1") == kept
        assert arrangements.known(tx, home.shop.id, "2") == Kept()


def test_a_missing_right_is_told_once_and_stops_neither_the_store_nor_its_letters(
    home: House, warehouse: Warehouse, clock: Clock
) -> None:
    lacks = NeedsMerchant("The app lacks a right.")
    warehouse.answers = [lacks, lacks]
    turn(home, *two_lines(), order("2", line("A"), seen=2))
    assert (told(home), len(warehouse.asked), len(home.post.sent)) == ([("", "The app lacks a right.")], 1, 2)
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "active"
    for minutes, tries in ((10, 1), (6, 2), (16, 4)):
        clock.move(minutes=minutes)
        turn(home)
        assert len(warehouse.asked) == tries
    assert told(home) == []


def test_a_store_that_is_busy_is_asked_again_and_one_that_refuses_is_told(
    home: House, warehouse: Warehouse, clock: Clock
) -> None:
    warehouse.answers = [Retryable("away"), Terminal("Shopify does not hold it")]
    turn(home, *two_lines())
    assert told(home) == []
    clock.move(minutes=5)
    turn(home)
    assert told(home) == [("1", "Order #1: Shopify does not hold it")]
    turn(home, level("A", -1, seen=5))
    assert told(home) == []


def test_whoever_ends_in_the_middle_takes_nothing_that_he_did_for_somebodys_hand(
    home: House, warehouse: Warehouse, clock: Clock
) -> None:
    turn(home, *two_lines())
    with home.connector.db.begin() as tx:
        arrangements.put(tx, home.shop.id, "1", Kept({"1": 2}, {"1": 2}, {"2": 1}))
    warehouse.answers = [RuntimeError("ended")]
    turn(home, level("A", -1, seen=5))
    clock.move(minutes=5)
    turn(home)
    first, second = (before for _, before in warehouse.asked[1:])
    assert (first.held, first.free) == ({"1": 2}, {"2": 1})
    assert (second.asked, second.held, second.free) == ({"1": 2}, {}, {"2": 1})


def test_holds_are_released_when_the_store_is_let_go(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines(), order("2", line("A"), seen=2))
    warehouse.asked.clear()
    warehouse.answers = [Terminal("hidden")]
    done = remove(home.connector, home.shop.id)
    assert [wanted for wanted, _ in warehouse.asked] == [ArrangeOrder(one, "", (), over=True) for one in ("1", "2")]
    assert (done.released, [(one.item, one.error) for one in done.held]) == (1, [("1", "hidden")])
    with home.connector.db.begin() as tx:
        assert arrangements.orders_of(tx, home.shop.id) == ()


def test_a_merchant_who_disconnects_is_told_what_is_still_held(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines())
    warehouse.answers = [Terminal("hidden")]
    ask(home.connector, home.shop.id)
    disconnect(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        (said,) = [one.text for one in problems.open_problems(tx, home.shop.id) if one.kind == "leaving"]
    assert said.endswith("not everything that was held back could be released (1 order): order 1: hidden")


def test_a_store_that_is_away_keeps_its_holds_to_be_released_later(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines())
    away: ConnectorError = Retryable("away")
    warehouse.answers = [away]
    with pytest.raises(Retryable):
        remove(home.connector, home.shop.id)
    assert remove(home.connector, home.shop.id).released == 1


def test_a_store_is_not_left_while_a_worker_holds_something_back_in_it(home: House, warehouse: Warehouse) -> None:
    turn(home, *two_lines())
    with home.connector.db.begin() as tx:
        claimed = {"status": "sending", "available_at": at(2)}
        tx.execute(sa.update(outbox).where(outbox.c.kind == "arrange").values(claimed))
        assert leaving.is_being_written(tx, home.shop.id, NOW)


def test_a_store_that_holds_nothing_back_is_asked_for_nothing(home: House) -> None:
    settings(home, hold_waiting=True, fulfil_by=True)
    turn(home, *two_lines())
    with home.connector.db.begin() as tx:
        assert "arrange" not in read(tx, outbox, "kind")
