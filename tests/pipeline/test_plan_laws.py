"""What holds of every plan in the real books: nothing twice, nothing from nowhere."""

from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.facts import Fact, OrderState, SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store import plans, shops, supplies
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import items, ledger, lines, orders, outbox
from tests.conftest import NOW, open_shop
from tests.store.dating import AS_SAID
from tests.store.given import item, level, line, order, supply

NUMBERS = count()
BOOKS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
STOCKS = ("A", "B")


@st.composite
def scenes(draw: st.DrawFn) -> list[list[Fact]]:
    """What a store tells in a few steps: orders that come, change and go, counts that are true."""
    steps: list[list[Fact]] = [[item(name) for name in STOCKS]]
    wanted: dict[str, dict[str, int]] = {}
    there = {name: draw(st.integers(0, 4)) for name in STOCKS}
    for minute in range(1, draw(st.integers(2, 5))):
        number = str(draw(st.integers(1, 3)))
        state = draw(st.sampled_from([OrderState.OPEN, OrderState.OPEN, OrderState.CANCELLED]))
        open_units = {name: draw(st.integers(1, 3)) for name in STOCKS}
        there[draw(st.sampled_from(STOCKS))] += draw(st.integers(0, 3))
        wanted[number] = open_units if state is OrderState.OPEN else {}
        taken = {name: sum(units.get(name, 0) for units in wanted.values()) for name in STOCKS}
        drawn = [line(name, units, id=name, taken=wanted[number].get(name, 0)) for name, units in open_units.items()]
        counts = [level(name, there[name] - taken[name], minute) for name in STOCKS]
        steps.append([order(number, *drawn, seen=minute, state=state), *counts])
    return steps


ROWS = st.lists(
    st.builds(
        SupplyRow,
        st.sampled_from(["SKU-A", "SKU-B", "SKU-C"]),
        st.integers(1, 6),
        st.one_of(st.none(), st.integers(-3, 20).map(lambda days: NOW.date() + timedelta(days=days))),
        st.sampled_from(["PO-1", "PO-2"]),
    ),
    max_size=5,
)


def lived(connector: Connector, steps: list[list[Fact]], rows: list[SupplyRow]) -> Shop:
    """A new store that these steps were told to, planned after each."""
    shop = open_shop(connector, f"https://{next(NUMBERS)}.example")
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"settle_seconds": 0})
        supplies.fold_supply(tx, shop.id, supply(*rows), NOW)
    for step in steps:
        with connector.db.begin() as tx:
            fold(tx, shop.id, step, NOW)
        plan(connector, shop.id)
    return shop


def rows_of(connector: Connector, shop: Shop, *tables: sa.Table) -> list[list[Any]]:
    """All rows of these tables of a store."""
    with connector.db.begin() as tx:
        return [
            list(tx.execute(sa.select(table).where(table.c.store == shop.id).order_by(*table.primary_key.columns)))
            for table in tables
        ]


@BOOKS
@given(steps=scenes(), rows=ROWS)
def test_planning_everything_again_leaves_no_effect_no_entry_and_no_other_row(
    connector: Connector, steps: list[list[Fact]], rows: list[SupplyRow]
) -> None:
    shop = lived(connector, steps, rows)
    before = rows_of(connector, shop, outbox, ledger, lines, orders, items)
    with connector.db.begin() as tx:
        plans.mark_dirty(tx, shop.id, STOCKS)
        tx.execute(orders.update().where(orders.c.store == shop.id).values(news=True))
    again = plan(connector, shop.id)
    assert again.notices == ()
    assert rows_of(connector, shop, outbox, ledger, lines, orders, items) == before


@BOOKS
@given(steps=scenes(), rows=ROWS)
def test_no_more_is_filled_than_is_there_and_the_rest_waits(
    connector: Connector, steps: list[list[Fact]], rows: list[SupplyRow]
) -> None:
    shop = lived(connector, steps, rows)
    with connector.db.begin() as tx:
        loaded = plans.load(tx, shop.id, STOCKS, AS_SAID)
    for stock in loaded:
        assert sum(one.filled for one in stock.lines) <= max(stock.on_hand or 0, 0)
        assert all(one.filled + one.waiting == one.claim.quantity for one in stock.lines)
        free = max(stock.on_hand or 0, 0) - sum(one.filled for one in stock.lines)
        assert free == 0 or not any(one.waiting for one in stock.lines)


@BOOKS
@given(steps=scenes(), rows=ROWS)
def test_every_notice_is_one_message_and_no_order_has_two_of_one_turn(
    connector: Connector, steps: list[list[Fact]], rows: list[SupplyRow]
) -> None:
    shop = open_shop(connector, f"https://{next(NUMBERS)}.example")
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"settle_seconds": 0})
        supplies.fold_supply(tx, shop.id, supply(*rows), NOW)
    keys: list[str] = []
    for step in steps:
        with connector.db.begin() as tx:
            fold(tx, shop.id, step, NOW)
        told = plan(connector, shop.id).notices
        assert len({notice.order for notice in told}) == len(told)
        keys += [notice.key for notice in told]
    with connector.db.begin() as tx:
        kept = tx.scalars(sa.select(outbox.c.key).where(outbox.c.store == shop.id, outbox.c.kind == "notice"))
        assert sorted(kept) == sorted(keys)


@BOOKS
@given(steps=scenes(), rows=ROWS)
def test_what_is_told_step_by_step_and_all_at_once_comes_to_the_same_totals(
    connector: Connector, steps: list[list[Fact]], rows: list[SupplyRow]
) -> None:
    slow = lived(connector, steps, rows)
    fast = lived(connector, [[fact for step in steps for fact in step]], rows)
    with connector.db.begin() as tx:
        assert plans.totals(tx, slow.id) == plans.totals(tx, fast.id)
