"""The first page says exactly what waits, what is promised and what went wrong."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.facts import ItemGone, ItemSnapshot, Line, StockLevel, SupplyRow
from connector.pipeline.connector import Connector
from connector.store import feeds, outbox, problems, shops
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import inbox as inbox_table
from connector.store.tables import lines, orders
from connector.store.tables import outbox as outbox_table
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


def numbers(html: str) -> dict[str, str]:
    return dict(re.findall(r'<h2>([^<]+)</h2>\s*<p class="figure">([^<]+)</p>', html))


def test_the_three_numbers_are_three_different_numbers(connector: Connector, log_in: LogIn) -> None:
    page = log_in(given.small_store(connector)).get("/").text
    assert numbers(page) == {"Units backordered": "7", "Backlog": "11", "SKUs out of stock": "1"}


def test_what_has_shipped_or_ended_is_in_no_number(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        tx.execute(sa.update(orders).where(orders.c.order == "1003").values(stage="waiting"))
        tx.execute(sa.update(lines).where(lines.c.order == "1003").values(waiting=50))
    page = log_in(shop).get("/").text
    assert numbers(page)["Units backordered"] == "7"
    assert "50 units" not in page
    assert ["#1003", "The LAMP-3 LAMP-3", "50 of 0"] not in read(page).rows


def test_large_numbers_have_thin_separators(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, given.item_facts(given.Told("BIG-1", "Big", -12345)))
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "BIG-1", 12345))])
    assert numbers(log_in(shop).get("/").text)["Backlog"] == "12\u202f345"


def test_a_sku_is_out_of_stock_when_none_of_its_products_can_be_bought(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    told = (
        given.Told("A", "Sold out", 0, beyond=False),
        given.Told("B", "Not on sale", 5, on_sale=False),
        given.Told("C", "Sold beyond", 0),
        given.Told("D", "There", 1, beyond=False),
        given.Told("E", "Gone", 0, beyond=False),
    )
    given.hear(connector, shop, [fact for one in told for fact in given.item_facts(one)])
    given.hear(connector, shop, [ItemGone("e", given.SEEN)])
    assert numbers(log_in(shop).get("/").text)["SKUs out of stock"] == "2"


def test_a_sku_that_two_products_share_is_out_of_stock_only_with_both(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    sold_out = [ItemSnapshot(item, "SHARED", "Shared", item, given.SEEN) for item in ("a", "b")]
    given.hear(connector, shop, [*sold_out, StockLevel("a", 0, given.SEEN), StockLevel("b", 1, given.SEEN)])
    browser = log_in(shop)
    assert numbers(browser.get("/").text)["SKUs out of stock"] == "0"
    given.hear(connector, shop, [StockLevel("b", 0, connector.clock())])
    assert numbers(browser.get("/").text)["SKUs out of stock"] == "1"


def test_a_sku_is_out_of_stock_also_where_listings_are_not_written(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"write_listings": "no"})
    given.hear(connector, shop, given.item_facts(given.Told("A", "Sold out", 0, beyond=False)))
    assert numbers(log_in(shop).get("/").text)["SKUs out of stock"] == "1"


def test_promises_are_listed_by_day_the_overdue_first_and_the_unknown_last(
    connector: Connector, clock: Clock, log_in: LogIn
) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        late = Line("9", "lamp-1", "LAMP-1", "Late Lamp", 1, taken=1)
        fold(tx, shop.id, [given.order_fact("1004", late)], clock.now)
        tx.execute(
            sa.update(lines).where(lines.c.order == "1004").values(waiting=1, promised=True, eta=date(2026, 11, 22))
        )
    page = read(log_in(shop).get("/").text)
    assert page.rows[:7] == [
        ["Order", "Product", "Units waiting"],
        ["Promised for 22 November 2026 Overdue 1 unit in 1 line"],
        ["#1004", "Late Lamp LAMP-1", "1 of 1"],
        ["Promised for 20 March 2027 3 units in 1 line"],
        ["#1001", "The LAMP-1 LAMP-1", "3 of 5"],
        ["No date known yet 4 units in 1 line"],
        ["#1002", "The LAMP-4 LAMP-4", "4 of 4"],
    ]
    assert "1 overdue" in page.text
    assert {"href": "/orders/1001"} in [attrs for tag, attrs in page.tags if tag == "a"]


def test_a_day_is_overdue_by_the_stores_own_calendar(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.store(connector, zone="Pacific/Auckland")
    given.hear(connector, shop, given.item_facts(given.Told("A", "A", -1)))
    given.supply(connector, shop, "acme", SupplyRow("A", 5, date(2026, 11, 24), "PO-1"))
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "A", 1))])
    assert "Overdue" not in log_in(shop).get("/").text
    clock.now = clock.now.replace(day=24, hour=11)
    assert "Overdue" in log_in(shop).get("/").text


def test_a_day_has_all_its_units_on_every_page(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, given.item_facts(given.Told("A", "A", -120)))
    given.supply(connector, shop, "acme", SupplyRow("A", 500, date(2027, 3, 20), "PO-1"))
    given.hear(connector, shop, [given.order_fact(f"{n:04d}", given.line("1", "A", 2)) for n in range(60)])
    browser = log_in(shop)
    first, second = read(browser.get("/").text), read(browser.get("/?page=2").text)
    shown = [row[0] for page in (first, second) for row in page.rows if row[1:] == ["The A A", "2 of 2"]]
    assert shown == [f"#{n:04d}" for n in range(60)]
    assert [first.text.count("120 units in 60 lines"), second.text.count("120 units in 60 lines")] == [1, 1]
    assert ["Page 1 of 2" in first.text, "Page 2 of 2" in second.text] == [True, True]


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "1e3", "٣", "99999999999999999999"])
def test_a_page_that_cannot_be_is_the_first_one(connector: Connector, log_in: LogIn, text: str) -> None:
    page = log_in(given.small_store(connector)).get("/", query_string={"page": text})
    assert (page.status_code, "#1001" in page.text) == (200, True)


def test_a_page_after_the_last_is_the_last(connector: Connector, log_in: LogIn) -> None:
    assert "#1001" in log_in(given.small_store(connector)).get("/?page=900000").text


def test_what_is_connected_is_named(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.store(connector, zone="America/New_York")
    given.deliver(connector, shop, "k")
    with connector.db.begin() as tx:
        shops.set_reconciled(tx, shop.id, clock.now)
        feed = given.feed(tx, shop, "acme", clock.now)
        feeds.went_well(tx, feed, None, clock.now)
    clock.move(minutes=65)
    text = read(log_in(shop).get("/").text).text
    assert "Lamps & Sons Connected" in text
    assert "Platform WooCommerce 11.0.1 Address https://lamps.example" in text
    assert "Connected 23 November 2026, 07:00 EST" in text
    assert "Last read completely 1 hour ago Last webhook 1 hour ago" in text
    assert "Supplier feeds acme Good Last good 1 hour ago" in text


def test_a_store_that_refuses_us_is_shown_as_paused(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        shops.set_status(tx, shop.id, "paused")
        problems.report(tx, shop.id, "access", "", "The key was revoked.", connector.clock())
    text = read(log_in(shop).get("/").text).text
    assert "Lamps & Sons Paused" in text
    assert "Access to the store The key was revoked. Since 23 November 2026, 12:00 UTC" in text
    assert "backorder store add --platform woocommerce" in text


def test_a_feed_that_is_not_used_says_why(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        feeds.went_wrong(tx, given.feed(tx, shop, "acme", clock.now), "it is HTML", clock.now, quarantined=None)
    assert "acme Not used Never read well it is HTML" in read(log_in(shop).get("/").text).text


def test_problems_say_since_when_and_how_often(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        problems.report(tx, shop.id, "mail", "", "No key.", clock.now)
        problems.report(tx, shop.id, "feed", "x", "Solved already.", clock.now)
        problems.solve(tx, shop.id, "feed", "x", clock.now)
    clock.move(hours=2)
    with connector.db.begin() as tx:
        problems.report(tx, shop.id, "mail", "", "No key.", clock.now)
    clock.move(hours=1)
    text = read(log_in(shop).get("/").text).text
    assert "1 thing went wrong" in text
    assert "Sending e-mail No key. Since 23 November 2026, 12:00 UTC, 2 times, last 1 hour ago" in text
    assert "Solved already." not in text


def test_many_problems_of_one_kind_are_folded_and_none_is_lost(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        for number in range(7):
            problems.report(tx, shop.id, "unmatched_sku", f"X-{number}", f"No X-{number}.", connector.clock())
    page = read(log_in(shop).get("/").text)
    assert "4 more" in page.text
    assert [page.text.count(f"No X-{number}.") for number in range(7)] == [1] * 7


def test_what_was_given_up_can_be_tried_again_and_only_that(
    connector: Connector, clock: Clock, log_in: LogIn
) -> None:
    shop, other = given.small_store(connector), given.store(connector, "https://other.example")
    for store, key in ((shop, "a"), (shop, "b"), (other, "c")):
        given.deliver(connector, store, key)
    with connector.db.begin() as tx:
        tx.execute(sa.update(inbox_table).where(inbox_table.c.dedupe_key != "b").values(status="dead", attempts=8))
        tx.execute(sa.update(outbox_table).values(status="done"))
        tx.execute(sa.update(outbox_table).where(outbox_table.c.kind == "notice").values(status="dead", attempts=8))
        dead = tx.scalar(sa.select(inbox_table.c.id).where(inbox_table.c.dedupe_key == "a"))
        problems.report(tx, shop.id, "dead_letter", f"inbox:{dead}", "It could not be read.", clock.now)
    clock.move(minutes=5)
    browser = log_in(shop)
    before = read(browser.get("/").text).text
    assert "Given up: 1 message from the store, 2 notices to customers." in before
    answer = press(browser, "/try-again", on="/")
    assert (answer.status_code, answer.location) == (303, "/")
    after = read(browser.get("/").text).text
    assert "3 will be tried again now." in after
    assert "Given up" not in after
    assert "It could not be read." not in after
    with connector.db.begin() as tx:
        rows = tx.execute(sa.select(inbox_table.c.dedupe_key, inbox_table.c.status, inbox_table.c.attempts)).all()
        sent = tx.execute(sa.select(outbox_table.c.kind, outbox_table.c.status).distinct()).all()
        due = outbox.stores_due(tx, clock.now)
    assert sorted(tuple(row) for row in rows) == [("a", "due", 0), ("b", "due", 0), ("c", "dead", 8)]
    assert sorted(tuple(row) for row in sent) == [
        ("listing", "done"),
        ("note", "done"),
        ("notice", "due"),
        ("order", "done"),
    ]
    assert due == (shop.id,)


def test_trying_again_where_nothing_was_given_up_says_so(connector: Connector, log_in: LogIn) -> None:
    browser = log_in(given.small_store(connector))
    press(browser, "/try-again", on="/settings")
    assert "There is nothing to try again." in browser.get("/").text


def test_a_store_in_which_all_is_well_shows_no_alarm(connector: Connector, log_in: LogIn) -> None:
    page = log_in(given.small_store(connector)).get("/").text
    assert "went wrong" not in page
    assert "Given up" not in page
    assert "Overdue" not in page


def test_an_empty_store_says_what_to_do_next(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    page = log_in(shop).get("/").text
    assert numbers(page) == {"Units backordered": "0", "Backlog": "0", "SKUs out of stock": "0"}
    text = read(page).text
    assert f"backorder feed add --store {shop.id} --url" in text
    assert "Nothing waits: there are no open orders." in text
    assert "No product has been read from the store yet." in text
    assert "No customer has had to be told anything yet." in text


def test_an_import_that_is_going_on_is_shown(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.set_progress(tx, shop.id, {"products_count": 1200, "orders_count": 0})
    assert "1\u202f200 products, 0 orders so far" in log_in(shop).get("/").text


def test_where_all_is_on_hand_nothing_waits(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    given.hear(connector, shop, given.item_facts(given.Told("A", "A", 5)))
    given.hear(connector, shop, [given.order_fact("1", given.line("1", "A", 2))])
    page = log_in(shop).get("/").text
    assert numbers(page)["Backlog"] == "2"
    assert "every unit that has been ordered is on hand" in page


def test_switched_off_notices_are_said_to_be(connector: Connector, log_in: LogIn) -> None:
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"notify_customers": "no"})
    assert "Notices are switched off." in log_in(shop).get("/").text


def test_news_of_stock_is_seen_at_once(connector: Connector, clock: Clock, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"settle_seconds": 0})
    browser = log_in(shop)
    clock.move(minutes=1)
    given.hear(connector, shop, [StockLevel("lamp-4", 0, clock.now)])
    assert numbers(browser.get("/").text)["Units backordered"] == "3"


def test_an_order_whose_goods_could_not_be_held_is_one_click_away(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    with connector.db.begin() as tx:
        problems.report(tx, shop.id, "hold", "1001", "Order #1001: 2 units are being packed.", connector.clock())
        problems.report(tx, shop.id, "hold", "", "The app lacks a right.", connector.clock())
    page = log_in(shop).get("/").text
    assert page.count('<a href="/orders/1001">The order</a>') == 1
    assert "Goods that are held back" in page
