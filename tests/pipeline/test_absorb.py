"""Deliveries become books and plans; one that is poison harms nobody but itself."""

from datetime import timedelta

import pytest

from connector.domain.errors import Retryable, Unreadable
from connector.domain.facts import Refetch, StoreClosed
from connector.pipeline.absorb import absorb
from connector.pipeline.perform import perform
from connector.pipeline.reconcile import reconcile
from connector.ports import Page
from connector.store import inbox, problems, shops
from connector.store.engine import lock_store
from connector.store.tables import inbox as deliveries
from connector.store.tables import lines, orders, outbox
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read


def test_what_was_delivered_is_folded_planned_and_told(home: House) -> None:
    home.deliver(b"item", item(), level())
    home.deliver(b"order", order("1", line(quantity=2, taken=0)))
    assert absorb(home.connector, home.shop.id) == 2
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status", "body") == [("done", b"")] * 2
        assert read(tx, lines, "waiting", "promised") == [(2, True)]
        assert read(tx, outbox, "kind", "key", "status") == [
            ("listing", "listing:A", "due"),
            ("notice", "notice:1:1", "due"),
        ]


def test_absorbing_again_does_nothing(home: House) -> None:
    home.deliver(b"order", order("1"))
    absorb(home.connector, home.shop.id)
    assert absorb(home.connector, home.shop.id) == 0


def test_a_poison_delivery_is_set_aside_and_the_others_are_folded(home: House) -> None:
    home.deliver(b"first", order("1"))
    home.deliver(b"poison", poison=ZeroDivisionError("division by zero"))
    home.deliver(b"last", order("2"))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["1", "2"]
        assert read(tx, deliveries, "id", "status", "attempts", "error")[1][1:] == (
            "due",
            1,
            "ZeroDivisionError in the connector",
        )
        assert problems.open_problems(tx, home.shop.id) == ()


def test_a_poison_delivery_is_given_up_at_the_eighth_try_and_told(home: House, clock: Clock) -> None:
    home.deliver(b"poison", poison=ZeroDivisionError())
    for _ in range(12):
        absorb(home.connector, home.shop.id)
        clock.move(minutes=15)
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status", "attempts") == [("dead", 8)]
        assert [(one.kind, one.text) for one in problems.open_problems(tx, home.shop.id)] == [
            (
                "dead_letter",
                "A message of the store could not be read. Given up after 8 tries:"
                " ZeroDivisionError in the connector",
            )
        ]


def test_what_cannot_be_read_is_given_up_at_once_in_the_adapters_words(home: House) -> None:
    home.deliver(b"html", poison=Unreadable("it is no JSON"))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status", "attempts", "error") == [("dead", 1, "it is no JSON")]
        assert [one.text for one in problems.open_problems(tx, home.shop.id)] == [
            "A message of the store could not be read. Given up after 1 try: it is no JSON"
        ]


def test_an_order_of_which_one_delivery_is_poison_follows_the_next(home: House) -> None:
    home.deliver(b"first", order("1", line(quantity=1), seen=1))
    home.deliver(b"poison", poison=Unreadable("cut off"))
    home.deliver(b"last", order("1", line(quantity=3), seen=3))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "quantity") == [3]


def test_what_poisons_the_books_leaves_no_half_of_itself(home: House) -> None:
    home.deliver(b"poison", order("1", line(quantity=2)), order("2", line(quantity=2**40)))
    home.deliver(b"good", order("3"))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["3"]
        assert read(tx, deliveries, "id", "status")[0][1] == "due"


def test_a_dead_letter_that_is_replayed_is_read_again_and_its_problem_is_gone(home: House) -> None:
    home.deliver(b"letter", poison=Unreadable("not yet"))
    absorb(home.connector, home.shop.id)
    home.stall.told[b"letter"] = (order("1"),)
    with home.connector.db.begin() as tx:
        assert inbox.replay(tx, home.shop.id, NOW) == 1
    assert absorb(home.connector, home.shop.id) == 1
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["1"]
        assert problems.open_problems(tx, home.shop.id) == ()


def test_a_dead_letter_that_is_replayed_in_vain_is_a_problem_again(home: House) -> None:
    home.deliver(b"letter", poison=Unreadable("never"))
    for _ in range(3):
        absorb(home.connector, home.shop.id)
        with home.connector.db.begin() as tx:
            assert len(problems.open_problems(tx, home.shop.id)) == 1
            assert inbox.replay(tx, home.shop.id, NOW) == 1


def test_what_had_no_whole_state_in_it_is_read_from_the_store_once(home: House) -> None:
    for body in (b"one", b"two"):
        home.deliver(body, Refetch("order", "7"))
    absorb(home.connector, home.shop.id)
    home.stall.there["order", "7"] = (order("7", line(quantity=4)),)
    perform(home.connector, home.shop.id)
    assert ("fetch", ("order", "7")) in home.stall.asked
    assert [what for what, _ in home.stall.asked].count("fetch") == 2  # the order, and its item that nobody knows
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "quantity") == [4]


def test_deliveries_of_a_closed_store_are_dropped_unread(home: House) -> None:
    home.deliver(b"order", order("1"))
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "closed")
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status", "body") == [("done", b"")]
        assert read(tx, orders, "order") == []


def test_an_uninstall_in_the_inbox_silences_all_that_waited(home: House) -> None:
    home.deliver(b"order", item(), level(), order("1", line(quantity=2, taken=0)))
    home.deliver(b"bye", StoreClosed(at(1)))
    absorb(home.connector, home.shop.id)
    assert perform(home.connector, home.shop.id) == 0
    assert (home.post.sent, home.stall.written) == ([], [])


def test_a_paused_store_is_still_read(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "paused")
    home.deliver(b"order", order("1"))
    assert absorb(home.connector, home.shop.id) == 1


def test_where_another_worker_is_at_it_nothing_is_touched(home: House) -> None:
    home.deliver(b"order", order("1"))
    with home.connector.db.begin() as tx:
        lock_store(tx, home.shop.id)
        assert absorb(home.connector, home.shop.id) == 0
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status") == ["due"]


def test_more_than_a_batch_is_absorbed_in_one_go(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.pipeline.absorb.BATCH", 3)
    for number in range(8):
        home.deliver(b"order %d" % number, order(str(number)))
    assert absorb(home.connector, home.shop.id) == 8
    with home.connector.db.begin() as tx:
        assert len(read(tx, orders, "order")) == 8


def test_a_delivery_that_wants_to_come_later_comes_later(home: House, clock: Clock) -> None:
    home.deliver(b"order", poison=Retryable("the store cannot say it now"))
    absorb(home.connector, home.shop.id)
    home.stall.told[b"order"] = (order("1"),)
    assert absorb(home.connector, home.shop.id) == 0
    clock.now += timedelta(seconds=2)
    assert absorb(home.connector, home.shop.id) == 1


def test_more_bytes_than_a_batch_holds_are_absorbed_in_one_go(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox.due, "__defaults__", (1,))
    for number in range(3):
        home.deliver(b"%d" % number, order(str(number)))
    assert absorb(home.connector, home.shop.id) == 3


def test_an_order_of_very_many_unknown_things_has_all_that_is_sold_read_once(home: House) -> None:
    home.deliver(b"order", order("1", *(line(f"X{number}", id=str(number)) for number in range(60))))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, outbox, "kind", "key") == [("fetch", "fetch:items:")]
    home.stall.item_pages = {None: Page((item("X0"), level("X0")), "more", 2), "more": Page((item("X1"),), None, 2)}
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert [(one.kind, one.text) for one in problems.open_problems(tx, home.shop.id)] == [
            (
                "unknown_items",
                "58 order lines are of products that the store does not show, so nothing can be planned for them."
                " Were the products deleted, or may the connector not see them?",
            )
        ]
    home.stall.item_pages = {None: Page(tuple(item(f"X{number}") for number in range(60)), None, 60)}
    home.deliver(b"again", order("1", *(line(f"X{number}", id=str(number)) for number in range(60)), seen=1))
    absorb(home.connector, home.shop.id)
    reconcile(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, home.shop.id) == ()


def test_an_order_that_names_a_line_twice_keeps_it_once(home: House) -> None:
    home.deliver(b"order", order("1", line("A", id="1"), line("A", 2, id="1")))
    absorb(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, lines, "line", "quantity") == [("1", 2)]
