"""A Shopify with one shop, and the adapter that speaks with it over real connections."""

from collections.abc import Iterator

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from connector.ports import StoreAccess

TOKEN = "shpat_token"
SECRET = "shpss_secret"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def fake(clock: VirtualClock) -> Iterator[ShopifyFake]:
    with ShopifyFake(clock) as fake:
        yield fake


@pytest.fixture
def shop(fake: ShopifyFake) -> Shop:
    return fake.open_shop("acme", token=TOKEN, api_secret=SECRET)


@pytest.fixture
def http(fake: ShopifyFake, clock: VirtualClock) -> Iterator[Http]:
    http = Http([fake.authority], sleep=clock.advance)
    yield http
    http.close()


@pytest.fixture
def shopify(fake: ShopifyFake, http: Http, clock: VirtualClock) -> Shopify:
    return Shopify(http, fake.origin, monotonic=clock.monotonic, sleep=clock.advance)


@pytest.fixture
def access(shop: Shop) -> StoreAccess:
    return StoreAccess(shop.domain, {"token": TOKEN, "api_secret": SECRET}, SECRET)
