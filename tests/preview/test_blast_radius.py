"""What a supplier's file would do is counted before anybody hears of it, and counting changes nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from connector.domain.blast import Blast, FallsDue
from connector.domain.errors import Unreadable
from connector.domain.facts import ItemSnapshot, StockLevel
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.pipeline.preview import preview
from connector.ports import StoreAccess, StoreProfile
from connector.store import feeds, shops
from connector.store.feeds import NewFeed
from connector.store.fold import fold
from connector.store.tables import items, lines, metadata, orders
from tests.conftest import NOW, Clock
from tests.web import given

HEAD = "sku,quantity,date,reference\n"


@pytest.fixture
def feed(connector: Connector, clock: Clock) -> int:
    """A feed of a store under the FTC's rule in which two orders wait for lots of 20 December."""
    with connector.db.begin() as tx:
        shop, _ = shops.add(
            tx,
            connector.vault,
            "woocommerce",
            StoreAccess("https://lamps.example", {"key": "ck_1", "secret": "cs_1"}),
            StoreProfile("Lamps", "UTC", "USD", "11.0.1"),
            clock() - timedelta(days=1),
        )
        shops.change_settings(tx, shop.id, {"jurisdiction": "us_ftc", "cold_start_days": 0, "settle_seconds": 0})
        lamp = ItemSnapshot("lamp", "LAMP", "Lamp", "lamp", NOW, sells_beyond=True, price=Decimal("40.00"))
        fold(tx, shop.id, [lamp], NOW)
        mapping = {name: name for name in ("sku", "quantity", "date", "reference")}
        new = NewFeed("acme", "https://acme.example/restock.csv", "csv", mapping, timedelta(hours=1))
        added = feeds.add(tx, shop.id, new, NOW)
    given.supply(connector, shop, "acme", given.SupplyRow("LAMP", 10, date(2026, 12, 20), "PO-1"))
    placed = (given.order_fact(number, given.line("1", "LAMP", units)) for number, units in (("1", 1), ("2", 2)))
    given.hear(connector, shop, [StockLevel("lamp", -3, NOW), *placed])
    plan(connector, shop.id)
    return added.id


def books(connector: Connector) -> dict[str, list[str]]:
    with connector.db.begin() as tx:
        return {table.name: sorted(map(repr, tx.execute(sa.select(table)))) for table in metadata.sorted_tables}


def test_a_file_that_says_the_same_does_nothing(connector: Connector, feed: int) -> None:
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2026-12-20,PO-1\n".encode())
    assert blast == Blast(0, 0, (), 0, 0, Decimal("0.00"), "USD")


def test_a_later_date_is_counted_in_orders_notices_consent_and_money(connector: Connector, feed: int) -> None:
    before = books(connector)
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2027-03-20,PO-1\n".encode())
    t_day, lapse, far = date(2026, 12, 23), date(2027, 1, 22), date(2027, 3, 20)
    due = tuple(FallsDue(order, "option_first", t_day, far, "cancel", lapse) for order in ("1", "2"))
    assert blast == Blast(2, 2, due, 2, 0, Decimal("120.00"), "USD")
    assert blast.words() == (
        "it moves the dates of 2 orders and sends 2 notices; 2 orders would be cancelled unless the customer agrees,"
        " no order would count as cancelled at once, and up to 120.00 USD would go back for them"
    )
    assert books(connector) == before


def test_what_is_strange_in_a_file_is_told_and_kept_nowhere(connector: Connector, feed: int) -> None:
    before = books(connector)
    rows = "LAMP,10,2026-12-20,PO-1\nLAMP,-1,,PO-2\nSOFA,1,2026-11-01,PO-3\n"
    blast = preview(connector, feed, f"{HEAD}{rows}".encode())
    assert blast.strange == (
        "The feed of acme has rows that cannot be used: line 3: The quantity “-1” is below zero. What was said before"
        " of the SKUs that they name still counts.",
        "acme still announces 1 row whose date has passed: 1 unit of SOFA under PO-3 for 1 November 2026. They count"
        " as late, and dates that rest on them are reckoned from today on. Have the supplier name new dates, or drop"
        " what has come.",
        "acme names 1 SKU that no product of the store has: SOFA. What is said of them counts for nothing until a"
        " product has them.",
    )
    assert books(connector) == before


def test_a_date_that_the_law_lets_pass_puts_no_money_at_risk(connector: Connector, feed: int) -> None:
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2026-12-22,PO-1\n".encode())
    due = tuple(FallsDue(order, "eta_changed", None, date(2026, 12, 22)) for order in ("1", "2"))
    assert blast == Blast(2, 2, due, 0, 0, Decimal("0.00"), "USD")
    words = "it moves the dates of 2 orders and sends 2 notices; no order would be cancelled for it"
    assert blast.words() == words


def test_what_the_law_wants_soonest_comes_first() -> None:
    late, soon = (FallsDue(name, "option_first", date(2027, 1, day), None) for name, day in (("a", 9), ("b", 2)))
    free = FallsDue("c", "eta_changed", None, None)
    blast = Blast(3, 3, (free, late, soon), 0, 0, Decimal(0), "USD")
    assert (blast.soonest(9), blast.soonest(1)) == ((soon, late, free), (soon,))


def test_a_date_within_thirty_days_of_the_t_day_is_consented_to_by_silence(connector: Connector, feed: int) -> None:
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2027-01-10,PO-1\n".encode())
    late = date(2027, 1, 10)
    due = tuple(FallsDue(order, "option_first", date(2026, 12, 23), late, "consent", late) for order in ("1", "2"))
    assert blast == Blast(2, 2, due, 0, 0, Decimal("0.00"), "USD")


def test_the_law_counts_also_where_mails_are_switched_off_or_have_no_address(connector: Connector, feed: int) -> None:
    with connector.db.begin() as tx:
        tx.execute(sa.update(orders).where(orders.c.order == "1").values(email=""))
        shops.change_settings(tx, tx.scalar(sa.select(orders.c.store).limit(1)) or "", {"notify_customers": False})
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2027-03-20,PO-1\n".encode())
    assert (blast.notices, blast.express, blast.exposure, blast.falls_due) == (0, 2, Decimal("120.00"), ())


def test_units_without_a_price_are_named_beside_the_sum(connector: Connector, feed: int) -> None:
    with connector.db.begin() as tx:
        tx.execute(sa.update(items).values(price=None))
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2027-03-20,PO-1\n".encode())
    assert (blast.exposure, blast.unpriced) == (Decimal("0.00"), 3)
    assert "0.00 USD (and the price of 3 units that have none) would go back" in blast.words()


def test_what_has_shipped_or_was_cancelled_before_is_not_money_at_risk(connector: Connector, feed: int) -> None:
    with connector.db.begin() as tx:
        line = lines.c.order == "2"
        tx.execute(sa.update(lines).where(line).values(shipped=1, taken=1))
        row = dict(tx.execute(sa.select(lines).where(line)).one()._mapping)
        tx.execute(sa.insert(lines).values(row | {"line": "2", "open": False, "cancelled": True, "shipped": 0}))
    blast = preview(connector, feed, f"{HEAD}LAMP,10,2027-03-20,PO-1\n".encode())
    assert (blast.express, blast.exposure) == (2, Decimal("80.00"))


def test_a_file_that_is_no_file_of_rows_is_refused(connector: Connector, feed: int) -> None:
    with pytest.raises(Unreadable):
        preview(connector, feed, b"<html>please log in</html>")
