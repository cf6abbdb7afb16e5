"""Listings go out as metafields, in as few calls as Shopify allows, and one bad one holds back no other."""

from collections.abc import Sequence
from datetime import date
from math import ceil

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Shop, ShopifyFake, Variant, VirtualClock
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Retryable
from connector.ports import StoreAccess, Written

ETA = date(2026, 12, 1)


def backorder(variant: Variant, eta: date | None = ETA, available: int = 7, notice: str = "") -> WriteListing:
    return WriteListing(
        str(variant.id), f"product:{variant.product.id}", ListingState.BACKORDER, eta, available, notice
    )


def plain(variant: Variant, state: ListingState) -> WriteListing:
    return WriteListing(str(variant.id), None, state, None, 0, "")


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.add_product("Reading Lamp", "LAMP-1", 0, policy="continue")


def calls(shop: Shop) -> list[tuple[str, int]]:
    return [(name, len(variables["metafields"])) for name, variables in shop.calls]


def test_a_backorder_shows_its_state_date_units_and_sentence(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    listing = backorder(lamp, notice="Ships by December 1.\n Order\tnow.")
    assert shopify.write(access, [listing]) == (Written(str(lamp.id)),)
    assert shop.metafields_of("LAMP-1") == {
        "state": "backorder",
        "eta": "2026-12-01",
        "available": "7",
        "notice": "Ships by December 1. Order now.",
    }
    assert {key: kept.type for key, kept in lamp.metafields.items()} == {
        "state": "single_line_text_field",
        "eta": "date",
        "available": "number_integer",
        "notice": "single_line_text_field",
    }


def test_only_the_apps_own_namespace_is_written(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shopify.write(access, [backorder(lamp, eta=None)])
    written = [field for _, variables in shop.calls for field in variables["metafields"]]
    assert {(field["namespace"], field["ownerId"]) for field in written} == {
        ("$app", f"gid://shopify/ProductVariant/{lamp.id}")
    }
    assert {name for name, _ in shop.calls} == {"MetafieldsSet", "MetafieldsDelete"}


def test_a_date_that_is_no_longer_known_is_taken_away(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shopify.write(access, [backorder(lamp, notice="Ships by December 1.")])
    shopify.write(access, [backorder(lamp, eta=None, available=0)])
    assert shop.metafields_of("LAMP-1") == {"state": "backorder", "available": "0"}


@pytest.mark.parametrize("state", [ListingState.IN_STOCK, ListingState.OUT_OF_STOCK])
def test_an_item_that_is_backordered_no_more_keeps_its_state_only(
    state: ListingState, shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shopify.write(access, [backorder(lamp, notice="Ships by December 1.")])
    shopify.write(access, [plain(lamp, state)])
    assert shop.metafields_of("LAMP-1") == {"state": state.value}


def test_writing_again_changes_nothing(shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant) -> None:
    first = shopify.write(access, [backorder(lamp)])
    before = shop.metafields_of("LAMP-1")
    assert shopify.write(access, [backorder(lamp)]) == first
    assert shop.metafields_of("LAMP-1") == before


def products(shop: Shop, count: int) -> list[Variant]:
    return [shop.add_product(f"Lamp {n}", f"L-{n}", 0) for n in range(count)]


def test_calls_are_filled_to_the_brim(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    variants = products(shop, 25)
    written = shopify.write(access, [backorder(variant, notice="Soon.") for variant in variants])
    assert written == tuple(Written(str(variant.id)) for variant in variants)
    assert calls(shop) == [("MetafieldsSet", 25)] * 4
    assert all(len(variant.metafields) == 4 for variant in variants)


def test_nothing_to_write_is_no_call(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    assert shopify.write(access, []) == ()
    assert shop.calls == []


def errors(written: Sequence[Written]) -> dict[str, str]:
    return {one.item: one.error for one in written if one.error is not None}


def test_a_refused_item_is_named_and_the_others_are_written(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    variants = products(shop, 10)
    shop.refusals[variants[3].id] = "Value is not allowed."
    written = shopify.write(access, [backorder(variant, notice="Soon.") for variant in variants])
    assert [one.item for one in written] == [str(variant.id) for variant in variants]
    assert written[3] == Written(str(variants[3].id), "Value is not allowed.", retry=False)
    assert errors(written) == {str(variants[3].id): "Value is not allowed."}
    assert [len(variant.metafields) for variant in variants] == [4, 4, 4, 0, 4, 4, 4, 4, 4, 4]
    # The first call is refused as a whole, and goes again without the item; 36 metafields are left.
    assert calls(shop) == [("MetafieldsSet", 25), ("MetafieldsSet", 25), ("MetafieldsSet", 11)]


def test_items_that_are_refused_in_the_same_call_are_found_at_once(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    variants = products(shop, 4)
    shop.refusals |= {variants[0].id: "No.", variants[2].id: "Never."}
    written = shopify.write(access, [backorder(variant) for variant in variants])
    assert errors(written) == {str(variants[0].id): "No.", str(variants[2].id): "Never."}
    assert calls(shop) == [("MetafieldsSet", 12), ("MetafieldsSet", 6), ("MetafieldsDelete", 2)]


def test_a_refused_deletion_is_that_items_error_and_goes_again_without_it(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    first, second = products(shop, 2)
    shopify.write(access, [backorder(first, notice="Soon."), backorder(second, notice="Soon.")])
    refusal = b'{"data":{"metafieldsDelete":{"userErrors":[{"field":["metafields","4"],"message":"Refused."}]}}}'
    fake.faults.append(Fault(200, b'{"data":{"metafieldsSet":{"userErrors":[]}}}'))
    fake.faults.append(Fault(200, refusal))
    written = shopify.write(access, [plain(first, ListingState.IN_STOCK), plain(second, ListingState.IN_STOCK)])
    assert written == (Written(str(first.id)), Written(str(second.id), "Refused."))
    assert set(shop.metafields_of("L-0")) == {"state"}
    assert set(shop.metafields_of("L-1")) == {"state", "eta", "available", "notice"}


def test_an_item_that_is_gone_is_an_error_of_its_own(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    gone = shop.add_product("Desk", "DESK", 0)
    shop.delete_product(gone.product)
    written = shopify.write(access, [backorder(gone), backorder(lamp)])
    assert written == (Written(str(gone.id), "Owner does not exist."), Written(str(lamp.id)))


def test_an_error_that_names_no_item_is_every_items(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    variants = products(shop, 2)
    fake.faults.append(Fault(200, b'{"data":{"metafieldsSet":{"userErrors":[{"message":"Not now."}]}}}'))
    written = shopify.write(access, [backorder(variant) for variant in variants])
    assert written == tuple(Written(str(variant.id), "Not now.") for variant in variants)
    assert shop.calls == []


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "STALE_OBJECT"])
def test_an_error_that_passes_says_that_later_may_help(
    code: str, shopify: Shopify, access: StoreAccess, fake: ShopifyFake, lamp: Variant
) -> None:
    error = f'{{"message":"Busy.","code":"{code}","elementIndex":0,"field":null}}'
    fake.faults.append(Fault(200, f'{{"data":{{"metafieldsSet":{{"userErrors":[{error}]}}}}}}'.encode()))
    assert shopify.write(access, [backorder(lamp)]) == (Written(str(lamp.id), "Busy.", retry=True),)


def test_a_missing_right_is_every_items_error(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shop.scopes -= {"write_products"}
    written = shopify.write(access, [backorder(lamp)])
    assert errors(written) == {str(lamp.id): "The app is not authorized to write to this owner."}
    assert shop.metafields_of("LAMP-1") == {}


def test_a_write_is_repeated_when_the_answer_is_lost(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, lamp: Variant
) -> None:
    fake.faults.append(Fault(hang_up=True))
    assert shopify.write(access, [backorder(lamp, notice="Soon.")]) == (Written(str(lamp.id)),)
    assert len(shop.metafields_of("LAMP-1")) == 4


def test_a_server_that_is_down_leaves_the_write_for_later(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, lamp: Variant
) -> None:
    fake.faults.extend([Fault(503)] * 3)
    with pytest.raises(Retryable):
        shopify.write(access, [backorder(lamp)])
    assert shop.metafields_of("LAMP-1") == {}


def mixed(variants: Sequence[Variant]) -> list[WriteListing]:
    """Listings of several kinds by turns, so that some of each one's metafields are set and others deleted."""
    kinds = (
        lambda one: backorder(one, notice="Soon."),
        lambda one: plain(one, ListingState.IN_STOCK),
        lambda one: backorder(one, eta=None),
    )
    return [kinds[at % len(kinds)](variant) for at, variant in enumerate(variants)]


def test_a_batch_of_any_kinds_takes_at_most_a_tenth_more_calls_than_it_must(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    listings = mixed(products(shop, shopify.listing_batch))
    assert {one.error for one in shopify.write(access, listings)} == {None}
    made = calls(shop)
    assert sum(metafields for _, metafields in made) == 400
    assert (len(made), ceil(400 / 25)) == (17, 16)


def test_a_flood_of_listings_is_written_at_the_pace_that_the_shop_restores_and_is_never_throttled(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, clock: VirtualClock
) -> None:
    listings = mixed(products(shop, 2_000))
    began = clock.monotonic()
    for start in range(0, len(listings), shopify.listing_batch):
        shopify.write(access, listings[start : start + shopify.listing_batch])
    points, seconds = 10 * len(shop.calls), clock.monotonic() - began
    assert len(shop.calls) == 20 * 17
    # Whoever was throttled would have asked once more than was carried out.
    assert fake.requests == len(shop.calls)
    assert points == 3_400
    assert seconds == pytest.approx((points - shop.bucket.capacity) / 100, abs=0.2)
