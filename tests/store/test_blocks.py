"""Notices that were taken out of a listing's text come back, and one that never stays is told of."""

from typing import Any

import msgspec
import pytest

from connector.domain.effects import FetchFact, ListingState, WriteListing
from connector.pipeline.connector import Connector
from connector.store import blocks, outbox, shops
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import items
from tests.store.given import at, item, listing

DAY = 24 * 60
OURS = listing("A")
NOTHING = WriteListing("A", None, ListingState.IN_STOCK, None, 0, "")


def written(tx: Tx, shop: Shop, effect: WriteListing | None) -> None:
    """Item A was read, and its listing written an instant later."""
    fold(tx, shop.id, [item("A", read=0.5)], at(0))
    if effect is not None:
        tx.execute(items.update().values(written=msgspec.to_builtins(effect)))
        outbox.put_state(tx, shop.id, effect, at(1))
        outbox.done(tx, outbox.claim(tx, shop.id, WriteListing, at(1), 9), at(1))


def read_again(tx: Tx, shop: Shop, minute: float, **seen: Any) -> list[WriteListing]:
    """What is written after item A was read in some minute; the store has it at once."""
    fold(tx, shop.id, [item("A", read=minute, **seen)], at(minute))
    rows = outbox.claim(tx, shop.id, WriteListing, at(minute), 9)
    outbox.done(tx, rows, at(minute))
    return [row.effect for row in rows]


def test_a_notice_that_was_taken_out_comes_back(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15, block_shown=True) == []
        assert read_again(tx, shop, 30, block_shown=False) == [OURS]
        assert read_again(tx, shop, 45, block_shown=True) == []
        assert blocks.wiped(tx, shop.id, 3) == (0, ())


@pytest.mark.parametrize("effect", [NOTHING, None])
def test_a_notice_that_was_copied_to_a_product_that_has_none_is_taken_out(
    connector: Connector, shop: Shop, effect: WriteListing | None
) -> None:
    empty = effect or WriteListing("A", None, ListingState.WITHDRAWN, None, 0, "")
    with connector.db.begin() as tx:
        written(tx, shop, effect)
        assert read_again(tx, shop, 15, block_shown=False) == []
        assert read_again(tx, shop, 30, block_shown=True) == [empty]


def test_what_says_nothing_of_the_notice_changes_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15) == []


def test_a_reading_from_about_the_time_of_the_write_proves_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 2, block_shown=False) == []
        assert read_again(tx, shop, 2.1, block_shown=False) == [OURS]


def test_an_older_reading_that_comes_late_proves_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 30, block_shown=True) == []
        assert read_again(tx, shop, 15, block_shown=False) == []


def test_a_listing_that_is_still_to_be_written_is_not_written_twice(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        outbox.put_state(tx, shop.id, OURS, at(15))
        (row,) = outbox.claim(tx, shop.id, WriteListing, at(15), 9)
        assert read_again(tx, shop, 16, block_shown=False) == []
        outbox.done(tx, [row], at(16))
        assert read_again(tx, shop, 17, block_shown=False) == []


def test_a_notice_that_is_taken_out_again_and_again_is_put_back_once_a_day_and_told(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15, block_shown=False) == [OURS]
        assert read_again(tx, shop, 30, block_shown=False) == []
        assert blocks.wiped(tx, shop.id, 3) == (1, ("Thing A",))
        assert read_again(tx, shop, 15 + DAY, block_shown=False) == [OURS]
        assert read_again(tx, shop, 30 + DAY, block_shown=True) == []
        assert blocks.wiped(tx, shop.id, 3) == (1, ("Thing A",))
        assert read_again(tx, shop, 15 + 2 * DAY, block_shown=True) == []
        assert blocks.wiped(tx, shop.id, 3) == (0, ())


def test_where_the_plugin_comes_and_goes_the_notice_goes_and_comes_each_time(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15, block_shown=True, block_wanted=False) == [OURS]
        assert read_again(tx, shop, 30, block_shown=False, block_wanted=False) == []
        assert read_again(tx, shop, 45, block_shown=False) == [OURS]
        assert read_again(tx, shop, 60, block_shown=True) == []
        assert blocks.wiped(tx, shop.id, 3) == (0, ())


def test_who_writes_the_listings_in_person_is_left_alone(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        shops.change_settings(tx, shop.id, {"write_listings": "no"})
        assert read_again(tx, shop, 15, block_shown=False) == []


def told_of(tx: Tx, shop: Shop, minute: float, shown: bool) -> list[str]:
    """What is to be looked at after a message showed item A's text, of which it does not say more."""
    fold(tx, shop.id, [item("A", read=minute, block_shown=shown, block_wanted=None)], at(minute))
    rows = outbox.claim(tx, shop.id, FetchFact, at(minute), 9)
    outbox.done(tx, rows, at(minute))
    assert outbox.claim(tx, shop.id, WriteListing, at(minute), 9) == ()
    return [row.effect.id for row in rows]


def test_a_message_that_shows_a_notice_gone_has_the_item_looked_at_once_and_the_look_brings_it_back(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert told_of(tx, shop, 2, shown=True) == []  # our own write comes back
        assert told_of(tx, shop, 15, shown=False) == ["A"]
        assert told_of(tx, shop, 15.5, shown=False) == []
        assert read_again(tx, shop, 16, block_shown=False) == [OURS]
        assert told_of(tx, shop, 18, shown=True) == []
        assert told_of(tx, shop, 20, shown=False) == ["A"]
        assert read_again(tx, shop, 21, block_shown=False) == []  # the second time within a day
        assert blocks.wiped(tx, shop.id, 3) == (1, ("Thing A",))


def test_messages_of_what_never_showed_a_notice_ask_for_nothing(connector: Connector, shop: Shop) -> None:
    """Where the plugin shows notices, no text has one, and every sale sends a message."""
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15, block_shown=False, block_wanted=False) == []
        assert [told_of(tx, shop, minute, shown=False) for minute in (16, 17)] == [[], []]


def test_a_late_message_from_before_proves_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert read_again(tx, shop, 15, block_shown=True) == []
        assert told_of(tx, shop, 14, shown=False) == []


def test_a_notice_that_we_took_out_ourselves_is_not_missed(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        written(tx, shop, OURS)
        assert told_of(tx, shop, 2, shown=True) == []
        tx.execute(items.update().values(written=msgspec.to_builtins(NOTHING)))
        assert told_of(tx, shop, 15, shown=False) == []
