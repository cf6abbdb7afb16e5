"""What waits is held at Shopify and nothing else, and only our own holds are ever released."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Order, Shop, ShopifyFake
from adapters.shopify.practice.warehouse import begin, hold, left_of, merge, move, release
from connector.domain.effects import ArrangeOrder, HeldLine
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import Arranged, Kept, StoreAccess

RIGHT = "write_merchant_managed_fulfillment_orders"
MARCH = date(2027, 3, 20)
OURS = ("backorder-2027-03-20",)


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.scopes.add(RIGHT)
    shop.add_product("Lamp", "LAMP", 2, policy="continue")
    shop.add_product("Desk", "DESK", 1, policy="continue")
    return shop.checkout({"LAMP": 5, "DESK": 1})


class Keeper:
    """Arranges one order again and again, with what it came to the last time."""

    def __init__(self, shopify: Shopify, access: StoreAccess, order: Order) -> None:
        self.shopify, self.access, self.order = shopify, access, order
        self.kept = Kept()

    def arrange(self, lamps: int, desks: int = 0, day: date | None = MARCH, *, over: bool = False) -> Arranged:
        lines = tuple(
            HeldLine(str(line.id), units, day if units else None, None, None)
            for line, units in zip(self.order.lines, (lamps, desks), strict=True)
        )
        return self.carry_out(ArrangeOrder(str(self.order.id), self.order.name, lines, over))

    def carry_out(self, wanted: ArrangeOrder) -> Arranged:
        port = self.shopify.fulfilment
        assert port is not None
        done = port.arrange(self.access, wanted, self.kept)
        self.kept = done.kept
        return done


@pytest.fixture
def keeper(shopify: Shopify, access: StoreAccess, order: Order) -> Keeper:
    return Keeper(shopify, access, order)


def standing(order: Order) -> list[tuple[str, list[int], tuple[str, ...]]]:
    """State, units and holds of what is left of an order, those on hold first."""
    found = [
        (one.status, [piece.remaining for piece in one.pieces], tuple(hold.handle for hold in one.holds))
        for one in left_of(order)
    ]
    return sorted(found, key=lambda one: (one[0] != "ON_HOLD", one[1]))


def done(shop: Shop) -> list[str]:
    """The mutations so far."""
    return [name for name, _ in shop.calls if name not in ("FulfillmentOrders",)]


def test_just_the_units_that_wait_are_held_and_looking_again_changes_nothing(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    assert keeper.arrange(3).lacking is None
    assert standing(order) == [("ON_HOLD", [3], OURS), ("OPEN", [2, 1], ())]
    (held,) = left_of(order)[0].holds
    assert (held.reason, held.notes) == ("INVENTORY_OUT_OF_STOCK", "Waits for goods, expected by 20 March 2027.")
    keeper.arrange(3)
    assert done(shop) == ["FulfillmentOrderHold"]


def test_goods_without_a_date_are_held_as_such_and_the_hold_says_the_date_once_there_is_one(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    keeper.arrange(3, day=None)
    (held,) = left_of(order)[0].holds
    assert (held.handle, held.reason) == ("backorder-undated", "UNKNOWN_DELIVERY_DATE")
    keeper.arrange(3)
    assert standing(order) == [("ON_HOLD", [3], OURS), ("OPEN", [2, 1], ())]
    assert done(shop) == ["FulfillmentOrderHold", "FulfillmentOrderHold", "FulfillmentOrderReleaseHold"]


def test_an_order_that_ships_together_is_held_whole_and_released_when_all_is_there(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    keeper.arrange(5, 1)
    assert standing(order) == [("ON_HOLD", [5, 1], OURS)]
    keeper.arrange(0)
    assert standing(order) == [("OPEN", [5, 1], ())]
    assert keeper.kept == Kept({str(line.id): 0 for line in order.lines})


@pytest.mark.parametrize(
    ("splits", "steps"),
    [
        (True, ["FulfillmentOrderSplit", "FulfillmentOrderReleaseHold"]),
        (False, ["FulfillmentOrderReleaseHold", "FulfillmentOrderHold"]),
    ],
)
def test_units_that_have_come_leave_the_hold_and_the_others_stay_in_it(
    splits: bool, steps: list[str], keeper: Keeper, shop: Shop, order: Order
) -> None:
    shop.fulfilments.splits_held = splits
    keeper.arrange(5, 1)
    shop.calls.clear()
    keeper.arrange(3)
    assert done(shop) == steps
    assert standing(order)[0] == ("ON_HOLD", [3], OURS)
    assert sum(one.units for one in left_of(order) if one.status == "OPEN") == 3


def test_units_that_wait_again_are_held_again(keeper: Keeper, order: Order) -> None:
    for lamps in (3, 0, 2):
        keeper.arrange(lamps)
    assert standing(order) == [("ON_HOLD", [2], OURS), ("OPEN", [1], ()), ("OPEN", [2, 1], ())]


def test_only_our_own_holds_are_released(keeper: Keeper, shop: Shop, order: Order) -> None:
    hold(shop, order)
    keeper.arrange(5, 1)
    assert standing(order) == [("ON_HOLD", [5, 1], ("", *OURS))]
    keeper.arrange(0)
    assert standing(order) == [("ON_HOLD", [5, 1], ("",))]
    released = [variables for name, variables in shop.calls if name == "FulfillmentOrderReleaseHold"]
    assert [len(one["holds"]) for one in released] == [1]


def test_a_part_of_what_somebody_else_holds_is_left_to_them_told_and_looked_at_again(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    hold(shop, order)
    said = keeper.arrange(3)
    assert (said.lacking or "").startswith("3 units that wait cannot be held by themselves while somebody else holds")
    assert (standing(order), said.kept.again) == ([("ON_HOLD", [5, 1], ("",))], True)
    release(shop, order)
    assert keeper.arrange(3) == Arranged(replace(said.kept, held={str(order.lines[0].id): 3}, again=False))
    assert standing(order)[0] == ("ON_HOLD", [3], OURS)


def test_where_what_others_hold_can_be_split_our_part_is_held_beside_it(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    shop.fulfilments.splits_held = True
    hold(shop, order)
    assert keeper.arrange(3).lacking is None
    assert standing(order) == [("ON_HOLD", [2, 1], ("",)), ("ON_HOLD", [3], ("", *OURS))]


def test_what_somebody_works_at_is_told_and_left(keeper: Keeper, shop: Shop, order: Order) -> None:
    begin(shop, order)
    said = keeper.arrange(3)
    assert said.lacking == "3 units that wait cannot be held any more: somebody works at their fulfillment already."
    assert (standing(order), said.kept.again) == ([("IN_PROGRESS", [5, 1], ())], True)


def test_units_that_the_app_is_not_shown_are_told(keeper: Keeper, order: Order) -> None:
    order.fulfilment_orders[0].pieces = order.fulfilment_orders[0].pieces[1:]
    said = keeper.arrange(3).lacking or ""
    assert said.startswith("3 units that wait are not among the fulfillment orders that Shopify shows to the app")


def test_a_hold_that_somebody_released_by_hand_stays_so_until_more_units_wait(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    keeper.arrange(3)
    release(shop, order)
    keeper.arrange(3)
    keeper.arrange(3, day=MARCH + timedelta(days=9))
    keeper.arrange(2)
    assert {one[0] for one in standing(order)} == {"OPEN"}
    keeper.arrange(4)
    assert sum(one.units for one in left_of(order) if one.status == "ON_HOLD") == 4


def test_units_that_were_refunded_meanwhile_are_nobodys_hand(keeper: Keeper, shop: Shop, order: Order) -> None:
    keeper.arrange(3)
    shop.refund(order, {order.lines[0].id: 1})
    assert keeper.arrange(2).kept.free == {}
    assert standing(order) == [("ON_HOLD", [2], OURS), ("OPEN", [2, 1], ())]


def test_lines_that_are_not_named_stay_as_they_are_unless_all_is_over(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    keeper.arrange(5, 1)
    lamp = HeldLine(str(order.lines[0].id), 0, None, None, None)
    shop.fulfilments.splits_held = True
    keeper.carry_out(ArrangeOrder(str(order.id), order.name, (lamp,)))
    assert standing(order) == [("ON_HOLD", [1], OURS), ("OPEN", [5], ())]
    keeper.carry_out(ArrangeOrder(str(order.id), order.name, (), over=True))
    assert standing(order) == [("OPEN", [1], ()), ("OPEN", [5], ())]


def test_orders_that_were_moved_merged_or_replaced_are_followed(keeper: Keeper, shop: Shop, order: Order) -> None:
    yard = shop.add_location("Yard")
    for sku in ("LAMP", "DESK"):
        shop.set_inventory(sku, 9, yard)
    keeper.arrange(3)
    moved = move(shop, order, next(one for one in left_of(order) if one.holds), yard)
    assert keeper.arrange(3).lacking is None
    assert [hold.handle for hold in moved.holds] == list(OURS)
    keeper.arrange(0)
    shop.fulfilments.split(order, left_of(order)[0], [(left_of(order)[0].pieces[0].id, 1)])
    for one in left_of(order):
        one.location = yard
    merge(shop, order)
    keeper.arrange(4)
    assert sum(one.units for one in left_of(order) if one.status == "ON_HOLD") == 4


def test_a_hold_whose_answer_was_lost_is_found_and_not_made_twice(
    keeper: Keeper, shop: Shop, order: Order, fake: ShopifyFake
) -> None:
    fake.faults.append(Fault(hang_up=True, done=True, operation="FulfillmentOrderHold"))
    with pytest.raises(Retryable):
        keeper.arrange(3)
    assert keeper.arrange(3).kept.held == {str(order.lines[0].id): 3}
    assert standing(order) == [("ON_HOLD", [3], OURS), ("OPEN", [2, 1], ())]


def test_what_changed_between_looking_and_doing_is_looked_at_again_later(
    keeper: Keeper, shop: Shop, order: Order, fake: ShopifyFake
) -> None:
    refusal = b'{"data":{"fulfillmentOrderHold":{"userErrors":[{"message":"Gone.","code":"FULFILLMENT_ORDER_%s"}]}}}'
    fake.faults.append(Fault(200, refusal % b"NOT_FOUND", operation="FulfillmentOrderHold"))
    with pytest.raises(Retryable, match="changed meanwhile"):
        keeper.arrange(3)
    fake.faults.append(Fault(200, refusal % b"HOLD_LIMIT_REACHED", operation="FulfillmentOrderHold"))
    with pytest.raises(Terminal, match="Gone"):
        keeper.arrange(3)


@pytest.mark.parametrize("scopes", [set(), {RIGHT.replace("write", "read")}])
def test_without_the_right_to_it_the_merchant_is_told_which(
    scopes: set[str], keeper: Keeper, shop: Shop, order: Order
) -> None:
    shop.scopes = (shop.scopes - {RIGHT}) | scopes
    with pytest.raises(NeedsMerchant, match=RIGHT):
        keeper.arrange(3)
    assert standing(order) == [("OPEN", [5, 1], ())]


def test_an_order_that_is_hidden_is_told_unless_nothing_of_it_is_ours(
    keeper: Keeper, shop: Shop, order: Order
) -> None:
    over = ArrangeOrder(str(order.id), order.name, (), over=True)
    keeper.arrange(3)
    shop.delete_order(order)
    for wanted in (over, replace(over, over=False)):
        with pytest.raises(Terminal, match="does not show this order"):
            keeper.carry_out(wanted)
    keeper.kept = Kept()
    assert keeper.carry_out(over) == Arranged(Kept())


def test_a_cancelled_order_has_nothing_left_to_hold(keeper: Keeper, shop: Shop, order: Order) -> None:
    keeper.arrange(3)
    shop.cancel(order)
    shop.calls.clear()
    keeper.carry_out(ArrangeOrder(str(order.id), order.name, (), over=True))
    assert done(shop) == []
