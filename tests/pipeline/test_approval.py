"""A file that moves more orders than the merchant lets through waits, with the notices that it would send."""

from collections.abc import Sequence
from datetime import date

import pytest

from connector.domain.blast import FallsDue
from connector.pipeline.plan import plan
from connector.pipeline.restock import Polled
from connector.store import reports_feeds, shops
from connector.store.reports_feeds import FeedReport
from tests.conftest import NOW
from tests.pipeline.supplier import Supplier
from tests.store.given import item, level, order

FAR = "SKU-A,5,2027-03-20,PO-1"


@pytest.fixture
def supplier(supplier: Supplier) -> Supplier:
    """A supplier that two orders wait for, of a merchant who lets files through that move one."""
    home = supplier.home
    with home.connector.db.begin() as tx:
        law = {"jurisdiction": "us_ftc", "cold_start_days": 0, "settle_seconds": 0, "approve_above": 1}
        shops.change_settings(tx, home.shop.id, law)
    orders = [order(number) for number in ("1001", "1002")]
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    home.tell(item(), level(available=-2), *orders)
    plan(home.connector, home.shop.id)
    return supplier


def report(supplier: Supplier) -> FeedReport:
    with supplier.home.connector.db.begin() as tx:
        (found,) = reports_feeds.feed_reports(tx, supplier.home.shop.id)
    return found


def offers(found: Sequence[tuple[str, FallsDue]]) -> list[tuple[str, str, date | None, str | None]]:
    return [(number, one.template, one.eta, one.silence_means) for number, one in found]


def test_it_waits_and_says_what_it_would_do(supplier: Supplier) -> None:
    polled = supplier.says(FAR)
    assert (polled.changed, str(polled.problem).partition(";")[0]) == (
        0,
        "held back: it moves the dates of 2 orders and sends 2 notices",
    )
    assert str(polled.problem).endswith("; you let through files that move 1 or fewer")
    found = report(supplier)
    far = date(2027, 3, 20)
    assert (found.held_rows, found.notices) == (1, 2)
    assert offers(found.falls_due) == [
        ("#1001", "option_first", far, "cancel"),
        ("#1002", "option_first", far, "cancel"),
    ]
    assert [row.expected for row in supplier.rows()] == [date(2026, 12, 1)]


def test_approved_it_counts_and_nothing_is_remembered_of_it(supplier: Supplier) -> None:
    supplier.says(FAR)
    with supplier.home.connector.db.begin() as tx:
        reports_feeds.use_anyway(tx, supplier.home.shop.id, supplier.feed, NOW, report(supplier).held)
    assert supplier.look() == Polled(1, 0)
    assert (report(supplier).held_rows, report(supplier).notices, report(supplier).falls_due) == (None, 0, ())


def test_a_file_that_moves_no_more_than_is_let_through_does_not_wait(supplier: Supplier) -> None:
    with supplier.home.connector.db.begin() as tx:
        shops.change_settings(tx, supplier.home.shop.id, {"approve_above": 2})
    assert supplier.says(FAR) == Polled(1, 0)
