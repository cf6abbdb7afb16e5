"""The app gets into a shop by a session token or by consent, and stays in by refreshing what ends."""

from datetime import timedelta

import pytest

from adapters.http import Http
from adapters.shopify.access import SCOPES
from adapters.shopify.client import Client
from adapters.shopify.installing import ShopifyApp
from adapters.shopify.keys import AppKeys
from adapters.shopify.practice import Fault, Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.oauth import SECRET
from connector.domain.errors import BadSignature, NeedsMerchant, Retryable
from connector.ports import StoreAccess

SHOP = "acme.myshopify.com"
KEYS = AppKeys("client", SECRET)


@pytest.fixture
def app(http: Http, fake: ShopifyFake, shop: Shop) -> ShopifyApp:
    return ShopifyApp(http, KEYS, fake.origin, Client(http))


def entered(app: ShopifyApp, shop: Shop, clock: VirtualClock) -> StoreAccess:
    return app.exchange(SHOP, shop.app.session_token(), clock.now())


def test_a_session_token_is_exchanged_for_tokens_that_end(app: ShopifyApp, shop: Shop, clock: VirtualClock) -> None:
    access, now = entered(app, shop, clock), clock.now()
    (asked,) = shop.app.asked
    assert asked["expiring"] == "1"
    assert asked["requested_token_type"] == "urn:shopify:params:oauth:token-type:offline-access-token"
    assert access == StoreAccess(
        SHOP,
        {
            "token": "shpat_1",
            "refresh_token": "shprt_1",
            "expires_at": (now + timedelta(hours=1)).isoformat(),
            "refresh_expires_at": (now + timedelta(days=90)).isoformat(),
        },
    )


def test_a_session_token_that_is_over_gets_nothing(app: ShopifyApp, shop: Shop, clock: VirtualClock) -> None:
    token = shop.app.session_token()
    clock.advance(3600)
    with pytest.raises(NeedsMerchant, match="open the app in the Shopify admin"):
        app.exchange(SHOP, token, clock.now())


def test_an_access_is_due_ten_minutes_before_it_ends_and_follows_once(
    app: ShopifyApp, shop: Shop, clock: VirtualClock
) -> None:
    access = entered(app, shop, clock)
    clock.advance(3599 - 600)
    assert not app.is_due(access, clock.now())
    clock.advance(1)
    assert app.is_due(access, clock.now())
    after = app.renew(access, clock.now())
    assert (after.credentials["token"], after.credentials["refresh_token"]) == ("shpat_2", "shprt_2")
    assert not app.is_due(after, clock.now())


def test_an_answer_that_was_lost_is_given_again(app: ShopifyApp, shop: Shop, clock: VirtualClock) -> None:
    access = entered(app, shop, clock)
    assert app.renew(access, clock.now()) == app.renew(access, clock.now())
    assert shop.app.accepts("shpat_2")
    with pytest.raises(NeedsMerchant):
        app.renew(access, clock.now())


def test_tokens_that_were_revoked_or_have_ended_need_the_merchant(
    app: ShopifyApp, shop: Shop, clock: VirtualClock
) -> None:
    access = entered(app, shop, clock)
    shop.app.revoked = True
    with pytest.raises(NeedsMerchant, match="it connects again"):
        app.renew(access, clock.now())
    clock.advance(90 * 86400)
    asked = len(shop.app.asked)
    with pytest.raises(NeedsMerchant, match="it connects again"):
        app.renew(access, clock.now())
    assert len(shop.app.asked) == asked


def test_a_secret_that_shopify_does_not_know_is_the_hosts_affair(
    app: ShopifyApp, shop: Shop, clock: VirtualClock
) -> None:
    shop.app.secrets = ["another one"]
    with pytest.raises(NeedsMerchant, match="whoever runs this installation"):
        app.exchange(SHOP, "any", clock.now())


def test_a_shopify_that_is_away_is_asked_again(
    app: ShopifyApp, fake: ShopifyFake, shop: Shop, clock: VirtualClock
) -> None:
    access = entered(app, shop, clock)
    fake.faults.extend([Fault(503), Fault(503)])
    with pytest.raises(Retryable):
        app.renew(access, clock.now())


def test_a_token_without_an_end_is_never_due(app: ShopifyApp, clock: VirtualClock) -> None:
    assert not app.is_due(StoreAccess(SHOP, {"token": "shpat_token"}), clock.now())


def test_a_merchant_is_asked_for_the_rights_and_the_code_is_redeemed(
    app: ShopifyApp, shop: Shop, clock: VirtualClock
) -> None:
    asked_at = ShopifyApp(Http(), KEYS, None, Client(Http())).ask_at(SHOP, "n1", "https://ours.example/shopify/back")
    assert asked_at == (
        f"https://{SHOP}/admin/oauth/authorize?client_id=client&scope={'%2C'.join(SCOPES)}"
        "&redirect_uri=https%3A%2F%2Fours.example%2Fshopify%2Fback&state=n1"
    )
    shop.app.codes.add("c1")
    query = shop.app.signed({"shop": SHOP, "state": "n1", "code": "c1"})
    assert app.came_back(query, clock.now()) == (SHOP, "n1", "c1")
    assert app.redeem(SHOP, "c1", clock.now()).credentials["refresh_token"] == "shprt_1"
    assert shop.app.asked[-1]["expiring"] == "1"
    with pytest.raises(NeedsMerchant):
        app.redeem(SHOP, "c1", clock.now())


def test_both_secrets_are_good_for_a_query_while_they_change(http: Http, shop: Shop, clock: VirtualClock) -> None:
    app = ShopifyApp(http, AppKeys("client", "shpss_new", SECRET), None, Client(http))
    assert app.came_back(shop.app.signed({"shop": SHOP, "state": "n1", "code": "c1"}), clock.now())[0] == SHOP


@pytest.mark.parametrize(
    "changed",
    [
        {"shop": "other.myshopify.com"},
        {"state": "another"},
        {"code": "another"},
        {"more": "than was signed"},
        {"hmac": "0" * 64},
        {"hmac": "é"},
        {"timestamp": "1"},
    ],
)
def test_a_query_that_was_changed_is_refused(
    app: ShopifyApp, shop: Shop, clock: VirtualClock, changed: dict[str, str]
) -> None:
    query = shop.app.signed({"shop": SHOP, "state": "n1", "code": "c1"})
    with pytest.raises(BadSignature):
        app.came_back({**query, **changed}, clock.now())


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "9" * 40, "١٢"])
def test_a_signed_query_of_no_time_is_refused(
    app: ShopifyApp, shop: Shop, clock: VirtualClock, timestamp: str
) -> None:
    with pytest.raises(BadSignature):
        app.came_back(shop.app.signed({"shop": SHOP, "timestamp": timestamp}), clock.now())


@pytest.mark.parametrize("seconds", [-901, 901])
def test_a_signed_query_of_another_time_is_refused(
    app: ShopifyApp, shop: Shop, clock: VirtualClock, seconds: int
) -> None:
    query = shop.app.signed({"shop": SHOP, "state": "n1", "code": "c1"})
    with pytest.raises(BadSignature):
        app.came_back(query, clock.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("shop_named", ["evil.example", f"{SHOP}\n", f"evil.example/{SHOP}"])
def test_a_signed_query_of_no_shop_is_refused(
    app: ShopifyApp, shop: Shop, clock: VirtualClock, shop_named: str
) -> None:
    with pytest.raises(BadSignature):
        app.came_back(shop.app.signed({"shop": shop_named}), clock.now())


def test_the_secret_is_never_shown() -> None:
    assert repr(AppKeys("client", "shpss_app", "shpss_old")) == "AppKeys(client_id='client')"
