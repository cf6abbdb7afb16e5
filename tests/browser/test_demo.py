"""What a newcomer does: buy beyond the stock, read the mail, change the supplier's date, look again."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from connector.domain.wording import day
from tests.browser.conftest import PATIENCE_SECONDS, Demo


def reload_until(page: Page, address: str, seen: Callable[[str], bool]) -> str:
    """The text of a page as soon as it shows what is waited for; the pages have no script that would do it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        page.goto(address)
        text = page.inner_text("main")
        if seen(text) or time.monotonic() > deadline:
            return text
        page.wait_for_timeout(300)


def buy(page: Page, product: str, units: int, email: str) -> None:
    page.goto(product)
    page.fill("input[name=quantity]", str(units))
    page.fill("input[name=email]", email)
    page.click("button[type=submit]")


def test_a_newcomer_sees_mail_page_and_desk_follow_the_supplier(demo: Demo, page: Page) -> None:
    product = f"{demo.shop}/product/reading-lamp/"
    buy(page, product, 3, "newcomer@example.com")
    mails = reload_until(page, f"{demo.shop}/mailbox/", lambda text: "on backorder, expected by" in text)
    assert "on backorder, expected by" in mails
    shown = reload_until(page, product, lambda text: "can ship by" in text)
    assert "Available on backorder: 10 units can ship by" in shown

    later = datetime.now(UTC).date() + timedelta(days=61)
    promised = later + timedelta(days=7)  # nothing is known of this supplier yet
    page.goto(f"{demo.shop}/supplier/")
    row = page.locator("tr", has=page.locator("input[value='LAMP-1']"))
    row.locator("input[name=date]").fill(later.isoformat())
    page.click("main button[type=submit]")
    moved = reload_until(page, product, lambda text: day(promised) in text)
    assert f"10 units can ship by {day(promised)}" in moved
    mails = reload_until(page, f"{demo.shop}/mailbox/", lambda text: f"new date {day(promised)}" in text)
    assert f"new date {day(promised)}" in mails

    page.goto(demo.login)
    page.click("main button")
    desk = page.inner_text("main")
    assert "Reading Lamp" in desk
    assert day(promised) in desk
    page.goto(page.url.rsplit("/", 1)[0] + "/settings")
    page.fill("input[name=improve_days]", "0")
    page.click("main button[type=submit], main form.settings button")
    assert "must be a whole number from 1 to 365" in page.inner_text("main")


def test_the_same_tour_with_shopify_up_to_the_parcel(shopify_demo: Demo, page: Page) -> None:
    shop, product = shopify_demo.shop, f"{shopify_demo.shop}/products/reading-lamp"
    buy(page, product, 3, "newcomer@example.com")
    mails = reload_until(page, f"{shop}/mailbox/", lambda text: "on backorder, expected by" in text)
    assert "on backorder, expected by" in mails
    shown = reload_until(page, product, lambda text: "can ship by" in text)
    assert "Available on backorder: 10 units can ship by" in shown

    page.goto(shopify_demo.login)
    page.click("main button")
    assert "Reading Lamp" in page.inner_text("main")
    page.goto(f"{shop}/admin/")
    page.locator("tr", has=page.locator("input[value='LAMP-1'][type=hidden]")).locator("text=Book in").click()
    mails = reload_until(page, f"{shop}/mailbox/", lambda text: "is being made ready to ship" in text)
    assert "Your order #1001 is being made ready to ship" in mails
    page.goto(f"{shop}/admin/")
    page.get_by_role("button", name="Ship").click()
    assert "fulfilled" in page.inner_text("main")
