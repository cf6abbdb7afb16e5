"""Stock and orders are told in messages of their own: no customer is written to because one of them was late."""


import pytest

from connector.domain.errors import Retryable
from connector.domain.facts import Fact, OrderGone, OrderState
from connector.pipeline.absorb import absorb
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.ports import Page
from tests.conftest import Clock
from tests.pipeline.given import House, subjects
from tests.store.given import at, item, level, line, order

CANCELLED = {"state": OrderState.CANCELLED}


@pytest.fixture
def busy(home: House) -> House:
    """Two units, both held by order 1; order 2 waits for three and order 3 for one, and both know."""
    home.tell(item(), level(available=-4, seen=3), *(order(str(n), line(quantity=q)) for n, q in _wanted()))
    turn(home)
    home.post.sent.clear()
    return home


def _wanted() -> list[tuple[int, int]]:
    return [(1, 2), (2, 3), (3, 1)]


def turn(home: House, *told: Fact) -> list[str]:
    """What is mailed when this is told."""
    before = len(home.post.sent)
    if told:
        home.tell(*told)
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    return subjects(home.post.sent[before:])


def silent(home: House) -> None:
    """The store cannot be asked."""
    home.stall.order_pages = {None: Retryable("the store is slow")}


def cancelled(number: str, quantity: int, seen: float) -> Fact:
    """An order that was cancelled, its units returned."""
    return order(number, line(quantity=quantity, taken=0), seen=seen, **CANCELLED)


def test_a_stock_return_that_comes_before_its_cancellation_fills_nobody_wrongly(busy: House) -> None:
    silent(busy)
    assert turn(busy, level(available=-1, seen=4)) == []
    assert turn(busy, cancelled("2", 3, 4)) == []


def test_the_store_is_asked_and_what_it_says_explains_the_rise_at_once(busy: House) -> None:
    busy.stall.order_pages = {None: Page((cancelled("2", 3, 4),), None)}
    assert turn(busy, level(available=-1, seen=4)) == []


def test_a_cancellation_that_comes_before_its_stock_return_tells_nobody_anything(busy: House) -> None:
    silent(busy)
    assert turn(busy, cancelled("2", 3, 4)) == []
    assert turn(busy, level(available=-1, seen=5)) == []


def test_units_that_a_cancellation_frees_go_to_the_next_when_they_are_back(busy: House) -> None:
    silent(busy)
    assert turn(busy, level(available=-2, seen=4)) == []
    assert turn(busy, cancelled("1", 2, 4)) == []
    assert turn(busy, order("2", line(quantity=2), seen=5), level(available=-1, seen=6)) == [
        "Your order #2 is being made ready to ship"
    ]


def test_an_order_in_the_trash_whose_units_are_not_returned_takes_none_from_the_others(
    busy: House, clock: Clock
) -> None:
    assert turn(busy, OrderGone("2", at(4))) == []
    clock.move(hours=2)
    assert turn(busy, level(available=-4, seen=90)) == []


def test_an_order_that_leaves_the_trash_changes_nothing_for_others(busy: House, clock: Clock) -> None:
    turn(busy, OrderGone("2", at(4)))
    clock.move(hours=2)
    assert turn(busy, order("2", line(quantity=3), seen=100)) == []


def test_goods_that_come_in_are_told_once_the_store_was_asked(busy: House) -> None:
    told = turn(busy, level(available=0, seen=4))
    assert told == [f"Your order #{one} is being made ready to ship" for one in (2, 3)]
    assert [what for what, _ in busy.stall.asked][-2:] == ["fetch", "orders"]


def test_goods_that_come_in_while_the_store_is_silent_are_told_after_the_window(busy: House, clock: Clock) -> None:
    silent(busy)
    assert turn(busy, level(available=0, seen=4)) == []
    clock.move(seconds=901)
    assert turn(busy) == [f"Your order #{one} is being made ready to ship" for one in (2, 3)]


def test_a_loss_is_told_once_the_store_was_asked(busy: House) -> None:
    assert turn(busy, level(available=-5, seen=4)) == ["Your order #1 is on backorder"]


def test_an_order_is_told_that_it_waits_only_when_the_count_that_says_so_is_sure(home: House) -> None:
    turn(home, item(), level(available=2, seen=1))
    silent(home)
    assert turn(home, level(available=0, seen=2)) == []  # an order that nobody told us of, and its cancellation
    assert turn(home, order("9", line(quantity=2), placed_at=at(3), seen=3)) == []
    assert turn(home, level(available=0, seen=4)) == []


def test_units_of_an_order_that_is_not_paid_are_kept_and_missed_by_nobody(busy: House) -> None:
    unpaid = order("4", line(quantity=3), seen=5, placed_at=at(4), state=OrderState.UNPAID)
    assert turn(busy, level(available=-7, seen=6), unpaid) == []
    assert turn(busy, order("4", line(quantity=3), seen=7, placed_at=at(4), email="new@example.com")) == [
        "Your order #4 is on backorder"
    ]


def test_a_drain_that_has_both_sides_asks_nobody(busy: House) -> None:
    busy.stall.asked.clear()
    busy.deliver(b"stock", level(available=-1, seen=4))
    busy.deliver(b"order", cancelled("2", 3, 4))
    absorb(busy.connector, busy.shop.id)
    perform(busy.connector, busy.shop.id)
    assert busy.stall.asked == []


