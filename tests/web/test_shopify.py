"""A merchant installs the Shopify app: inside the admin, or by consent; nobody else gets in or is let in."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.oauth import SECRET
from connector.app import make_app
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import reach
from connector.pipeline.remove import remove
from connector.store import consents, problems, shops
from jobs import JOBS
from tests.conftest import NOW, Clock
from tests.web.conftest import press

SHOP = "acme.myshopify.com"
URL = "https://ours.example"


@pytest.fixture
def fake() -> Iterator[ShopifyFake]:
    with ShopifyFake(VirtualClock(NOW)) as fake:
        yield fake


@pytest.fixture
def acme(fake: ShopifyFake) -> Shop:
    shop = fake.open_shop("acme", token="")
    shop.add_product("Tent", "TENT-2", available=1)
    return shop


@pytest.fixture
def ours(make_connector: Callable[..., Connector], fake: ShopifyFake, acme: Shop) -> Connector:
    app = {"shopify_key": "client", "shopify_secret": SECRET}
    return make_connector(url=URL, dial_allow=(fake.authority,), shopify_origin=fake.origin, **app)


@pytest.fixture
def opened(ours: Connector) -> Flask:
    return make_app(ours)


@pytest.fixture
def browser(opened: Flask) -> FlaskClient:
    return opened.test_client()


def open_app(browser: FlaskClient, shop: Shop, **claims: object) -> TestResponse:
    """Shopify's admin shows the app."""
    token = shop.app.session_token(**claims)
    query = shop.app.signed({"embedded": "1", "shop": shop.domain, "host": "YWRtaW4", "id_token": token})
    return browser.get("/shopify", query_string=query)


def stores(connector: Connector) -> list[tuple[str, str]]:
    with connector.db.begin() as tx:
        return [(shop.address, shop.status) for shop in shops.every(tx)]


def only(connector: Connector) -> shops.Shop:
    with connector.db.begin() as tx:
        (shop,) = shops.every(tx)
        return shop


def pass_time(clock: Clock, fake: ShopifyFake, **by: float) -> None:
    before = clock.now
    clock.move(**by)
    assert isinstance(fake.clock, VirtualClock)
    fake.clock.advance((clock.now - before).total_seconds())


def test_opening_the_app_in_the_admin_connects_the_shop_and_it_is_read_in(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    page = open_app(browser, acme)
    assert (page.status_code, "This shop is connected." in page.text) == (200, True)
    assert stores(ours) == [(SHOP, "active")]
    assert {webhook.uri for webhook in acme.outgoing.webhooks} == {
        f"{URL}/webhooks/shopify/{only(ours).hook_token}"
    }
    JOBS["take_in"](ours, lambda *_: None, only(ours).id)
    assert only(ours).reconciled_at is not None
    assert reach(ours, only(ours)).credentials["refresh_token"] == "shprt_1"


def test_the_page_may_be_shown_by_this_shops_admin_only_and_runs_shopifys_script(
    browser: FlaskClient, acme: Shop
) -> None:
    page = open_app(browser, acme)
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert f"frame-ancestors https://{SHOP} https://admin.shopify.com" in policy
    assert "script-src 'self' https://cdn.shopify.com" in policy
    assert '<meta name="shopify-api-key" content="client">' in page.text
    assert "Set-Cookie" not in page.headers


def test_opening_it_again_asks_shopify_for_nothing(ours: Connector, browser: FlaskClient, acme: Shop) -> None:
    open_app(browser, acme)
    calls, asked = len(acme.calls), len(acme.app.asked)
    assert open_app(browser, acme).status_code == 200
    assert (len(acme.calls), len(acme.app.asked)) == (calls, asked)


def test_a_token_of_another_app_or_of_before_opens_nothing(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    before = int(NOW.timestamp()) - 3600
    for claims in ({"aud": "another"}, {"exp": before}, {"secret": "0" * 32}, {"dest": "https://x.myshopify.com"}):
        assert open_app(browser, acme, **claims).status_code == 401
    assert stores(ours) == []


def test_a_page_in_the_admin_without_a_token_asks_for_one_and_connects_nothing(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    page = browser.get("/shopify", query_string={"embedded": "1", "shop": SHOP})
    assert (page.status_code, "data-asks-for-token" in page.text) == (200, True)
    assert f"frame-ancestors https://{SHOP} https://admin.shopify.com" in page.headers["Content-Security-Policy"]
    late = open_app(browser, acme, exp=int(NOW.timestamp()) - 60)
    assert (late.status_code, "data-asks-for-token" in late.text) == (401, False)
    nobodys = browser.get("/shopify", query_string={"embedded": "1", "shop": "evil.example"})
    policy = nobodys.headers["Content-Security-Policy"]
    assert (nobodys.status_code, "frame-ancestors 'none'" in policy) == (401, True)
    assert stores(ours) == []


def test_the_rights_that_it_does_more_with_can_be_allowed_there(browser: FlaskClient, acme: Shop) -> None:
    rights = "write_discounts write_orders write_payment_mandate write_purchase_options"
    assert f'data-rights="{rights}"' in open_app(browser, acme).text


def test_the_desk_opens_by_a_link_that_works_once(ours: Connector, browser: FlaskClient, acme: Shop) -> None:
    open_app(browser, acme)
    away = browser.post("/shopify/desk", data={"id_token": acme.app.session_token()})
    assert (away.status_code, away.location.rpartition("/")[0]) == (303, "/login")
    assert press(browser, away.location).location == "/"
    assert "Acme" in browser.get("/").text
    assert press(browser, away.location).status_code == 410


@pytest.mark.parametrize("path", ["/shopify/desk", "/shopify/again"])
def test_a_form_without_a_token_of_shopifys_opens_nothing(ours: Connector, browser: FlaskClient, path: str) -> None:
    assert browser.post(path, data={"id_token": "x"}).status_code == 401
    assert stores(ours) == []


def test_rights_that_are_missing_are_named_and_the_shop_is_not_connected(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    acme.scopes.discard("read_inventory")
    page = open_app(browser, acme)
    assert (page.status_code, "read_inventory" in page.text) == (422, True)
    assert stores(ours) == []
    acme.scopes.add("read_inventory")
    assert open_app(browser, acme).status_code == 200
    assert stores(ours) == [(SHOP, "active")]


def test_a_shop_that_took_its_access_back_is_paused_and_opening_the_app_mends_it(
    ours: Connector, browser: FlaskClient, acme: Shop, fake: ShopifyFake, clock: Clock
) -> None:
    open_app(browser, acme)
    acme.app.revoked = True
    pass_time(clock, fake, hours=2)
    JOBS["reconcile"](ours, lambda *_: None, only(ours).id)
    assert stores(ours) == [(SHOP, "paused")]
    acme.app.revoked = False
    assert open_app(browser, acme).status_code == 200
    assert stores(ours) == [(SHOP, "active")]
    with ours.db.begin() as tx:
        assert problems.open_problems(tx, only(ours).id) == ()


def test_an_access_is_refreshed_before_it_ends_and_goes_on_for_days(
    ours: Connector, browser: FlaskClient, acme: Shop, fake: ShopifyFake, clock: Clock
) -> None:
    open_app(browser, acme)
    JOBS["take_in"](ours, lambda *_: None, only(ours).id)
    for _ in range(3):
        pass_time(clock, fake, hours=20)
        JOBS["reconcile"](ours, lambda *_: None, only(ours).id)
    assert reach(ours, only(ours)).credentials["token"] == "shpat_4"
    assert stores(ours) == [(SHOP, "active")]


def test_an_app_that_was_removed_and_installed_again_is_let_in_again(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    open_app(browser, acme)
    first = only(ours)
    with ours.db.begin() as tx:
        shops.set_status(tx, first.id, "closed")  # what app/uninstalled comes to
    assert open_app(browser, acme).status_code == 200
    assert (only(ours).id, only(ours).status) == (first.id, "active")


def test_a_shop_that_was_disconnected_is_connected_again_only_where_its_merchant_says_so(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    open_app(browser, acme)
    remove(ours, only(ours).id)
    page = open_app(browser, acme)
    assert ("This shop was disconnected" in page.text, stores(ours)) == (True, [(SHOP, "closed")])
    done = browser.post("/shopify/again", data={"id_token": acme.app.session_token()})
    assert (done.status_code, stores(ours)) == (200, [(SHOP, "active")])


def agree(browser: FlaskClient, shop: Shop, typed: str = SHOP) -> str:
    """A merchant types the shop's name and agrees; the path that the browser comes back to."""
    asked = press(browser, "/shopify/install", on="/shopify", shop=typed)
    assert asked.status_code == 303
    return shop.app.agree(asked.location).removeprefix(URL)


@pytest.mark.parametrize("typed", [SHOP, " ACME ", "acme"])
def test_a_shop_is_connected_by_consent(ours: Connector, browser: FlaskClient, acme: Shop, typed: str) -> None:
    done = browser.get(agree(browser, acme, typed))
    assert (done.status_code, done.location) == (303, "/")
    assert "Acme" in browser.get("/").text
    assert stores(ours) == [(SHOP, "active")]


def test_a_link_that_names_the_shop_asks_at_once(browser: FlaskClient, acme: Shop, fake: ShopifyFake) -> None:
    asked = browser.get("/shopify", query_string={"shop": SHOP})
    assert asked.status_code == 303
    assert asked.location.startswith(f"{fake.origin}/admin/oauth/authorize?")
    query = dict(parse_qsl(urlsplit(asked.location).query))
    assert (query["client_id"], query["redirect_uri"]) == ("client", f"{URL}/shopify/back")


def test_another_browser_that_comes_back_connects_nothing(
    ours: Connector, opened: Flask, browser: FlaskClient, acme: Shop
) -> None:
    back, other = agree(browser, acme), opened.test_client()
    assert other.get(back).status_code == 401
    agree(other, acme)
    assert other.get(back).status_code == 401
    assert stores(ours) == []


def test_coming_back_works_once_and_for_fifteen_minutes(
    ours: Connector, browser: FlaskClient, acme: Shop, fake: ShopifyFake, clock: Clock
) -> None:
    back = agree(browser, acme)
    assert (browser.get(back).status_code, browser.get(back).status_code) == (303, 401)
    late = agree(browser, acme)
    pass_time(clock, fake, seconds=consents.LASTS.total_seconds())
    assert browser.get(late).status_code == 401


def test_a_cookie_that_was_copied_comes_back_to_nothing_a_second_time(
    ours: Connector, opened: Flask, browser: FlaskClient, acme: Shop
) -> None:
    back, other = agree(browser, acme), opened.test_client()
    cookie = browser.get_cookie("backorder")
    assert cookie is not None
    other.set_cookie("backorder", cookie.value)
    assert browser.get(back).status_code == 303
    acme.app.codes.add("code-1")  # even if Shopify were to take the code twice
    assert other.get(back).status_code == 401


def test_what_shopify_did_not_sign_connects_nothing(ours: Connector, browser: FlaskClient, acme: Shop) -> None:
    back = agree(browser, acme)
    assert browser.get(back.replace("code=code-1", "code=code-2")).status_code == 401
    assert stores(ours) == []


def test_a_merchant_who_agreed_for_another_shop_connects_none(
    ours: Connector, browser: FlaskClient, acme: Shop, fake: ShopifyFake
) -> None:
    other = fake.open_shop("other", token="")
    asked = press(browser, "/shopify/install", on="/shopify", shop=SHOP)
    assert browser.get(other.app.agree(asked.location).removeprefix(URL)).status_code == 401
    assert stores(ours) == []


@pytest.mark.parametrize("typed", ["evil.example", "a b", "acme.myshopify.com.evil.example", "-"])
def test_what_names_no_shop_is_told(browser: FlaskClient, typed: str) -> None:
    for answer in (
        press(browser, "/shopify/install", on="/shopify", shop=typed),
        browser.get("/shopify", query_string={"shop": typed}),
    ):
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_a_form_of_somebody_else_sends_nobody_away(browser: FlaskClient) -> None:
    assert browser.post("/shopify/install", data={"shop": SHOP}).status_code == 400


def test_an_installation_without_an_app_has_no_such_pages(anonymous: FlaskClient) -> None:
    for path in ("/shopify", "/shopify/back"):
        assert anonymous.get(path).status_code == 404
    assert anonymous.post("/shopify/desk").status_code == 404


def test_a_shop_that_is_paused_is_sent_back_to_the_app_and_not_to_a_command(
    ours: Connector, browser: FlaskClient, acme: Shop
) -> None:
    browser.get(agree(browser, acme))
    with ours.db.begin() as tx:
        shops.pause(tx, only(ours).id)
    page = browser.get("/").text
    assert ("Open the app in the store" in page, "store add" in page) == (True, False)


@pytest.mark.parametrize("key", ["client", None])
def test_where_stores_are_connected_shopify_shops_find_the_way_too(
    make_connector: Callable[..., Connector], key: str | None
) -> None:
    app = make_app(make_connector(install=True, shopify_key=key, shopify_secret=SECRET))
    assert ('href="/shopify"' in app.test_client().get("/install").text) is (key is not None)
