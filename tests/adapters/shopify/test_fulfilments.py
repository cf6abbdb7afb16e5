"""Fulfillment orders are read by their order: which location ships what, and what was told of them."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from adapters.shopify import Shopify, fulfilments
from adapters.shopify.client import VERSION
from adapters.shopify.practice import Order, Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.warehouse import begin, come_due, hold, left_of, merge, move, release, schedule, stop
from adapters.shopify.receiving import parse
from connector.domain.errors import NeedsMerchant, Retryable, Unreadable
from connector.domain.facts import Assignments, OrderSnapshot, Refetch
from connector.ports import Delivery, StoreAccess

RIGHT = "write_merchant_managed_fulfillment_orders"


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.scopes.add(RIGHT)
    shop.add_product("Lamp", "LAMP", 2, policy="continue")
    shop.add_product("Desk", "DESK", 1, policy="continue")
    return shop.checkout({"LAMP": 3, "DESK": 1})


def assigned(shopify: Shopify, access: StoreAccess, order: Order) -> Assignments:
    (fact,) = shopify.fetch(access, Refetch("assignments", str(order.id)))
    assert isinstance(fact, Assignments)
    return fact


def told(shop: Shop, clock: VirtualClock) -> list[Refetch]:
    """What all deliveries about fulfillment orders come to."""
    found: list[Any] = []
    for topic, payload in shop.told:
        if topic.startswith("fulfillment_orders/"):
            headers = {"x-shopify-topic": topic, "x-shopify-api-version": VERSION}
            found += parse(Delivery(headers, msgspec.json.encode(payload), clock.now()))
    return found


def test_every_line_is_told_with_the_location_that_ships_it(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    main = str(shop.catalogue.first_location)
    lamp, desk = (str(line.id) for line in order.lines)
    known = Assignments(str(order.id), ((lamp, main), (desk, main)), ((main, "Main Street"),), clock.now())
    assert assigned(shopify, access, order) == known


def test_a_line_that_ships_from_several_locations_is_told_with_none_and_what_has_shipped_not_at_all(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    lamp, desk = order.lines
    yard = shop.add_location("Yard")
    for sku in ("LAMP", "DESK"):
        shop.set_inventory(sku, 9, yard)
    shop.fulfilments.split(order, left_of(order)[0], [(left_of(order)[0].pieces[0].id, 1)])
    move(shop, order, left_of(order)[1], yard)
    shop.fulfil(order, {desk.id: 1})
    fact = assigned(shopify, access, order)
    assert fact.lines == ((str(lamp.id), ""),)
    assert dict(fact.names) == {str(shop.catalogue.first_location): "Main Street", str(yard): "Yard"}


def test_more_of_them_and_more_lines_than_one_answer_holds_are_all_read(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulfilments, "AT_ONCE", 1)
    shop.scopes.add(RIGHT)
    skus = [f"PART-{number}" for number in range(60)]
    for sku in skus:
        shop.add_product(sku, sku, 5)
    order = shop.checkout(dict.fromkeys(skus, 1))
    shop.fulfilments.split(order, left_of(order)[0], [(left_of(order)[0].pieces[0].id, 1)])
    assert len(assigned(shopify, access, order).lines or ()) == 60
    names = [name for name, _ in shop.calls]
    assert (names.count("FulfillmentOrders"), names.count("FulfillmentOrderLines")) == (2, 1)


def test_without_the_right_it_is_told_that_nothing_is_shown_and_the_order_is_read_all_the_same(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.scopes.remove(RIGHT)
    assert assigned(shopify, access, order) == Assignments(str(order.id), None, (), clock.now())
    assert shopify.fetch(access, Refetch("fulfillment_order", str(left_of(order)[0].id))) == ()
    (fact,) = shopify.fetch(access, Refetch("order", str(order.id)))
    assert isinstance(fact, OrderSnapshot)


def test_a_store_that_refuses_the_app_itself_is_told_so(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.scopes -= {RIGHT, "read_orders"}
    with pytest.raises(NeedsMerchant, match="read_orders"):
        shopify.fetch(access, Refetch("fulfillment_order", str(left_of(order)[0].id)))


def test_an_order_that_is_hidden_for_its_age_ships_from_nowhere_in_particular(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.delete_order(order)
    assert assigned(shopify, access, order) == Assignments(str(order.id), (), (), clock.now())
    assert shopify.fetch(access, Refetch("fulfillment_order", "404")) == ()


def test_an_order_that_is_not_routed_yet_is_looked_at_later(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.scopes.add(RIGHT)
    shop.add_product("Lamp", "LAMP", 2)
    shop.fulfilments.routes = False
    order = shop.checkout({"LAMP": 1})
    with pytest.raises(Retryable, match="has not said yet which location"):
        assigned(shopify, access, order)


def test_whatever_is_told_of_one_has_its_order_read_again(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock, fake: ShopifyFake
) -> None:
    shopify.subscribe(access, "https://connector.example.com/webhooks/shopify/1")
    yard = shop.add_location("Yard")
    for sku in ("LAMP", "DESK"):
        shop.set_inventory(sku, 9, yard)
    hold(shop, order)
    release(shop, order)
    moved = move(shop, order, left_of(order)[0], yard)
    shop.fulfilments.split(order, moved, [(moved.pieces[0].id, 1)])
    merge(shop, order)
    schedule(shop, order, clock.now() + timedelta(days=1))
    clock.advance(86_400.0)
    come_due(shop, order)
    begin(shop, order)
    stop(shop, order)
    looks = told(shop, clock)
    first, whole = str(order.fulfilment_orders[0].id), str(moved.id)
    # placed_on_hold, hold_released, moved, merged, scheduled_fulfillment_order_ready, and an end of progress
    assert [look.id for look in looks] == [first, first, whole, whole, whole, whole]
    assert {look.kind for look in looks} == {"fulfillment_order"}
    snapshot, place = shopify.fetch(access, looks[-1])
    assert isinstance(snapshot, OrderSnapshot)
    assert isinstance(place, Assignments)
    assert place.names == ((str(yard), "Yard"),)


def test_a_delivery_that_names_none_is_not_readable(clock: VirtualClock) -> None:
    headers = {"x-shopify-topic": "fulfillment_orders/moved", "x-shopify-api-version": VERSION}
    with pytest.raises(Unreadable, match="names no fulfillment order"):
        parse(Delivery(headers, b"{}", clock.now()))
