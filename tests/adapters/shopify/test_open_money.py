"""What is told of money that is still to be taken, and whether any was taken at all."""

from datetime import timedelta

import msgspec
import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Order, Shop, VirtualClock
from adapters.shopify.practice.records import PlanGroup
from adapters.shopify.receiving import parse
from connector.domain.facts import OrderSnapshot, OrderState, Payment, Refetch, Reserve
from connector.ports import Delivery, StoreAccess

PLAN = 77


@pytest.fixture(autouse=True)
def lamp(shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3, policy="continue")


def read(shopify: Shopify, access: StoreAccess, order: Order) -> OrderSnapshot:
    (found,) = shopify.fetch(access, Refetch("order", str(order.id)))
    assert isinstance(found, OrderSnapshot)
    return found


def money(found: OrderSnapshot) -> tuple[bool, str, Reserve | None]:
    return found.charged, found.authorised, found.reserve


@pytest.mark.parametrize(
    ("payment", "charged"),
    [
        ("paid", True),
        ("partially_paid", True),
        ("partially_refunded", True),
        ("refunded", True),
        ("pending", False),
        ("authorized", False),
        ("expired", False),
        ("voided", False),
    ],
)
def test_whether_money_was_taken_follows_the_payment(
    shopify: Shopify, access: StoreAccess, shop: Shop, payment: str, charged: bool
) -> None:
    order = shop.checkout({"LAMP-1": 1})
    shop.pay(order, payment)
    assert read(shopify, access, order).charged is charged


def test_money_that_is_reserved_is_told_with_its_end(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = shop.checkout({"LAMP-1": 1}, payment="authorized")
    until = order.processed_at + timedelta(days=7)
    found = read(shopify, access, order)
    assert money(found) == (False, "shopify_payments", Reserve(held=True, until=until))
    assert found.state is OrderState.OPEN
    order.reserved_until, order.multi = until + timedelta(days=23), True
    later = Reserve(held=True, until=until + timedelta(days=23), in_parts=True)
    assert money(read(shopify, access, order)) == (False, "shopify_payments", later)


def test_what_lapsed_is_reserved_no_more(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = shop.checkout({"LAMP-1": 1}, payment="authorized")
    shop.pay(order, "expired")
    assert money(read(shopify, access, order)) == (False, "", Reserve())


@pytest.mark.parametrize(("payment", "charged"), [("pending", False), ("partially_paid", True)])
def test_an_order_bought_by_a_plan_waits_open_for_the_balance_on_what_its_buyer_left(
    shopify: Shopify, access: StoreAccess, shop: Shop, payment: str, charged: bool
) -> None:
    order = shop.checkout({"LAMP-1": 1}, payment=payment, selling_plan=PLAN, payment_terms=True)
    found = read(shopify, access, order)
    assert money(found) == (charged, "", Reserve(mandate=True))
    assert (found.state, found.payment) == (OrderState.OPEN, Payment.OTHER)


def test_an_order_bought_by_a_plan_that_is_paid_has_nothing_to_take(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    order = shop.checkout({"LAMP-1": 1}, selling_plan=PLAN)
    assert money(read(shopify, access, order)) == (True, "", None)


def test_a_subscription_is_billed_by_its_contract_and_never_by_us(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    form = {"name": "Monthly", "category": "SUBSCRIPTION"}
    shop.plan_groups.append(PlanGroup(8, PLAN, "Monthly", "monthly", form, set()))
    order = shop.checkout({"LAMP-1": 1}, payment="pending", selling_plan=PLAN)
    found = read(shopify, access, order)
    assert (money(found), found.state) == ((False, "", None), OrderState.UNPAID)


@pytest.mark.parametrize(
    ("payment", "plan", "read_again"),
    [
        ("authorized", 0, True),
        ("expired", 0, True),
        ("pending", PLAN, True),
        ("partially_paid", PLAN, True),
        ("pending", 0, False),
        ("partially_paid", 0, False),
        ("paid", PLAN, True),
        ("voided", PLAN, True),
    ],
)
def test_a_delivery_that_does_not_say_all_of_the_money_has_the_order_read(
    shop: Shop, clock: VirtualClock, payment: str, plan: int, read_again: bool
) -> None:
    order = shop.checkout({"LAMP-1": 1}, payment=payment, selling_plan=plan)
    body = msgspec.json.encode(shop.told[-2][1])
    (found,) = parse(Delivery({"x-shopify-topic": "orders/create"}, body, clock.now()))
    assert (found == Refetch("order", str(order.id))) is read_again
    assert isinstance(found, Refetch if read_again else OrderSnapshot)


def test_what_was_refused_by_right_is_not_asked_for_with_every_order(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.checkout({"LAMP-1": 1}, payment="pending", selling_plan=PLAN)
    page = shopify.orders(access, None)
    assert [type(fact) for fact in page.facts] == [OrderSnapshot]  # and no word of a right that is missing
