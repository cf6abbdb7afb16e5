"""The theme block's script in a real browser: what it says and what it puts into the cart when the buyer chooses."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.adapters.shopify.theme.rendering import SCRIPT, render, variant

MARCH, MAY = date(2026, 3, 20), date(2026, 5, 1)
THERE, LATER = variant(1, state="in_stock"), variant(2, notice="In March", eta=MARCH)
LATEST = variant(3, notice="In May", eta=MAY)
FORM = """<main><section>
<form action="/cart/add"><select name="id">{options}</select><button>Add</button></form>{block}
</section><section>
<form action="/cart/add"><input type="hidden" name="id" value="99"></form>
</section></main>"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    made = context.new_page()
    made.set_default_timeout(10_000)
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    assert faults == []
    context.close()


def show(page: Page, **settings: object) -> None:
    """A product page on which the first variant, which is there, is selected."""
    options = "".join(f'<option value="{number}">{number}</option>' for number in (1, 2, 3))
    page.set_content(FORM.format(options=options, block=render([THERE, LATER, LATEST], **settings)))
    page.add_script_tag(content=SCRIPT.read_text())


def cart_line(page: Page) -> object:
    """What the form would send along with the variant."""
    return page.evaluate("Object.fromEntries(new FormData(document.forms[0]))")


def test_the_sentence_follows_the_buyers_choice(page: Page) -> None:
    show(page)
    text = page.locator(".backorder-notice__text")
    expect(text).to_be_hidden()
    page.select_option("select", "2")
    expect(text).to_have_text("In March")
    expect(text).to_be_visible()
    page.select_option("select", "3")
    expect(text).to_have_text("In May")
    page.select_option("select", "1")
    expect(text).to_be_hidden()


def test_the_date_goes_along_with_the_line_and_leaves_with_it(page: Page) -> None:
    show(page)
    page.select_option("select", "2")
    expect(page.locator("input[data-backorder-property]")).to_have_value("March 20, 2026")
    assert cart_line(page) == {"id": "2", "properties[Ships by]": "March 20, 2026"}
    page.select_option("select", "1")
    expect(page.locator("input[data-backorder-property]")).to_have_count(0)
    assert cart_line(page) == {"id": "1"}


def test_no_date_goes_along_where_the_merchant_does_not_want_it(page: Page) -> None:
    show(page, line_property=False)
    page.select_option("select", "2")
    expect(page.locator(".backorder-notice__text")).to_have_text("In March")
    assert cart_line(page) == {"id": "2"}


def test_a_theme_that_puts_another_form_in_place_without_an_event_is_followed(page: Page) -> None:
    show(page)
    page.evaluate(
        """() => { const form = document.forms[0]; const other = document.createElement('form');
        other.action = '/cart/add'; other.innerHTML = '<input type="hidden" name="id" value="3">';
        form.replaceWith(other); }"""
    )
    expect(page.locator(".backorder-notice__text")).to_have_text("In May")
    page.evaluate("document.forms[0].elements.id.value = '2'")
    expect(page.locator(".backorder-notice__text")).to_have_text("In March")
    assert cart_line(page) == {"id": "2", "properties[Ships by]": "March 20, 2026"}
