"""What a plan needs is loaded in one piece, and what it says is kept: lines, listings, ledger, news."""

from datetime import timedelta

import pytest

from connector.domain.balance import Balance
from connector.domain.board import LineAfter, OrderAfter, OrderLine, StockAfter
from connector.domain.effects import ListingState, WriteListing
from connector.domain.facts import Fact, OrderState, SupplyRow
from connector.domain.promise import Filled, Promise, PromiseMade, Reason
from connector.pipeline.connector import Connector
from connector.store import orderbook, plans, shops, supplies
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.plans import Totals
from connector.store.shops import Shop
from connector.store.tables import items, ledger, lines, orders
from connector.store.tables import plans as table
from tests.conftest import NOW, open_shop
from tests.store.dating import AS_SAID
from tests.store.given import at, item, level, line, order, read, supply

TODAY = NOW.date()
ETA = TODAY + timedelta(days=10)
PROMISE = Promise(ETA, "acme/PO-1", ETA)
DOUBT = Balance(3, gap=-2, least=-2, since=at(1), at=at(1))


def folded(tx: Tx, shop: Shop, *facts: Fact) -> None:
    """A store with an item that is sold beyond its stock, and what else there is."""
    fold(tx, shop.id, [item(), level(), *facts], NOW)


def said(*new: LineAfter, **more: object) -> StockAfter:
    """A plan of the stock A."""
    entries = tuple(
        PromiseMade(one.order, one.line, one.waiting, ETA, None, Reason.NEW, "acme/PO-1", ETA)
        for one in new
        if one.promise
    )
    return StockAfter("A", new, entries, (), more.get("listings", ()), more.get("balance"), more.get("again"))  # type: ignore[arg-type]


def test_a_plan_sees_lines_lots_items_and_count(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", line(quantity=4, shipped=1), priority=7), level("A", -3, seen=1))
        supplies.fold_supply(tx, shop.id, supply(SupplyRow("SKU-A", 9, ETA, "PO-1")), NOW)
        (before,) = plans.load(tx, shop.id, ["A"], AS_SAID)
    assert (before.stock, before.on_hand, before.balance) == ("A", 0, None)
    (one,) = before.lines
    assert (one.claim.order, one.claim.line, one.claim.quantity, one.claim.rank) == ("1", "1", 3, 7)
    assert (one.claim.held, one.promise, one.filled, one.waiting) == (0, None, 0, 0)
    assert [(lot.id, lot.quantity, lot.ready) for lot in before.lots] == [("acme/PO-1", 9, ETA)]
    assert [(sold.item, sold.sells_beyond, sold.on_sale, sold.written) for sold in before.items] == [
        ("A", True, True, None)
    ]


def test_a_parent_that_only_holds_stock_is_not_offered(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("P", stock_only=True), item("S", stock="P", parent="P")], NOW)
        assert [one.item for one in plans.load(tx, shop.id, ["P"], AS_SAID)[0].items] == ["S"]


def test_what_is_not_counted_is_sold_beyond_where_it_is_sold_as_waiting(connector: Connector, shop: Shop) -> None:
    waits = item(tracked=False, on_backorder=True, sells_beyond=False)
    with connector.db.begin() as tx:
        fold(tx, shop.id, [waits], NOW)
        assert plans.load(tx, shop.id, ["A"], AS_SAID)[0].items[0].sells_beyond is True


def test_what_a_plan_said_is_what_the_next_one_finds(connector: Connector, shop: Shop) -> None:
    shown = WriteListing("A", None, ListingState.BACKORDER, ETA, 4, "words")
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", line(quantity=3)))
        after = said(LineAfter("1", "1", 1, 2, PROMISE), listings=(shown,), balance=DOUBT, again=at(2))
        plans.save(tx, shop.id, [after], NOW)
        (before,) = plans.load(tx, shop.id, ["A"], AS_SAID)
        assert plans.dirty_stocks(tx, shop.id, 9) == ()
    (one,) = before.lines
    assert (one.promise, one.filled, one.waiting, one.claim.held) == (PROMISE, 1, 2, 1)
    assert before.items[0].written == shown
    assert before.balance == DOUBT


def test_the_ledger_keeps_every_entry_with_its_time(connector: Connector, shop: Shop) -> None:
    entry = PromiseMade("1", "1", 2, ETA, None, Reason.NEW, "acme/PO-1", ETA)
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", line(quantity=3)))
        after = StockAfter(
            "A", (LineAfter("1", "1", 1, 2, PROMISE),), (entry, Filled("1", "1", 1)), (), (), None, None
        )
        plans.save(tx, shop.id, [after], at(3))
        assert read(tx, ledger, "id", "at", "kind", "order", "line")[0][1:] == (at(3), "PromiseMade", "1", "1")
        assert [row["reason"] if "reason" in row else row["quantity"] for row in read_entries(tx)] == ["new", 1]


def read_entries(tx: Tx) -> list[dict[str, object]]:
    """The entries of the ledger in the order in which they were made."""
    return [row[1] for row in read(tx, ledger, "id", "entry")]


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.COMPLETED])
def test_closed_orders_are_planned_no_more(connector: Connector, shop: Shop, state: OrderState) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", state=state))
        assert plans.load(tx, shop.id, ["A"], AS_SAID)[0].lines == ()


def test_news_of_an_order_is_told_once_with_all_its_open_lines(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", line(id="1", quantity=3), line(id="2", quantity=1), line(id="3", shipped=1)))
        plans.save(tx, shop.id, [said(LineAfter("1", "1", 1, 2, PROMISE))], NOW)
        (before,) = orderbook.load_news(tx, shop.id, None, NOW)
        assert (before.order, before.number, before.email, before.stage) == ("1", "#1", "ann@example.com", "")
        assert (before.told_eta, before.notices, before.silent) == (None, 0, False)
        assert before.lines == (
            OrderLine("1", "Thing A", 3, 2, ETA, True, sku="SKU-A", filled=1),
            OrderLine("2", "Thing A", 1, 0, None, False, sku="SKU-A"),
        )
        assert orderbook.load_news(tx, shop.id, None, NOW) == ()


def test_a_line_that_only_gained_units_has_not_changed_for_the_customer(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", line(quantity=3)))
        plans.save(tx, shop.id, [said(LineAfter("1", "1", 0, 3, PROMISE))], NOW)
        orderbook.load_news(tx, shop.id, None, NOW)
        more = StockAfter("A", (LineAfter("1", "1", 2, 1, PROMISE),), (Filled("1", "1", 2),), (), (), None, None)
        plans.save(tx, shop.id, [more], NOW)
        (before,) = orderbook.load_news(tx, shop.id, None, NOW)
        assert before.lines == (OrderLine("1", "Thing A", 3, 1, ETA, False, sku="SKU-A", filled=2),)


@pytest.mark.parametrize(("told_since", "silent"), [(None, False), (at(1), True), (at(0), False)])
def test_an_order_of_before_the_store_was_connected_is_silent(
    connector: Connector, shop: Shop, told_since: object, silent: bool
) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1", placed_at=at(0)))
        plans.save(tx, shop.id, [said(LineAfter("1", "1", 0, 1, PROMISE))], NOW)
        assert [one.silent for one in orderbook.load_news(tx, shop.id, told_since, NOW)] == [silent]  # type: ignore[arg-type]


def test_what_customers_were_told_is_kept(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop, order("1"), order("2"))
        orderbook.save(tx, shop.id, [OrderAfter("1", "waiting", ETA, 3)], NOW)
        told = read(tx, orders, "order", "stage", "told_eta", "notices")
        assert told == [("1", "waiting", ETA, 3), ("2", "", None, 0)]


def test_backordered_and_backlog_are_different_numbers(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        assert plans.totals(tx, shop.id) == Totals(0, 0)
        cancelled = order("2", line(quantity=9), state=OrderState.CANCELLED)
        folded(tx, shop, order("1", line(quantity=5, shipped=1)), cancelled)
        plans.save(tx, shop.id, [said(LineAfter("1", "1", 1, 3, PROMISE))], NOW)
        assert plans.totals(tx, shop.id) == Totals(backordered=3, backlog=4)


def test_a_short_count_is_looked_at_again_when_its_time_has_come(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop)
        plans.save(tx, shop.id, [said(again=at(2))], NOW)
        assert plans.next_look(tx, shop.id) == at(2)
        plans.mark_due(tx, shop.id, TODAY, at(1))
        assert plans.stores_dirty(tx, at(1)) == ()
        assert plans.stores_dirty(tx, at(2)) == (shop.id,)
        plans.mark_due(tx, shop.id, TODAY, at(2))
        assert read(tx, table, "stock", "dirty", "look_again_at") == [("A", True, None)]
        assert plans.next_look(tx, shop.id) is None


def test_a_closed_store_is_not_planned(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        folded(tx, shop)
        assert plans.stores_dirty(tx, NOW) == (shop.id,)
        shops.set_status(tx, shop.id, "closed")
        assert plans.stores_dirty(tx, NOW) == ()


def test_no_more_stocks_are_taken_than_asked(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        plans.mark_dirty(tx, shop.id, ["C", "A", "B", "A"])
        assert plans.dirty_stocks(tx, shop.id, 2) == ("A", "B")


def test_a_plan_touches_one_store_only(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            folded(tx, one, order("1", line(quantity=3)))
            orderbook.load_news(tx, one.id, None, NOW)
        shown = WriteListing("A", None, ListingState.BACKORDER, ETA, 4, "words")
        plans.save(tx, shop.id, [said(LineAfter("1", "1", 1, 2, PROMISE), listings=(shown,))], NOW)
        assert read(tx, lines, "filled", "waiting", store=other.id) == [(0, 0)]
        assert read(tx, items, "written", store=other.id) == [None]
        assert read(tx, ledger, "order", store=other.id) == []
        assert plans.dirty_stocks(tx, other.id, 9) == ("A",)
        assert orderbook.load_news(tx, other.id, None, NOW) == ()
