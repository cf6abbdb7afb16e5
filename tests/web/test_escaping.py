"""Whatever comes from outside is shown as it is, and is never part of the page."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.effects import SendNotice
from connector.domain.facts import ItemSnapshot, Line, NoticeEvent, NoticeOutcome, StockLevel, SupplyRow
from connector.pipeline.connector import Connector
from connector.ports import StoreAccess, StoreProfile
from connector.store import feeds, outbox, problems, shops
from connector.store.shops import Shop
from connector.store.tables import orders
from connector.store.tables import outbox as outbox_table
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
PAGES = ("/", "/orders/evil", "/products", "/watch", "/calibration", "/feeds", "/settings", "/connection")


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store of which everything that somebody outside can choose is hostile."""
    now = connector.clock()
    profile = StoreProfile(f"Store {EVIL}", "UTC", "EUR", f"v {EVIL}")
    with connector.db.begin() as tx:
        access = StoreAccess(f"https://x/{EVIL}", {"key": "k"})
        shop, _ = shops.add(tx, connector.vault, "woocommerce", access, profile, now)
    item = ItemSnapshot("i", f"SKU {EVIL}", f"Title {EVIL}", "i", given.SEEN, sells_beyond=True)
    line = Line("1", "i", f"LINE-SKU {EVIL}", f"Line {EVIL}", 2, taken=2)
    order = given.order_fact("evil", line, number=f"No {EVIL}", email=f"e{EVIL}@{EVIL}", name=f"Ann {EVIL}")
    given.hear(connector, shop, [item, StockLevel("i", -2, given.SEEN), order])
    given.supply(connector, shop, f"Supplier {EVIL}", SupplyRow(f"SKU {EVIL}", 9, None, f"PO {EVIL}"))
    with connector.db.begin() as tx:
        feed = feeds.add(
            tx, shop.id, feeds.NewFeed(f"Feed {EVIL}", f"https://f/{EVIL}", f"f {EVIL}", {}, given.HOUR), now
        )
        held = {"rows": 1, "at": now.isoformat()}
        feeds.went_wrong(tx, feed, f"Feed problem {EVIL}", now, quarantined=held)
        problems.report(tx, shop.id, f"kind {EVIL}", "s", f"Problem {EVIL}", now)
        tx.execute(sa.update(orders).values(country=f"Land {EVIL}", segment=f"Segment {EVIL}"))
        row = outbox.claim(tx, shop.id, SendNotice, now, 1)[0]
        outbox.failed(tx, row, f"Failure {EVIL}", now, None, final=True)
        tx.execute(
            sa.update(outbox_table).where(outbox_table.c.kind == "listing").values(status="dead", error=f"Bad {EVIL}")
        )
        shops.change_settings(tx, shop.id, {"sender_name": f"Us {EVIL}"})
    return shop


@pytest.mark.parametrize("path", PAGES)
def test_nothing_hostile_becomes_part_of_the_page(
    log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str
) -> None:
    html = log_in(shop).get(path).text
    page = read(html)
    assert {tag for tag, _ in page.tags} & {"script", "style", "iframe", "svg"} == set()
    assert [attrs for tag, attrs in page.tags if tag == "img"] == [
        {"src": "/static/mark.svg", "alt": "", "width": "28", "height": "28"}
    ]
    assert [name for _, attrs in page.tags for name in attrs if name.startswith("on")] == []
    assert "49" not in page.text.replace(shop.id, "")
    assert "<script" not in html
    assert "alert(1)" in page.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/",
            (
                "Store ",
                "https://x/",
                "v ",
                "No ",
                "Line ",
                "LINE-SKU ",
                "Feed ",
                "Feed problem ",
                "Problem ",
                "Failure ",
            ),
        ),
        ("/orders/evil", ("No ", "Ann ", "Land ", "Line ", "LINE-SKU ", "Failure ")),
        ("/products", ("Title ", "SKU ", "Supplier ", "Could not be written: Bad ")),
        ("/feeds", ("Feed ", "Feed problem ")),
    ],
)
def test_it_is_shown_as_it_is(
    log_in: Callable[[Shop], FlaskClient], shop: Shop, path: str, words: tuple[str, ...]
) -> None:
    text = read(log_in(shop).get(path).text).text
    assert [word for word in words if f"{word}{EVIL}" not in text] == []


def test_what_is_typed_comes_back_as_it_was_typed(log_in: Callable[[Shop], FlaskClient], shop: Shop) -> None:
    browser = log_in(shop)
    found = read(browser.get("/products", query_string={"sku": EVIL}).text)
    assert [attrs["value"] for _, attrs in found.tags if attrs.get("id") == "sku"] == [EVIL]
    refused = read(press(browser, "/settings", timezone=EVIL, sender_name=EVIL).text)
    assert [attrs["value"] for _, attrs in refused.tags if attrs.get("id") == "timezone"] == [EVIL]
    assert "script" not in {tag for page in (found, refused) for tag, _ in page.tags}


def test_a_hostile_login_address_is_only_text(anonymous: FlaskClient) -> None:
    page = read(anonymous.get('/login/"><script>alert(1)<%2Fscript>').text)
    assert "script" not in {tag for tag, _ in page.tags}


def test_what_the_mail_service_says_is_only_text(connector: Connector, log_in: Callable[[Shop], FlaskClient]) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        key = tx.scalars(sa.select(outbox_table.c.key).where(outbox_table.c.kind == "notice")).first()
        event = NoticeEvent("e", f"{shop.id}/{key}", NoticeOutcome.FAILED, connector.clock(), EVIL)
        outbox.fold_events(tx, [event])
    page = read(log_in(shop).get("/").text)
    assert f"Not delivered {EVIL}" in page.text
    assert "script" not in {tag for tag, _ in page.tags}


def test_the_flash_after_trusting_a_feed_is_only_text(
    connector: Connector, log_in: Callable[[Shop], FlaskClient], shop: Shop
) -> None:
    browser = log_in(shop)
    press(browser, given.use_path(connector, f"Feed {EVIL}"), on="/feeds")
    page = read(browser.get("/feeds").text)
    assert f"The file of Feed {EVIL} will be used" in page.text
    assert "script" not in {tag for tag, _ in page.tags}
