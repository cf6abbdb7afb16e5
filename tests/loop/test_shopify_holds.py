"""Holds and locations, end to end at Shopify: what waits is held, what has come is released, others are let be."""

from datetime import date, timedelta

import pytest

from adapters.shopify.practice import Order
from adapters.shopify.practice.warehouse import hold, left_of, move, release
from connector.domain.facts import SupplyRow, SupplySnapshot
from connector.pipeline.absorb import absorb
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.remove import remove
from connector.store import problems, shops, supplies
from connector.store.tables import arranged, lines
from tests.loop.test_shopify_loop import SKU, Loop
from tests.loop.test_shopify_loop import loop as loop
from tests.loop.test_woocommerce_loop import day
from tests.store.given import read

RIGHT = "write_merchant_managed_fulfillment_orders"


@pytest.fixture
def holding(loop: Loop) -> Loop:
    loop.shop.change_scopes(*loop.shop.scopes, RIGHT)
    with loop.connector.db.begin() as tx:
        shops.change_settings(tx, loop.connected.store, {"hold_waiting": True, "settle_seconds": 0})
    loop.reconcile()
    loop.supplier_says(day(20))
    return loop


def standing(order: Order) -> list[tuple[str, int, tuple[str, ...]]]:
    found = [(one.status, one.units, tuple(hold.handle for hold in one.holds)) for one in left_of(order)]
    return sorted(found)


def settled(loop: Loop) -> None:
    for _ in range(3):
        loop.turn()
        absorb(loop.connector, loop.connected.store)
        perform(loop.connector, loop.connected.store)


def wrong(loop: Loop) -> list[str]:
    with loop.connector.db.begin() as tx:
        return [one.kind for one in problems.open_problems(tx, loop.connected.store)]


def waiting(loop: Loop) -> list[tuple[str, str]]:
    """The date of every line, and the location that ships it."""
    with loop.connector.db.begin() as tx:
        return [(eta.isoformat(), place) for eta, place in read(tx, lines, "eta", "location")]


def test_what_waits_is_held_until_it_is_there_and_our_own_news_changes_nothing(holding: Loop) -> None:
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    assert standing(order) == [("ON_HOLD", 2, (f"backorder-{day(20)}",)), ("OPEN", 1, ())]
    holds = [name for name, _ in holding.shop.calls if name == "FulfillmentOrderHold"]
    settled(holding)
    holding.reconcile()
    assert [name for name, _ in holding.shop.calls if name == "FulfillmentOrderHold"] == holds
    holding.shop.set_inventory(SKU, 6)
    settled(holding)
    assert standing(order) == [("OPEN", 1, ()), ("OPEN", 2, ())]
    holding.shop.fulfil(order)
    settled(holding)
    with holding.connector.db.begin() as tx:
        assert read(tx, arranged, "order") == []
    assert wrong(holding) == []


def test_a_new_date_stands_in_the_hold(holding: Loop) -> None:
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    holding.supplier_says(day(34))
    settled(holding)
    assert standing(order)[0] == ("ON_HOLD", 2, (f"backorder-{day(34)}",))


def test_a_hold_of_somebody_else_is_let_be_and_ours_follows_when_it_is_gone(holding: Loop) -> None:
    order = holding.shop.checkout({SKU: 3})
    hold(holding.shop, order)
    settled(holding)
    assert (standing(order), wrong(holding)) == ([("ON_HOLD", 3, ("",))], ["hold"])
    release(holding.shop, order)
    settled(holding)
    assert (standing(order)[0][:2], wrong(holding)) == (("ON_HOLD", 2), [])


def test_a_hold_that_the_merchant_releases_is_not_placed_again(holding: Loop) -> None:
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    release(holding.shop, order)
    settled(holding)
    holding.supplier_says(day(34))
    settled(holding)
    holding.reconcile()
    assert {status for status, _, _ in standing(order)} == {"OPEN"}


def test_without_the_right_all_else_works_and_it_is_named_and_with_it_what_waits_is_held(
    holding: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.pipeline.arranging.PATIENCE", timedelta(0))
    holding.shop.change_scopes(*holding.shop.scopes - {RIGHT})
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    assert (holding.status()[0], wrong(holding), len(holding.mails())) == ("active", ["hold"], 1)
    holding.shop.change_scopes(*holding.shop.scopes, RIGHT)
    settled(holding)
    assert (standing(order)[0][:2], wrong(holding)) == (("ON_HOLD", 2), [])


def test_a_store_that_is_let_go_holds_nothing_of_ours(holding: Loop) -> None:
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    assert remove(holding.connector, holding.connected.store).released == 1
    assert {status for status, _, _ in standing(order)} == {"OPEN"}


def test_an_order_that_is_moved_to_another_location_waits_for_what_comes_there(holding: Loop) -> None:
    yard = holding.shop.add_location("Yard")
    holding.shop.set_inventory(SKU, 0, yard)
    order = holding.shop.checkout({SKU: 3})
    settled(holding)
    rows = (
        SupplyRow(SKU, 5, date.fromisoformat(day(20)), "PO-1", "main street"),
        SupplyRow(SKU, 5, date.fromisoformat(day(40)), "PO-2", "YARD"),
    )
    now = holding.connector.clock()
    with holding.connector.db.begin() as tx:
        supplies.fold_supply(tx, holding.connected.store, SupplySnapshot("Tents Ltd", rows, now), now)
    plan(holding.connector, holding.connected.store)
    settled(holding)
    assert waiting(holding) == [(day(20), str(holding.shop.catalogue.first_location))]
    for one in left_of(order):
        move(holding.shop, order, one, yard)
    settled(holding)
    assert waiting(holding) == [(day(40), str(yard))]
