"""Variants and their stock, read page by page or one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.shopify import Shopify, item_reading
from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from connector.domain.errors import Unsupported
from connector.domain.facts import ItemGone, ItemSnapshot, Refetch, StockLevel
from connector.ports import StoreAccess, Unusable

START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_product_of_one_variant_comes_with_its_stock(
    fake: ShopifyFake, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3, price="20.00", policy="continue")
    page = shopify.items(access, None)
    assert page.cursor is None
    assert page.facts == (
        ItemSnapshot(
            item=str(lamp.id),
            sku="LAMP-1",
            title="Reading Lamp",
            stock=str(lamp.inventory_item),
            seen_at=after(1),
            read_at=after(1),
            parent=f"product:{lamp.product.id}",
            tracked=True,
            sells_beyond=True,
            on_sale=True,
            url=f"{fake.origin}/products/reading-lamp?variant={lamp.id}",
            price=Decimal("20.00"),
        ),
        StockLevel(str(lamp.inventory_item), 3, after(1), after(1), str(shop.catalogue.first_location)),
    )


def test_a_variant_among_others_carries_its_own_title(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    small = shop.add_product("Rain Jacket", "JACKET-S", 1)
    shop.change_variant(small, title="Small")
    shop.add_variant(small.product, "Large", "JACKET-L", 2)
    assert [fact.title for fact in shopify.items(access, None).facts if isinstance(fact, ItemSnapshot)] == [
        "Rain Jacket - Small",
        "Rain Jacket - Large",
    ]


def test_a_variant_that_is_not_counted_has_no_stock(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.add_product("Consulting", "HOUR", tracked=False)
    (item,) = shopify.items(access, None).facts
    assert isinstance(item, ItemSnapshot)
    assert (item.tracked, item.on_backorder) == (False, False)


def test_a_variant_that_denies_overselling_does_not_sell_beyond_its_stock(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3, policy="deny")
    item, _ = shopify.items(access, None).facts
    assert isinstance(item, ItemSnapshot)
    assert item.sells_beyond is False


@pytest.mark.parametrize(
    ("status", "on_sale"), [("active", True), ("unlisted", True), ("draft", False), ("archived", False)]
)
def test_only_active_and_unlisted_products_can_be_bought(
    status: str, on_sale: bool, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 3, status=status)
    item, _ = shopify.items(access, None).facts
    assert isinstance(item, ItemSnapshot)
    assert item.on_sale is on_sale


def test_a_change_of_the_product_or_of_tracking_makes_the_item_newer(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3)
    shop.change_product(lamp.product, title="Desk Lamp")
    renamed, _ = shopify.items(access, None).facts
    assert isinstance(renamed, ItemSnapshot)
    assert (renamed.title, renamed.seen_at) == ("Desk Lamp", after(2))
    shop.change_variant(lamp, tracked=False)
    (uncounted,) = shopify.items(access, None).facts
    assert isinstance(uncounted, ItemSnapshot)
    assert (uncounted.tracked, uncounted.seen_at) == (False, after(3))


def test_stock_is_told_for_each_location_and_is_none_where_the_item_is_stocked_no_more(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3)
    harbour, hills = shop.add_location("Harbour"), shop.add_location("Hills")
    shop.set_inventory("LAMP-1", -4, harbour)
    shop.set_inventory("LAMP-1", 7, hills)
    shop.disconnect("LAMP-1", hills)
    levels = [fact for fact in shopify.items(access, None).facts if isinstance(fact, StockLevel)]
    stock, now = str(lamp.inventory_item), after(4)
    assert levels == [
        StockLevel(stock, 3, after(1), now, str(shop.catalogue.first_location)),
        StockLevel(stock, -4, after(2), now, str(harbour)),
        StockLevel(stock, 0, after(4), now, str(hills)),
    ]


def test_more_locations_than_one_answer_holds_are_all_read(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 0)
    for number in range(1, 13):
        shop.set_inventory("LAMP-1", number, shop.add_location(f"Store {number}"))
    levels = [fact for fact in shopify.items(access, None).facts if isinstance(fact, StockLevel)]
    assert [level.available for level in levels] == list(range(13))
    assert [name for name, _ in shop.calls] == ["Variants", "Levels"]


def test_pages_follow_each_other_to_the_end(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_reading, "AT_ONCE", 2)
    for number in range(5):
        shop.add_product(f"Lamp {number}", f"LAMP-{number}", tracked=False)
    skus, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        page = shopify.items(access, cursor)
        skus += [fact.sku for fact in page.facts if isinstance(fact, ItemSnapshot)]
        cursor, pages = page.cursor, pages + 1
    assert (skus, pages) == (["LAMP-0", "LAMP-1", "LAMP-2", "LAMP-3", "LAMP-4"], 3)


def test_one_item_is_read_with_its_stock(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.add_product("Desk", "DESK", 1)
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3)
    clock.advance(60)
    item, level = shopify.fetch(access, Refetch("item", str(lamp.id)))
    assert isinstance(item, ItemSnapshot)
    assert (item.item, item.seen_at, item.read_at) == (str(lamp.id), after(2), after(62))
    assert level == StockLevel(str(lamp.inventory_item), 3, after(2), after(62), str(shop.catalogue.first_location))


def test_a_product_is_read_with_all_of_its_variants(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_reading, "AT_ONCE", 2)
    product = shop.add_product("Rain Jacket", "JACKET-0", 10).product
    for number in range(1, 5):
        shop.add_variant(product, f"Size {number}", f"JACKET-{number}", 10 + number)
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    facts = shopify.fetch(access, Refetch("product", str(product.id)))
    assert [fact.sku for fact in facts if isinstance(fact, ItemSnapshot)] == [f"JACKET-{n}" for n in range(5)]
    assert [fact.available for fact in facts if isinstance(fact, StockLevel)] == [10, 11, 12, 13, 14]
    assert [name for name, _ in shop.calls] == ["ProductVariants"] * 3


def test_a_variant_that_is_not_there_is_gone(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    assert shopify.fetch(access, Refetch("item", "999")) == (ItemGone("999", START),)
    assert len(shop.calls) == 1


@pytest.mark.parametrize("kind", ["order", "product"])
def test_what_the_shop_does_not_show_comes_to_nothing(
    kind: str, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    assert shopify.fetch(access, Refetch(kind, "999")) == ()
    assert len(shop.calls) == 1


def test_an_inventory_item_is_read_with_its_variant(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 3)
    shop.change_variant(lamp, tracked=False)
    (told,) = [payload for topic, payload in shop.told if topic == "inventory_items/update"]
    (item,) = shopify.fetch(access, Refetch("stock", str(told["id"])))
    assert isinstance(item, ItemSnapshot)
    assert (item.item, item.tracked) == (str(lamp.id), False)
    assert shopify.fetch(access, Refetch("stock", "1")) == ()


def test_other_things_cannot_be_read(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    with pytest.raises(Unsupported, match="Shopify has no shoe that could be read"):
        shopify.fetch(access, Refetch("shoe", "1"))
    assert shop.calls == []


def test_a_variant_that_nobody_could_pay_leaves_the_others(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    dear, lamp = shop.add_product("Dear", price="1e30"), shop.add_product("Lamp", "LAMP-1", 3)
    page = shopify.items(access, None)
    assert [fact.item for fact in page.facts if isinstance(fact, ItemSnapshot)] == [str(lamp.id)]
    assert page.unusable == (
        Unusable(str(dear.id), f"variant {dear.id}: the price is too large, or no number"),
    )
    assert page.read == 2
