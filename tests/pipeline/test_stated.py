"""A day that the listings named when something was ordered is the time that was stated, and the law counts by it."""

from datetime import date, timedelta

import pytest

from connector.domain.facts import OrderSnapshot, SupplyRow
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.proof import proof_of
from connector.store import shops, supplies
from connector.store.tables import orders
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read, supply

FAR = date(2027, 2, 20)  # 89 days after the tests' now
SAID = "When this was ordered, the listings said that it ships by 20 February 2027: that is the time stated."


def says(home: House, day: date) -> None:
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(SupplyRow("SKU-A", 10, day, "PO-1")), home.connector.clock())
    turn(home)


def turn(home: House, *facts: OrderSnapshot) -> None:
    home.tell(*facts)
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


@pytest.fixture
def listed(home: House, clock: Clock) -> House:
    """A store under the FTC's rule whose listing has named a day for an hour."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc", "listings_state_time": True})
    home.tell(item(), level(available=0))
    says(home, FAR)
    clock.move(hours=1)
    return home


def bought(**more: object) -> OrderSnapshot:
    return order("1", line(taken=0), placed_at=at(59), seen=60, **more)


def stated(home: House) -> list[object]:
    with home.connector.db.begin() as tx:
        return read(tx, orders, "listed_days")


def templates(home: House) -> list[str]:
    return [letter.category for letter in home.post.sent]


def test_who_bought_by_a_day_that_was_named_is_not_asked_to_agree_to_that_day(listed: House) -> None:
    turn(listed, bought())
    assert (stated(listed), templates(listed)) == ([89], ["backordered"])
    proof = proof_of(listed.connector, listed.shop.id, "1")
    assert proof is not None
    assert SAID in [one.sentence for one in proof.said]


def test_a_day_that_moves_beyond_the_one_named_is_a_delay_under_the_law(listed: House, clock: Clock) -> None:
    turn(listed, bought())
    clock.move(days=1)
    says(listed, FAR + timedelta(days=5))
    assert templates(listed) == ["backordered", "option_first"]


def test_without_the_setting_nothing_was_stated(listed: House) -> None:
    with listed.connector.db.begin() as tx:
        shops.change_settings(tx, listed.shop.id, {"listings_state_time": False})
    turn(listed, bought())
    assert (stated(listed), templates(listed)) == ([None], ["option_first"])


def test_what_the_store_itself_says_was_stated_goes_before_it(listed: House) -> None:
    turn(listed, bought(stated_days=10))
    assert (stated(listed), templates(listed)) == ([None], ["option_first"])


def test_a_day_that_was_written_after_the_order_was_not_seen_by_its_buyer(listed: House) -> None:
    turn(listed, order("1", line(taken=0), placed_at=NOW - timedelta(minutes=1), seen=60))
    assert stated(listed) == [None]


def test_it_is_the_day_of_the_first_sight_whatever_the_listing_says_later(listed: House, clock: Clock) -> None:
    turn(listed, bought())
    clock.move(hours=1)
    says(listed, FAR + timedelta(days=30))
    listed.tell(order("1", line(taken=0), placed_at=at(59), seen=200))
    assert stated(listed) == [89]
