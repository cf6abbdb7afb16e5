"""Every page that can be reached fits a telephone, has its headings in order, and can be read and filled in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Demo, login_again
from tests.browser.test_demo import buy, reload_until

LOOK = (Path(__file__).parent / "looking.js").read_text()
FILES = re.compile(r"\.(json|csv|zip)$")
FOCUS = "[document.activeElement.outerHTML, getComputedStyle(document.activeElement).outlineStyle]"
BUYER = "telephone@example.com"
FEWEST = 25
"""Fewer pages than this cannot have been all of them."""
View = tuple[int, str]
VIEWS: tuple[View, ...] = ((390, "light"), (390, "dark"), (1280, "light"))


@pytest.fixture(scope="module")
def session(demo: Demo, chromium: Browser) -> Iterator[Any]:
    """A browser's session at the desk, while the law is watched for an order that waits without a date."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(login_again(demo))
    page.click("main button")
    watch_law(page, demo, "auto")
    buy(page, f"{demo.shop}/product/cast-iron-kettle/", 1, BUYER)
    reload_until(page, f"{demo.shop}/mailbox/", lambda text: BUYER in text and "your choice" in text)
    yield context.storage_state()
    watch_law(page, demo, "none")
    context.close()


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def page(chromium: Browser, session: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, colours = request.param
    view = {"width": width, "height": 844}
    context = chromium.new_context(
        viewport=view, color_scheme=colours, java_script_enabled=False, storage_state=session
    )
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()


def watch_law(page: Page, demo: Demo, law: str) -> None:
    page.goto(f"{demo.desk}/settings")
    page.select_option("#jurisdiction", law)
    page.click("form.settings button")


def letter_link(page: Page, demo: Demo) -> str:
    """The customer's link in the newest letter about the choice."""
    page.goto(f"{demo.shop}/mailbox/")
    page.click(f"a:has-text('{BUYER}'):has-text('your choice')")
    found = re.search(r"http://\S+/o/\S+", page.inner_text("pre"))
    assert found is not None
    return found[0]


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands there, in words."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(LOOK)
    return found


def reached(page: Page, *starts: str) -> Iterator[str]:
    """Each page that links lead to from these, once; of those that differ by their query alone the first."""
    here = {urlsplit(start).netloc for start in starts}
    waiting, known = list(starts), set()
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        if (parts.netloc, parts.path) in known or parts.netloc not in here or FILES.search(parts.path):
            continue
        known.add((parts.netloc, parts.path))
        answer = page.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 200)
        yield address
        waiting += [urljoin(address, link.get_attribute("href")) for link in page.query_selector_all("a[href]")]


def test_every_page_that_links_lead_to_can_be_read_and_used(page: Page, demo: Demo) -> None:
    starts = (f"{demo.desk}/", f"{demo.shop}/", letter_link(page, demo))
    seen = {address: faults(page) for address in reached(page, *starts)}
    assert {address: found for address, found in seen.items() if found} == {}
    assert len(seen) >= FEWEST


def test_what_a_form_answers_can_be_read_and_used(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.desk}/privacy")
    page.fill("#email", BUYER)
    page.click("text=See what is held")
    assert faults(page) == []
    page.click("text=Erase this customer")
    assert page.is_visible("text=What goes")
    assert faults(page) == []

    page.goto(f"{demo.desk}/settings")
    page.fill("#timezone", "Mars/Olympus")
    page.click("form.settings button")
    assert page.is_visible("text=Nothing was saved")
    assert faults(page) == []

    page.goto(letter_link(page, demo))
    page.click("text=Cancel what has not shipped")
    assert page.is_visible("text=This cannot be undone")
    assert faults(page) == []


def test_whoever_goes_by_the_keyboard_sees_where_they_are(page: Page, demo: Demo) -> None:
    for address in (f"{demo.desk}/settings", f"{demo.desk}/products", f"{demo.shop}/supplier/"):
        page.goto(address)
        for _ in range(12):
            page.keyboard.press("Tab")
            at, style = page.evaluate(FOCUS)
            assert (address, at, style) == (address, at, "solid")
