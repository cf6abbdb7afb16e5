"""A problem is one row, however often it happens, until it is solved."""

from datetime import timedelta

from connector.pipeline.connector import Connector
from connector.store import problems
from connector.store.problems import Problem
from connector.store.shops import Shop
from tests.conftest import open_shop
from tests.store.given import at


def test_a_known_problem_counts_up_and_keeps_its_first_day(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        problems.report(tx, shop.id, "feed", "acme", "no file", at(0))
        problems.report(tx, shop.id, "feed", "acme", "still no file", at(5))
        assert problems.open_problems(tx, shop.id) == (Problem("feed", "acme", "still no file", at(0), at(5), 2),)


def test_a_problem_that_comes_back_starts_anew(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        problems.report(tx, shop.id, "feed", "acme", "no file", at(0))
        problems.solve(tx, shop.id, "feed", "acme", at(1))
        assert problems.open_problems(tx, shop.id) == ()
        problems.report(tx, shop.id, "feed", "acme", "no file", at(9))
        assert problems.open_problems(tx, shop.id) == (Problem("feed", "acme", "no file", at(9), at(9), 1),)


def test_the_newest_problem_comes_first_and_no_more_than_asked(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        for minute, subject in enumerate(("a", "b", "c")):
            problems.report(tx, shop.id, "feed", subject, "no file", at(minute))
        assert [one.subject for one in problems.open_problems(tx, shop.id, 2)] == ["c", "b"]


def test_solving_one_leaves_the_others(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for store, kind, subject in (
            (shop.id, "feed", "acme"),
            (shop.id, "feed", "zeta"),
            (shop.id, "listing", "acme"),
            (other.id, "feed", "acme"),
        ):
            problems.report(tx, store, kind, subject, "wrong", at(0))
        problems.solve(tx, shop.id, "feed", "acme", at(1))
        problems.solve(tx, shop.id, "feed", "nobody", at(1))
        assert {(one.kind, one.subject) for one in problems.open_problems(tx, shop.id)} == {
            ("feed", "zeta"),
            ("listing", "acme"),
        }
        assert len(problems.open_problems(tx, other.id)) == 1


def test_all_but_some_are_solved_at_once(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        for subject in ("a", "b", "c"):
            problems.report(tx, shop.id, "unmatched_sku", subject, "unknown", at(0))
        problems.report(tx, shop.id, "feed", "a", "no file", at(0) - timedelta(minutes=1))
        problems.solve_others(tx, shop.id, "unmatched_sku", {"b"}, at(1))
        assert [(one.kind, one.subject) for one in problems.open_problems(tx, shop.id)] == [
            ("unmatched_sku", "b"),
            ("feed", "a"),
        ]
        problems.solve_these(tx, shop.id, "unmatched_sku", [], at(2))
        assert len(problems.open_problems(tx, shop.id)) == 2
