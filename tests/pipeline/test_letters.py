"""A notice becomes a letter in the store's name, and nothing in it starts a header or a tag of its own."""

import dataclasses
import re
from email.parser import HeaderParser

import pytest

from connector.domain.effects import NoticeLine
from connector.domain.settings import Settings
from connector.pipeline.customers import order_link
from connector.pipeline.letters import write_letter
from connector.ports import Letter
from connector.store.shops import Shop
from tests.conftest import NOW
from tests.pipeline.given import House
from tests.store.given import notice

NASTY = 'Ann\r\nBcc: everybody@example.com\n<script>alert("1")</script>'


def letter(home: House, settings: Settings | None = None, shop: Shop | None = None, **more: object) -> Letter:
    """The letter of a notice."""
    ours = dataclasses.replace(shop or home.shop, settings=settings or Settings())
    return write_letter(home.connector.config, ours, notice(**more))


def test_a_letter_says_who_writes_to_whom_about_what(home: House) -> None:
    made = letter(home)
    assert (made.to, made.to_name, made.category) == ("ann@example.com", "Ann", "backordered")
    assert (made.sender, made.sender_name) == ("orders@localhost", "Lamps & Co")
    assert made.notice_id == f"{home.shop.id}/notice:1001:1"
    assert made.subject == "Your order #1001 is on backorder, expected by 23 November 2026"


def test_the_text_is_the_notices_words_between_greeting_and_name(home: House) -> None:
    assert letter(home).text == (
        "Hello Ann,\n\n"
        "Thank you for your order #1001. More was ordered than we have in stock, so part of it has to wait for our"
        " next delivery.\n\n"
        "We expect to ship everything by 23 November 2026.\n\n"
        "1 of 2 × Lamp: expected to ship by 23 November 2026\n\n"
        "You do not need to do anything. If the date changes, we will tell you.\n\n"
        f"Your order and its dates: {order_link(home.connector.config, home.shop.id, '1001')}\n\n"
        "Lamps & Co\n"
    )


def test_the_long_address_is_behind_words_where_a_letter_can_have_links(home: House) -> None:
    address = order_link(home.connector.config, home.shop.id, "1001")
    linked = f'<a href="{address}" style="color:#0b5d4e">Your order and its dates</a>'
    html = letter(home).html
    assert (html.count(linked), html.count(address)) == (1, 1)


@pytest.mark.parametrize("silence", ["cancel", None])
def test_a_letter_that_offers_a_choice_asks_for_it_whatever_silence_means(home: House, silence: str | None) -> None:
    asks = dataclasses.replace(notice(), template="option_first", serial=1, silence_means=silence)
    text = write_letter(home.connector.config, home.shop, asks).text
    assert ("Tell us here what you want us to do: " in text, "Your order and its dates" in text) == (True, False)


def test_who_has_no_name_is_greeted_without(home: House) -> None:
    assert letter(home, name="").text.startswith("Hello,\n\n")


def test_the_stores_own_sender_comes_before_the_installations(home: House) -> None:
    made = letter(home, Settings(sender_name="The lamp people", sender_email="hello@lamps.example"))
    assert (made.sender, made.sender_name) == ("hello@lamps.example", "The lamp people")
    assert made.text.endswith("\n\nThe lamp people\n")


@pytest.mark.parametrize("field", ["name", "number", "title", "store"])
def test_no_line_break_gets_into_a_head(home: House, field: str) -> None:
    shop = dataclasses.replace(home.shop, name=NASTY) if field == "store" else home.shop
    lines = (NoticeLine(NASTY if field == "title" else "Lamp", 2, 1, NOW.date()),)
    number = NASTY if field == "number" else "1001"
    made = letter(home, shop=shop, name=NASTY if field == "name" else "Ann", number=number, lines=lines)
    head = f"Subject: {made.subject}\nTo: {made.to_name}\nFrom: {made.sender_name}\n\n"
    assert sorted(HeaderParser().parsestr(head).keys()) == ["From", "Subject", "To"]
    assert all(sign.isprintable() for sign in made.subject + made.to_name + made.sender_name)


@pytest.mark.parametrize("field", ["name", "number", "title", "store"])
def test_no_tag_gets_into_the_html(home: House, field: str) -> None:
    shop = dataclasses.replace(home.shop, name=NASTY) if field == "store" else home.shop
    lines = (NoticeLine(NASTY if field == "title" else "Lamp", 2, 1, NOW.date()),)
    number = NASTY if field == "number" else "1001"
    made = letter(home, shop=shop, name=NASTY if field == "name" else "Ann", number=number, lines=lines)
    assert "<script" not in made.html
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in made.html


def test_braces_of_strangers_are_only_braces(home: House) -> None:
    made = letter(home, name="{subject.__class__} %s", number="{0}")
    assert "Hello {subject.__class__} %s," in made.html
    assert "Your order #{0} is on backorder" in made.subject


def test_text_and_html_say_the_same(home: House) -> None:
    made = letter(home)
    shown = re.sub(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', r"\2: \1", made.html)
    for paragraph in made.text.strip().split("\n\n"):
        assert paragraph.replace("&", "&amp;") in shown
