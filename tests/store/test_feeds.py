"""Feeds are due when they are, lent to one worker at a time, and remember how the last look went."""

from datetime import timedelta

import pytest

from adapters.sources import http
from connector.domain.errors import BadInput
from connector.pipeline.connector import Connector
from connector.ports import Validators
from connector.store import feeds, reports_feeds, shops
from connector.store.engine import Tx
from connector.store.feeds import LEASE, Due, Feed, NewFeed
from connector.store.shops import Shop
from connector.store.tables import feeds as table
from tests.conftest import NOW
from tests.store.given import read

EVERY = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def added(tx: Tx, shop: Shop, supplier: str = "acme", url: str = "https://acme.example/a.csv") -> Feed:
    """A feed that is looked at every quarter of an hour."""
    return feeds.add(tx, shop.id, NewFeed(supplier, url, "csv", {"sku": "SKU", "quantity": "Qty"}, EVERY), NOW)


def test_a_new_feed_is_due_at_once(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        assert feed == Feed(
            feed.id,
            shop.id,
            "acme",
            "https://acme.example/a.csv",
            "csv",
            {"sku": "SKU", "quantity": "Qty"},
            EVERY,
            Validators(),
            0,
            None,
            False,
        )
        assert feeds.get(tx, feed.id) == feed
        assert feeds.due(tx, NOW) == (Due(feed.id, failing=False),)


def test_a_due_feed_is_lent_once_and_comes_back_if_nobody_reports(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        assert feeds.due(tx, NOW) == (Due(feed.id, failing=False),)
        assert feeds.due(tx, NOW) == ()
        assert feeds.due(tx, NOW + LEASE - SECOND) == ()
        assert feeds.due(tx, NOW + LEASE) == (Due(feed.id, failing=False),)


def test_a_feed_is_looked_at_by_one_at_a_time(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        assert feeds.take(tx, feed.id, NOW) == feed
        assert feeds.take(tx, feed.id, NOW + LEASE - SECOND) is None
        assert feeds.due(tx, NOW + LEASE - SECOND) == ()
        assert feeds.take(tx, feed.id, NOW + LEASE) == feed
        feeds.went_wrong(tx, feed, "no file", NOW + LEASE, quarantined=None)
        assert feeds.take(tx, feed.id, NOW + LEASE) is not None


def test_a_look_may_not_last_longer_than_a_feed_is_lent_out_for() -> None:
    assert timedelta(seconds=http.SECONDS) <= LEASE / 3


def test_a_feed_that_failed_is_told_from_others_unless_the_merchant_waits_for_it(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        feeds.went_wrong(tx, feed, "held back", NOW, quarantined={"rows": 3, "at": NOW.isoformat()})
        assert feeds.due(tx, NOW + EVERY) == (Due(feed.id, failing=True),)
        reports_feeds.use_anyway(tx, shop.id, feed.id, NOW)
        assert feeds.due(tx, NOW) == (Due(feed.id, failing=False),)


def test_a_good_look_is_followed_by_the_next_in_its_time(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        feeds.due(tx, NOW)
        feeds.went_well(tx, feed, Validators('"1"', "Mon"), NOW)
        assert feeds.get(tx, feed.id).validators == Validators('"1"', "Mon")
        assert feeds.due(tx, NOW + EVERY - SECOND) == ()
        assert feeds.due(tx, NOW + EVERY) == (Due(feed.id, failing=False),)
        assert read(tx, table, "polled_at", "good_at") == [(NOW, NOW)]


def test_nothing_new_leaves_the_validators_as_they_were(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        feeds.went_well(tx, feed, Validators('"1"'), NOW)
        feeds.went_well(tx, feed, None, NOW + EVERY)
        assert feeds.get(tx, feed.id).validators == Validators('"1"')


def test_failures_count_up_until_a_look_goes_well(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        for expected in (1, 2, 3):
            feeds.went_wrong(tx, feed, "no file", NOW, quarantined=None)
            feed = feeds.get(tx, feed.id)
            assert (feed.failures, feed.problem) == (expected, "no file")
        assert read(tx, table, "good_at", "due_at") == [(None, NOW + EVERY)]
        feeds.went_well(tx, feed, Validators(), NOW)
        assert (feeds.get(tx, feed.id).failures, feeds.get(tx, feed.id).problem) == (0, None)


def test_what_was_held_back_is_remembered_until_a_file_is_used(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        feeds.went_wrong(tx, feed, "held back", NOW, quarantined={"rows": 3})
        assert read(tx, table, "quarantined") == [{"rows": 3}]
        feeds.went_well(tx, feed, None, NOW)
        assert read(tx, table, "quarantined") == [{"rows": 3}]
        feeds.went_well(tx, feed, Validators(), NOW)
        assert read(tx, table, "quarantined") == [None]


def test_a_supplier_has_one_feed_and_a_new_address_starts_afresh(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        first = added(tx, shop)
        feeds.went_well(tx, first, Validators('"1"'), NOW)
        second = added(tx, shop, url="https://acme.example/b.csv")
        assert (second.id, second.url, second.validators) == (
            first.id,
            "https://acme.example/b.csv",
            Validators(),
        )
        assert feeds.due(tx, NOW) == (Due(first.id, failing=False),)
        assert [one.supplier for one in feeds.of_store(tx, shop.id)] == ["acme"]


def test_feeds_of_a_closed_store_are_not_looked_at(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        feed = added(tx, shop)
        shops.set_status(tx, shop.id, "closed")
        assert feeds.due(tx, NOW) == ()
        shops.set_status(tx, shop.id, "paused")
        assert feeds.due(tx, NOW) == (Due(feed.id, failing=False),)


def test_a_feed_that_there_is_not_is_bad_input(connector: Connector) -> None:
    with connector.db.begin() as tx, pytest.raises(BadInput, match=r"^there is no feed 404$"):
        feeds.get(tx, 404)
