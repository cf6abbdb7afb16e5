"""The plan runs over what is dirty, tells each customer once, and says nothing where nothing is new."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Retryable
from connector.domain.facts import Fact, OrderGone, OrderState, SupplyRow
from connector.domain.obligations import Answer
from connector.pipeline.perform import perform
from connector.pipeline.plan import Planned, plan
from connector.store import orderbook, plans, shops, supplies
from connector.store.plans import Totals
from connector.store.tables import items, ledger, lines, outbox
from tests.conftest import NOW, Clock
from tests.pipeline.given import House, subjects
from tests.store.given import at, item, level, line, order, read, supply

SOON, LATER = date(2026, 12, 1), date(2026, 12, 20)


def coming(home: House, expected: date | None = SOON, quantity: int = 10, name: str = "A") -> None:
    """What Acme says is coming."""
    said = supply(SupplyRow(f"SKU-{name}", quantity, expected, "PO-1"))
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, said, home.connector.clock())


def turn(home: House) -> Planned:
    """One plan, and what follows carried out."""
    planned = plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    return planned


def totals(home: House) -> Totals:
    """The open units."""
    with home.connector.db.begin() as tx:
        return plans.totals(tx, home.shop.id)


def test_an_order_beyond_stock_is_promised_shown_and_told(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    coming(home)
    turn(home)
    assert totals(home) == Totals(backordered=2, backlog=3)
    assert home.stall.written == [
        [
            WriteListing(
                "A",
                None,
                ListingState.BACKORDER,
                SOON,
                8,
                "Available on backorder: 8 units can ship by 1 December 2026.",
            )
        ]
    ]
    assert subjects(home.post.sent) == ["Your order #1 is on backorder, expected by 1 December 2026"]


def test_planning_again_without_news_leaves_no_trace(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    coming(home)
    turn(home)
    before = traces(home)
    with home.connector.db.begin() as tx:
        plans.mark_dirty(tx, home.shop.id, ["A"])
    again = turn(home)
    assert [(one.lines, one.entries, one.listings) for one in again.stocks] == [((), (), ())]
    assert again.notices == ()
    assert traces(home) == before


def traces(home: House) -> list[list[tuple[object, ...]]]:
    """All that a plan leaves behind."""
    with home.connector.db.begin() as tx:
        return [
            [tuple(row) for row in tx.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in (outbox, ledger, lines, items)
        ]


def test_a_date_that_moves_is_told_to_everybody_whom_it_touches_and_nobody_else(home: House) -> None:
    home.tell(item("A"), item("B"), level("A", -1, seen=1), level("B", -1, seen=1))
    home.tell(order("1", line("A")), order("2", line("B", id="2")))
    for name in "AB":
        said = supply(SupplyRow(f"SKU-{name}", 9, SOON, "PO-1"), supplier=name)
        with home.connector.db.begin() as tx:
            supplies.fold_supply(tx, home.shop.id, said, NOW)
    turn(home)
    with home.connector.db.begin() as tx:
        later = supply(SupplyRow("SKU-A", 9, LATER, "PO-1"), supplier="A")
        supplies.fold_supply(tx, home.shop.id, later, NOW)
    home.post.sent.clear()
    turn(home)
    assert subjects(home.post.sent) == ["Your order #1: new date 20 December 2026"]


def test_an_order_with_lines_of_two_stocks_gets_one_notice(home: House) -> None:
    home.tell(item("A"), item("B"), level("A"), level("B"))
    home.tell(order("1", line("A", id="1", taken=0), line("B", id="2", taken=0)))
    coming(home)
    assert [notice.key for notice in turn(home).notices] == ["notice:1:1"]


def test_goods_that_come_in_bring_the_last_notice(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    coming(home)
    turn(home)
    home.tell(level(available=8, seen=2))
    turn(home)
    assert "Your order #1 is being made ready to ship" in subjects(home.post.sent)
    assert totals(home) == Totals(backordered=0, backlog=3)
    assert home.stall.written[-1][0].state is ListingState.IN_STOCK


def test_a_cancelled_order_frees_its_units_for_the_next(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=2)), order("2", line(quantity=2)))
    turn(home)
    assert totals(home) == Totals(backordered=2, backlog=4)
    home.tell(order("1", line(quantity=2, taken=0), seen=2, state=OrderState.CANCELLED), level(available=0, seen=2))
    turn(home)
    assert totals(home) == Totals(backordered=0, backlog=2)
    assert subjects(home.post.sent) == ["Your order #2 is being made ready to ship", "Your order #2 is on backorder"]


def test_an_order_that_comes_back_after_its_units_were_given_away_waits(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0, seen=1), order("1", line(quantity=2)))
    turn(home)
    home.tell(OrderGone("1", at(2)), level(available=0, seen=2), order("2", line(quantity=2), placed_at=at(1)))
    turn(home)
    home.tell(order("1", line(quantity=2), seen=3), level(available=-2, seen=3))
    turn(home)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "order", "filled", "waiting") == [("1", 0, 2), ("2", 2, 0)]
    assert subjects(home.post.sent) == ["Your order #1 is on backorder"]


def test_shipping_a_part_leaves_the_rest_waiting_at_once(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    coming(home)
    turn(home)
    home.tell(order("1", line(quantity=3, shipped=1), seen=2))
    planned = turn(home)
    assert totals(home) == Totals(backordered=2, backlog=2)
    assert [(one.entries, one.balance and one.balance.doubted) for one in planned.stocks] == [((), False)]
    assert len(home.post.sent) == 1


def test_an_edit_changes_the_totals_and_not_the_promise(home: House) -> None:
    home.tell(item(), level(available=-2, seen=1), order("1", line(quantity=3)))
    coming(home)
    turn(home)
    home.tell(order("1", line(quantity=5), seen=2), level(available=-4, seen=2))
    turn(home)
    assert totals(home) == Totals(backordered=4, backlog=5)
    assert len(home.post.sent) == 1
    home.tell(order("1", line(quantity=1), seen=3), level(available=0, seen=3))
    turn(home)
    assert totals(home) == Totals(backordered=0, backlog=1)
    assert "Your order #1 is being made ready to ship" in subjects(home.post.sent)


def test_a_count_that_runs_ahead_of_its_order_puts_nobody_back(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0, seen=1), order("1", line(quantity=3)))
    turn(home)
    home.tell(level(available=-2, seen=2))
    home.stall.order_pages = {None: Retryable("the store is slow")}
    turn(home)
    clock.move(seconds=30)
    home.tell(order("2", line(quantity=2), placed_at=at(1.5), seen=2))
    turn(home)
    clock.move(seconds=90)
    turn(home)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "order", "filled", "waiting") == [("1", 3, 0), ("2", 0, 2)]
    assert subjects(home.post.sent) == ["Your order #2 is on backorder"]


def test_a_count_that_stays_low_is_believed_after_the_window(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0, seen=1), order("1", line(quantity=3)))
    turn(home)
    home.tell(level(available=-2, seen=2))
    home.stall.order_pages = {None: Retryable("the store is slow")}
    turn(home)
    clock.move(seconds=899)
    assert turn(home).stocks == ()
    clock.move(seconds=1)
    turn(home)
    assert totals(home) == Totals(backordered=2, backlog=3)
    assert subjects(home.post.sent) == ["Your order #1 is on backorder"]


def test_a_promised_day_that_ends_is_told_without_any_fact(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=0), order("1", line(taken=0)))
    coming(home, NOW.date())
    turn(home)
    clock.now = NOW.replace(hour=23, minute=59)
    assert turn(home) == Planned((), ())
    clock.move(minutes=1)
    assert [notice.template for notice in turn(home).notices] == ["eta_changed"]


def test_a_sku_that_gets_its_supply_later_gets_its_promise_then(home: House) -> None:
    coming(home)
    home.tell(item(), level(available=0), order("1", line(taken=0)))
    turn(home)
    assert subjects(home.post.sent) == ["Your order #1 is on backorder, expected by 1 December 2026"]


@pytest.mark.parametrize(("days", "expected"), [(2, 0), (0.5 / 24, 1)])
def test_orders_of_before_the_store_was_connected_are_kept_silent(
    home: House, days: float, expected: int
) -> None:
    placed = NOW - timedelta(days=days)
    home.tell(item(), level(available=0), order("1", line(taken=0), placed_at=placed))
    coming(home)
    turn(home)
    assert len(home.post.sent) == expected
    assert totals(home) == Totals(1, 1)


def test_a_merchant_may_have_imported_orders_told_too(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"tell_imported": True})
    home.tell(item(), level(available=0), order("1", line(taken=0), placed_at=NOW - timedelta(days=9)))
    turn(home)
    assert len(home.post.sent) == 1


def test_a_closed_store_is_not_planned(home: House) -> None:
    home.tell(item(), level(available=0), order("1", line(taken=0)))
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "closed")
    assert turn(home) == Planned((), ())
    assert totals(home) == Totals(0, 1)


def test_more_stocks_than_a_batch_are_planned_and_each_order_is_told_once(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.pipeline.plan.BATCH", 2)
    names = "ABCDE"
    facts: list[Fact] = [fact for name in names for fact in (item(name), level(name))]
    home.tell(*facts, order("1", *(line(name, id=name, taken=0) for name in names)))
    planned = turn(home)
    assert [one.stock for one in planned.stocks] == list(names)
    assert [(notice.order, len(notice.lines)) for notice in planned.notices] == [("1", 5)]


def test_the_day_that_was_stated_at_the_order_goes_before_the_time_of_the_order(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"fill_order": "nearest_deadline", "sla_days": "b2b=3"})
    stated = replace(order("2", line(), placed_at=at(1)), stated_days=5)
    firm = replace(order("3", line(), placed_at=at(2)), segment="b2b")
    home.tell(item(), level(available=-1, seen=3), order("1", line()), stated, firm)
    turn(home)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "order", "filled", "waiting") == [("1", 0, 1), ("2", 1, 0), ("3", 1, 0)]


def sofa_and_lamp(home: House, **settings: object) -> None:
    """One lamp on the shelf; the first order wants it with a sofa that is on its way, the second only a lamp."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, settings)
    home.tell(item("A"), item("B"), level("A", -1, seen=3), level("B", -1, seen=3))
    home.tell(order("1", line("A", id="1"), line("B", id="2")), order("2", line("A"), placed_at=at(1)))
    rows = (SupplyRow("SKU-A", 1, SOON, "PO-1"), SupplyRow("SKU-B", 1, LATER, "PO-1"))
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)


def plan_of(home: House) -> list[tuple[str, str, int, date | None]]:
    """Order, line, units on hand and date of what waits."""
    with home.connector.db.begin() as tx:
        return read(tx, lines, "order", "line", "filled", "eta")


def test_without_partial_shipments_an_order_gives_what_it_cannot_use_yet_to_the_next(home: House) -> None:
    sofa_and_lamp(home, partial_shipments="no")
    turn(home)
    assert plan_of(home) == [("1", "1", 0, LATER), ("1", "2", 0, LATER), ("2", "1", 1, None)]
    assert subjects(home.post.sent) == ["Your order #1 is on backorder, expected by 20 December 2026"]


def test_news_of_one_line_replans_the_other_lines_of_its_order(home: House) -> None:
    sofa_and_lamp(home, partial_shipments="no")
    turn(home)
    home.post.sent.clear()
    with home.connector.db.begin() as tx:
        rows = (SupplyRow("SKU-A", 1, SOON, "PO-1"), SupplyRow("SKU-B", 1, date(2027, 1, 8), "PO-1"))
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)
    assert [one.stock for one in turn(home).stocks] == ["A", "B"]
    assert {eta for _, _, _, eta in plan_of(home)} == {date(2027, 1, 8), None}
    assert subjects(home.post.sent) == ["Your order #1: new date 8 January 2027"]


def test_who_is_asked_and_takes_a_part_gets_what_is_there(home: House) -> None:
    sofa_and_lamp(home, partial_shipments="ask")
    with home.connector.db.begin() as tx:
        orderbook.put_answer(tx, home.shop.id, "1", Answer.PARTIAL, NOW)
    turn(home)
    assert plan_of(home) == [("1", "1", 1, None), ("1", "2", 0, LATER), ("2", "1", 0, SOON)]


def test_a_waiting_line_that_is_taken_off_an_order_is_not_said_to_be_in_stock(home: House, clock: Clock) -> None:
    home.tell(item("A"), item("B"), level("A", -3, seen=1), level("B", 5, seen=1))
    home.tell(order("1", line("A", 3, id="a"), line("B", id="b")), order("2", line("A", 2, id="a")))
    turn(home)
    home.post.sent.clear()
    clock.move(minutes=5)
    home.tell(level("A", 0, seen=5), order("1", line("B", id="b"), seen=5), order("2", line("B", id="c"), seen=5))
    turn(home)
    assert subjects(home.post.sent) == [f"Your order #{one} is being made ready to ship" for one in (1, 2)]
    assert [letter for letter in home.post.sent if "Thing A" in letter.text] == []
