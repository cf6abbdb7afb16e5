"""The practice store's fulfillment orders: what may be done with them when, and what is told of it."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from adapters.shopify.practice import Order, Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.fulfilments import Refused
from adapters.shopify.practice.warehouse import begin, come_due, hold, left_of, merge, move, release, schedule
from tests.adapters.shopify.conftest import TOKEN

RIGHT = "write_merchant_managed_fulfillment_orders"
WORK = "id status lineItems(first: 9) { nodes { id remainingQuantity } }"
HOLD = f"""mutation ($id: ID!, $hold: FulfillmentOrderHoldInput!) {{
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {{
    fulfillmentHold {{ id handle heldByRequestingApp }} fulfillmentOrder {{ {WORK} }}
    remainingFulfillmentOrder {{ {WORK} }} userErrors {{ code }}
  }} }}"""
RELEASE = f"""mutation ($id: ID!, $holds: [ID!]) {{
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) {{
    fulfillmentOrder {{ {WORK} }} userErrors {{ code }} }} }}"""
SPLIT = f"""mutation ($splits: [FulfillmentOrderSplitInput!]!) {{
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {{
    fulfillmentOrderSplits {{ fulfillmentOrder {{ {WORK} }} remainingFulfillmentOrder {{ {WORK} }}
    replacementFulfillmentOrder {{ {WORK} }} }} userErrors {{ code }} }} }}"""
RESCHEDULE = f"""mutation ($id: ID!, $at: DateTime!) {{
  fulfillmentOrderReschedule(id: $id, fulfillAt: $at) {{
    fulfillmentOrder {{ {WORK} }} userErrors {{ message }} }} }}"""
DEADLINE = """mutation ($ids: [ID!]!, $at: DateTime!) {
  fulfillmentOrdersSetFulfillmentDeadline(fulfillmentOrderIds: $ids, fulfillmentDeadline: $at) {
    success userErrors { code } } }"""


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.scopes.add(RIGHT)
    shop.add_product("Lamp", "LAMP", 5, policy="continue")
    shop.add_product("Desk", "DESK", 1, policy="continue")
    return shop.checkout({"LAMP": 5, "DESK": 1})


def ask(fake: ShopifyFake, shop: Shop, query: str, **variables: Any) -> dict[str, Any]:
    """The only field of an answer, or its errors."""
    headers = {"X-Shopify-Access-Token": TOKEN, "X-Forwarded-Host": shop.domain}
    body = {"query": query, "variables": variables}
    url = f"{fake.origin}/admin/api/2026-10/graphql.json"
    answer: dict[str, Any] = requests.post(url, json=body, headers=headers, timeout=5).json()
    return answer if "errors" in answer else next(iter(answer["data"].values()))


def gid(kind: str, thing: Any) -> str:
    return f"gid://shopify/{kind}/{thing.id}"


def work(order: Order) -> str:
    return gid("FulfillmentOrder", left_of(order)[0])


def units(order: Order, *counts: int) -> list[dict[str, Any]]:
    pairs = zip(left_of(order)[0].pieces, counts, strict=False)
    return [{"id": gid("FulfillmentOrderLineItem", piece), "quantity": count} for piece, count in pairs]


def held(order: Order, *counts: int, handle: str = "h") -> dict[str, Any]:
    return {"reason": "OTHER", "handle": handle, "fulfillmentOrderLineItems": units(order, *counts)}


def standing(order: Order) -> list[tuple[str, list[int], int]]:
    return [(one.status, [piece.remaining for piece in one.pieces], len(one.holds)) for one in left_of(order)]


def topics(shop: Shop) -> list[str]:
    return [topic.removeprefix("fulfillment_orders/") for topic, _ in shop.told if topic.startswith("fulfillment_o")]


def codes(answer: dict[str, Any]) -> list[str | None]:
    return [error["code"] for error in answer["userErrors"]]


def test_a_part_that_is_held_leaves_the_rest_in_an_order_of_its_own(
    fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    answer = ask(fake, shop, HOLD, id=work(order), hold=held(order, 3))
    assert answer["fulfillmentHold"]["heldByRequestingApp"] is True
    assert [one["remainingQuantity"] for one in answer["fulfillmentOrder"]["lineItems"]["nodes"]] == [3]
    assert [one["remainingQuantity"] for one in answer["remainingFulfillmentOrder"]["lineItems"]["nodes"]] == [2, 1]
    assert standing(order) == [("ON_HOLD", [3], 1), ("OPEN", [2, 1], 0)]
    assert topics(shop) == ["placed_on_hold"]
    payload = next(payload for topic, payload in shop.told if topic.endswith("placed_on_hold"))
    assert payload["fulfillment_order"]["status"] == "on_hold"
    assert [one["quantity"] for one in payload["held_fulfillment_order_line_items"]] == [3]
    line = [payload for topic, payload in shop.told if topic == "orders/updated"][-1]["line_items"][0]
    assert line["fulfillable_quantity"] == 2


def test_what_shopify_refuses_to_hold(fake: ShopifyFake, shop: Shop, order: Order) -> None:
    for counts, code in (((0,), "GREATER_THAN_ZERO"), ((6,), "INVALID_LINE_ITEM_QUANTITY")):
        assert codes(ask(fake, shop, HOLD, id=work(order), hold=held(order, *counts))) == [code]
    twice = held(order, 1) | {"fulfillmentOrderLineItems": units(order, 1) * 2}
    duplicated = ask(fake, shop, HOLD, id=work(order), hold=twice)
    assert codes(duplicated) == ["DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS"]
    hold(shop, order)
    in_part = ask(fake, shop, HOLD, id=work(order), hold=held(order, 3))
    assert codes(in_part) == ["FULFILLMENT_ORDER_NOT_SPLITTABLE"]
    assert codes(ask(fake, shop, HOLD, id=work(order), hold=held(order))) == []
    again = ask(fake, shop, HOLD, id=work(order), hold=held(order))
    assert codes(again) == ["DUPLICATE_FULFILLMENT_HOLD_HANDLE"]
    for number in range(9):
        ask(fake, shop, HOLD, id=work(order), hold=held(order, handle=f"more-{number}"))
    most = ask(fake, shop, HOLD, id=work(order), hold=held(order, handle="most"))
    assert codes(most) == ["FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"]
    assert topics(shop) == ["placed_on_hold"]
    nothing = ask(fake, shop, HOLD, id="gid://shopify/FulfillmentOrder/1", hold=held(order))
    assert codes(nothing) == ["FULFILLMENT_ORDER_NOT_FOUND"]


def test_holds_are_released_by_their_ids_and_without_ids_everybodys_are(
    fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    hold(shop, order)
    ours = ask(fake, shop, HOLD, id=work(order), hold=held(order))["fulfillmentHold"]["id"]
    ask(fake, shop, RELEASE, id=work(order), holds=[ours])
    assert standing(order) == [("ON_HOLD", [5, 1], 1)]
    assert topics(shop) == ["placed_on_hold"]
    ask(fake, shop, HOLD, id=work(order), hold=held(order))
    ask(fake, shop, RELEASE, id=work(order), holds=None)
    assert standing(order) == [("OPEN", [5, 1], 0)]
    assert topics(shop) == ["placed_on_hold", "hold_released"]


def test_what_is_on_hold_or_scheduled_does_not_ship(shop: Shop, order: Order, clock: VirtualClock) -> None:
    hold(shop, order)
    with pytest.raises(Refused):
        shop.fulfil(order)
    release(shop, order)
    schedule(shop, order, clock.now() + timedelta(days=3))
    with pytest.raises(Refused):
        shop.fulfil(order)
    clock.advance(3 * 86_400.0)
    come_due(shop, order)
    shop.fulfil(order)
    assert [one.status for one in order.fulfilment_orders] == ["CLOSED"]
    assert topics(shop)[-1] == "scheduled_fulfillment_order_ready"


def test_units_that_leave_close_their_order_and_those_that_are_wanted_no_more_go_from_what_is_held(
    fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    lamp, desk = order.lines
    ask(fake, shop, HOLD, id=work(order), hold=held(order, 3))
    shop.refund(order, {lamp.id: 1})
    assert standing(order) == [("ON_HOLD", [2], 1), ("OPEN", [2, 1], 0)]
    shop.fulfil(order, {lamp.id: 2, desk.id: 1})
    assert standing(order) == [("ON_HOLD", [2], 1)]
    shop.edit(order, {"DESK": 2})
    assert standing(order) == [("ON_HOLD", [2], 1), ("OPEN", [1], 0)]
    shop.cancel(order)
    assert [one.status for one in order.fulfilment_orders] == ["CANCELLED", "CLOSED", "CANCELLED"]
    assert topics(shop) == ["placed_on_hold", "cancelled", "cancelled"]


def test_one_that_is_open_is_split_and_one_on_hold_is_replaced_where_that_can_be(
    fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    def split(*counts: int) -> dict[str, Any]:
        wanted = {"fulfillmentOrderId": work(order), "fulfillmentOrderLineItems": units(order, *counts)}
        return ask(fake, shop, SPLIT, splits=[wanted])

    assert codes(split()) == ["NO_LINE_ITEMS_PROVIDED_TO_SPLIT"]
    assert codes(split(5, 1)) == ["GREATER_THAN"]
    assert codes(split(2)) == []
    assert standing(order) == [("OPEN", [3, 1], 0), ("OPEN", [2], 0)]
    ask(fake, shop, HOLD, id=work(order), hold=held(order))
    assert codes(split(1)) == [None]
    shop.fulfilments.splits_held = True
    (done,) = split(1)["fulfillmentOrderSplits"]
    assert done["fulfillmentOrder"]["status"] == "CLOSED"
    assert done["replacementFulfillmentOrder"]["status"] == "ON_HOLD"
    assert standing(order) == [("OPEN", [2], 0), ("ON_HOLD", [1], 1), ("ON_HOLD", [2, 1], 1)]
    assert topics(shop) == ["split", "placed_on_hold", "split"]


def test_what_is_scheduled_gets_another_time_and_merges_with_what_is_due_then(
    fake: ShopifyFake, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    later = clock.now() + timedelta(days=9)
    at = later.isoformat()
    assert ask(fake, shop, RESCHEDULE, id=work(order), at=at)["userErrors"] != []
    wanted = {"fulfillmentOrderId": work(order), "fulfillmentOrderLineItems": units(order, 2)}
    ask(fake, shop, SPLIT, splits=[wanted])
    schedule(shop, order, later)
    left_of(order)[0].fulfil_at = later + timedelta(days=1)
    past = (clock.now() - timedelta(days=1)).isoformat()
    assert ask(fake, shop, RESCHEDULE, id=work(order), at=past)["userErrors"] != []
    assert ask(fake, shop, RESCHEDULE, id=work(order), at=at)["userErrors"] == []
    assert [(one.status, one.units, one.fulfil_at) for one in left_of(order)] == [("SCHEDULED", 6, later)]
    assert topics(shop) == ["split", "rescheduled"]


def test_a_deadline_is_set_for_several_at_once(
    fake: ShopifyFake, shop: Shop, order: Order, clock: VirtualClock
) -> None:
    at = clock.now() + timedelta(days=5)
    assert ask(fake, shop, DEADLINE, ids=[work(order)], at=at.isoformat())["success"] is True
    assert left_of(order)[0].fulfil_by == at
    ids = [work(order), "gid://shopify/FulfillmentOrder/1"]
    assert codes(ask(fake, shop, DEADLINE, ids=ids, at=at.isoformat())) == ["FULFILLMENT_ORDERS_NOT_FOUND"]


def test_one_that_is_moved_takes_its_units_along_and_what_is_being_packed_is_left_alone(
    fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    hinterhof = shop.add_location("Hinterhof")
    for sku in ("LAMP", "DESK"):
        shop.set_inventory(sku, 9, hinterhof)
    moved = move(shop, order, left_of(order)[0], hinterhof)
    assert [(one.id, one.location) for one in left_of(order)] == [(moved.id, hinterhof)]
    levels = shop.catalogue.by_sku("LAMP").levels
    assert [level.available for level in levels.values()] == [5, 4]
    begin(shop, order)
    assert codes(ask(fake, shop, HOLD, id=work(order), hold=held(order))) == [None]
    assert topics(shop) == ["moved", "progress_reported"]


def test_those_that_are_merged_are_one(fake: ShopifyFake, shop: Shop, order: Order) -> None:
    wanted = {"fulfillmentOrderId": work(order), "fulfillmentOrderLineItems": units(order, 2)}
    ask(fake, shop, SPLIT, splits=[wanted])
    merge(shop, order)
    assert standing(order) == [("OPEN", [3, 1, 2], 0)]
    assert topics(shop) == ["split", "merged"]


@pytest.mark.parametrize(
    ("status", "shown"), [("ON_HOLD", "ON_HOLD"), ("IN_PROGRESS", "IN_PROGRESS"), ("OPEN", "UNFULFILLED")]
)
def test_an_order_is_shown_as_what_is_left_of_it_stands(
    status: str, shown: str, fake: ShopifyFake, shop: Shop, order: Order
) -> None:
    left_of(order)[0].status = status
    query = f'{{ order(id: "{gid("Order", order)}") {{ displayFulfillmentStatus }} }}'
    assert ask(fake, shop, query) == {"displayFulfillmentStatus": shown}


def test_without_the_right_nothing_is_shown_and_nothing_done(fake: ShopifyFake, shop: Shop, order: Order) -> None:
    shop.scopes.remove(RIGHT)
    query = f'{{ order(id: "{gid("Order", order)}") {{ fulfillmentOrders(first: 9) {{ nodes {{ id }} }} }} }}'
    for asked in (ask(fake, shop, query), ask(fake, shop, HOLD, id=work(order), hold=held(order))):
        assert asked["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert standing(order) == [("OPEN", [5, 1], 0)]
