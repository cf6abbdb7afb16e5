"""Which location ships a line decides which units it gets, from the store's snapshots to the plan."""

from datetime import date

import pytest

from connector.domain.facts import Assignments, Fact, SupplyRow
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.ports import Arranged, Kept, StoreAccess
from connector.store import plans, problems, shops, supplies
from connector.store.tables import lines
from tests.conftest import NOW
from tests.pipeline.given import House
from tests.store.dating import AS_SAID
from tests.store.given import at, item, level, line, order, read, supply

APRIL, MAY = date(2027, 4, 1), date(2027, 5, 1)


class Shelves:
    """A store that knows where its orders ship from."""

    def arrange(self, access: StoreAccess, wanted: object, before: Kept) -> Arranged:
        return Arranged(before)


@pytest.fixture
def house(home: House) -> House:
    home.stall.fulfilment = Shelves()
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"settle_seconds": 0})
    return home


def ships(number: str, place: str, seen: float = 9, **names: str) -> Assignments:
    """The only line of an order ships from a place, by the store's id of it."""
    return Assignments(number, (("1", place),), tuple(names.items()), at(seen))


def coming(home: House, *rows: SupplyRow) -> None:
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)


def row(quantity: int, day: date, location: str = "", reference: str = "") -> SupplyRow:
    return SupplyRow("SKU-A", quantity, day, reference or f"PO-{location}", location)


def planned(home: House, *facts: Fact) -> list[tuple[str, int, int, date | None]]:
    """Order, units on hand, units that wait, and their date, after these facts."""
    home.tell(*facts)
    plan(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        return read(tx, lines, "order", "filled", "waiting", "eta")


def two_orders() -> tuple[Fact, ...]:
    return item(), level(available=-2), order("1", line()), order("2", line(), placed_at=at(1), seen=1)


def test_where_the_store_tells_no_location_units_go_to_whoever_is_first(house: House) -> None:
    coming(house, row(1, APRIL, "East"), row(1, MAY, "West"))
    assert planned(house, *two_orders()) == [("1", 0, 1, APRIL), ("2", 0, 1, MAY)]


def test_what_comes_to_a_location_goes_to_orders_that_ship_from_there(house: House) -> None:
    coming(house, row(1, APRIL, "east"), row(1, MAY, " West "))
    placed = ships("1", "l2", l1="East", l2="West"), ships("2", "l1", l1="East", l2="West")
    assert planned(house, *two_orders(), *placed) == [("1", 0, 1, MAY), ("2", 0, 1, APRIL)]


def test_a_location_that_is_none_of_the_stores_counts_as_coming_for_all(house: House) -> None:
    coming(house, row(1, APRIL, "Shenzhen"), row(1, MAY, "West"))
    placed = ships("1", "l2", l1="East", l2="West"), ships("2", "l1", l1="East", l2="West")
    assert planned(house, *two_orders(), *placed) == [("1", 0, 1, APRIL), ("2", 0, 1, None)]


def test_a_suppliers_word_for_a_location_is_the_merchants_to_say(house: House) -> None:
    coming(house, row(1, APRIL, "E1"), row(1, MAY, "W1"))
    placed = ships("1", "l2", l1="East", l2="West"), ships("2", "l1", l1="East", l2="West")
    with house.connector.db.begin() as tx:
        shops.change_settings(tx, house.shop.id, {"location_names": "E1=East, W1=West"})
    assert planned(house, *two_orders(), *placed) == [("1", 0, 1, MAY), ("2", 0, 1, APRIL)]


def test_units_on_hand_fill_only_orders_that_ship_from_where_they_are(house: House) -> None:
    here = item(), level(available=1, location="l1"), level(available=-1, location="l2")
    orders = order("1", line()), order("2", line(), placed_at=at(1), seen=1)
    counted = level(available=0, seen=5, location="l1"), level(available=-1, seen=5, location="l2")
    assert planned(house, *here, *orders, *counted) == [("1", 1, 0, None), ("2", 0, 1, None)]
    names = {"l1": "East", "l2": "West"}
    placed = ships("1", "l2", **names), ships("2", "l1", **names)
    assert planned(house, *placed) == [("1", 0, 1, None), ("2", 1, 0, None)]


def test_an_order_that_is_moved_is_planned_anew_and_late_news_of_it_is_not(house: House) -> None:
    coming(house, row(1, APRIL, "East"), row(1, MAY, "West"))
    names = {"l1": "East", "l2": "West"}
    planned(house, *two_orders(), ships("1", "l2", **names), ships("2", "l1", **names))
    after = planned(house, ships("1", "l1", seen=20, **names), ships("2", "l2", seen=20, **names))
    assert after == [("1", 0, 1, APRIL), ("2", 0, 1, MAY)]
    assert planned(house, ships("1", "l2", seen=10, **names)) == after


def test_a_line_that_ships_from_several_locations_and_a_stock_at_one_location_take_anything(house: House) -> None:
    coming(house, row(1, APRIL, "East"), row(1, MAY, "West"))
    placed = ships("1", "", l1="East", l2="West"), ships("2", "l1", l1="East", l2="West")
    assert planned(house, *two_orders(), *placed)[0] == ("1", 0, 1, APRIL)
    with house.connector.db.begin() as tx:
        supplies.fold_supply(tx, house.shop.id, supply(row(2, APRIL)), NOW)
        (before,) = plans.load(tx, house.shop.id, ["A"], AS_SAID)
    assert (before.places, {one.claim.location for one in before.lines}) == ((), {""})


def test_a_line_that_its_store_does_not_show_any_more_ships_from_nowhere_in_particular(house: House) -> None:
    coming(house, row(1, APRIL, "East"), row(1, MAY, "West"))
    names = {"l1": "East", "l2": "West"}
    planned(house, *two_orders(), ships("1", "l2", **names), ships("2", "l2", **names))
    gone = Assignments("1", (), (), at(20))
    assert planned(house, gone) == [("1", 0, 1, APRIL), ("2", 0, 1, MAY)]


def test_a_long_queue_is_planned_anew_where_one_of_it_turns_out_to_ship_from_somewhere(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.domain.tail.LONG", 1)
    coming(house, row(1, APRIL, "East"), row(1, MAY, "West"))
    assert planned(house, *two_orders()) == [("1", 0, 1, APRIL), ("2", 0, 1, MAY)]
    assert planned(house, ships("1", "l2", l1="East", l2="West")) == [("1", 0, 1, MAY), ("2", 0, 1, APRIL)]


def asked(home: House) -> list[str]:
    found = [about[1] for what, about in home.stall.asked if what == "fetch" and about[0] == "assignments"]  # type: ignore[index]
    home.stall.asked.clear()
    return found


def test_a_store_is_asked_where_orders_ship_from_once_that_matters_and_again_once_they_change(house: House) -> None:
    for number in ("1", "2"):
        house.stall.there["assignments", number] = (ships(number, "l1", l1="East"),)
    planned(house, *two_orders())
    perform(house.connector, house.shop.id)
    assert asked(house) == []
    coming(house, row(1, APRIL, "East"))
    planned(house)
    perform(house.connector, house.shop.id)
    assert sorted(asked(house)) == ["1", "2"]
    planned(house, order("1", line(quantity=2), seen=5))
    perform(house.connector, house.shop.id)
    assert asked(house) == []  # it was read after nine minutes, and this is of five
    planned(house, order("1", line(quantity=3), seen=15))
    perform(house.connector, house.shop.id)
    assert asked(house) == ["1"]


def test_whatever_was_missed_is_asked_for_when_the_store_is_read_again(house: House) -> None:
    for number in ("1", "2"):
        house.stall.there["assignments", number] = (Assignments(number, None, (), at(1)),)
    coming(house, row(1, APRIL, "East"))
    planned(house, *two_orders())
    perform(house.connector, house.shop.id)
    with house.connector.db.begin() as tx:
        assert problems.is_open(tx, house.shop.id, "locations")
    asked(house)
    reconcile(house.connector, house.shop.id)
    perform(house.connector, house.shop.id)
    assert asked(house) == ["1"]  # one is enough to see whether the right is there by now
    house.stall.there["assignments", "1"] = (ships("1", "l1", l1="East"),)
    house.stall.there["assignments", "2"] = (ships("2", "l1", l1="East"),)
    for _ in range(2):
        reconcile(house.connector, house.shop.id)
        perform(house.connector, house.shop.id)
    assert sorted(asked(house)) == ["1", "2"]
    with house.connector.db.begin() as tx:
        assert not problems.is_open(tx, house.shop.id, "locations")


def test_a_store_that_cannot_tell_is_never_asked(home: House) -> None:
    coming(home, row(1, APRIL, "East"))
    planned(home, *two_orders())
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert asked(home) == []


def test_what_is_told_of_an_order_that_is_not_known_is_asked_for_again_when_it_is(house: House) -> None:
    house.tell(ships("9", "l1", l1="East"))
    house.tell(item(), order("9", line(), seen=1))
    with house.connector.db.begin() as tx:
        assert read(tx, lines, "order", "location") == [("9", None)]
