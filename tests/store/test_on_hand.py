"""Units on hand: what the platform calls available, and what it has taken from that for open lines."""

import pytest

from connector.domain.facts import Fact, OrderState
from connector.pipeline.connector import Connector
from connector.store import plans
from connector.store.fold import fold
from connector.store.shops import Shop
from tests.conftest import NOW
from tests.store.dating import AS_SAID
from tests.store.given import at, item, level, line, order


def on_hand(connector: Connector, shop: Shop, *facts: Fact, stock: str = "A") -> int | None:
    """The units on hand of a stock after these facts."""
    with connector.db.begin() as tx:
        fold(tx, shop.id, facts, NOW)
        return plans.load(tx, shop.id, [stock], AS_SAID)[0].on_hand


def test_what_open_lines_have_taken_is_still_on_hand(connector: Connector, shop: Shop) -> None:
    taken = order("1", line(quantity=3)), order("2", line(quantity=2))
    assert on_hand(connector, shop, item(), level(available=-4, seen=1), *taken) == 1


def test_lines_that_have_taken_nothing_count_for_nothing(connector: Connector, shop: Shop) -> None:
    assert on_hand(connector, shop, item(), level(available=2), order("1", line(quantity=3, taken=0))) == 2


@pytest.mark.parametrize("state", [OrderState.COMPLETED, OrderState.CANCELLED])
def test_units_of_orders_that_are_over_are_not_on_hand(
    connector: Connector, shop: Shop, state: OrderState
) -> None:
    taken = order("1", line(quantity=3), state=state)
    assert on_hand(connector, shop, item(), level(available=2, seen=1), taken) == 2


def test_units_of_an_order_that_is_not_paid_are_on_hand_and_reserved(connector: Connector, shop: Shop) -> None:
    taken = order("1", line(quantity=3), state=OrderState.UNPAID)
    assert on_hand(connector, shop, item(), level(available=2, seen=1), taken) == 5
    with connector.db.begin() as tx:
        assert plans.load(tx, shop.id, ["A"], AS_SAID)[0].reserved == 3


def test_units_that_were_taken_after_the_count_was_read_are_still_in_it(connector: Connector, shop: Shop) -> None:
    late = order("1", line(quantity=3), placed_at=at(5), seen=5)
    assert on_hand(connector, shop, item(), level(available=4, seen=1), late) == 4
    assert on_hand(connector, shop, level(available=1, seen=5)) == 4


def test_a_count_that_was_read_later_counts_from_its_reading(connector: Connector, shop: Shop) -> None:
    taken = order("1", line(quantity=3), placed_at=at(5), seen=5)
    assert on_hand(connector, shop, item(), level(available=1, seen=1, read=6), taken) == 4


def test_an_order_that_was_unpaid_took_its_units_when_it_was_first_seen_to(connector: Connector, shop: Shop) -> None:
    unpaid = order("1", line(quantity=3, taken=0), seen=1, state=OrderState.UNPAID)
    paid = order("1", line(quantity=3), seen=9)
    assert on_hand(connector, shop, item(), level(available=4, seen=5), unpaid, paid) == 4
    assert on_hand(connector, shop, level(available=1, seen=9)) == 4


def test_the_two_items_of_one_stock_draw_from_the_same_units(connector: Connector, shop: Shop) -> None:
    items = item("S", stock="P"), item("L", stock="P")
    taken = order("1", line("S", 2)), order("2", line("L", 1))
    assert on_hand(connector, shop, *items, level("P", -1, seen=1), *taken, stock="P") == 2


def test_where_nothing_is_counted_nobody_waits(connector: Connector, shop: Shop) -> None:
    assert on_hand(connector, shop, item(tracked=False), order("1", line(quantity=3))) is None


@pytest.mark.parametrize("uncounted", [item(tracked=False, on_backorder=True), item(tracked=True)])
def test_what_is_sold_as_waiting_has_no_units(connector: Connector, shop: Shop, uncounted: Fact) -> None:
    assert on_hand(connector, shop, uncounted, order("1", line(quantity=3))) == 0


def test_a_stock_of_which_nothing_is_known_has_no_units(connector: Connector, shop: Shop) -> None:
    assert on_hand(connector, shop) == 0


@pytest.mark.parametrize(("waiting", "units"), [(True, 0), (False, None)])
def test_a_count_that_the_merchant_has_given_up_counts_no_more(
    connector: Connector, shop: Shop, waiting: bool, units: int | None
) -> None:
    assert on_hand(connector, shop, item(seen=1), level(available=4, seen=1)) == 4
    assert on_hand(connector, shop, item(tracked=False, on_backorder=waiting, seen=2)) == units
