"""A supplier's file over HTTP: a good one is folded, a bad one changes nothing and is told once."""

from datetime import date, timedelta

import pytest

from connector.domain.errors import BadInput
from connector.domain.facts import Receipt, SupplyRow
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.restock import Polled, poll, receive_goods
from connector.store import feeds, plans
from connector.store.feeds import NewFeed
from tests.conftest import NOW
from tests.pipeline.given import House
from tests.pipeline.supplier import COLUMNS, HEAD, Supplier
from tests.store.dating import AS_SAID
from tests.store.given import item, level, line, order

SOON = date(2026, 12, 1)


def test_a_file_is_read_and_what_it_says_counts(supplier: Supplier) -> None:
    assert supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-B,2,,") == Polled(2, 0)
    assert supplier.rows() == (SupplyRow("SKU-A", 5, SOON, "PO-1"), SupplyRow("SKU-B", 2, None, ""))
    assert supplier.kept("good_at", "failures", "problem", "due_at") == (NOW, 0, None, NOW + timedelta(minutes=15))


def test_the_same_file_again_changes_nothing(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    assert supplier.look() == Polled(0, 0)


def test_what_is_not_new_is_not_read(supplier: Supplier) -> None:
    supplier.etag = '"v1"'
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    assert supplier.look() == Polled(0, 0)
    assert supplier.asked == [None, '"v1"']
    assert len(supplier.rows()) == 1


def test_rows_that_cannot_be_used_are_told_with_their_lines_and_the_others_count(supplier: Supplier) -> None:
    polled = supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-B,many,2026-12-01,PO-2", ",3,2026-12-01,PO-3")
    assert (polled.changed, polled.rejected, polled.problem) == (1, 2, None)
    assert [row.sku for row in supplier.rows()] == ["SKU-A"]
    ((kind, text, times),) = supplier.problems()
    assert (kind, times) == ("feed_rows", 1)
    assert text.startswith("The feed of acme has rows that cannot be used: line 3: ")
    assert "; line 4: " in text
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    assert supplier.problems() == []


def test_of_very_many_rows_only_some_are_told(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1", *(f"SKU-{number},many,,PO" for number in range(30)))
    ((_, text, _),) = supplier.problems()
    assert text.count("line ") == 20
    assert text.endswith(" and 10 more. What was said before of the SKUs that they name still counts.")


@pytest.mark.parametrize(
    "file",
    ["", "<html><body>Please log in</body></html>", "\x00\x01\x02\x03", "colour,size\nred,L\n", "sku;quantity\n"],
    ids=["empty", "html", "binary", "other columns", "no rows of ours"],
)
def test_what_is_no_file_of_ours_changes_nothing(supplier: Supplier, file: str) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    supplier.file = file
    polled = supplier.look()
    assert polled.problem is not None
    assert polled.changed == 0
    assert len(supplier.rows()) == 1
    assert [kind for kind, _, _ in supplier.problems()] == ["feed"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_server_that_gives_no_file_changes_nothing(supplier: Supplier, status: int) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    supplier.status = status
    assert supplier.look().problem is not None
    assert supplier.kept("failures") == (1,)
    assert len(supplier.rows()) == 1


def test_a_bad_file_sends_no_mail_and_writes_no_listing(supplier: Supplier) -> None:
    home = supplier.home
    home.tell(item(), level(), order("1", line(quantity=2, taken=0)))
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    sent, written = len(home.post.sent), len(home.stall.written)
    assert (sent, written) == (1, 1)
    for file in (HEAD, "<html></html>", ""):
        supplier.file = file
        supplier.look()
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)
    assert (len(home.post.sent), len(home.stall.written)) == (1, 1)


def test_an_address_that_nobody_can_fetch_is_a_problem_of_the_feed(supplier: Supplier) -> None:
    new = NewFeed("gopher", "gopher://acme.example/1", "csv", COLUMNS, timedelta(minutes=15))
    with supplier.home.connector.db.begin() as tx:
        feed = feeds.add(tx, supplier.home.shop.id, new, NOW)
    assert poll(supplier.home.connector, feed.id).problem == "no way is known to fetch a file from this address"


def test_an_address_inside_is_refused_and_nothing_is_dialled(supplier: Supplier) -> None:
    new = NewFeed("inside", "http://127.0.0.1:1/restock.csv", "csv", COLUMNS, timedelta(minutes=15))
    with supplier.home.connector.db.begin() as tx:
        feed = feeds.add(tx, supplier.home.shop.id, new, NOW)
    assert poll(supplier.home.connector, feed.id).problem is not None
    assert supplier.asked == []


def test_goods_that_come_in_leave_less_to_come(supplier: Supplier) -> None:
    home = supplier.home
    home.tell(item())
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    assert receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", 2, NOW)) == 2
    with home.connector.db.begin() as tx:
        assert [lot.quantity for lot in plans.load(tx, home.shop.id, ["A"], AS_SAID)[0].lots] == [3]


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_receipt_of_nothing_is_bad_input(home: House, quantity: int) -> None:
    with pytest.raises(BadInput, match=r"^a receipt needs a quantity of at least 1$"):
        receive_goods(home.connector, home.shop.id, Receipt("PO-1", "SKU-A", quantity, NOW))


def test_a_row_that_cannot_be_read_takes_nothing_away(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-A,2,2026-12-01,PO-2", "SKU-B,3,2026-12-01,PO-3")
    assert supplier.says("SKU-A,9,2026-12-01,PO-1", "SKU-A,2,soon,PO-2", "SKU-B,many") == Polled(1, 2)
    assert supplier.rows() == (
        SupplyRow("SKU-A", 9, SOON, "PO-1"),
        SupplyRow("SKU-A", 2, SOON, "PO-2"),
        SupplyRow("SKU-B", 3, SOON, "PO-3"),
    )


def test_nothing_coming_is_believed(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-B,3,2026-12-01,PO-3")
    assert supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-B,0,2026-12-01,PO-3") == Polled(1, 1)
    assert supplier.rows() == (SupplyRow("SKU-A", 5, SOON, "PO-1"),)


def test_the_same_file_is_not_read_again_though_the_server_does_not_say_so(supplier: Supplier) -> None:
    supplier.says("SKU-A,many,2026-12-01,PO-1", "SKU-B,3,2026-12-01,PO-3")
    assert supplier.look() == Polled(0, 0)
    assert [times for _, _, times in supplier.problems()] == [1]
