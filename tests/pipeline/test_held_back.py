"""A supplier's file that is not believed is held back, until somebody says so; one that was used is taken back."""

from datetime import date
from hashlib import sha256

import pytest
from flask import Response

from connector.domain.errors import BadInput
from connector.domain.facts import SupplyRow
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.restock import Polled, take_back
from connector.store import reports_feeds
from connector.store.tables import feeds as table
from tests.conftest import NOW, Clock
from tests.pipeline.supplier import Supplier
from tests.store.given import item, level, line, order

SOON = date(2026, 12, 1)


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
