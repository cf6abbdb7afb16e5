"""The app's page in a real browser, with a stand-in for the script that Shopify gives it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from adapters.shopify.access import OPTIONAL_SCOPES
from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.oauth import SECRET
from connector.app import make_app
from connector.pipeline.connector import Connector
from tests.conftest import NOW
from tests.serving import served

BRIDGE = """
window.shopify = {idToken: async () => window.token, scopes: {request: (rights) => { window.asked = rights; }}};
"""


@pytest.fixture
def fake() -> Iterator[ShopifyFake]:
    with ShopifyFake(VirtualClock(NOW)) as fake:
        yield fake


@pytest.fixture
def acme(fake: ShopifyFake) -> Shop:
    return fake.open_shop("acme", token="")


@pytest.fixture
def url(make_connector: Callable[..., Connector], fake: ShopifyFake) -> Iterator[str]:
    app = {"shopify_key": "client", "shopify_secret": SECRET}
    connector = make_connector(dial_allow=(fake.authority,), shopify_origin=fake.origin, **app)
    with served(make_app(connector)) as url:
        yield url


@pytest.fixture
def page(chromium: Browser, acme: Shop) -> Iterator[Page]:
    context = chromium.new_context()
    script = {"body": BRIDGE, "content_type": "text/javascript"}
    context.route("https://cdn.shopify.com/**", lambda route: route.fulfill(**script))
    context.add_init_script(f"window.token = '{acme.app.session_token()}'")
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()


def test_a_page_without_a_token_gets_one_and_the_desk_opens_beside_it(page: Page, url: str, acme: Shop) -> None:
    page.goto(f"{url}/shopify?{urlencode({'embedded': '1', 'shop': acme.domain})}")
    page.get_by_text("This shop is connected.").wait_for()
    assert "id_token=" in page.url
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open the desk").click()
    desk = opened.value
    desk.get_by_role("button").click()
    desk.get_by_role("heading", name="Acme").wait_for()


def test_discount_codes_are_allowed_by_shopifys_own_question(page: Page, url: str, acme: Shop) -> None:
    query = {"embedded": "1", "shop": acme.domain, "id_token": acme.app.session_token()}
    page.goto(f"{url}/shopify?{urlencode(query)}")
    page.get_by_role("button", name="Allow discount codes").click()
    assert page.evaluate("window.asked") == list(OPTIONAL_SCOPES)
