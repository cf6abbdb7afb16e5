"""The practice shop as people see it, and as a program that outside tests connect to."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from adapters.http import Http
from adapters.practice.goods import COMING, GOODS
from adapters.shopify import Shopify
from adapters.shopify.practice import Shop, ShopifyFake
from adapters.shopify.practice.outgoing import send
from adapters.shopify.practice.records import Hold
from adapters.shopify.practice.seed import open_accounts, stock_up
from adapters.shopify.practice.storefront import pages
from connector.domain.effects import ListingState, WriteListing
from connector.domain.facts import ItemSnapshot
from connector.ports import PreOrder, StoreAccess

HOSTILE = "<script>alert(1)</script>\"' onmouseover=x"


@pytest.fixture
def store(fake: ShopifyFake, shop: Shop, tmp_path: Path) -> Shop:
    """The shop with its goods on the shelves, and its pages."""
    stock_up(shop, GOODS)
    (tmp_path / "restock.csv").touch()
    fake.pages = pages(shop, tmp_path, tmp_path / "restock.csv")
    return shop


def test_the_shelves_show_every_product_once(fake: ShopifyFake, store: Shop, visitor: requests.Session) -> None:
    page = visitor.get(f"{fake.origin}/")
    assert [page.text.count(f"<strong>{goods.name}</strong>") for goods in GOODS] == [1] * len(GOODS)
    assert visitor.get(f"{fake.origin}/static/practice.css").headers["Content-Type"].startswith("text/css")


def test_options_are_variants_with_units_of_their_own(store: Shop) -> None:
    sold = {variant.sku: (variant.name, variant.available, variant.policy) for variant in store.catalogue.variants}
    assert sold["JACKET-L"] == ("Rain Jacket - Large", 0, "continue")
    assert sold["DESK-1"] == ("Oak Desk", 5, "deny")
    assert [variant.sku for variant in store.catalogue.variants if not variant.tracked] == ["KETTLE-1"]


def test_a_page_shows_the_notice_only_while_the_variant_is_on_backorder(
    fake: ShopifyFake, shopify: Shopify, access: StoreAccess, store: Shop, visitor: requests.Session
) -> None:
    lamp = str(store.catalogue.by_sku("LAMP-1").id)
    shopify.write(access, [WriteListing(lamp, None, ListingState.BACKORDER, None, 4, f"Soon {HOSTILE}")])
    page = visitor.get(f"{fake.origin}/products/reading-lamp").text
    assert "Soon &lt;script&gt;" in page
    assert HOSTILE not in page
    shopify.write(access, [WriteListing(lamp, None, ListingState.IN_STOCK, None, 0, "Soon")])
    assert "Soon" not in visitor.get(f"{fake.origin}/products/reading-lamp").text


def test_a_buyer_gets_beyond_the_stock_only_where_that_is_sold(
    fake: ShopifyFake, store: Shop, visitor: requests.Session
) -> None:
    form = {"sku": "LAMP-1", "quantity": "3", "name": "Ann Archer", "email": "ann@example.com", "country": "DE"}
    bought = visitor.post(f"{fake.origin}/products/reading-lamp", form)
    assert "Your order #1001 is confirmed." in bought.text
    (order,) = store.orders.kept.values()
    assert (order.buyer.email, order.buyer.country, order.lines[0].quantity) == ("ann@example.com", "DE", 3)
    for sku, units in (("DESK-1", "6"), ("LAMP-1", "0"), ("LAMP-1", "x"), ("LAMP-1", "10000")):
        refused = visitor.post(f"{fake.origin}/products/reading-lamp", form | {"sku": sku, "quantity": units})
        assert (refused.status_code, "not sold beyond its stock" in refused.text) == (409, True)
    assert visitor.post(f"{fake.origin}/products/reading-lamp", form | {"sku": "NONE"}).status_code == 404
    assert len(store.orders.kept) == 1


def test_a_company_buys_on_its_terms(fake: ShopifyFake, store: Shop, visitor: requests.Session) -> None:
    open_accounts(store)
    (place,) = store.companies.locations.values()
    visitor.post(f"{fake.origin}/products/reading-lamp", {"sku": "LAMP-1", "quantity": "1", "account": str(place.id)})
    (order,) = store.orders.kept.values()
    assert (order.buyer.company, order.payment, order.payment_terms) == (place, "pending", True)
    assert order.pay_by == order.created_at + timedelta(days=30, seconds=-1)
    assert "Northgate Workshops" in visitor.get(f"{fake.origin}/admin/").text


def test_the_back_office_ships_cancels_books_in_and_changes_policies(
    fake: ShopifyFake, store: Shop, visitor: requests.Session
) -> None:
    first, second = store.checkout({"LAMP-1": 2}), store.checkout({"TREAD-1": 1})
    office = f"{fake.origin}/admin"
    assert visitor.post(f"{office}/orders/{first.id}/ship").status_code == 200
    visitor.post(f"{office}/orders/{second.id}/cancel")
    visitor.post(f"{office}/orders/{first.id}/archive")
    assert (first.fulfilment, first.closed_at is not None) == ("fulfilled", True)
    assert (second.fulfilment, second.cancelled_at is not None) == (None, True)
    visitor.post(f"{office}/stock", {"sku": "LAMP-1", "units": "10"})
    visitor.post(f"{office}/policy", {"sku": "LAMP-1"})
    lamp = store.catalogue.by_sku("LAMP-1")
    assert (lamp.available, lamp.policy) == (9, "deny")
    assert visitor.post(f"{office}/stock", {"sku": "LAMP-1", "units": "x"}).status_code == 400
    assert visitor.post(f"{office}/orders/{first.id}/burn").status_code == 404
    assert visitor.post(f"{office}/orders/1/ship").status_code == 404


def test_the_back_office_ships_what_is_not_held_and_releases_what_is(
    fake: ShopifyFake, store: Shop, visitor: requests.Session
) -> None:
    order = store.checkout({"LAMP-1": 3})
    (work,), (line,) = order.fulfilment_orders, order.lines
    store.fulfilments.hold(order, work, Hold(1, "OTHER", True, notes="Until Monday"), [(work.pieces[0].id, 2)])
    office = f"{fake.origin}/admin"
    assert "2 on hold: Until Monday" in visitor.get(f"{office}/").text
    assert (visitor.post(f"{office}/orders/{order.id}/ship").status_code, line.fulfilled) == (200, 1)
    refused = visitor.post(f"{office}/orders/{order.id}/ship")
    assert (refused.status_code, "on hold" in refused.text, line.fulfilled) == (409, True, 1)
    visitor.post(f"{office}/orders/{order.id}/release")
    assert (line.held, store.told[-2][0]) == (0, "fulfillment_orders/hold_released")
    visitor.post(f"{office}/orders/{order.id}/ship")
    assert line.fulfilled == 3


def test_a_buyer_pays_when_it_ships_or_by_a_plan_that_is_offered(
    fake: ShopifyFake, shopify: Shopify, access: StoreAccess, store: Shop, visitor: requests.Session
) -> None:
    store.scopes.add("write_purchase_options")
    open_accounts(store)
    assert shopify.preorders
    shopify.preorders.offer(access, PreOrder("Early bird", 20, None), [str(store.catalogue.by_sku("LAMP-1").id)])
    plan = str(store.plan_groups[0].plan)
    lamp, desk = f"{fake.origin}/products/reading-lamp", f"{fake.origin}/products/oak-desk"
    assert "Early bird: 20 % now" in visitor.get(lamp).text
    assert "Early bird" not in visitor.get(desk).text
    form = {"sku": "LAMP-1", "quantity": "2"}
    visitor.post(lamp, form | {"pays": plan})
    visitor.post(lamp, form | {"pays": "reserved"})
    early, reserved = store.orders.kept.values()
    assert (early.payment, early.received, early.mandate > 0) == ("partially_paid", Decimal("16.00"), True)
    assert (reserved.payment, reserved.received) == ("authorized", 0)
    (place,) = store.companies.locations
    for other in ({"sku": "DESK-1", "pays": plan}, {"pays": plan, "account": str(place)}, {"pays": "x"}):
        assert visitor.post(lamp, form | other).status_code == 409


def test_goods_are_sent_on_their_way_and_received_at_the_loading_bay(
    fake: ShopifyFake, store: Shop, visitor: requests.Session
) -> None:
    office = f"{fake.origin}/admin"
    sent = visitor.post(f"{office}/transfers", {"sku": "LAMP-1", "units": "10", "arrives": "2026-12-01"})
    (transfer,) = store.transfers.kept
    (shipment,) = transfer.shipments
    assert ("2026-12-01" in sent.text, shipment.arrives_at) == (True, datetime(2026, 12, 1, 17, 0, tzinfo=UTC))
    visitor.post(f"{office}/transfers/{transfer.id}/receive")
    assert (transfer.status, store.catalogue.by_sku("LAMP-1").available) == ("TRANSFERRED", 11)
    for form in ({"sku": "LAMP-1", "units": "0"}, {"sku": "LAMP-1", "units": "1", "arrives": "soon"}):
        assert visitor.post(f"{office}/transfers", form).status_code == 400
    assert visitor.post(f"{office}/transfers/1/receive").status_code == 404


def test_a_webhook_to_another_machine_is_never_sent(shop: Shop) -> None:
    delivery = shop.outgoing.delivery("https://receiver.invalid/hook", "orders/create", {"id": 1})
    assert (send(delivery).status, delivery.attempts) == (0, 1)


def test_the_program_says_how_to_reach_it_and_a_connector_reads_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "adapters.shopify.practice", "--port", "0", "--shop", "acme"]
    listed = tmp_path / "restock.csv"
    process = subprocess.Popen(
        [*command, "--supplier-csv", str(listed), "--scopes", "read_orders"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(10)]
        said = dict(line.strip().partition("=")[::2] for line in lines[:4])
        assert said["shop"] == "acme.myshopify.com"
        authority = said["origin"].removeprefix("http://")
        http = Http([authority])
        shopify = Shopify(http, said["origin"])
        access = shopify.access({"shop": said["shop"], "token": said["token"], "api_secret": said["secret"]})
        orders = shopify.orders(access, None)
        http.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()
    assert (orders.facts, process.returncode) == ((), 0)
    rest = "".join(lines[4:])
    assert f"SHOPIFY_ORIGIN={said['origin']} BACKORDER_DIAL_ALLOW={authority}" in rest
    assert re.search(
        r"backorder store add --platform shopify --shop acme\.myshopify\.com --token \S+ --api-secret", rest
    )
    assert [row.split(",")[0] for row in listed.read_text().split()[1:]] == [sku for sku, *_ in COMING]


def test_the_items_of_the_shelves_lead_to_their_pages(
    fake: ShopifyFake, shopify: Shopify, access: StoreAccess, store: Shop, visitor: requests.Session
) -> None:
    items = [fact for fact in shopify.items(access, None).facts if isinstance(fact, ItemSnapshot)]
    assert [visitor.get(item.url).status_code for item in items] == [200] * len(items)


@pytest.mark.parametrize("words", [["--shop", "a b"], ["--port", "x"]])
def test_a_shop_that_cannot_be_is_one_line(words: list[str]) -> None:
    command = [sys.executable, "-m", "adapters.shopify.practice", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr.strip().splitlines()[-1].startswith("practice-shopify: ")) == (2, True)
