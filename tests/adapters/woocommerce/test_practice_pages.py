"""The practice store as people see it: shelves, a till, a packing table, a supplier's list, and a mailbox."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
import requests

from adapters.practice.goods import COMING
from adapters.woocommerce.practice import GOODS, Goods, PracticeStore
from adapters.woocommerce.practice.forms import shown
from connector.domain.effects import ListingState, WriteListing
from connector.ports import Letter
from tests.adapters.woocommerce.conftest import Shopfront

HOSTILE = "<script>alert(1)</script>\"' onmouseover=x"


def test_the_shelves_show_what_can_be_bought(practice: PracticeStore, visitor: requests.Session) -> None:
    page = visitor.get(f"{practice.url}/")
    assert page.status_code == 200
    assert [goods.name in page.text for goods in GOODS] == [True] * len(GOODS)
    assert page.text.count("<li>") == len(GOODS)
    practice.shop.delete_product(practice.shop.by_sku("LAMP-1").id, force=False)
    assert "Reading Lamp" not in visitor.get(f"{practice.url}/").text


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("folding-treadmill", ["$899.00", "2 in stock", "Quiet 2.5 hp motor"]),
        ("reading-lamp", ["$40.00", "1 in stock", "<p>Warm light, brass arm, linen shade.</p>"]),
        ("desk-chair", ["Available on backorder"]),
        ("cast-iron-kettle", ["Available on backorder"]),
        ("rain-jacket", ["Small", "Medium", "Large", "Available on backorder"]),
        ("linen-shirt", ["2 in stock"]),
    ],
)
def test_a_products_page_says_what_there_is(
    slug: str, words: list[str], practice: PracticeStore, visitor: requests.Session
) -> None:
    page = visitor.get(f"{practice.url}/product/{slug}/")
    assert [word for word in words if word not in page.text] == []


def test_there_is_no_page_for_what_is_not_sold(practice: PracticeStore, visitor: requests.Session) -> None:
    assert visitor.get(f"{practice.url}/product/nothing/").status_code == 404
    practice.shop.by_sku("LAMP-1").status = "draft"
    assert visitor.get(f"{practice.url}/product/reading-lamp/").status_code == 404


def buy(visitor: requests.Session, store: PracticeStore, slug: str, **form: str) -> requests.Response:
    return visitor.post(f"{store.url}/product/{slug}/", data=form)


def test_a_guest_buys_more_than_there_is(practice: PracticeStore, visitor: requests.Session) -> None:
    guest = {"first_name": "Ann", "last_name": "Archer", "email": "ann@example.com", "country": "DE"}
    page = buy(visitor, practice, "reading-lamp", sku="LAMP-1", quantity="3", **guest)
    (order,) = practice.shop.orders.values()
    assert page.url == f"{practice.url}/checkout/order-received/{order.id}/?key={order.key}"
    assert "Backordered: 2" in page.text
    assert (order.status, order.billing["email"], order.shipping["country"]) == (
        "processing",
        "ann@example.com",
        "DE",
    )
    assert "email" not in order.shipping
    assert (practice.shop.by_sku("LAMP-1").stock, order.lines[0].backordered, order.lines[0].reduced) == (-2, 2, 3)


def test_a_size_is_bought_from_its_own_stock(practice: PracticeStore, visitor: requests.Session) -> None:
    buy(visitor, practice, "rain-jacket", sku="JACKET-M", quantity="1")
    (order,) = practice.shop.orders.values()
    medium = practice.shop.by_sku("JACKET-M")
    assert (order.lines[0].variation, order.lines[0].product, medium.stock) == (medium.id, medium.parent, 1)
    assert order.billing["email"] == "sample.customer@example.com"


@pytest.mark.parametrize(
    ("sku", "quantity"),
    [
        ("DESK-1", "6"),
        ("DESK-1", "0"),
        ("DESK-1", "many"),
        ("LAMP-1", "99999999999"),
        ("LAMP-1", "10000"),
        ("JACKET", "1"),
        ("", "1"),
    ],
)
def test_what_is_not_sold_is_refused_on_the_page(
    sku: str, quantity: str, practice: PracticeStore, visitor: requests.Session
) -> None:
    page = buy(visitor, practice, "oak-desk", sku=sku, quantity=quantity)
    assert page.status_code == 409
    assert 'role="alert"' in page.text
    assert (practice.shop.orders, practice.shop.by_sku("DESK-1").stock) == ({}, 5)


def test_a_receipt_is_only_for_who_has_its_key(practice: PracticeStore, visitor: requests.Session) -> None:
    order = practice.checkout("LAMP-1", 1)
    assert visitor.get(f"{practice.url}/checkout/order-received/{order.id}/?key=wc_order_guess").status_code == 404
    assert visitor.get(f"{practice.url}/checkout/order-received/{order.id}/").status_code == 404


def test_a_notice_is_seen_where_it_was_written(front: Shopfront, visitor: requests.Session) -> None:
    lamp, jacket = front.store.shop.by_sku("LAMP-1"), front.store.shop.by_sku("JACKET-L")
    soon = [
        WriteListing(
            str(product.id), parent, ListingState.BACKORDER, date(2026, 12, 24), 3, "Ships by <b>24 December</b>."
        )
        for product, parent in ((lamp, None), (jacket, str(jacket.parent)))
    ]
    front.platform.write(front.access, soon)
    shown = '<p class="backorder-notice">Ships by &lt;b&gt;24 December&lt;/b&gt;.</p>'
    for slug in ("reading-lamp", "rain-jacket"):
        assert shown in visitor.get(f"{front.store.url}/product/{slug}/").text


def test_hostile_names_and_texts_stay_text(visitor: requests.Session) -> None:
    store = PracticeStore([Goods("X-1", HOSTILE, "1.00", 1, "notify", f"<p onclick=x>hm</p>{HOSTILE}")])
    store.start()
    try:
        product = store.shop.by_sku("X-1")
        store.checkout("X-1", 1, {"first_name": HOSTILE})
        pages = [visitor.get(store.url + path) for path in ("/", "/admin/")]
        product.name = "Thing"
        pages.append(visitor.get(f"{store.url}/product/thing/"))
    finally:
        store.stop()
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [page.text.count("<script") for page in pages] == [0, 0, 0]
    assert "onclick" not in pages[2].text


@pytest.mark.parametrize(
    ("steps", "status", "stock"),
    [
        (["ship"], "completed", -2),
        (["cancel"], "cancelled", 1),
        (["cancel", "reopen"], "processing", -2),
        (["trash"], "trash", -2),
        (["trash", "restore"], "processing", -2),
    ],
)
def test_the_merchant_moves_an_order_along(
    steps: list[str], status: str, stock: int, practice: PracticeStore, visitor: requests.Session
) -> None:
    order = practice.checkout("LAMP-1", 3)
    for step in steps:
        page = visitor.post(f"{practice.url}/admin/orders/{order.id}/{step}")
        assert (page.status_code, page.url) == (200, f"{practice.url}/admin/")
    assert (order.status, practice.shop.by_sku("LAMP-1").stock) == (status, stock)


def test_looking_at_the_packing_table_moves_nothing(practice: PracticeStore, visitor: requests.Session) -> None:
    order = practice.checkout("LAMP-1", 3)
    assert "3 × Reading Lamp" in visitor.get(f"{practice.url}/admin/").text
    assert visitor.get(f"{practice.url}/admin/orders/{order.id}/ship").status_code == 405
    assert visitor.post(f"{practice.url}/admin/orders/{order.id}/burn").status_code == 404
    assert visitor.post(f"{practice.url}/admin/orders/999/ship").status_code == 404
    assert order.status == "processing"


def test_goods_come_in(practice: PracticeStore, visitor: requests.Session) -> None:
    visitor.post(f"{practice.url}/admin/goods-in", data={"sku": "LAMP-1", "units": "10"})
    assert practice.shop.by_sku("LAMP-1").stock == 11
    assert visitor.post(f"{practice.url}/admin/goods-in", data={"sku": "LAMP-1", "units": "a lot"}).status_code == 400
    assert practice.shop.by_sku("LAMP-1").stock == 11


ROW = {"sku": "LAMP-1", "quantity": "10", "date": "2026-12-01", "reference": "PO-1"}


def test_the_suppliers_list_is_a_file_that_says_when_it_has_not_changed(
    practice: PracticeStore, visitor: requests.Session
) -> None:
    url = f"{practice.url}/supplier/restock.csv"
    assert visitor.get(url).text.splitlines() == ["sku,quantity,date,reference"]
    practice.supply([ROW])
    first = visitor.get(url)
    assert first.text.splitlines() == ["sku,quantity,date,reference", "LAMP-1,10,2026-12-01,PO-1"]
    assert first.headers["Content-Type"].startswith("text/csv")
    again = visitor.get(url, headers={"If-None-Match": first.headers["ETag"]})
    since = visitor.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert [(one.status_code, one.content) for one in (again, since)] == [(304, b""), (304, b"")]
    practice.supply([ROW, ROW | {"sku": "TREAD-1"}])
    assert visitor.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_suppliers_list_is_edited_in_a_form(practice: PracticeStore, visitor: requests.Session) -> None:
    sent = {"sku": ["LAMP-1", "", "DESK-1"], "quantity": ["10", "", " 4 "], "date": ["2026-12-01", "", ""]}
    sent["reference"] = ["PO-1", "", 'said "x", y']
    page = visitor.post(f"{practice.url}/supplier/", data=sent)
    assert page.status_code == 200
    assert practice.supplier_csv.read_bytes() == (
        b'sku,quantity,date,reference\r\nLAMP-1,10,2026-12-01,PO-1\r\nDESK-1,4,,"said ""x"", y"\r\n'
    )
    assert page.text.count('value="LAMP-1"') == 1


@pytest.mark.parametrize("wrong", [{"quantity": "ten"}, {"quantity": "-1"}, {"date": "soon"}, {"date": "2026-02-30"}])
def test_a_wrong_row_is_not_saved(wrong: dict[str, str], practice: PracticeStore, visitor: requests.Session) -> None:
    practice.supply([ROW])
    before = practice.supplier_csv.read_bytes()
    page = visitor.post(f"{practice.url}/supplier/", data=ROW | wrong)
    assert (page.status_code, 'role="alert"' in page.text) == (400, True)
    assert practice.supplier_csv.read_bytes() == before


def letter(subject: str, html: str = "<p>Hello</p>") -> Letter:
    return Letter(
        subject, "ann@example.com", "Ann", "shop@example.com", "Shop", subject, "Hello", html, "backordered"
    )


def test_the_mailbox_shows_the_newest_letter_first(tmp_path: Path, visitor: requests.Session) -> None:
    store = PracticeStore(letters=tmp_path)
    store.start()
    try:
        assert "No letters yet." in visitor.get(f"{store.url}/mailbox/").text
        for age, name in ((10, "new"), (20, "old")):
            file = tmp_path / f"{name}.json"
            file.write_bytes(msgspec.json.encode(letter(f"The {name} one", f"<p>Hi</p>{HOSTILE}")))
            os.utime(file, (1_000_000_000 - age, 1_000_000_000 - age))
        page = visitor.get(f"{store.url}/mailbox/").text
        shown = visitor.get(f"{store.url}/mailbox/old/").text
        missing = visitor.get(f"{store.url}/mailbox/none/").status_code
    finally:
        store.stop()
    assert page.index("The new one") < page.index("The old one")
    assert "ann@example.com" in page
    assert missing == 404
    assert '<iframe sandbox title="The letter as HTML" srcdoc="&lt;p&gt;Hi&lt;/p&gt;' in shown
    assert "<script" not in shown
    assert "<pre>Hello</pre>" in shown


def test_every_page_is_plain_and_has_its_style(practice: PracticeStore, visitor: requests.Session) -> None:
    for path in ("/", "/product/reading-lamp/", "/admin/", "/supplier/", "/mailbox/"):
        page = visitor.get(practice.url + path)
        assert (page.status_code, "<script" in page.text) == (200, False)
        assert '<link rel="stylesheet" href="/static/practice.css">' in page.text
    assert visitor.get(f"{practice.url}/static/practice.css").headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize("kept", ["", "sku,quantity,date,reference\nDESK-1,1,,\n"])
def test_the_store_runs_as_a_command_until_it_is_interrupted(
    kept: str, tmp_path: Path, visitor: requests.Session
) -> None:
    supplier = tmp_path / "restock.csv"
    if kept:
        supplier.write_text(kept)
    command = [sys.executable, "-m", "adapters.woocommerce.practice", "--port", "0"]
    options = ["--mailbox", str(tmp_path / "letters"), "--supplier-csv", str(supplier)]
    keys = ["--key", "ck_demo", "--secret", "cs_demo"]
    root = Path(__file__).parents[3]
    with subprocess.Popen([*command, *options, *keys], stdout=subprocess.PIPE, text=True, cwd=root) as running:
        try:
            assert running.stdout is not None
            said = dict(running.stdout.readline().strip().split("=", 1) for _ in range(3))
            index = visitor.get(f"{said['url']}/wp-json/")
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=30) == 0
        finally:
            running.kill()
    assert (said["key"], said["secret"]) == ("ck_demo", "cs_demo")
    assert json.loads(index.text)["home"] == said["url"]
    if kept:
        assert supplier.read_text() == kept
    else:
        assert [line.split(",")[0] for line in supplier.read_text().splitlines()] == [
            "sku",
            *(sku for sku, _, _ in COMING),
        ]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("", ""),
        ("A lamp.", "<p>A lamp.</p>\n"),
        ("<p>A lamp.</p>", "<p>A lamp.</p>\n"),
        ('A lamp.\n<p class="x">By 1 May.</p>', '<p>A lamp.</p>\n<p class="x">By 1 May.</p>\n'),
        ("<ul><li>Oak</li></ul> A desk.", "<ul><li>Oak</li></ul>\n<p>A desk.</p>\n"),
    ],
)
def test_what_stands_beside_a_paragraph_is_one_of_its_own(text: str, rendered: str) -> None:
    assert shown(text) == rendered


def test_the_companion_plugin_is_installed_and_removed_at_the_back_office(
    front: Shopfront, visitor: requests.Session
) -> None:
    url, lamp = front.store.url, front.store.shop.by_sku("LAMP-1")
    page = f"{url}/product/reading-lamp/"
    assert "Remove" in visitor.post(f"{url}/admin/companion").text
    write = WriteListing(str(lamp.id), None, ListingState.BACKORDER, None, 4, f"Soon {HOSTILE}")
    front.platform.write(front.access, [write])
    assert "Soon" not in lamp.short_description
    shown_there = visitor.get(page).text
    assert ('<p class="stock">Soon' in shown_there, HOSTILE in shown_there) == (True, False)
    assert "Install" in visitor.post(f"{url}/admin/companion").text
    assert "Soon" not in visitor.get(page).text


def test_a_guest_pays_by_card_unless_on_delivery_is_asked_for(
    practice: PracticeStore, visitor: requests.Session
) -> None:
    buy(visitor, practice, "reading-lamp", sku="LAMP-1", quantity="1")
    buy(visitor, practice, "reading-lamp", sku="LAMP-1", quantity="1", pays="cod")
    card, later = practice.shop.orders.values()
    assert (card.gateway, card.paid is not None) == ("card", True)
    assert (later.gateway, later.paid) == ("cod", None)
