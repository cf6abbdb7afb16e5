"""A merchant connects a store by a click, sees how the connection stands, and that a webhook has come."""

from playwright.sync_api import Page

from tests.browser.conftest import Demo
from tests.browser.test_demo import reload_until


def test_a_store_is_connected_by_a_click_and_its_webhooks_come(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.desk}/install")
    page.fill("#url", demo.shop)
    page.click("text=Go on")
    page.click("text=Ask my store")
    assert "Backorder Connector would like to connect to your store" in page.inner_text("main")
    page.click("text=Approve")
    assert "Your store has agreed" in page.inner_text("main")
    page.click("text=Connect this store")
    assert "Practice Store is connected." in page.inner_text("main")
    told = reload_until(page, page.url, lambda text: "A webhook came" in text)
    assert "All 8 webhooks are there and active." in told
    assert "A webhook came" in told


def test_a_store_that_does_not_agree_is_not_connected(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.desk}/install")
    page.fill("#url", demo.shop)
    page.click("text=Go on")
    page.click("text=Ask my store")
    page.click("text=Deny")
    assert "The store did not agree" in page.inner_text("main")
