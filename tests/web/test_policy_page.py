"""The page about backorders at the desk: read first, written by a button, or copied by hand."""

from collections.abc import Callable

from flask.testing import FlaskClient

from adapters.shopify.practice import ShopifyFake
from connector.app import make_app
from connector.pipeline.connect import connect
from connector.pipeline.connector import Connector
from connector.store import logins, shops
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press

LogIn = Callable[[Shop], FlaskClient]


def test_a_store_that_cannot_be_written_to_has_the_text_to_copy(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"sender_email": "help@lamps.example", "jurisdiction": "uk"})
    browser = log_in(shop)
    page = browser.get("/policy-page").text
    assert "copy the text below" in page
    assert "&lt;h2&gt;Your rights in the United Kingdom&lt;/h2&gt;" in page
    assert "<h3>Your rights in the United Kingdom</h3>" in page
    assert "Write it into the store" not in page
    done = press(browser, "/policy-page", on="/policy-page")
    assert "Pages of this store cannot be written from here" in browser.get(done.location).text


def test_the_button_writes_it_into_a_shopify_shop_and_says_where(
    make_connector: Callable[..., Connector],
) -> None:
    with ShopifyFake() as fake:
        acme = fake.open_shop("acme")
        acme.scopes |= {"write_online_store_pages"}
        connector = make_connector(dial_allow=(fake.authority,), shopify_origin=fake.origin)
        options = {"shop": acme.domain, "token": acme.token, "api_secret": "shpss_secret"}
        store = connect(connector, "shopify", options, lambda *_: None).store
        with connector.db.begin() as tx:
            token = logins.issue(tx, store, connector.clock())
        browser = make_app(connector).test_client()
        press(browser, f"/login/{token}")
        assert "It is not in your store yet." in browser.get("/policy-page").text
        press(browser, "/policy-page", on="/policy-page")
        page = browser.get("/policy-page").text
        assert f"The page is in your store: {fake.origin}/pages/backorders" in page
        assert "Your settings say the same as then." in page
        with connector.db.begin() as tx:
            shops.change_settings(tx, store, {"partial_shipments": "no"})
        assert "Your settings say something else now" in browser.get("/policy-page").text
        (kept,) = acme.pages.kept.values()
        kept.title = "Ours"
        press(browser, "/policy-page", on="/policy-page")
        assert "is not as it was last written from here" in browser.get("/policy-page").text
        press(browser, "/policy-page", on="/policy-page", replace="yes")
        assert (kept.title, len(acme.pages.kept)) == ("Backorders: what happens when we have to wait for goods", 1)
