"""An order is split in the store: amounts and stock stay what they were together, and it happens once."""

import json
from decimal import Decimal

import pytest

from adapters.woocommerce.practice.checkout import checkout
from adapters.woocommerce.practice.model import Order
from connector.domain.effects import CancelLines, SplitOrder
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.domain.facts import Line, OrderGone, OrderSnapshot, OrderState, Refetch
from connector.ports import Delivery, Refunded, Splitting
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

KEY = "cancel:1:1"


@pytest.fixture
def splitting(front: Shopfront) -> Splitting:
    front.store.shop.companion = True
    assert front.platform.splitting
    return front.platform.splitting


@pytest.fixture
def bought(front: Shopfront) -> Order:
    """Five lamps, of which two are there, and a desk."""
    order = checkout(front.store.shop, [("LAMP-1", 5), ("DESK-1", 1)])
    front.store.shop.pay_by_card(order)
    return order


def wanted(order: Order, *units: tuple[int, int]) -> SplitOrder:
    """Of its lines in their turn: what is known of it, and what of that waits."""
    lines = ((str(line.id), *both) for line, both in zip(order.lines, units, strict=False) if both[1])
    return SplitOrder(f"split:{order.id}", str(order.id), str(order.id), tuple(lines))


def part_of(front: Shopfront, order: Order) -> Order:
    (part,) = [one for one in front.store.shop.orders.values() if one.parent == order.id]
    return part


def stock(front: Shopfront) -> int | None:
    return front.store.shop.by_sku("LAMP-1").stock


def seen(front: Shopfront, order: Order) -> OrderSnapshot:
    (fact,) = front.platform.fetch(front.access, Refetch("order", str(order.id)))
    assert isinstance(fact, OrderSnapshot)
    return fact


def units(fact: OrderSnapshot) -> list[tuple[int, int, int]]:
    return [(line.quantity, line.shipped, line.taken) for line in fact.lines]


def test_what_waits_moves_with_what_it_has_cost_and_taken_from_the_stock(
    front: Shopfront, splitting: Splitting, bought: Order
) -> None:
    before, left = bought.total, stock(front)
    assert splitting.split(front.access, wanted(bought, (5, 3))) is True
    part = part_of(front, bought)
    assert [(line.quantity, line.total, line.reduced) for line in bought.lines] == [
        (2, Decimal("80.00"), 2),
        (1, Decimal("249.00"), 1),
    ]
    assert [(line.quantity, line.total, line.reduced) for line in part.lines] == [(3, Decimal("120.00"), 3)]
    assert (bought.total + part.total, stock(front)) == (before, left)
    assert (part.status, part.paid, part.created) == (bought.status, bought.paid, bought.created)


def test_an_answer_that_was_lost_splits_nothing_twice(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    asked = wanted(bought, (5, 3))
    assert [splitting.split(front.access, asked) for _ in range(2)] == [True, True]
    assert len([one for one in front.store.shop.orders.values() if one.parent]) == 1


def test_cents_that_cannot_be_shared_stay_in_the_sum(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    bought.lines[0].total = Decimal("100.00")
    lines = SplitOrder("k", str(bought.id), "1", ((str(bought.lines[0].id), 5, 3),))
    bought.lines[0].total = Decimal("99.99")
    splitting.split(front.access, lines)
    assert (bought.lines[0].total, part_of(front, bought).lines[0].total) == (Decimal("40.00"), Decimal("59.99"))


def test_what_has_gone_back_already_does_not_move(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    lamp = bought.lines[0]
    front.store.shop.refund(bought, Decimal("40.00"), "by hand", [(lamp, 1, Decimal("40.00"))], restock=True)
    assert splitting.split(front.access, wanted(bought, (4, 4))) is True
    assert [(lamp.quantity, lamp.total, lamp.reduced)] == [(1, Decimal("40.00"), 0)]
    assert [(line.quantity, line.total) for line in part_of(front, bought).lines] == [(4, Decimal("160.00"))]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([(4, 3)], "processing"),
        ([(5, 5), (1, 1)], "processing"),
        ([(5, 3)], "on-hold"),
        ([(5, 3)], "completed"),
    ],
    ids=["edited", "nothing would stay", "not paid", "shipped"],
)
def test_an_order_that_is_not_as_it_was_wanted_is_left_alone(
    front: Shopfront, splitting: Splitting, bought: Order, lines: list[tuple[int, int]], status: str
) -> None:
    bought.status = status
    assert splitting.split(front.access, wanted(bought, *lines)) is False
    assert [line.quantity for line in bought.lines] == [5, 1]


def test_an_order_that_is_gone_is_no_error(front: Shopfront, splitting: Splitting) -> None:
    assert splitting.split(front.access, SplitOrder("k", "999999", "1", (("1", 5, 3),))) is False


def test_without_the_plugin_the_merchant_is_told_what_is_missing(front: Shopfront, bought: Order) -> None:
    assert front.platform.splitting
    with pytest.raises(NeedsMerchant, match="companion plugin Backorder Notices"):
        front.platform.splitting.split(front.access, wanted(bought, (5, 3)))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [(422, "backorder_cannot", Terminal), (503, "backorder_busy", Retryable), (403, "rest_forbidden", NeedsMerchant)],
)
def test_a_refusal_says_who_acts(
    scripted: Scripted, talking: Talking, status: int, code: str, error: type[Exception]
) -> None:
    platform, access = talking
    assert platform.splitting
    scripted.says("*", {"code": code, "message": "A line belongs to a bundle."}, status)
    with pytest.raises(error):
        platform.splitting.split(access, SplitOrder("k", "7", "7", (("1", 5, 3),)))


def test_for_us_the_order_stays_one_also_when_half_of_it_ships(
    front: Shopfront, splitting: Splitting, bought: Order
) -> None:
    whole = seen(front, bought)
    splitting.split(front.access, wanted(bought, (5, 3)))
    part = part_of(front, bought)
    after = seen(front, bought)
    assert (after.lines, after.state, after.placed_at) == (whole.lines, whole.state, whole.placed_at)
    assert (after.order, after.parts, seen(front, part).order) == (str(bought.id), (str(part.id),), str(bought.id))
    front.store.ship(bought)
    shipped = seen(front, bought)
    assert (shipped.state, units(shipped)) == (OrderState.OPEN, [(5, 2, 3), (1, 1, 0)])
    front.store.ship(part)
    assert (seen(front, part).state, units(seen(front, part))) == (OrderState.COMPLETED, [(5, 5, 0), (1, 1, 0)])


def test_a_line_that_waits_as_a_whole_keeps_its_name(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    whole = seen(front, bought)
    splitting.split(front.access, wanted(bought, (5, 5)))
    assert [line.sku for line in bought.lines] == ["DESK-1"]
    assert sorted(line.id for line in seen(front, bought).lines) == sorted(line.id for line in whole.lines)


@pytest.mark.parametrize("end", ["cancelled", "trash", "deleted"])
def test_a_part_that_is_over_is_wanted_no_more(
    front: Shopfront, splitting: Splitting, bought: Order, end: str
) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    part = part_of(front, bought)
    if end == "cancelled":
        front.store.cancel(part)
    else:
        front.store.shop.delete_order(part.id, force=end == "deleted")
    after = seen(front, bought)
    assert (after.state, units(after)) == (OrderState.OPEN, [(2, 0, 2), (1, 0, 1)])


def test_an_order_that_is_cancelled_leaves_its_part_to_wait(
    front: Shopfront, splitting: Splitting, bought: Order
) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    front.store.cancel(bought)
    assert (seen(front, bought).state, units(seen(front, bought))) == (OrderState.OPEN, [(3, 0, 3)])
    front.store.cancel(part_of(front, bought))
    assert seen(front, bought).state is OrderState.CANCELLED


def test_a_store_deletes_the_part_with_its_order(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    part = part_of(front, bought)
    front.store.shop.delete_order(bought.id, force=True)
    for order in (bought, part):
        (gone,) = front.platform.fetch(front.access, Refetch("order", str(order.id)))
        assert isinstance(gone, OrderGone)
        assert (gone.order, gone.whole) == (str(order.id), True)


def test_a_part_that_outlives_its_order_is_an_order_of_its_own(
    front: Shopfront, splitting: Splitting, bought: Order
) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    part = part_of(front, bought)
    del front.store.shop.orders[bought.id]  # as stores do that keep orders as posts
    gone, alone = front.platform.fetch(front.access, Refetch("order", str(part.id)))
    assert isinstance(gone, OrderGone)
    assert isinstance(alone, OrderSnapshot)
    assert (gone.order, gone.whole, alone.order, units(alone)) == (str(bought.id), True, str(part.id), [(3, 0, 3)])


def test_a_list_that_shows_both_tells_of_them_once(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    (fact,) = front.platform.orders(front.access, None).facts
    assert isinstance(fact, OrderSnapshot)
    assert (fact.order, units(fact)) == (str(bought.id), [(5, 0, 5), (1, 0, 1)])


def test_news_of_either_has_both_read(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    splitting.split(front.access, wanted(bought, (5, 3)))
    for order in (bought, part_of(front, bought)):
        body = json.dumps(front.store.forms.order(order)).encode()
        heard = front.platform.parse(Delivery({"x-wc-webhook-topic": "order.updated"}, body, front.store.shop.now()))
        assert heard == (Refetch("order", str(order.id)),)


def cancel(*lines: tuple[Line, int], order: Order) -> CancelLines:
    return CancelLines(KEY, str(order.id), str(order.id), tuple((line.id, count) for line, count in lines), "Late")


def test_units_that_wait_are_paid_back_where_they_wait(front: Shopfront, splitting: Splitting, bought: Order) -> None:
    lamp = seen(front, bought).lines[0]
    splitting.split(front.access, wanted(bought, (5, 3)))
    part = part_of(front, bought)
    back = Refunded(Decimal("120.00"), "USD", cancelled=False)
    assert front.platform.refund(front.access, cancel((lamp, 3), order=bought)) == back
    assert (part.status, bought.refunds, bought.status) == ("refunded", [], "processing")
    assert front.platform.refund(front.access, cancel((lamp, 3), order=bought)) == back
    assert (len(part.refunds), bought.refunds) == (1, [])


def test_a_cancellation_of_everything_ends_both_to_the_cent(
    front: Shopfront, splitting: Splitting, bought: Order
) -> None:
    lamp, desk = seen(front, bought).lines
    splitting.split(front.access, wanted(bought, (5, 3)))
    back = Refunded(Decimal("449.00"), "USD", cancelled=True)
    everything = cancel((lamp, 5), (desk, 1), order=bought)
    assert [front.platform.refund(front.access, everything) for _ in range(2)] == [back, back]
    assert [(one.status, len(one.refunds)) for one in (bought, part_of(front, bought))] == [("refunded", 1)] * 2
