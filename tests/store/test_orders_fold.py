"""Snapshots of orders become rows: the newer one wins, whatever came first."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from connector.domain.effects import FetchFact
from connector.domain.facts import OrderGone, OrderState, Reserve
from connector.pipeline.connector import Connector
from connector.store import outbox, plans
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import lines, orders
from connector.store.tables import plans as plan_table
from tests.conftest import NOW, open_shop
from tests.store.given import at, item, level, line, order, read


def state(tx: Tx) -> list[tuple[str, bool, int, int]]:
    """The orders' state and their lines: open or not, quantity, shipped."""
    by_order = dict(read(tx, orders, "order", "state"))
    return [(by_order[row[0]], *row[1:]) for row in read(tx, lines, "order", "open", "quantity", "shipped")]


def test_an_order_is_kept_as_the_platform_showed_it(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(), order("1001", line(quantity=3), seen=1)], NOW)
        assert read(tx, orders, "number", "email", "name", "placed_at", "seen_at", "stage", "notices") == [
            ("#1001", "ann@example.com", "Ann", NOW, at(1), "", 0)
        ]
        assert read(tx, lines, "item", "stock", "sku", "title", "open", "quantity", "taken", "filled") == [
            ("A", "A", "SKU-A", "Thing A", True, 3, 3, 0)
        ]


def test_a_newer_snapshot_replaces_and_an_older_one_changes_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(quantity=3), seen=1)], NOW)
        fold(tx, shop.id, [order("1", line(quantity=5), seen=3)], NOW)
        fold(tx, shop.id, [order("1", line(quantity=4), seen=2)], NOW)
        assert state(tx) == [("open", True, 5, 0)]


@pytest.mark.parametrize("first", [0, 1])
def test_of_one_instant_the_one_that_is_further_along_wins(connector: Connector, shop: Shop, first: int) -> None:
    both = [order("1", line(quantity=3)), order("1", line(quantity=3), state=OrderState.CANCELLED)]
    with connector.db.begin() as tx:
        fold(tx, shop.id, [both[first]], NOW)
        fold(tx, shop.id, [both[1 - first]], NOW)
        assert state(tx) == [("cancelled", False, 3, 0)]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("name", ["Ann", "Bob", "Carla", "Dora"])  # whose digests come in other orders
def test_of_one_instant_the_one_whose_money_was_taken_wins(
    connector: Connector, shop: Shop, first: int, name: str
) -> None:
    reserved = replace(order("1", line(quantity=3)), name=name, charged=False, reserve=Reserve(held=True))
    both = [reserved, replace(reserved, charged=True, reserve=None)]
    with connector.db.begin() as tx:
        fold(tx, shop.id, [both[first]], NOW)
        fold(tx, shop.id, [both[1 - first]], NOW)
        assert read(tx, orders, "uncharged", "reserve") == [(False, None)]


@pytest.mark.parametrize("first", [0, 1])
def test_of_one_instant_the_one_that_has_shipped_more_wins(connector: Connector, shop: Shop, first: int) -> None:
    both = [order("1", line(quantity=3)), order("1", line(quantity=3, shipped=1))]
    with connector.db.begin() as tx:
        fold(tx, shop.id, [both[first], both[1 - first]], NOW)
        assert state(tx) == [("open", True, 3, 1)]


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        (OrderState.UNPAID, False),
        (OrderState.OPEN, True),
        (OrderState.COMPLETED, False),
        (OrderState.CANCELLED, False),
        (OrderState.GONE, False),
    ],
)
def test_only_lines_of_open_orders_are_open(
    connector: Connector, shop: Shop, given: OrderState, is_open: bool
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", state=given)], NOW)
        assert read(tx, lines, "open") == [is_open]


def test_a_line_that_is_shipped_in_full_is_open_no_more(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(id="1", quantity=2, shipped=2), line(id="2", quantity=2, shipped=1))], NOW)
        assert read(tx, lines, "line", "open") == [("1", False), ("2", True)]


def test_a_line_that_was_removed_is_open_no_more(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(id="1"), line(id="2"), seen=1)], NOW)
        fold(tx, shop.id, [order("1", line(id="2"), seen=2)], NOW)
        assert read(tx, lines, "line", "open") == [("1", False), ("2", True)]


def test_an_order_that_is_gone_waits_for_nothing_and_may_come_back(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", seen=1)], NOW)
        fold(tx, shop.id, [OrderGone("1", at(2))], NOW)
        assert state(tx) == [("gone", False, 1, 0)]
        fold(tx, shop.id, [order("1", seen=1)], NOW)
        assert state(tx) == [("gone", False, 1, 0)]
        fold(tx, shop.id, [order("1", seen=3)], NOW)
        assert state(tx) == [("open", True, 1, 0)]


def test_an_order_that_is_gone_before_it_was_known_stays_gone(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [OrderGone("1", at(2))], NOW)
        fold(tx, shop.id, [order("1", seen=1)], NOW)
        assert read(tx, orders, "order", "state") == [("1", "gone")]
        assert read(tx, lines, "line") == []


def test_an_order_marks_the_stocks_of_its_old_and_its_new_lines(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B"), item("C"), order("1", line("A"), seen=1)], NOW)
        clean(tx, shop)
        fold(tx, shop.id, [order("1", line("B"), seen=2)], NOW)
        assert plans.dirty_stocks(tx, shop.id, 10) == ("A", "B")


def test_an_older_snapshot_marks_nothing_unless_it_tells_of_units_taken(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), order("1", line(taken=0), seen=5)], NOW)
        clean(tx, shop)
        fold(tx, shop.id, [order("1", line(taken=0), seen=4)], NOW)
        assert plans.dirty_stocks(tx, shop.id, 10) == ()
        fold(tx, shop.id, [order("1", line(taken=0), seen=3, state=OrderState.UNPAID)], NOW)
        assert plans.dirty_stocks(tx, shop.id, 10) == ("A",)


def test_when_an_order_was_unpaid_is_known_from_older_snapshots_too(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", seen=9)], NOW)
        fold(tx, shop.id, [order("1", line(taken=0), seen=4, state=OrderState.UNPAID)], NOW)
        fold(tx, shop.id, [order("1", line(taken=0), seen=2, state=OrderState.UNPAID)], NOW)
        fold(tx, shop.id, [order("1", seen=5)], NOW)
        assert read(tx, orders, "unpaid_at", "taken_first") == [(at(4), at(5))]


def test_what_was_shipped_is_no_longer_held(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(quantity=5), seen=1)], NOW)
        tx.execute(lines.update().values(filled=3, waiting=2))
        fold(tx, shop.id, [order("1", line(quantity=5, shipped=1), seen=2)], NOW)
        assert read(tx, lines, "filled") == [2]
        fold(tx, shop.id, [order("1", line(quantity=5, shipped=4), seen=3)], NOW)
        assert read(tx, lines, "filled") == [0]


def test_a_line_that_closes_gives_up_what_it_held_and_keeps_its_promise(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(quantity=5), seen=1)], NOW)
        tx.execute(lines.update().values(filled=3, waiting=2, promised=True, eta=NOW.date()))
        fold(tx, shop.id, [order("1", line(quantity=5), seen=2, state=OrderState.CANCELLED)], NOW)
        assert read(tx, lines, "filled", "waiting", "promised", "eta") == [(0, 0, True, NOW.date())]


def test_an_item_that_nobody_knows_is_read_and_its_lines_then_find_their_stock(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line("A")), order("2", line("A"))], NOW)
        assert read(tx, lines, "stock") == [None, None]
        assert [row.effect for row in outbox.claim(tx, shop.id, FetchFact, NOW, 9)] == [FetchFact("item", "A")]
        clean(tx, shop)
        fold(tx, shop.id, [item("A", stock="P")], NOW)
        assert read(tx, lines, "stock") == ["P", "P"]
        assert plans.dirty_stocks(tx, shop.id, 10) == ("P",)


def test_a_line_of_nothing_in_particular_asks_for_no_item(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", line(""))], NOW)
        assert outbox.claim(tx, shop.id, FetchFact, NOW, 9) == ()
        assert read(tx, lines, "item", "stock", "open") == [("", None, True)]


def test_an_order_that_changes_is_looked_at_again_by_who_tells_customers(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1", seen=1), order("2", seen=1)], NOW)
        tx.execute(orders.update().values(news=False))
        fold(tx, shop.id, [order("1", seen=2), order("2", seen=1)], NOW)
        assert read(tx, orders, "order", "news") == [("1", True), ("2", False)]


def test_a_store_does_not_touch_anothers_orders(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(), order("1", line(quantity=2), seen=1), level("A", 1)], NOW)
        fold(tx, other.id, [item(), order("1", line(quantity=7), seen=9), OrderGone("1", at(10))], NOW)
        assert read(tx, lines, "quantity", "open", store=shop.id) == [(2, True)]
        assert read(tx, orders, "state", store=other.id) == ["gone"]


def clean(tx: Tx, shop: Shop) -> None:
    """As if all that is dirty had been planned."""
    tx.execute(plan_table.update().where(plan_table.c.store == shop.id).values(dirty=False))


def test_time_alone_makes_a_plan_stale_once_its_date_has_passed(connector: Connector, shop: Shop) -> None:
    today = NOW.date()
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(), order("1")], NOW)
        clean(tx, shop)
        tx.execute(lines.update().values(waiting=1, promised=True, eta=today))
        plans.mark_due(tx, shop.id, today, NOW)
        assert plans.dirty_stocks(tx, shop.id, 10) == ()
        plans.mark_due(tx, shop.id, today + timedelta(days=1), NOW)
        assert plans.dirty_stocks(tx, shop.id, 10) == ("A",)


def test_a_line_that_an_order_shows_no_more_is_wanted_no_more_and_comes_back_as_it_is_shown(
    connector: Connector, shop: Shop
) -> None:
    both = (line("A", 3, id="a"), line("B", 2, id="b", shipped=1))
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1001", *both), order("1002", line("A", 2, id="a"))], NOW)
        fold(tx, shop.id, [order("1001", line("B", 2, id="b", shipped=1), seen=1)], NOW)
        assert read(tx, lines, "order", "line", "open", "quantity", "shipped") == [
            ("1001", "a", False, 0, 0),
            ("1001", "b", True, 2, 1),
            ("1002", "a", True, 2, 0),
        ]
        fold(tx, shop.id, [order("1001", *both, seen=2)], NOW)
        assert read(tx, lines, "line", "quantity", order="1001") == [("a", 3), ("b", 2)]


def test_a_removed_line_that_counts_as_cancelled_still_waits_for_its_refund(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1001", line("A", 3, id="a"), line("B", id="b"))], NOW)
        tx.execute(sa.update(lines).where(lines.c.line == "a").values(cancelled=True, open=False))
        fold(tx, shop.id, [order("1001", line("B", id="b"), seen=1)], NOW)
        assert read(tx, lines, "line", "quantity") == [("a", 3), ("b", 1)]
