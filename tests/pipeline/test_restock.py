"""A supplier's file over HTTP: a good one is folded, a bad one changes nothing and is told once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

import pytest
from flask import Flask, Response, request

from connector.domain.errors import BadInput
from connector.domain.facts import Receipt, SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.restock import Polled, poll, receive_goods, take_back
from connector.store import feeds, plans, problems, reports_feeds, supplies
from connector.store.feeds import NewFeed
from connector.store.tables import feeds as table
from tests.conftest import NOW, Clock, open_shop
from tests.pipeline.given import House, house
from tests.serving import served
from tests.store.dating import AS_SAID
from tests.store.given import item, level, line, order, read

COLUMNS = {name: name for name in ("sku", "quantity", "date", "reference")}
HEAD = "sku,quantity,date,reference\n"
SOON = date(2026, 12, 1)


@dataclass
class Supplier:
    """A supplier's server with one file, and a store that looks at it."""

    home: House
    file: str = HEAD
    status: int = 200
    etag: str | None = None
    modified: str | None = None
    asked: list[str | None] = field(default_factory=list)
    feed: int = 0

    def answer(self) -> Response:
        """What the server says."""
        self.asked.append(request.headers.get("If-None-Match"))
        if self.etag is not None and self.asked[-1] == self.etag:
            return Response(status=304)
        named = {"ETag": self.etag, "Last-Modified": self.modified}
        headers = {name: value for name, value in named.items() if value is not None}
        return Response(self.file, self.status, headers, mimetype="text/csv")

    def says(self, *rows: str, skus: int = 0) -> Polled:
        """The file has these rows, and as many SKUs; it is looked at."""
        many = [f"SKU-{number},1,2026-12-01,PO-{number}" for number in range(skus)]
        self.file = HEAD + "".join(f"{row}\n" for row in (*rows, *many))
        return self.look()

    def look(self) -> Polled:
        """The feed is looked at now."""
        return poll(self.home.connector, self.feed)

    def rows(self) -> tuple[SupplyRow, ...]:
        """What counts now."""
        with self.home.connector.db.begin() as tx:
            return supplies.rows_of(tx, self.home.shop.id, "acme")

    def problems(self) -> list[tuple[str, str, int]]:
        """What is wrong with the feed."""
        with self.home.connector.db.begin() as tx:
            found = problems.open_problems(tx, self.home.shop.id)
        return [(one.kind, one.text, one.times) for one in found if one.kind.startswith("feed")]

    def kept(self, *names: str) -> tuple[object, ...]:
        """What the feed's row says."""
        with self.home.connector.db.begin() as tx:
            (row,) = read(tx, table, "id", *names)
        return tuple(row[1:])


@pytest.fixture
def supplier(make_connector: Callable[..., Connector]) -> Iterator[Supplier]:
    app = Flask("supplier")
    with served(app) as url:
        home = house(make_connector(dial_allow=(url.removeprefix("http://"),)), open_shop)
        made = Supplier(home)
        app.add_url_rule("/restock.csv", view_func=lambda: made.answer())
        new = NewFeed("acme", f"{url}/restock.csv", "csv", COLUMNS, timedelta(minutes=15))
        with home.connector.db.begin() as tx:
            made.feed = feeds.add(tx, home.shop.id, new, NOW).id
        yield made


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
    assert text.endswith(
        " and 10 more. What was said before of the SKUs that they name still counts."
    )


def test_a_file_that_is_cut_off_is_held_back_and_the_last_good_one_counts(supplier: Supplier) -> None:
    supplier.says(skus=20)
    held = "held back: the new file names 3 of the 20 SKUs that the last one had"
    assert supplier.says(skus=3) == Polled(0, 0, held)
    assert len(supplier.rows()) == 20
    assert supplier.kept("failures", "problem", "quarantined") == (
        1,
        held,
        {"rows": 3, "at": NOW.isoformat(), "digest": sha256(supplier.file.encode()).hexdigest()},
    )
    assert supplier.problems() == [
        ("feed", f"The feed of acme was not used: {held}. What it said last still counts.", 1)
    ]


def test_a_file_that_names_nothing_any_more_is_held_back(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    assert supplier.says().problem == "The file has a header, but no rows"
    assert len(supplier.rows()) == 1


def test_a_file_of_which_no_row_can_be_used_is_held_back(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    polled = supplier.says("SKU-A,many,2026-12-01,PO-1")
    assert polled.problem == "held back: the new file names no SKU, and the last one had 1"
    assert len(supplier.rows()) == 1


def test_what_is_held_back_is_looked_at_whole_again_and_told_once(supplier: Supplier) -> None:
    supplier.etag = '"v1"'
    supplier.says(skus=20)
    supplier.etag = '"v2"'
    supplier.says(skus=3)
    supplier.look()
    assert supplier.asked == [None, '"v1"', None]
    assert [times for _, _, times in supplier.problems()] == [2]


def test_the_merchant_may_have_it_run_anyway_once(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    with supplier.home.connector.db.begin() as tx:
        tx.execute(table.update().values(run_anyway=True))
    assert supplier.look() == Polled(17, 0)
    assert len(supplier.rows()) == 3
    assert supplier.kept("run_anyway", "problem", "quarantined", "failures") == (False, None, None, 0)
    assert supplier.problems() == []


def test_what_the_merchant_said_of_one_file_is_not_said_of_another(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    with supplier.home.connector.db.begin() as tx:
        reports_feeds.use_anyway(tx, supplier.home.shop.id, supplier.feed, NOW)
    assert str(supplier.says(skus=2).problem).startswith("held back: ")
    assert (len(supplier.rows()), supplier.kept("run_anyway")) == (20, (False,))


def approve(supplier: Supplier, file: str | None = None) -> bool:
    home = supplier.home
    with home.connector.db.begin() as tx:
        judged = reports_feeds.use_anyway(tx, home.shop.id, supplier.feed, NOW, file)
    return judged is not None and judged.held


def test_what_is_said_of_a_file_that_was_replaced_meanwhile_is_said_of_none(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    with supplier.home.connector.db.begin() as tx:
        (seen,) = reports_feeds.feed_reports(tx, supplier.home.shop.id)
    supplier.says(skus=2)
    assert approve(supplier, seen.held) is False
    assert supplier.look().changed == 0
    assert (len(supplier.rows()), supplier.kept("run_anyway")) == (20, (False,))


def test_a_word_on_a_file_outlives_a_look_that_was_under_way(
    supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    answer = supplier.answer

    def approved_meanwhile() -> Response:
        assert approve(supplier) is True
        return answer()

    monkeypatch.setattr(supplier, "answer", approved_meanwhile)
    assert str(supplier.look().problem).startswith("held back: ")
    assert supplier.kept("run_anyway", "due_at") == (True, NOW)
    monkeypatch.setattr(supplier, "answer", answer)
    assert supplier.look() == Polled(17, 0)


def test_a_word_on_a_file_outlives_a_server_that_is_away(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    assert approve(supplier) is True
    supplier.status = 404
    assert supplier.look().changed == 0
    supplier.status = 200
    assert supplier.look() == Polled(17, 0)


def test_a_file_that_is_declined_while_it_is_looked_at_stays_declined(
    supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    home, answer = supplier.home, supplier.answer

    def declined_meanwhile() -> Response:
        with home.connector.db.begin() as tx:
            reports_feeds.decline(tx, home.shop.id, supplier.feed, NOW)
        return answer()

    monkeypatch.setattr(supplier, "answer", declined_meanwhile)
    supplier.look()
    monkeypatch.setattr(supplier, "answer", answer)
    assert str(supplier.look().problem).startswith("declined: ")
    assert supplier.problems() == []


def test_a_declined_file_is_no_news_and_another_one_is(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    home = supplier.home
    with home.connector.db.begin() as tx:
        judged = reports_feeds.decline(tx, home.shop.id, supplier.feed, NOW)
    assert (judged, supplier.problems()) == (reports_feeds.Judged("acme", held=True), [])
    assert str(supplier.look().problem).startswith("declined: ")
    assert (supplier.problems(), len(supplier.rows())) == ([], 20)
    assert str(supplier.says(skus=2).problem).startswith("held back: ")
    assert [kind for kind, _, _ in supplier.problems()] == ["feed"]
    assert supplier.says(skus=19) == Polled(1, 0)


def test_a_good_file_after_a_bad_one_ends_the_problem(supplier: Supplier) -> None:
    supplier.says(skus=20)
    supplier.says(skus=3)
    assert supplier.says(skus=19) == Polled(1, 0)
    assert supplier.problems() == []


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


def test_a_file_that_is_older_than_the_last_one_is_held_back(supplier: Supplier) -> None:
    supplier.modified = "Mon, 23 Nov 2026 12:00:00 GMT"
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    supplier.modified = "Mon, 16 Nov 2026 12:00:00 GMT"
    assert supplier.says("SKU-A,5,2026-11-25,PO-1").problem == (
        "held back: the server gives a file of Mon, 16 Nov 2026 12:00:00 GMT,"
        " and the last one was of Mon, 23 Nov 2026 12:00:00 GMT"
    )
    supplier.modified = "Tue, 24 Nov 2026 12:00:00 GMT"
    assert supplier.says("SKU-A,5,2026-11-25,PO-1") == Polled(1, 0)


def test_a_file_can_be_taken_back_and_does_not_come_again(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1", "SKU-B,3,2026-12-01,PO-3")
    good = supplier.rows()
    supplier.says("SKU-A,1,2027-12-01,PO-1", "SKU-B,3,2026-12-01,PO-3")
    assert take_back(supplier.home.connector, supplier.feed) == 1
    assert supplier.rows() == good
    assert supplier.look() == Polled(0, 0, "held back: it is the file that was taken back")
    assert supplier.rows() == good
    with pytest.raises(BadInput, match=r": there is no file that could be taken back$"):
        take_back(supplier.home.connector, supplier.feed)
    assert supplier.says("SKU-A,6,2026-12-01,PO-1", "SKU-B,3,2026-12-01,PO-3") == Polled(1, 0)


def test_a_file_that_was_taken_back_can_be_used_after_all(supplier: Supplier) -> None:
    supplier.says("SKU-A,5,2026-12-01,PO-1")
    take_back(supplier.home.connector, supplier.feed)
    assert supplier.rows() == ()
    supplier.look()
    with supplier.home.connector.db.begin() as tx:
        reports_feeds.use_anyway(tx, supplier.home.shop.id, supplier.feed, NOW)
    assert supplier.look() == Polled(1, 0)
    assert supplier.rows() == (SupplyRow("SKU-A", 5, SOON, "PO-1"),)


def test_a_feed_that_says_two_things_by_turns_is_followed_once_in_six_hours(supplier: Supplier, clock: Clock) -> None:
    home = supplier.home
    home.tell(item(), level(), order("1", line(quantity=2, taken=0)))
    early, late = "SKU-A,5,2026-12-01,PO-1", "SKU-A,5,2027-01-15,PO-1"
    turns = []
    for number in range(48):
        polled = supplier.says(late if number % 2 else early)
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)
        turns.append(polled.changed)
        clock.move(minutes=15)
    assert [number for number, changed in enumerate(turns) if changed] == [0, 1, 2, 27]
    assert len(home.post.sent) == 4
    ((_, text, _),) = (one for one in supplier.problems() if one[0] == "feed_flaps")
    assert text == (
        "The feed of acme is followed once in 6 hours only:"
        " it says one thing and another by turns, as if two servers disagreed."
    )
    clock.move(hours=6)
    supplier.says("SKU-A,6,2027-02-15,PO-1")
    assert supplier.problems() == []


def test_a_slip_that_is_put_right_is_followed_at_once(supplier: Supplier) -> None:
    for row in ("SKU-A,5,2026-12-01,PO-1", "SKU-A,5,2027-12-01,PO-1", "SKU-A,5,2026-12-01,PO-1"):
        assert supplier.says(row) == Polled(1, 0)
