"""The stock-out watch: what it learns of orders, what it says of stocks, and whom it tells once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.effects import AlertStaff
from connector.domain.facts import ItemSnapshot, OrderState, StockLevel, SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.watch import Watching, watch
from connector.store import demand, problems, reports_watch, shops
from connector.store.fold import fold
from connector.store.reports_watch import Watched
from connector.store.shops import Shop
from connector.store.tables import outbox
from jobs import watch_all
from tests.cli.conftest import Run, run  # noqa: F401 - a fixture
from tests.conftest import Clock
from tests.pipeline.given import Post, Stall
from tests.web import given
from tests.web.conftest import anonymous, app, log_in  # noqa: F401 - fixtures
from tests.web.reading import read

TODAY = date(2026, 11, 23)
START = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)


def sell(connector: Connector, shop: Shop, units: list[int], available: int = 100, sku: str = "LAMP") -> None:
    """One order a day from October on with so many lamps (0: none), and what is left of them today."""
    days = [(START + timedelta(days=n), some) for n, some in enumerate(units) if some]
    done = OrderState.COMPLETED
    facts = [
        given.order_fact(
            f"{sku}{at:%m%d}", given.line("1", sku, some, shipped=some), placed_at=at, seen_at=at, state=done
        )
        for at, some in days
    ]
    given.hear(connector, shop, [*given.item_facts(given.Told(sku, f"The {sku}", available)), *facts])


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A store that takes suppliers at their word and writes to its staff."""
    shop = given.store(connector)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"staff_email": "staff@lamps.example"})
        return shops.get(tx, shop.id)


def seen(connector: Connector, shop: Shop) -> tuple[Watched, ...]:
    with connector.db.begin() as tx:
        return reports_watch.watched(tx, shop.id)


def recent(connector: Connector, shop: Shop) -> dict[str, tuple[int, ...]]:
    with connector.db.begin() as tx:
        return {stock: one.recent for stock, one in demand.known(tx, shop.id).items()}


def told(connector: Connector) -> list[AlertStaff]:
    with connector.db.begin() as tx:
        rows = tx.scalars(sa.select(outbox.c.effect).where(outbox.c.kind == "alert").order_by(outbox.c.id))
        return [AlertStaff(row["key"], row["to"], row["subject"], tuple(row["lines"])) for row in rows]


def wrong(connector: Connector, shop: Shop) -> list[str]:
    with connector.db.begin() as tx:
        return [one.text for one in problems.open_problems(tx, shop.id) if one.kind == "stock_out"]


def test_before_the_first_sale_there_is_nothing_to_go_on_from(connector: Connector, shop: Shop) -> None:
    assert watch(connector, shop.id) == Watching(0, 0, 0)
    sell(connector, shop, [2] * 53)
    watch(connector, shop.id)
    assert len(recent(connector, shop)["lamp"]) == 53


def test_every_day_since_the_first_order_is_learned_of_and_today_is_not(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2, 0, 3] + [0] * 50 + [9])
    assert watch(connector, shop.id) == Watching(1, 0, 0)
    assert recent(connector, shop) == {"lamp": (2, 0, 3, *[0] * 50)}


def test_orders_that_were_cancelled_or_never_paid_are_no_demand(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2] * 20)
    for number, state in enumerate((OrderState.CANCELLED, OrderState.UNPAID)):
        gone = given.order_fact(
            f"x{number}", given.line("1", "LAMP", 50), placed_at=START, seen_at=START, state=state
        )
        given.hear(connector, shop, [gone])
    watch(connector, shop.id)
    assert recent(connector, shop)["lamp"][:3] == (2, 2, 2)


def test_a_day_is_the_stores_own(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"timezone": "Pacific/Auckland"})  # noon in Greenwich is the day after
    sell(connector, shop, [5] + [0] * 60)
    watch(connector, shop.id)
    with connector.db.begin() as tx:
        assert demand.watched_through(tx, shop.id) == date(2026, 11, 23)
    assert len(recent(connector, shop)["lamp"]) == 54 - 1


def test_a_day_is_learned_of_once_however_often_it_is_looked_at(
    connector: Connector, clock: Clock, shop: Shop
) -> None:
    sell(connector, shop, [2] * 53)
    watch(connector, shop.id)
    watch(connector, shop.id)
    assert recent(connector, shop) == {"lamp": (2,) * 53}
    clock.move(days=2)
    watch(connector, shop.id)
    assert recent(connector, shop) == {"lamp": (*(2,) * 53, 0, 0)}


def test_what_cannot_be_bought_is_not_taken_for_what_nobody_wants(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2] * 30 + [0] * 23)
    gone = ItemSnapshot("lamp", "LAMP", "The LAMP", "lamp", START + timedelta(days=53), on_sale=False)
    given.hear(connector, shop, [gone])
    watch(connector, shop.id)
    assert recent(connector, shop) == {"lamp": (2,) * 30}
    assert seen(connector, shop) == ()


def test_a_slow_seller_that_shows_up_later_counts_the_quiet_days_before(
    connector: Connector, clock: Clock, shop: Shop
) -> None:
    sell(connector, shop, [2] * 53)
    watch(connector, shop.id)
    clock.move(days=20)
    watch(connector, shop.id)
    bulb = given.line("1", "BULB", 4, shipped=4)
    at = clock.now
    given.hear(connector, shop, [*given.item_facts(given.Told("BULB", "Bulb", 5))])
    given.hear(connector, shop, [given.order_fact("b", bulb, placed_at=at, seen_at=at, state=OrderState.COMPLETED)])
    clock.move(days=1)
    watch(connector, shop.id)
    assert recent(connector, shop)["bulb"] == (*(0,) * 20, 4)


def test_days_of_cover_risk_and_the_day_to_order(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2] * 53, available=100)
    given.supply(connector, shop, "acme", SupplyRow("LAMP", 40, date(2026, 12, 23), "PO-1"))
    watch(connector, shop.id)
    (row,) = seen(connector, shop)
    assert (row.sku, row.days, row.free, row.rate, row.cover) == ("LAMP", 53, 100, 2.0, 50.0)
    assert (row.until, row.lot, row.warned) == (date(2026, 12, 23), date(2026, 12, 23), False)
    assert row.risk < 0.001
    assert row.reorder_by == date(2026, 12, 28)


def test_units_that_somebody_waits_for_are_not_free(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2] * 53, available=-5)
    given.hear(connector, shop, [given.order_fact("now", given.line("1", "LAMP", 5))])
    watch(connector, shop.id)
    (row,) = seen(connector, shop)
    assert (row.free, row.cover, row.risk, row.reorder_by, row.warned) == (-5, 0.0, 1.0, TODAY, True)


def test_staff_is_told_once_when_a_product_crosses_and_again_when_it_does_anew(
    connector: Connector, clock: Clock, shop: Shop
) -> None:
    sell(connector, shop, [2] * 53, available=30)
    assert watch(connector, shop.id) == Watching(1, 1, 1)
    clock.move(days=1)
    assert watch(connector, shop.id) == Watching(1, 1, 0)
    (alert,) = told(connector)
    assert (alert.to, alert.subject) == ("staff@lamps.example", "About to run out: LAMP")
    assert alert.lines == (
        "The LAMP (LAMP): 30 units left; more than 99 % likely to run out by 23 December 2026, when more can come."
        " Order today.",
        "The list: http://127.0.0.1:8000/watch",
    )
    assert wrong(connector, shop) == [
        "About to run out, or to be ordered now: LAMP. The stock-out watch says what to order by when."
    ]
    level(connector, clock, shop, 3000)
    assert watch(connector, shop.id) == Watching(1, 0, 0)
    assert wrong(connector, shop) == []
    level(connector, clock, shop, 3)
    assert watch(connector, shop.id) == Watching(1, 1, 1)
    assert len(told(connector)) == 2


def test_the_mail_goes_out_once_in_the_stores_name(connector: Connector, shop: Shop) -> None:
    post = Post()
    ours = replace(connector, platforms={"woocommerce": Stall("woocommerce")}, mailer=post)
    sell(ours, shop, [2] * 53, available=30)
    watch(ours, shop.id)
    assert perform(ours, shop.id) > 0
    perform(ours, shop.id)
    (letter,) = post.sent
    assert (letter.to, letter.subject, letter.sender_name) == (
        "staff@lamps.example",
        "About to run out: LAMP",
        "Lamps & Sons",
    )
    assert letter.category == "staff_alert"
    assert "Order today.\n\nThe list: http://127.0.0.1:8000/watch\n\nLamps & Sons\n" in letter.text


def level(connector: Connector, clock: Clock, shop: Shop, available: int) -> None:
    """A new count, a minute later."""
    clock.move(minutes=1)
    with connector.db.begin() as tx:
        fold(tx, shop.id, [StockLevel("lamp", available, clock.now)], clock.now)


def test_few_days_are_no_ground_for_a_warning(connector: Connector, clock: Clock, shop: Shop) -> None:
    clock.now = START + timedelta(days=9)
    sell(connector, shop, [2] * 9, available=1)
    assert watch(connector, shop.id) == Watching(1, 0, 0)
    clock.move(days=1)
    assert watch(connector, shop.id) == Watching(1, 1, 1)


def test_many_products_are_one_problem_and_one_mail(connector: Connector, shop: Shop) -> None:
    for number in range(23):
        sell(connector, shop, [2] * 53, available=1, sku=f"L{number:02}")
    watch(connector, shop.id)
    (alert,) = told(connector)
    assert (alert.subject, len(alert.lines)) == ("About to run out: L00, L01 and 21 more", 22)
    assert alert.lines[-2] == "And 3 more."
    assert "L19 and 3 more" in wrong(connector, shop)[0]


def test_without_an_address_the_desk_alone_says_it(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"staff_email": ""})
    sell(connector, shop, [2] * 53, available=1)
    watch(connector, shop.id)
    assert (told(connector), len(wrong(connector, shop))) == ([], 1)


def test_a_watch_that_is_off_learns_and_says_nothing(connector: Connector, shop: Shop) -> None:
    sell(connector, shop, [2] * 53, available=1)
    watch(connector, shop.id)
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"watch": False})
    assert watch(connector, shop.id) is None
    assert wrong(connector, shop) == []


def test_the_clock_wakes_it_once_a_day_of_the_store(connector: Connector, clock: Clock, shop: Shop) -> None:
    def woken() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        watch_all.run(connector, lambda *one: found.append(one), "")
        return found

    sell(connector, shop, [2] * 53)
    assert woken() == [("watch", shop.id)]
    watch(connector, shop.id)
    assert woken() == []
    clock.move(hours=12)
    assert woken() == [("watch", shop.id)]


def test_the_page_shows_the_most_urgent_first(
    connector: Connector,
    shop: Shop,
    log_in: Callable[[Shop], FlaskClient],  # noqa: F811
) -> None:
    sell(connector, shop, [2] * 53, available=3000)
    sell(connector, shop, [1] * 53, available=10, sku="BULB")
    browser = log_in(shop)
    assert "Nothing to watch yet" in browser.get("/watch").text
    watch(connector, shop.id)
    text = read(browser.get("/watch").text).text
    assert "2 products that sell, the most urgent first, learned from orders up to 22 November 2026." in text
    assert (
        "The BULB BULB 10 1.00 10 days more than 99 % nothing announced, 23 December 2026 at the earliest Order today"
        " The LAMP LAMP 3"
    ) in text
    assert "Not within a year" in text


def test_another_store_sees_nothing_of_it(
    connector: Connector,
    shop: Shop,
    log_in: Callable[[Shop], FlaskClient],  # noqa: F811
) -> None:
    sell(connector, shop, [2] * 53)
    watch(connector, shop.id)
    other = given.store(connector, "https://other.example")
    assert "Nothing to watch yet" in log_in(other).get("/watch").text


def test_the_command_prints_the_list(connector: Connector, clock: Clock, shop: Shop, run: Run) -> None:  # noqa: F811
    assert run("watch", "--store", shop.id).out.startswith("Nothing to watch yet")
    assert (run("watch", "--store", "nobody").code, run("watch", "--store", "nobody").out) == (2, "")
    sell(connector, shop, [2] * 53, available=30)
    watch(connector, shop.id)
    (row,) = run("watch", "--store", shop.id, "--json").json()
    assert (row["sku"], row["free"], row["warned"]) == ("LAMP", 30, True)
