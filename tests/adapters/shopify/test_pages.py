"""Pages of the online store: found before they are made, and never made twice."""

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Shop, ShopifyFake
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import InfoPage, InfoPages, StoreAccess


@pytest.fixture
def pages(shopify: Shopify, shop: Shop) -> InfoPages:
    shop.scopes |= {"write_online_store_pages"}
    assert shopify.pages is not None
    return shopify.pages


def test_a_page_is_made_found_and_changed(pages: InfoPages, access: StoreAccess, fake: ShopifyFake) -> None:
    assert pages.find(access, "", "backorders") is None
    made = pages.put(access, "", "backorders", "Backorders", "<p>One</p>")
    assert made == InfoPage(made.id, "Backorders", "<p>One</p>", f"{fake.origin}/pages/backorders")
    changed = pages.put(access, made.id, "backorders", "Waiting", "<p>Two</p>")
    assert changed == InfoPage(made.id, "Waiting", "<p>Two</p>", made.url)
    assert pages.find(access, made.id, "x") == changed
    assert pages.find(access, "", "backorders") == changed


def test_a_page_that_was_deleted_is_looked_for_at_its_address(
    pages: InfoPages, access: StoreAccess, shop: Shop
) -> None:
    made = pages.put(access, "", "backorders", "Backorders", "<p>One</p>")
    shop.pages.kept.clear()
    assert pages.find(access, made.id, "backorders") is None


def test_a_page_whose_making_nobody_knows_of_is_made_once(
    pages: InfoPages, access: StoreAccess, fake: ShopifyFake, shop: Shop
) -> None:
    fake.faults.append(Fault(hang_up=True, done=True, operation="PageCreate"))
    with pytest.raises(Retryable):
        pages.put(access, "", "backorders", "Backorders", "<p>One</p>")
    found = pages.find(access, "", "backorders")
    assert found is not None
    assert len(shop.pages.kept) == 1


def test_an_address_that_is_taken_is_said(pages: InfoPages, access: StoreAccess) -> None:
    pages.put(access, "", "backorders", "Backorders", "")
    with pytest.raises(Terminal, match="Handle has already been taken"):
        pages.put(access, "", "backorders", "Backorders", "")


def test_without_the_right_the_merchant_is_told_which(pages: InfoPages, access: StoreAccess, shop: Shop) -> None:
    pages.put(access, "", "backorders", "Backorders", "")
    shop.scopes -= {"write_online_store_pages"}
    for attempt in (
        lambda: pages.find(access, "", "backorders"),
        lambda: pages.put(access, "", "others", "Backorders", ""),
    ):
        with pytest.raises(NeedsMerchant, match="write_online_store_pages"):
            attempt()
