"""A worker that ends of a delivery again and again: it is tried alone, as often as any other, and given up."""

import pytest

from connector.domain.facts import Fact
from connector.pipeline.absorb import absorb
from connector.ports import Delivery
from connector.store import inbox, problems
from connector.store.tables import folding, orders
from connector.store.tables import inbox as table
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import order, read

BOMB = b"bomb"
GIVEN_UP = "A message of the store could not be read. Given up after 8 tries: the worker ended in the middle of it"


class Killed(BaseException):
    """What no code of ours gets to see."""


@pytest.fixture
def mined(home: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three deliveries, of which the second ends whoever reads it."""
    home.deliver(b"first", order("1"))
    home.deliver(BOMB)
    home.deliver(b"last", order("2"))
    parse = home.stall.parse

    def read_it(delivery: Delivery) -> tuple[Fact, ...]:
        if delivery.body == BOMB:
            raise Killed
        return parse(delivery)  # type: ignore[return-value]

    monkeypatch.setattr(home.stall, "parse", read_it)
    return home


def dies(home: House, clock: Clock, times: int) -> int:
    """Workers come and go; how many of them ended."""
    deaths = 0
    for _ in range(times):
        try:
            absorb(home.connector, home.shop.id)
        except Killed:
            deaths += 1
        clock.move(minutes=11)
    return deaths


def stand(home: House) -> list[object]:
    """State and tries of every delivery, sorted."""
    with home.connector.db.begin() as tx:
        return read(tx, table, "status", "attempts")


def wrong(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.text for one in problems.open_problems(tx, home.shop.id)]


def test_what_workers_end_of_is_given_up_after_eight_tries_and_told(mined: House, clock: Clock) -> None:
    assert dies(mined, clock, 12) == 8
    assert stand(mined) == [("dead", 8), ("done", 2), ("done", 2)]
    assert wrong(mined) == [GIVEN_UP]


def test_what_is_being_folded_is_known_while_it_is_and_not_afterwards(mined: House, clock: Clock) -> None:
    assert dies(mined, clock, 1) == 1
    with mined.connector.db.begin() as tx:
        assert (read(tx, orders, "order"), len(read(tx, folding, "deliveries")[0])) == ([], 3)
    assert dies(mined, clock, 1) == 1
    with mined.connector.db.begin() as tx:
        assert (read(tx, orders, "order"), read(tx, folding, "deliveries")) == (["1"], [])


def test_it_waits_longer_each_time_and_holds_nothing_back_meanwhile(mined: House, clock: Clock) -> None:
    for _ in range(2):
        with pytest.raises(Killed):
            absorb(mined.connector, mined.shop.id)
    mined.deliver(b"new", order("3"))
    assert absorb(mined.connector, mined.shop.id) == 2
    with mined.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["1", "2", "3"]
        assert read(tx, folding, "deliveries") == []
    assert stand(mined) == [("done", 0), ("done", 2), ("done", 2), ("due", 2)]
    clock.move(seconds=4)
    assert dies(mined, clock, 1) == 1


def test_one_that_was_given_up_so_can_be_tried_again(
    mined: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(mined, clock, 9)
    monkeypatch.undo()
    mined.deliver(BOMB, order("7"))
    with mined.connector.db.begin() as tx:
        assert inbox.replay(tx, mined.shop.id, clock()) == 1
    absorb(mined.connector, mined.shop.id)
    with mined.connector.db.begin() as tx:
        assert read(tx, orders, "order") == ["1", "2", "7"]
    assert wrong(mined) == []
