"""What a webhook tells of an order and what GraphQL shows of it is one and the same value."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from adapters.shopify import Shopify
from adapters.shopify.client import VERSION
from adapters.shopify.practice import Buyer, Order, Shop, VirtualClock
from adapters.shopify.practice.records import Company, CompanyLocation
from adapters.shopify.practice.warehouse import hold
from adapters.shopify.receiving import parse
from connector.domain.facts import Fact, OrderSnapshot, OrderState, Payment, Refetch, StockLevel
from connector.ports import Delivery, StoreAccess

Step = Callable[[Shop, Order], None]

STEPS: dict[str, tuple[Step, OrderState, list[tuple[int, int, int]]]] = {
    "placed": (lambda shop, order: None, OrderState.OPEN, [(5, 0, 5), (2, 0, 0)]),
    "pending": (lambda shop, order: shop.pay(order, "pending"), OrderState.UNPAID, [(5, 0, 5), (2, 0, 0)]),
    "held": (hold, OrderState.OPEN, [(5, 0, 5), (2, 0, 0)]),
    "shipped in part": (
        lambda shop, order: shop.fulfil(order, {order.lines[0].id: 2}),
        OrderState.OPEN,
        [(5, 2, 3), (2, 0, 0)],
    ),
    "shipped": (lambda shop, order: shop.fulfil(order), OrderState.COMPLETED, [(5, 5, 0), (2, 2, 0)]),
    "refunded in part": (
        lambda shop, order: shop.refund(order, {order.lines[0].id: 1}),
        OrderState.OPEN,
        [(4, 0, 4), (2, 0, 0)],
    ),
    "refunded": (
        lambda shop, order: shop.refund(order, {line.id: line.quantity for line in order.lines}),
        OrderState.CANCELLED,
        [(0, 0, 0), (0, 0, 0)],
    ),
    "raised": (lambda shop, order: shop.edit(order, {"LAMP-1": 7}), OrderState.OPEN, [(7, 0, 7), (2, 0, 0)]),
    "lowered": (lambda shop, order: shop.edit(order, {"LAMP-1": 3}), OrderState.OPEN, [(3, 0, 3), (2, 0, 0)]),
    "cancelled": (lambda shop, order: shop.cancel(order), OrderState.CANCELLED, [(0, 0, 0), (0, 0, 0)]),
    "archived": (lambda shop, order: shop.archive(order), OrderState.OPEN, [(5, 0, 5), (2, 0, 0)]),
}


@pytest.fixture
def order(shop: Shop) -> Order:
    shop.add_product("Reading Lamp", "LAMP-1", 3, policy="continue")
    shop.add_product("Gift Wrap", "WRAP", tracked=False)
    return shop.checkout({"LAMP-1": 5, "WRAP": 2})


def told(shop: Shop, clock: VirtualClock, topic: str) -> tuple[Fact | Refetch, ...]:
    """What the last webhook of a topic comes to."""
    payload = [payload for name, payload in shop.told if name == topic][-1]
    headers = {"x-shopify-topic": topic, "x-shopify-api-version": VERSION}
    return parse(Delivery(headers, msgspec.json.encode(payload), clock.now()))


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_an_order_is_told_alike(
    step: str, order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    act, state, units = STEPS[step]
    act(shop, order)
    topic = "orders/create" if step == "placed" else "orders/updated"
    (fact,) = told(shop, clock, topic)
    assert isinstance(fact, OrderSnapshot)
    assert fact.state is state
    assert [(line.quantity, line.shipped, line.taken) for line in fact.lines] == units
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


def test_goods_that_came_back_are_wanted_no_more_and_the_rest_still_waits(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    lamp = order.lines[0]
    shop.fulfil(order, {lamp.id: 2})
    shop.refund(order, {lamp.id: 1}, restock="return")
    (fact,) = told(shop, clock, "orders/updated")
    assert isinstance(fact, OrderSnapshot)
    assert (fact.lines[0].quantity, fact.lines[0].shipped, fact.lines[0].taken) == (4, 1, 3)
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


def test_units_on_hold_still_wait_when_others_came_back(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    lamp = order.lines[0]
    shop.fulfil(order, {lamp.id: 2})
    shop.refund(order, {lamp.id: 1}, restock="return")
    hold(shop, order)
    (fact,) = told(shop, clock, "orders/updated")
    assert isinstance(fact, OrderSnapshot)
    assert (fact.lines[0].quantity, fact.lines[0].shipped, fact.lines[0].taken) == (4, 1, 3)
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


def test_shipped_goods_that_were_refunded_without_coming_back_count_once(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    lamp, _ = order.lines
    shop.fulfil(order)
    shop.refund(order, {lamp.id: 1}, restock="no_restock")
    (fact,) = told(shop, clock, "orders/updated")
    assert isinstance(fact, OrderSnapshot)
    assert lamp.unfulfilled == -1
    assert (fact.state, fact.lines[0].quantity, fact.lines[0].shipped) == (OrderState.COMPLETED, 4, 4)
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


def test_a_deleted_product_leaves_a_line_without_an_item(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.delete_product(shop.catalogue.by_sku("LAMP-1").product)
    shop.pay(order, "paid")
    (fact,) = told(shop, clock, "orders/updated")
    assert isinstance(fact, OrderSnapshot)
    assert (fact.lines[0].item, fact.lines[0].sku, fact.lines[0].title) == ("", "LAMP-1", "Reading Lamp")
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


@pytest.mark.parametrize(
    ("buyer", "gateway", "terms", "segment", "payment"),
    [
        (Buyer(company=CompanyLocation(78, Company(77, "Acme"), "Berlin")), "manual", False, "b2b", Payment.OTHER),
        (Buyer(), "manual", True, "dtc", Payment.TERMS),
        (Buyer(), "Cash on Delivery (COD)", False, "dtc", Payment.ON_DELIVERY),
    ],
)
def test_a_pending_order_is_open_where_goods_go_before_the_money_comes(
    buyer: Buyer,
    gateway: str,
    terms: bool,
    segment: str,
    payment: Payment,
    shopify: Shopify,
    access: StoreAccess,
    shop: Shop,
    clock: VirtualClock,
) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    order = shop.checkout({"LAMP-1": 1}, buyer=buyer, payment="pending", gateway=gateway, payment_terms=terms)
    (fact,) = told(shop, clock, "orders/create")
    assert isinstance(fact, OrderSnapshot)
    assert (fact.state, fact.segment, fact.payment) == (OrderState.OPEN, segment, payment)
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


@pytest.mark.parametrize(
    ("reason", "by_seller"),
    [("customer", False), ("other", True), ("inventory", True), ("staff", True), ("fraud", True)],
)
def test_who_cancelled_an_order_is_told_where_shopify_says_it(
    reason: str, by_seller: bool, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    order = shop.checkout({"LAMP-1": 1})
    shop.cancel(order, reason)
    (fact,) = told(shop, clock, "orders/cancelled")
    assert isinstance(fact, OrderSnapshot)
    assert fact.by_seller is by_seller
    assert shopify.fetch(access, Refetch("order", str(order.id))) == (fact,)


def test_stock_is_told_alike(
    order: Order, shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    (level,) = told(shop, clock, "inventory_levels/update")
    (shown,) = [fact for fact in shopify.items(access, None).facts if isinstance(fact, StockLevel)]
    assert level == replace(shown, read_at=None)
    assert (shown.available, shown.read_at) == (-2, clock.now())
