"""Deliveries are stored once each, in order, and none is given up before its time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connector.pipeline.connector import Connector
from connector.ports import Delivery
from connector.store import inbox, problems
from connector.store.shops import Shop
from connector.store.tables import inbox as table
from tests.conftest import NOW, open_shop
from tests.store.given import read

SECOND = timedelta(seconds=1)


def put(connector: Connector, store: str, key: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Store a delivery as the door does."""
    return inbox.put(connector.db, store, key, headers, body, now)


def test_the_same_key_twice_is_stored_once_and_the_first_body_stays(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        assert put(connector, shop.id, "k", {"topic": "order"}, b"first", NOW) is True
        assert put(connector, shop.id, "k", {"topic": "order"}, b"second", NOW + SECOND) is False
        assert [row.delivery for row in inbox.due(tx, shop.id, NOW + SECOND, 10)] == [
            Delivery({"topic": "order"}, b"first", NOW)
        ]


def test_the_same_key_of_two_stores_is_two_deliveries(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        assert put(connector, shop.id, "k", {}, b"ours", NOW)
        assert put(connector, other.id, "k", {}, b"theirs", NOW)
        assert [row.delivery.body for row in inbox.due(tx, other.id, NOW, 10)] == [b"theirs"]


def test_the_oldest_come_first_and_no_more_than_asked(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        for number in range(5):
            put(connector, shop.id, f"k{number}", {}, str(number).encode(), NOW)
        assert [row.delivery.body for row in inbox.due(tx, shop.id, NOW, 3)] == [b"0", b"1", b"2"]


def test_what_is_folded_is_due_no_more_and_keeps_nothing_personal(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        put(connector, shop.id, "k", {"topic": "order"}, b'{"email":"ann@example.com"}', NOW)
        inbox.done(tx, [row.id for row in inbox.due(tx, shop.id, NOW, 10)])
        assert inbox.due(tx, shop.id, NOW, 10) == ()
        assert read(tx, table, "status", "body", "dedupe_key") == [("done", b"", "k")]
    assert put(connector, shop.id, "k", {}, b"again", NOW) is False


def test_a_failure_waits_twice_as_long_each_time_and_dies_at_the_eighth(connector: Connector, shop: Shop) -> None:
    now, waits, deaths = NOW, [], []
    with connector.db.begin() as tx:
        put(connector, shop.id, "k", {}, b"poison", NOW)
        while rows := inbox.due(tx, shop.id, now, 10):
            deaths.append(inbox.failed(tx, rows[0], f"try {len(deaths) + 1}", now, final=False))
            assert inbox.due(tx, shop.id, now, 10) == ()
            again = read(tx, table, "available_at")[0]
            assert inbox.due(tx, shop.id, again - timedelta(microseconds=1), 10) == ()
            waits.append(int((again - now).total_seconds()))
            now = again
        assert deaths == [False] * 7 + [True]
        assert waits == [2, 4, 8, 16, 32, 64, 128, 256]
        assert read(tx, table, "status", "attempts", "error", "body") == [("dead", 8, "try 8", b"poison")]


def test_what_will_never_work_dies_at_once(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        put(connector, shop.id, "k", {}, b"no JSON", NOW)
        assert inbox.failed(tx, inbox.due(tx, shop.id, NOW, 1)[0], "it is no JSON", NOW, final=True) is True
        assert inbox.due(tx, shop.id, NOW + timedelta(days=1), 10) == ()


def test_one_that_backs_off_does_not_hold_back_the_next(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        put(connector, shop.id, "bad", {}, b"bad", NOW)
        put(connector, shop.id, "good", {}, b"good", NOW)
        inbox.failed(tx, inbox.due(tx, shop.id, NOW, 1)[0], "later", NOW, final=False)
        assert [row.delivery.body for row in inbox.due(tx, shop.id, NOW, 10)] == [b"good"]
        later = inbox.due(tx, shop.id, NOW + 2 * SECOND, 10)
        assert [(row.delivery.body, row.attempts) for row in later] == [(b"bad", 1), (b"good", 0)]


def test_a_replay_makes_the_dead_of_one_store_due_with_all_their_tries(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for store in (shop.id, other.id):
            put(connector, store, "k", {}, b"body", NOW)
            row = inbox.due(tx, store, NOW, 1)[0]
            inbox.failed(tx, row, "no", NOW, final=True)
            problems.report(tx, store, "dead_letter", f"inbox:{row.id}", "no", NOW)
        assert inbox.replay(tx, shop.id, NOW + SECOND) == 1
        again = inbox.due(tx, shop.id, NOW + SECOND, 9)
        assert [(row.delivery.body, row.attempts) for row in again] == [(b"body", 0)]
        assert problems.open_problems(tx, shop.id) == ()
        assert inbox.due(tx, other.id, NOW + SECOND, 9) == ()
        assert len(problems.open_problems(tx, other.id)) == 1
        assert inbox.replay(tx, shop.id, NOW + SECOND) == 0


def test_stores_with_deliveries_are_named_once(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        assert inbox.stores_due(tx, NOW) == ()
        for number in range(3):
            put(connector, shop.id, f"k{number}", {}, b"", NOW)
        put(connector, other.id, "k", {}, b"", NOW + SECOND)
        assert inbox.stores_due(tx, NOW) == (shop.id,)
        assert sorted(inbox.stores_due(tx, NOW + SECOND)) == sorted([shop.id, other.id])


def test_only_folded_deliveries_are_forgotten(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        for number in range(3):
            put(connector, shop.id, f"k{number}", {}, b"", NOW + number * SECOND)
        first, second, third = inbox.due(tx, shop.id, NOW + 9 * SECOND, 9)
        inbox.done(tx, [first.id, third.id])
        inbox.failed(tx, second, "no", NOW, final=True)
        assert inbox.forget(tx, NOW + 2 * SECOND) == 1
        assert read(tx, table, "dedupe_key", "status") == [("k1", "dead"), ("k2", "done")]


def test_a_batch_ends_with_the_delivery_that_passes_its_bytes(connector: Connector, shop: Shop) -> None:
    for number in range(4):
        put(connector, shop.id, str(number), {}, str(number).encode() * 10, NOW)
    with connector.db.begin() as tx:
        assert [row.delivery.body[:1] for row in inbox.due(tx, shop.id, NOW, 10, most=20)] == [b"0", b"1"]
        assert [row.delivery.body[:1] for row in inbox.due(tx, shop.id, NOW, 10, most=21)] == [b"0", b"1", b"2"]
        assert [row.delivery.body[:1] for row in inbox.due(tx, shop.id, NOW, 10, most=1)] == [b"0"]
