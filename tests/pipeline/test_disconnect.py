"""A merchant disconnects a store at the desk, and a worker does it; what could not be taken out is said."""

import pytest

from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.pipeline import disconnect
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.ports import Written
from connector.store import departures, problems, shops
from jobs import JOBS
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order


@pytest.fixture
def shown(home: House) -> House:
    """A store whose page of A shows a notice of ours."""
    home.tell(item("A"), level("A", -1, seen=1), order("1", line("A")))
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    home.stall.written.clear()
    return home


def sweep(home: House) -> None:
    woken: list[tuple[str, str]] = []
    JOBS["sweep"](home.connector, lambda *one: woken.append(one), "")
    for job, subject in woken:
        if job == "disconnect":
            JOBS[job](home.connector, lambda *_: None, subject)


def state(home: House) -> tuple[str, bool, list[str]]:
    """How the store stands, whether it is still to be left, and what is wrong."""
    with home.connector.db.begin() as tx:
        texts = [one.text for one in problems.open_problems(tx, home.shop.id)]
        return shops.get(tx, home.shop.id).status, departures.is_asked(tx, home.shop.id), texts


def test_a_store_is_left_as_it_was_soon_after_its_merchant_has_asked(shown: House) -> None:
    sweep(shown)
    assert (state(shown), shown.stall.written) == (("active", False, []), [])
    disconnect.ask(shown.connector, shown.shop.id)
    assert state(shown) == ("active", True, [])
    sweep(shown)
    assert state(shown) == ("closed", False, [])
    assert [one.item for batch in shown.stall.written for one in batch] == ["A"]
    sweep(shown)
    assert len(shown.stall.written) == 1


def test_a_store_that_is_away_is_left_later(shown: House, clock: Clock) -> None:
    disconnect.ask(shown.connector, shown.shop.id)
    shown.stall.trouble = Retryable("away")
    sweep(shown)
    text = "The store is closed here, but not all that is ours is out of it: away"
    assert state(shown) == ("closed", True, [text])
    shown.stall.trouble = None
    sweep(shown)
    assert state(shown) == ("closed", True, [text])
    clock.move(minutes=2)
    sweep(shown)
    assert state(shown) == ("closed", False, [])
    assert len(shown.stall.written) == 1


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (
            NeedsMerchant("removed"),
            "The store was closed here, but its listings and our webhooks in it are as they were: removed",
        ),
        (Terminal("odd"), "The store is closed here, but not all that is ours is out of it: odd"),
    ],
)
def test_a_store_that_lets_nobody_in_is_closed_and_its_merchant_told(
    shown: House, clock: Clock, trouble: NeedsMerchant | Terminal, said: str
) -> None:
    disconnect.ask(shown.connector, shown.shop.id)
    shown.stall.trouble = trouble
    for _ in range(2):
        sweep(shown)
        clock.move(hours=1)
    assert state(shown) == ("closed", False, [said])


def test_listings_that_were_not_taken_back_are_named(shown: House) -> None:
    shown.stall.refusals["A"] = Written("A", "locked")
    disconnect.ask(shown.connector, shown.shop.id)
    sweep(shown)
    named = "Disconnected, but not every listing could be restored (1 not): product A: locked"
    assert state(shown) == ("closed", False, [named])


def test_asking_twice_leaves_it_with_whoever_is_at_it(shown: House, clock: Clock) -> None:
    disconnect.ask(shown.connector, shown.shop.id)
    with shown.connector.db.begin() as tx:
        assert departures.hold(tx, shown.shop.id, clock(), clock() + disconnect.LEASE)
    disconnect.ask(shown.connector, shown.shop.id)
    assert disconnect.disconnect(shown.connector, shown.shop.id) is False
    assert shown.stall.written == []
