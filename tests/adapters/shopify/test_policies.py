"""Variants are switched product by product, with a note of what the merchant had, and put back by it."""

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Shop, Variant
from connector.domain.effects import SwitchBackorders
from connector.domain.errors import NeedsMerchant
from connector.ports import StoreAccess, Written


@pytest.fixture
def lamp(shop: Shop) -> Variant:
    return shop.add_product("Reading Lamp", "LAMP-1", 3, policy="continue")


def wants(variant: Variant, allowed: bool | None) -> SwitchBackorders:
    return SwitchBackorders(str(variant.id), f"product:{variant.product.id}", allowed)


def switch(shopify: Shopify, access: StoreAccess, variant: Variant, allowed: bool | None) -> Written:
    assert shopify.policy
    (done,) = shopify.policy.switch(access, [wants(variant, allowed)])
    return done


def note(shop: Shop, sku: str = "LAMP-1") -> str | None:
    return shop.metafields_of(sku).get("policy")


def writes(shop: Shop) -> list[str]:
    return [name for name, _ in shop.calls if name != "Policies"]


@pytest.mark.parametrize(
    ("had", "allowed", "has"),
    [
        ("continue", False, "deny"),
        ("deny", False, "deny"),
        ("deny", True, "continue"),
        ("continue", True, "continue"),
    ],
)
def test_it_is_switched_and_put_back_to_what_it_was(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant, had: str, allowed: bool, has: str
) -> None:
    shop.change_variant(lamp, policy="continue" if had == "continue" else "deny")
    assert switch(shopify, access, lamp, allowed) == Written(str(lamp.id))
    assert (lamp.policy, note(shop)) == (has, f"{had.upper()}>{has.upper()}")
    assert switch(shopify, access, lamp, None) == Written(str(lamp.id))
    assert (lamp.policy, note(shop), lamp.available) == (had, None, 3)


def test_it_is_remembered_what_the_merchant_had_however_often_it_is_switched(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    for allowed, has in ((False, "deny"), (True, "continue"), (False, "deny")):
        switch(shopify, access, lamp, allowed)
        assert (lamp.policy, note(shop)) == (has, f"CONTINUE>{has.upper()}")


def test_what_is_so_already_is_not_written(shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant) -> None:
    switch(shopify, access, lamp, False)
    switch(shopify, access, lamp, False)
    assert writes(shop) == ["SwitchPolicies"]


@pytest.mark.parametrize("allowed", [True, False])
def test_what_the_merchant_changed_since_stays_and_is_told(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant, allowed: bool
) -> None:
    switch(shopify, access, lamp, False)
    shop.change_variant(lamp, policy="continue")
    assert switch(shopify, access, lamp, allowed) == Written(str(lamp.id), by_hand=True)
    assert (lamp.policy, note(shop)) == ("continue", None)


def test_what_the_merchant_changed_since_is_not_put_back(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shop.change_variant(lamp, policy="deny")
    switch(shopify, access, lamp, True)
    shop.change_variant(lamp, policy="deny")
    assert switch(shopify, access, lamp, None) == Written(str(lamp.id))
    assert (lamp.policy, note(shop)) == ("deny", None)


def test_a_variant_whose_units_nobody_counts_is_left_alone(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shop.change_variant(lamp, tracked=False)
    assert switch(shopify, access, lamp, False) == Written(str(lamp.id))
    assert (lamp.policy, note(shop), writes(shop)) == ("continue", None, [])


def test_variants_of_one_product_are_one_call_and_a_bad_one_leaves_the_others(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    tall = shop.add_variant(lamp.product, "Tall", "LAMP-2", policy="continue")
    chair = shop.add_product("Chair", "CHAIR-1", policy="continue")
    shop.refusals[lamp.id] = "The variant is locked"
    assert shopify.policy
    wanted = [wants(one, False) for one in (lamp, tall, chair)]
    gone = [SwitchBackorders(item, None, False) for item in ("999", "x1")]
    assert shopify.policy.switch(access, [*wanted, *gone]) == (
        Written(str(lamp.id), "The variant is locked"),
        Written(str(tall.id)),
        Written(str(chair.id)),
        Written("999", "The variant is no longer in the store."),
        Written("x1", "The variant is no longer in the store."),
    )
    assert [one.policy for one in (lamp, tall, chair)] == ["continue", "deny", "deny"]
    assert writes(shop) == ["SwitchPolicies", "SwitchPolicies"]


def test_an_app_that_may_not_write_products_needs_the_merchant(
    shopify: Shopify, access: StoreAccess, shop: Shop, lamp: Variant
) -> None:
    shop.change_scopes("read_products", "read_inventory")
    with pytest.raises(NeedsMerchant, match="productVariantsBulkUpdate"):
        switch(shopify, access, lamp, False)
    assert (lamp.policy, note(shop)) == ("continue", None)
