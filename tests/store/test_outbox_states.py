"""States in the outbox: only the latest counts, and it goes out however often it was replaced on the way."""

from dataclasses import replace
from datetime import timedelta

from connector.domain.effects import FetchFact, SendNotice, WriteListing
from connector.pipeline.connector import Connector
from connector.store import outbox, shops
from connector.store.engine import Tx
from connector.store.shops import Shop
from connector.store.tables import outbox as table
from tests.conftest import NOW, open_shop
from tests.store.given import listing, read

SECOND = timedelta(seconds=1)


def claimed(tx: Tx, shop: Shop, after: timedelta = timedelta(0)) -> tuple[outbox.OutboxRow, ...]:
    """The listings that can be taken some time after now."""
    return outbox.claim(tx, shop.id, WriteListing, NOW + after, 10)


def test_a_later_state_replaces_the_earlier_one(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        for available in (1, 2, 3):
            outbox.put_state(tx, shop.id, listing("A", available), NOW)
        outbox.put_state(tx, shop.id, listing("B"), NOW)
        assert [row.effect for row in claimed(tx, shop)] == [listing("A", 3), listing("B")]


def test_what_is_taken_is_nobody_elses_until_its_lease_ends(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        assert [row.attempts for row in claimed(tx, shop)] == [1]
        assert claimed(tx, shop, timedelta(hours=1)) == ()


def test_what_is_done_goes_again_only_when_it_is_put_again(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing("A", 1), NOW)
        outbox.done(tx, claimed(tx, shop), NOW, "written")
        assert claimed(tx, shop, timedelta(days=1)) == ()
        outbox.put_state(tx, shop.id, listing("A", 2), NOW)
        assert [row.effect for row in claimed(tx, shop)] == [listing("A", 2)]


def test_a_state_that_is_replaced_while_it_is_sent_goes_again(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing("A", 1), NOW)
        sending = claimed(tx, shop)
        outbox.put_state(tx, shop.id, listing("A", 2), NOW)
        assert claimed(tx, shop) == ()
        outbox.done(tx, sending, NOW)
        assert [(row.effect, row.attempts) for row in claimed(tx, shop)] == [(listing("A", 2), 1)]


def test_a_state_that_replaces_one_that_cannot_be_sent_has_its_own_tries(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing("A", 1), NOW)
        sending = claimed(tx, shop)[0]
        outbox.put_state(tx, shop.id, listing("A", 2), NOW)
        assert outbox.failed(tx, sending, "refused", NOW, None, final=True) is False
        assert [row.effect for row in claimed(tx, shop, 2 * SECOND)] == [listing("A", 2)]


def test_a_failure_backs_off_twice_as_long_each_time_and_dies_at_the_eighth(connector: Connector, shop: Shop) -> None:
    now, waits, deaths = NOW, [], []
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        while rows := outbox.claim(tx, shop.id, WriteListing, now, 10):
            deaths.append(outbox.failed(tx, rows[0], "down", now, None, final=False))
            again = read(tx, table, "available_at")[0]
            waits.append(int((again - now).total_seconds()))
            now = again
        assert deaths == [False] * 7 + [True]
        assert waits == [2, 4, 8, 16, 32, 64, 128, 256]
        assert read(tx, table, "status", "error") == [("dead", "down")]


def test_who_says_when_to_come_back_is_obeyed(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        outbox.failed(tx, claimed(tx, shop)[0], "busy", NOW, 37.0, final=False)
        assert claimed(tx, shop, 36 * SECOND) == ()
        assert len(claimed(tx, shop, 37 * SECOND)) == 1


def test_what_is_put_off_has_lost_no_try(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        for _ in range(20):
            outbox.put_off(tx, claimed(tx, shop), "the key is refused", NOW)
        assert [row.attempts for row in claimed(tx, shop)] == [1]


def test_whoever_tries_what_was_begun_is_not_the_first(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        for _ in range(20):
            outbox.put_off(tx, claimed(tx, shop), "not decided yet", NOW, begun=True)
        assert [row.attempts for row in claimed(tx, shop)] == [2]


def test_a_dead_state_lives_again_with_its_next_version(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing("A", 1), NOW)
        outbox.failed(tx, claimed(tx, shop)[0], "refused", NOW, None, final=True)
        outbox.put_state(tx, shop.id, listing("A", 2), NOW)
        assert [(row.effect, row.attempts) for row in claimed(tx, shop)] == [(listing("A", 2), 1)]


def test_a_replay_gives_the_dead_of_one_store_all_their_tries(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            outbox.put_state(tx, one.id, listing(), NOW)
            outbox.failed(tx, claimed(tx, one)[0], "refused", NOW, None, final=True)
        assert outbox.replay(tx, shop.id, NOW) == 1
        assert [row.attempts for row in claimed(tx, shop)] == [1]
        assert claimed(tx, other) == ()


def test_a_state_whose_worker_died_is_due_again(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, listing(), NOW)
        claimed(tx, shop)
        assert outbox.recover(tx, NOW + outbox.LEASE - SECOND, timedelta(minutes=10)) == ()
        assert claimed(tx, shop, outbox.LEASE) == ()
        assert outbox.recover(tx, NOW + outbox.LEASE, timedelta(minutes=10)) == ()
        assert [row.attempts for row in claimed(tx, shop, outbox.LEASE)] == [2]


def test_kinds_do_not_take_from_each_other(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_state(tx, shop.id, FetchFact("order", "7"), NOW)
        outbox.put_state(tx, shop.id, FetchFact("order", "7"), NOW)
        assert claimed(tx, shop) == ()
        assert outbox.claim(tx, shop.id, SendNotice, NOW, 10) == ()
        assert [row.effect for row in outbox.claim(tx, shop.id, FetchFact, NOW, 10)] == [FetchFact("order", "7")]


def test_only_stores_that_can_be_spoken_to_are_woken(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        assert outbox.stores_due(tx, NOW) == ()
        outbox.put_state(tx, shop.id, listing(), NOW)
        assert outbox.stores_due(tx, NOW) == (shop.id,)
        assert outbox.stores_due(tx, NOW - SECOND) == ()
        shops.set_status(tx, shop.id, "paused")
        assert outbox.stores_due(tx, NOW) == ()


def test_what_belongs_to_one_parent_is_taken_together(connector: Connector, shop: Shop) -> None:
    parents = {"R": "P", "A": None, "X": "Q", "B": None, "G": "P"}
    with connector.db.begin() as tx:
        for name, parent in parents.items():
            outbox.put_state(tx, shop.id, replace(listing(name), parent=parent), NOW)
        taken = [outbox.claim(tx, shop.id, WriteListing, NOW, 2) for _ in range(3)]
    assert [[row.effect.item for row in some] for some in taken] == [["A", "B"], ["R", "G"], ["X"]]


def test_a_parent_is_not_torn_apart_where_it_would_cost_a_call_more(connector: Connector, shop: Shop) -> None:
    parents = {"A": None, "R": "P", "G": "P", "X": "Q", "Y": "Q", "Z": "Q", "W": "Q"}
    with connector.db.begin() as tx:
        for name, parent in parents.items():
            outbox.put_state(tx, shop.id, replace(listing(name), parent=parent), NOW)
        taken = [outbox.claim(tx, shop.id, WriteListing, NOW, 3) for _ in range(4)]
    assert [[row.effect.item for row in some] for some in taken] == [["A", "R", "G"], ["X", "Y", "Z"], ["W"], []]


def test_a_state_that_is_as_it_was_does_not_go_again_where_only_changes_count(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        outbox.put_states(tx, shop.id, [listing("A", 1)], NOW, changed=True)
        outbox.done(tx, claimed(tx, shop), NOW)
        outbox.put_states(tx, shop.id, [listing("A", 1)], NOW, changed=True)
        assert claimed(tx, shop) == ()
        outbox.put_states(tx, shop.id, [listing("A", 2)], NOW, changed=True)
        assert [row.effect for row in claimed(tx, shop)] == [listing("A", 2)]
