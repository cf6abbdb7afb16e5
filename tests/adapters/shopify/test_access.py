"""How a store is connected, and what it says about itself."""

from datetime import UTC, datetime

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.keys import AppKeys
from adapters.shopify.practice import Fault, Shop, ShopifyFake
from connector.domain.errors import BadInput, NeedsMerchant, Unauthorised
from connector.domain.facts import Refetch, StoreClosed
from connector.ports import StoreAccess, StoreProfile

APP = AppKeys("client", "shpss_app")
GIVEN = {"shop": "Acme.myshopify.com", "token": "shpat_token", "api_secret": "shpss_secret"}


def test_a_custom_app_is_reached_by_its_token_and_signs_with_its_secret() -> None:
    credentials = {"token": "shpat_token", "api_secret": "shpss_secret"}
    assert Shopify(Http()).access(GIVEN) == StoreAccess("acme.myshopify.com", credentials, "shpss_secret")


def test_credentials_are_not_shown() -> None:
    assert repr(Shopify(Http()).access(GIVEN)) == "StoreAccess(address='acme.myshopify.com')"


def test_the_apps_own_secret_stands_in_for_one_that_is_not_given() -> None:
    access = Shopify(Http(), keys=APP).access({name: GIVEN[name] for name in ("shop", "token")})
    assert access.hook_secret == "shpss_app"
    assert access.credentials == {"token": "shpat_token", "api_secret": "shpss_app"}


def test_a_secret_that_is_given_comes_before_the_apps_own() -> None:
    assert Shopify(Http(), keys=APP).access(GIVEN).hook_secret == "shpss_secret"


@pytest.mark.parametrize(
    "shop",
    [
        "",
        "acme",
        "acme.example.com",
        "acme.myshopify.com.evil.com",
        "evil.com/acme.myshopify.com",
        "acme.myshopify.com\n.evil.com",
        "user@acme.myshopify.com",
        "-acme.myshopify.com",
        "acme.myshopify.com:8080",
        "a.b.myshopify.com",
        "äcme.myshopify.com",
    ],
)
def test_what_is_not_the_name_of_a_shop_is_refused(shop: str) -> None:
    with pytest.raises(BadInput, match=r"^shop: "):
        Shopify(Http()).access(GIVEN | {"shop": shop})


@pytest.mark.parametrize("name", ["token", "api_secret"])
@pytest.mark.parametrize("value", ["   ", "two words", "line\nbreak", "schlüssel"])
def test_what_cannot_be_a_secret_is_refused_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Shopify(Http()).access(GIVEN | {name: value})
    assert str(refusal.value) == f"{name}: copy it from the app's API credentials in the Shopify admin"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("token", "token: copy it from the app's API credentials in the Shopify admin"),
        (
            "api_secret",
            "api_secret: the store's webhooks are signed with the API secret of its app; give --api-secret, or set"
            " SHOPIFY_API_SECRET for all stores",
        ),
    ],
)
def test_what_is_not_given_is_asked_for(name: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Shopify(Http()).access(GIVEN | {name: ""})
    assert str(refusal.value) == said


def test_a_shop_says_who_it_is(shopify: Shopify, access: StoreAccess) -> None:
    assert shopify.profile(access) == StoreProfile("Acme", "America/New_York", "USD", "2026-10")


def test_a_version_that_shopify_no_longer_speaks_shows_in_the_profile(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    fake.version = "2027-01"
    assert shopify.profile(access).version == "2027-01"


def test_missing_rights_are_named_to_the_merchant(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.scopes = {"read_orders", "read_products", "write_inventory", "read_customers"}
    with pytest.raises(NeedsMerchant) as refusal:
        shopify.profile(access)
    assert str(refusal.value) == (
        "Give the app these rights in the Shopify admin: read_fulfillments, write_products, read_payment_terms"
    )


def test_another_shops_token_opens_nothing(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    other = fake.open_shop("other", token="shpat_other")
    with pytest.raises(Unauthorised, match="connect the store again"):
        shopify.profile(StoreAccess(other.domain, access.credentials))
    assert other.calls == []


def test_a_shop_that_withholds_a_right_has_not_left(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    departure = Refetch("departure", "2026-11-02T14:00:01+00:00")
    assert shopify.fetch(access, departure) == ()
    shop.scopes = {"read_orders"}
    with pytest.raises(NeedsMerchant, match="Give the app these rights"):
        shopify.fetch(access, departure)


@pytest.mark.parametrize("status", [401, 404])
def test_a_shop_that_knows_the_app_no_more_was_left(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, status: int
) -> None:
    fake.faults.append(Fault(status))
    left = (StoreClosed(datetime(2026, 11, 2, 14, 0, 1, tzinfo=UTC)),)
    assert shopify.fetch(access, Refetch("departure", "2026-11-02T14:00:01+00:00")) == left


@pytest.mark.parametrize("status", [402, 403, 423])
def test_a_shop_that_is_frozen_or_locked_was_not(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, status: int
) -> None:
    fake.faults.append(Fault(status))
    with pytest.raises(NeedsMerchant, match=r"acme\.myshopify\.com"):
        shopify.fetch(access, Refetch("departure", "2026-11-02T14:00:01+00:00"))
