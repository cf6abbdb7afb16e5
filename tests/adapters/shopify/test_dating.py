"""What is scheduled at Shopify is put off to the promised day, and a day to leave by is set; others' days stay."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Order, Shop, VirtualClock
from adapters.shopify.practice.fulfilments import ACTIONS
from adapters.shopify.practice.warehouse import come_due, left_of, schedule
from connector.domain.effects import ArrangeOrder, HeldLine
from connector.ports import Arranged, Kept, StoreAccess

RIGHT = "write_merchant_managed_fulfillment_orders"
OWN = datetime(2026, 11, 20, tzinfo=UTC)  # when the merchant wanted it to leave
PROMISED = datetime(2026, 12, 10, tzinfo=UTC)


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.scopes.add(RIGHT)
    shop.add_product("Lamp", "LAMP", 2, policy="continue")
    return shop.checkout({"LAMP": 5})


class Dater:
    """Arranges one order again and again, with what it came to the last time."""

    def __init__(self, shopify: Shopify, access: StoreAccess, order: Order) -> None:
        self.shopify, self.access, self.order = shopify, access, order
        self.kept = Kept()

    def arrange(
        self, units: int, ready_at: datetime | None = None, by: datetime | None = None, *, over: bool = False
    ) -> Arranged:
        eta = ready_at.date() if ready_at else None
        line = HeldLine(str(self.order.lines[0].id), units, eta, ready_at, by)
        port = self.shopify.fulfilment
        assert port is not None
        wanted = ArrangeOrder(str(self.order.id), self.order.name, (line,), over)
        done = port.arrange(self.access, wanted, self.kept)
        self.kept = done.kept
        return done


@pytest.fixture
def dater(shopify: Shopify, access: StoreAccess, order: Order) -> Dater:
    return Dater(shopify, access, order)


def times(order: Order) -> list[tuple[str, datetime | None]]:
    return [(one.status, one.fulfil_at) for one in left_of(order)]


def test_what_is_scheduled_is_put_off_to_the_promised_day_and_brought_back_to_no_earlier_than_its_own(
    dater: Dater, shop: Shop, order: Order
) -> None:
    schedule(shop, order, OWN)
    dater.arrange(3, PROMISED)
    assert times(order) == [("SCHEDULED", PROMISED)]
    dater.arrange(3, PROMISED - timedelta(days=5))
    assert times(order) == [("SCHEDULED", PROMISED - timedelta(days=5))]
    dater.arrange(3, OWN - timedelta(days=5))
    assert times(order) == [("SCHEDULED", OWN)]
    assert not any(one.holds for one in left_of(order))


def test_once_its_goods_are_there_it_leaves_at_its_own_time_or_now_where_that_has_passed(
    dater: Dater, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    schedule(shop, order, OWN)
    dater.arrange(3, PROMISED)
    dater.arrange(0)
    assert (times(order), dater.kept.put_off) == ([("SCHEDULED", OWN)], {})
    dater.arrange(3, PROMISED)
    clock.advance((OWN - clock.now()).total_seconds() + 60)
    dater.arrange(0)
    assert times(order) == [("OPEN", None)]


def test_what_is_scheduled_later_than_promised_is_left_alone(
    dater: Dater, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    later = PROMISED + timedelta(days=30)
    schedule(shop, order, later)
    dater.arrange(3, PROMISED)
    assert times(order) == [("SCHEDULED", later)]


def test_without_a_date_it_stays_scheduled_and_is_held_when_it_comes_due(
    dater: Dater, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    schedule(shop, order, OWN)
    assert dater.arrange(3).kept.again
    assert times(order) == [("SCHEDULED", OWN)]
    clock.advance((OWN - clock.now()).total_seconds())
    come_due(shop, order)
    assert not dater.arrange(3).kept.again
    assert sorted((one.status, one.units) for one in left_of(order)) == [("ON_HOLD", 3), ("OPEN", 2)]


def test_where_what_is_scheduled_can_be_split_only_what_waits_is_put_off(
    dater: Dater, shop: Shop, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIONS, "SCHEDULED", (*ACTIONS["SCHEDULED"], "SPLIT"))
    schedule(shop, order, OWN)
    dater.arrange(3, PROMISED)
    assert sorted((one.fulfil_at, one.units) for one in left_of(order)) == [(OWN, 2), (PROMISED, 3)]


def test_those_that_merge_when_they_are_put_off_are_followed(dater: Dater, shop: Shop, order: Order) -> None:
    shop.fulfilments.split(order, left_of(order)[0], [(left_of(order)[0].pieces[0].id, 2)])
    schedule(shop, order, OWN)
    left_of(order)[1].fulfil_at = OWN + timedelta(days=2)
    dater.arrange(5, PROMISED)
    assert [(one.fulfil_at, one.units) for one in left_of(order)] == [(PROMISED, 5)]
    dater.arrange(0)
    assert times(order) == [("SCHEDULED", OWN + timedelta(days=2))]


def test_what_we_put_off_goes_back_when_nothing_is_to_be_kept_any_more(
    dater: Dater, shop: Shop, order: Order
) -> None:
    schedule(shop, order, OWN)
    dater.arrange(3, PROMISED)
    dater.arrange(0, over=True)
    assert times(order) == [("SCHEDULED", OWN)]


def test_a_day_to_leave_by_is_set_and_moved_and_somebody_elses_stays(
    dater: Dater, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    dater.arrange(0, by=PROMISED)
    assert [one.fulfil_by for one in left_of(order)] == [PROMISED]
    dater.arrange(0, by=PROMISED)
    assert [name for name, _ in shop.calls].count("FulfillmentDeadline") == 1
    dater.arrange(3, PROMISED, by=PROMISED + timedelta(days=7))
    assert {one.fulfil_by for one in left_of(order)} == {PROMISED + timedelta(days=7)}
    for one in left_of(order):
        one.fulfil_by = OWN
    dater.arrange(3, PROMISED, by=PROMISED)
    assert {one.fulfil_by for one in left_of(order)} == {OWN}
    assert dater.kept.deadlines == ()


def test_a_day_that_has_passed_is_not_set(dater: Dater, shop: Shop, order: Order, clock: VirtualClock) -> None:
    dater.arrange(0, by=clock.now() - timedelta(days=1))
    assert [one.fulfil_by for one in left_of(order)] == [None]
