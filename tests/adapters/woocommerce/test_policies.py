"""Backorders are switched in batches, with a note of what the merchant had, and put back by it."""

import pytest

from adapters.woocommerce.practice.model import Product
from connector.domain.effects import SwitchBackorders
from connector.ports import Written
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

MARK = "_backorder_policy"


def marks(product: Product) -> list[object]:
    return [meta.value for meta in product.meta if meta.key == MARK]


def switch(front: Shopfront, product: Product, allowed: bool | None) -> Written:
    assert front.platform.policy
    wanted = SwitchBackorders(str(product.id), str(product.parent) if product.parent else None, allowed)
    (done,) = front.platform.policy.switch(front.access, [wanted])
    return done


@pytest.fixture
def lamp(front: Shopfront) -> Product:
    return front.store.shop.by_sku("LAMP-1")


@pytest.mark.parametrize(
    ("had", "allowed", "has"),
    [
        ("notify", False, "no"),
        ("yes", False, "no"),
        ("no", False, "no"),
        ("no", True, "notify"),
        ("yes", True, "yes"),
        ("notify", True, "notify"),
    ],
)
@pytest.mark.parametrize("sku", ["LAMP-1", "JACKET-S"])
def test_it_is_switched_and_put_back_to_what_it_was(
    front: Shopfront, sku: str, had: str, allowed: bool, has: str
) -> None:
    product = front.store.shop.by_sku(sku)
    product.backorders = had
    before = (product.stock, product.short_description, product.description, product.meta[:])
    assert switch(front, product, allowed) == Written(str(product.id))
    assert (product.backorders, marks(product)) == (has, [f"{had}>{has}"])
    assert switch(front, product, None) == Written(str(product.id))
    assert product.backorders == had
    assert (product.stock, product.short_description, product.description, product.meta) == before


def test_it_is_remembered_what_the_merchant_had_however_often_it_is_switched(front: Shopfront, lamp: Product) -> None:
    lamp.backorders = "yes"
    for allowed, has in ((False, "no"), (True, "yes"), (False, "no")):
        switch(front, lamp, allowed)
        assert (lamp.backorders, marks(lamp)) == (has, [f"yes>{has}"])


def test_what_is_so_already_is_not_written(front: Shopfront, lamp: Product) -> None:
    front.platform.subscribe(front.access, f"{front.store.url}/nobody")
    switch(front, lamp, False)
    assert [told.resource for told in front.store.deliver_now()] == [lamp.id]
    assert switch(front, lamp, False) == Written(str(lamp.id))
    assert switch(front, front.store.shop.by_sku("DESK-1"), None).error is None
    assert front.store.deliver_now() == []


@pytest.mark.parametrize("allowed", [True, False])
def test_what_the_merchant_changed_since_stays_and_is_told(front: Shopfront, lamp: Product, allowed: bool) -> None:
    switch(front, lamp, False)
    lamp.backorders = "yes"
    assert switch(front, lamp, allowed) == Written(str(lamp.id), by_hand=True)
    assert (lamp.backorders, marks(lamp)) == ("yes", [])


def test_what_the_merchant_changed_since_is_not_put_back(front: Shopfront, lamp: Product) -> None:
    lamp.backorders = "notify"
    switch(front, lamp, False)
    lamp.backorders = "yes"
    assert switch(front, lamp, None) == Written(str(lamp.id))
    assert (lamp.backorders, marks(lamp)) == ("yes", [])


def test_a_product_whose_stock_nobody_counts_is_left_alone(front: Shopfront) -> None:
    product = next(one for one in front.store.shop.products.values() if one.stock is None and not one.variable)
    switch(front, product, True)
    assert marks(product) == []


def test_one_product_that_is_gone_leaves_the_others(front: Shopfront, lamp: Product) -> None:
    assert front.platform.policy
    wanted = [SwitchBackorders(name, None, False) for name in ("999999", str(lamp.id), "x1")]
    gone, done, none = front.platform.policy.switch(front.access, wanted)
    assert gone == Written("999999", "The product is no longer in the store.")
    assert done == Written(str(lamp.id))
    assert none == Written("x1", "This is no product of a WooCommerce store.")
    assert lamp.backorders == "no"


def test_a_refusal_inside_a_batch_is_told_by_product(scripted: Scripted, talking: Talking) -> None:
    platform, access = talking
    assert platform.policy
    now = [{"id": 7, "backorders": "no", "manage_stock": True}, {"id": 8, "backorders": "no", "manage_stock": True}]
    scripted.says("products", now)
    error = {"id": 7, "error": {"code": "locked", "message": "Locked.", "data": {"status": 500}}}
    scripted.says("products/batch", {"update": [error, {"id": 8}]})
    done = platform.policy.switch(access, [SwitchBackorders(item, None, True) for item in ("7", "8")])
    assert done == (Written("7", "Locked. (locked)", retry=True), Written("8"))
    sent = [one.get_json() for one in scripted.seen if one.method == "POST"]
    change = {"backorders": "notify", "meta_data": [{"key": MARK, "value": "no>notify"}]}
    assert sent == [{"update": [{"id": 7} | change, {"id": 8} | change]}]
