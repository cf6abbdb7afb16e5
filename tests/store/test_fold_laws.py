"""What holds of every fold: facts in any order, in any batches, any number of times, come to the same books."""

from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.facts import Fact, ItemSnapshot, OrderGone, OrderSnapshot, OrderState, StockLevel
from connector.pipeline.connector import Connector
from connector.store.fold import fold, precedence
from connector.store.shops import Shop
from connector.store.tables import items, levels, lines, orders
from tests.conftest import NOW, open_shop
from tests.store.given import at, item, level, line, order

NUMBERS = count()
BOOKS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
MINUTES = st.integers(0, 4)  # few, so that many are equal
SHUFFLES = st.randoms(use_true_random=False)


@st.composite
def order_facts(draw: st.DrawFn) -> OrderSnapshot | OrderGone:
    """Word of one of two orders, at one of a few instants."""
    number, seen = draw(st.sampled_from(["1", "2"])), draw(MINUTES)
    if draw(st.integers(0, 5)) == 0:
        return OrderGone(number, at(seen))
    state = draw(st.sampled_from(OrderState))
    drawn = []
    for name in draw(st.sets(st.sampled_from("ABC"), min_size=1)):
        quantity = draw(st.integers(0, 3))
        shipped = draw(st.integers(0, quantity))
        drawn.append(line(name, quantity, id=name, shipped=shipped, taken=draw(st.integers(0, quantity - shipped))))
    drawn.sort(key=lambda one: one.id)
    return order(number, *drawn, seen=seen, state=state, email=draw(st.sampled_from(["", "ann@example.com"])))


def told(connector: Connector, facts: Sequence[Fact], random: Random) -> Shop:
    """A new store to which the facts were told in some order and some batches."""
    shop = open_shop(connector, f"https://{next(NUMBERS)}.example")
    tell(connector, shop, facts, random)
    return shop


def tell(connector: Connector, shop: Shop, facts: Sequence[Fact], random: Random) -> None:
    """Tell a store facts in some order and some batches."""
    left = list(facts)
    random.shuffle(left)
    while left:
        size = random.randint(1, len(left))
        with connector.db.begin() as tx:
            fold(tx, shop.id, left[:size], NOW)
        left = left[size:]


def books(connector: Connector, shop: Shop, table: sa.Table, key: str, where: Any = None) -> list[dict[str, Any]]:
    """All rows of a table of a store, without the store's name."""
    query = sa.select(table).where(table.c.store == shop.id).order_by(table.c[key])
    with connector.db.begin() as tx:
        rows = tx.execute(query if where is None else query.where(where)).mappings().all()
    return [{name: value for name, value in row.items() if name != "store"} for row in rows]


def known(connector: Connector, shop: Shop) -> list[dict[str, Any]]:
    """The orders as they are known; of one that is gone, only that."""
    rows = books(connector, shop, orders, "order")
    kept = ("order", "state", "seen_at", "tie", "unpaid_at", "taken_first")
    return [{name: row[name] for name in kept} if row["state"] == "gone" else row for row in rows]


def standing(connector: Connector, shop: Shop, facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """The lines that are open, and all that the last word of each order names."""
    rows = books(connector, shop, lines, "order", sa.true())
    last: dict[str, OrderSnapshot | OrderGone] = {}
    for fact in facts:
        if isinstance(fact, OrderSnapshot | OrderGone):
            best = last.setdefault(fact.order, fact)
            last[fact.order] = max(best, fact, key=precedence)
    named = {(one.order, each.id) for one in last.values() if isinstance(one, OrderSnapshot) for each in one.lines}
    there = [row for row in rows if row["open"] or (row["order"], row["line"]) in named]
    return sorted(there, key=lambda row: (row["order"], row["line"]))


@BOOKS
@given(facts=st.lists(order_facts(), max_size=8), one=SHUFFLES, other=SHUFFLES)
def test_orders_come_to_the_same_rows_in_whatever_order_they_are_told(
    connector: Connector, facts: list[Fact], one: Random, other: Random
) -> None:
    here, there = told(connector, facts, one), told(connector, facts, other)
    assert known(connector, here) == known(connector, there)
    assert standing(connector, here, facts) == standing(connector, there, facts)


@BOOKS
@given(facts=st.lists(order_facts(), max_size=6), random=SHUFFLES)
def test_telling_it_all_again_changes_nothing(connector: Connector, facts: list[Fact], random: Random) -> None:
    shop = told(connector, facts, random)
    before = [books(connector, shop, table, "order") for table in (orders, lines)]
    tell(connector, shop, facts, random)
    tell(connector, shop, facts, random)
    assert [books(connector, shop, table, "order") for table in (orders, lines)] == before


@BOOKS
@given(facts=st.lists(order_facts(), min_size=1, max_size=8), random=SHUFFLES)
def test_the_books_show_the_last_word_of_every_order(
    connector: Connector, facts: list[OrderSnapshot | OrderGone], random: Random
) -> None:
    shop = told(connector, facts, random)
    for row in books(connector, shop, orders, "order"):
        last = max((fact for fact in facts if fact.order == row["order"]), key=precedence)
        state = last.state if isinstance(last, OrderSnapshot) else OrderState.GONE
        assert (row["state"], row["seen_at"]) == (state.value, last.seen_at)
        named = last.lines if isinstance(last, OrderSnapshot) and state is OrderState.OPEN else ()
        wanted = {each.id for each in named if each.quantity > each.shipped}
        there = books(connector, shop, lines, "line", lines.c.order == row["order"])
        assert {each["line"] for each in there if each["open"]} == wanted


@st.composite
def item_facts(draw: st.DrawFn) -> list[ItemSnapshot | StockLevel]:
    """Word of items and levels, each at a time of its own."""
    seen = draw(st.lists(st.integers(0, 50), unique=True, max_size=8))
    found: list[ItemSnapshot | StockLevel] = []
    for minute in seen:
        name, read = draw(st.sampled_from("AB")), minute + draw(st.integers(0, 3))
        if draw(st.booleans()):
            available, place = draw(st.integers(-5, 5)), draw(st.sampled_from(["", "east"]))
            found.append(level(name, available, minute, read=read, location=place))
        else:
            stock = draw(st.sampled_from([name, "P"]))
            found.append(item(name, minute, read=read, stock=stock, title=f"{minute}", on_sale=draw(st.booleans())))
    return found


@BOOKS
@given(facts=item_facts(), one=SHUFFLES, other=SHUFFLES)
def test_items_and_levels_come_to_the_same_rows_too(
    connector: Connector, facts: list[Fact], one: Random, other: Random
) -> None:
    here, there = told(connector, facts, one), told(connector, facts, other)
    for table, key in ((items, "item"), (levels, "stock")):
        found = books(connector, here, table, key)
        assert sorted(found, key=str) == sorted(books(connector, there, table, key), key=str)


@BOOKS
@given(
    facts=item_facts(), wanted=st.lists(order_facts(), max_size=5, unique_by=precedence), one=SHUFFLES, other=SHUFFLES
)
def test_lines_find_their_stock_whether_their_item_comes_before_or_after(
    connector: Connector, facts: list[Fact], wanted: list[Fact], one: Random, other: Random
) -> None:
    here, there = told(connector, [*facts, *wanted], one), told(connector, [*facts, *wanted], other)
    assert standing(connector, here, wanted) == standing(connector, there, wanted)
    stocks = {row["item"]: row["stock"] for row in books(connector, here, items, "item")}
    for row in books(connector, here, lines, "order"):
        assert row["stock"] == stocks.get(row["item"])
