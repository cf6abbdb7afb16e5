"""Orders, read page by page or one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.shopify import Shopify, order_reading
from adapters.shopify.practice import Buyer, Shop
from adapters.shopify.practice.warehouse import hold
from connector.domain.facts import Line, OrderSnapshot, OrderState, Refetch
from connector.ports import Page, StoreAccess

START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def numbers(page: Page) -> list[str]:
    return [fact.number for fact in page.facts if isinstance(fact, OrderSnapshot)]


@pytest.fixture(autouse=True)
def stocked(shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 100)
    shop.add_product("Rain Jacket", "JACKET", 1, policy="continue")


def test_an_order_is_told_whole(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    buyer = Buyer("bea@example.com", "Bea Baker", "CA", "ON", "fr-CA")
    order = shop.checkout({"LAMP-1": 2, "JACKET": 3}, buyer=buyer, processed_at=START)
    lamp, jacket = order.lines
    page = shopify.orders(access, None)
    assert page.cursor is None
    assert page.facts == (
        OrderSnapshot(
            order=str(order.id),
            number="#1001",
            state=OrderState.OPEN,
            placed_at=START,
            seen_at=after(3),
            lines=(
                Line(str(lamp.id), str(shop.catalogue.by_sku("LAMP-1").id), "LAMP-1", "Reading Lamp", 2, 0, 2),
                Line(str(jacket.id), str(shop.catalogue.by_sku("JACKET").id), "JACKET", "Rain Jacket", 3, 0, 3),
            ),
            email="bea@example.com",
            name="Bea Baker",
            country="CA",
            region="ON",
            locale="fr-CA",
            segment="dtc",
            customer="1",
        ),
    )


def test_orders_that_wait_for_goods_are_found_whatever_holds_them(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    for _ in range(7):
        shop.checkout({"LAMP-1": 2})
    fresh, parted, held, shipped, cancelled, archived, unpaid = shop.orders.kept.values()
    shop.fulfil(parted, {parted.lines[0].id: 1})
    hold(shop, held)
    shop.fulfil(shipped)
    shop.cancel(cancelled)
    shop.archive(archived)
    shop.pay(unpaid, "pending")
    assert numbers(shopify.orders(access, None)) == [fresh.name, parted.name, held.name, unpaid.name]


def test_all_orders_that_changed_since_then_are_found(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    old, shipped, cancelled = (shop.checkout({"LAMP-1": 1}) for _ in range(3))
    shop.fulfil(shipped)
    shop.cancel(cancelled)
    found = shopify.orders(access, None, since=after(6))
    assert [(fact.number, fact.state) for fact in found.facts if isinstance(fact, OrderSnapshot)] == [
        (shipped.name, OrderState.COMPLETED),
        (cancelled.name, OrderState.CANCELLED),
    ]
    assert old.name not in numbers(found)


def test_a_time_in_another_zone_means_the_same_moment(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.checkout({"LAMP-1": 1})
    since = after(3).astimezone(ZoneInfo("Asia/Tokyo"))
    assert numbers(shopify.orders(access, None, since=since)) == ["#1001"]
    assert shop.calls[-1][1]["query"] == "updated_at:>='2026-11-02T14:00:03Z'"


def test_pages_are_in_the_order_of_change_and_miss_nothing_that_changes_meanwhile(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_reading, "AT_ONCE", 2)
    first, second, third, fourth = (shop.checkout({"LAMP-1": 1}) for _ in range(4))
    page = shopify.orders(access, None)
    assert numbers(page) == [first.name, second.name]
    shop.pay(first, "authorized")
    rest = shopify.orders(access, page.cursor)
    assert numbers(rest) == [third.name, fourth.name]
    last = shopify.orders(access, rest.cursor)
    assert (numbers(last), last.cursor) == ([first.name], None)


def test_more_lines_than_one_answer_holds_are_all_read(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_reading, "ALL_AT_ONCE", 10)
    skus = [f"PART-{number}" for number in range(45)]
    for sku in skus:
        shop.add_product(sku.title(), sku, 5)
    order = shop.checkout(dict.fromkeys(skus, 1))
    (fact,) = shopify.fetch(access, Refetch("order", str(order.id)))
    assert isinstance(fact, OrderSnapshot)
    assert [line.sku for line in fact.lines] == skus
    assert [name for name, _ in shop.calls] == ["Order", "OrderLines", "OrderLines", "OrderLines"]


def test_one_order_is_read_by_its_id(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.checkout({"LAMP-1": 1})
    second = shop.checkout({"LAMP-1": 2})
    (fact,) = shopify.fetch(access, Refetch("order", str(second.id)))
    assert fact == shopify.orders(access, None).facts[1]


def test_an_order_that_was_deleted_comes_to_nothing(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    order = shop.checkout({"LAMP-1": 1})
    shop.delete_order(order)
    assert shopify.fetch(access, Refetch("order", str(order.id))) == ()
