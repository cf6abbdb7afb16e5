"""Items and levels become rows, uninstalls close a store, and late news changes nothing."""

import msgspec
import pytest

from connector.domain.effects import ListingState, WriteListing
from connector.domain.facts import ItemGone, ItemSnapshot, RightsLost, StoreClosed
from connector.pipeline.connector import Connector
from connector.store import outbox, plans, problems, shops, tables
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import items, levels, lines
from tests.conftest import NOW
from tests.store.dating import AS_SAID
from tests.store.given import at, item, level, line, listing, order, read


def titles(tx: Tx) -> list[tuple[str, bool]]:
    """The items by title, and whether they are gone."""
    return read(tx, items, "title", "gone")


def test_an_item_is_kept_as_it_was_read(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A", stock="P", parent="P", sells_beyond=False, read=5)], NOW)
        assert read(tx, items, "item", "parent", "sku", "stock", "sells_beyond", "on_sale", "seen_at", "read_at") == [
            ("A", "P", "SKU-A", "P", False, True, at(0), at(5))
        ]


def test_the_later_change_of_an_item_counts_and_of_one_change_the_later_reading(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(title="changed", seen=2, read=3)], NOW)
        fold(tx, shop.id, [item(title="older, read late", seen=1, read=9)], NOW)
        assert titles(tx) == [("changed", False)]
        fold(tx, shop.id, [item(title="read again", seen=2, read=4)], NOW)
        assert titles(tx) == [("read again", False)]
        fold(tx, shop.id, [item(title="read before", seen=2, read=3.5)], NOW)
        assert titles(tx) == [("read again", False)]


def test_of_several_readings_in_one_batch_the_latest_counts(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(title="new", seen=5), item(title="old", seen=1)], NOW)
        assert titles(tx) == [("new", False)]


def test_an_item_that_is_gone_sells_no_more(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(seen=1), order("1", line())], NOW)
        fold(tx, shop.id, [ItemGone("A", at(2))], NOW)
        assert read(tx, items, "gone", "on_sale") == [(True, False)]
        assert read(tx, lines, "stock", "open") == [("A", True)]


def test_a_parent_takes_its_variations_with_it(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("S", parent="P"), item("L", parent="P"), item("X", parent="Q")], NOW)
        fold(tx, shop.id, [ItemGone("P", at(2))], NOW)
        assert read(tx, items, "item", "gone") == [("L", True), ("S", True), ("X", False)]


def test_a_product_that_was_made_a_parent_is_gone_and_its_variations_are_there(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("P")], NOW)
        fold(tx, shop.id, [ItemGone("P", at(2), whole=False), item("S", parent="P"), item("L", parent="P")], NOW)
        assert read(tx, items, "item", "gone") == [("L", False), ("P", True), ("S", False)]


@pytest.mark.parametrize("changed", [ItemGone("P", at(2), whole=False), item("P", seen=2, stock_only=True)])
def test_the_notice_of_a_product_that_was_made_a_parent_is_taken_out(
    connector: Connector, shop: Shop, changed: ItemGone | ItemSnapshot
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("P")], NOW)
        tx.execute(items.update().values(written=msgspec.to_builtins(listing("P"))))
        fold(tx, shop.id, [changed], NOW)
        (row,) = outbox.claim(tx, shop.id, WriteListing, NOW, 9)
        assert row.effect == WriteListing("P", None, ListingState.WITHDRAWN, None, 0, "")
        fold(tx, shop.id, [changed], NOW)
        assert read(tx, items, "written") == [None]
        assert read(tx, tables.outbox, "version") == [1]


@pytest.mark.parametrize("later", [item(seen=1), item(seen=3), item(seen=1, read=3)])
def test_late_news_does_not_bring_an_item_back(connector: Connector, shop: Shop, later: ItemSnapshot) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(seen=1)], NOW)
        fold(tx, shop.id, [ItemGone("A", at(5))], NOW)
        fold(tx, shop.id, [later], NOW)
        assert titles(tx) == [("Thing A", True)]


@pytest.mark.parametrize("later", [item(seen=6), item(seen=1, read=6), item(seen=4, read=5)])
def test_an_item_that_is_read_after_it_was_gone_is_back(
    connector: Connector, shop: Shop, later: ItemSnapshot
) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(seen=1)], NOW)
        fold(tx, shop.id, [ItemGone("A", at(5))], NOW)
        fold(tx, shop.id, [later], NOW)
        assert read(tx, items, "gone", "on_sale") == [(False, True)]


def test_word_that_an_item_is_gone_comes_too_late_where_it_was_read_since(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item(seen=1, read=6)], NOW)
        fold(tx, shop.id, [ItemGone("A", at(5))], NOW)
        assert titles(tx) == [("Thing A", False)]


def test_a_level_counts_by_its_change_and_then_by_its_reading(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [level("A", 5, seen=2, read=3)], NOW)
        fold(tx, shop.id, [level("A", 9, seen=1, read=8)], NOW)
        assert read(tx, levels, "available") == [5]
        fold(tx, shop.id, [level("A", 4, seen=2, read=4)], NOW)
        assert read(tx, levels, "available") == [4]


def test_of_two_counts_of_one_instant_the_lower_is_believed(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [level("A", 3), level("A", 7)], NOW)
        assert read(tx, levels, "available") == [3]


def test_each_location_has_its_own_count(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [level("A", 3, location="east"), level("A", 7, location="west")], NOW)
        fold(tx, shop.id, [level("A", 1, seen=1, location="east")], NOW)
        assert read(tx, levels, "location", "available") == [("east", 1), ("west", 7)]
        assert plans.load(tx, shop.id, ["A"], AS_SAID)[0].on_hand == 8


def test_a_line_follows_its_item_to_another_stock(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), order("1", line("A"))], NOW)
        fold(tx, shop.id, [item("A", seen=1, stock="P")], NOW)
        assert read(tx, lines, "stock") == ["P"]
        assert plans.dirty_stocks(tx, shop.id, 10) == ("A", "P")


def test_an_uninstall_closes_the_store(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [StoreClosed(at(0))], NOW)
        assert shops.get(tx, shop.id).status == "closed"


def test_an_uninstall_of_before_the_store_was_last_read_is_late_news(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        shops.set_reconciled(tx, shop.id, at(1))
        fold(tx, shop.id, [StoreClosed(at(0))], NOW)
        assert shops.get(tx, shop.id).status == "active"
        fold(tx, shop.id, [StoreClosed(at(2))], NOW)
        assert shops.get(tx, shop.id).status == "closed"


def test_rights_that_are_lost_are_told_to_the_merchant(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [RightsLost("Make that user a shop manager again.", at(0))], NOW)
        assert [(one.kind, one.text) for one in problems.open_problems(tx, shop.id)] == [
            ("rights", "Make that user a shop manager again.")
        ]
        assert shops.get(tx, shop.id).status == "active"
