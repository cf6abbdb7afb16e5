"""What the worker does when it is woken, and what the clock wakes."""

from datetime import timedelta

import pytest

import jobs
from connector.domain.effects import SendNotice
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import Page
from connector.store import feeds, inbox, outbox, plans, problems, shops
from connector.store.feeds import NewFeed
from connector.store.tables import inbox as deliveries
from connector.store.tables import outbox as effects
from jobs.base import Tick
from tests.conftest import NOW, Clock, open_shop
from tests.pipeline.given import House
from tests.store.given import item, level, line, listing, notice, order, read


class Woken(list[tuple[str, str]]):
    """Keeps what a job wakes."""

    def __call__(self, job: str, subject: str) -> None:
        self.append((job, subject))


def run(home: House, job: str, subject: str = "") -> Woken:
    """Run a job; what it woke."""
    woken = Woken()
    jobs.JOBS[job](home.connector, woken, subject)
    return woken


def new_feed(home: House) -> int:
    """A feed that is due."""
    new = NewFeed("acme", "http://127.0.0.1:1/a.csv", "csv", {"sku": "sku"}, timedelta(minutes=15))
    with home.connector.db.begin() as tx:
        return feeds.add(tx, home.shop.id, new, home.connector.clock()).id


def test_absorbing_wakes_who_carries_it_out(home: House) -> None:
    home.deliver(b"order", order("1"))
    assert run(home, "absorb", home.shop.id) == [("perform", home.shop.id)]
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status") == ["done"]


def test_a_plan_that_came_to_something_wakes_who_carries_it_out(home: House) -> None:
    home.tell(item(), level(), order("1", line(taken=0)))
    assert run(home, "plan", home.shop.id) == [("perform", home.shop.id)]
    assert run(home, "plan", home.shop.id) == []


def test_performing_carries_out_what_is_due(home: House) -> None:
    with home.connector.db.begin() as tx:
        outbox.put_state(tx, home.shop.id, listing(), NOW)
    assert run(home, "perform", home.shop.id) == []
    assert len(home.stall.written) == 1


def test_a_poll_that_brought_nothing_wakes_nobody(home: House) -> None:
    feed = new_feed(home)
    assert run(home, "poll", str(feed)) == []
    with home.connector.db.begin() as tx:
        assert feeds.get(tx, feed).failures == 1


def test_the_sweep_wakes_each_store_and_feed_with_something_due(home: House) -> None:
    feed = new_feed(home)
    home.deliver(b"order", order("1"))
    with home.connector.db.begin() as tx:
        plans.mark_dirty(tx, home.shop.id, ["A"])
        outbox.put_state(tx, home.shop.id, listing(), NOW)
    store = home.shop.id
    assert run(home, "sweep") == [("absorb", store), ("plan", store), ("perform", store), ("poll", str(feed))]


def test_the_sweep_of_an_idle_house_wakes_nobody(home: House) -> None:
    assert run(home, "sweep") == []


def test_the_sweep_takes_up_what_a_dead_worker_left(home: House, clock: Clock) -> None:
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, home.shop.id, [notice()], NOW)
        outbox.claim(tx, home.shop.id, SendNotice, NOW, 1)
    assert run(home, "sweep") == []
    clock.now += outbox.LEASE
    assert run(home, "sweep") == []
    with home.connector.db.begin() as tx:
        assert read(tx, effects, "status") == ["unknown"]
    clock.now += home.connector.config.doubt
    assert run(home, "sweep") == [("perform", home.shop.id)]


def test_the_day_is_rolled_in_every_store_that_is_not_closed(home: House) -> None:
    paused = open_shop(home.connector, "https://paused.example")
    closed = open_shop(home.connector, "https://closed.example")
    with home.connector.db.begin() as tx:
        shops.set_status(tx, paused.id, "paused")
        shops.set_status(tx, closed.id, "closed")
    assert sorted(run(home, "roll")) == sorted([("plan", home.shop.id), ("plan", paused.id)])
    assert sorted(run(home, "reconcile_all")) == sorted([("reconcile", home.shop.id), ("reconcile", paused.id)])


def test_a_reconciliation_wakes_who_carries_out_what_it_found(home: House) -> None:
    home.stall.order_pages = {None: Page((order("1"),), None)}
    assert run(home, "reconcile", home.shop.id) == [("perform", home.shop.id)]


@pytest.mark.parametrize("trouble", [Retryable("away"), Terminal("no such interface")])
def test_a_reconciliation_that_fails_is_a_problem_until_one_succeeds(
    home: House, trouble: Retryable | Terminal
) -> None:
    home.stall.trouble = trouble
    assert run(home, "reconcile", home.shop.id) == []
    with home.connector.db.begin() as tx:
        assert [(one.kind, one.text) for one in problems.open_problems(tx, home.shop.id)] == [
            ("reconcile", str(trouble))
        ]
        assert shops.get(tx, home.shop.id).status == "active"
    home.stall.trouble = None
    run(home, "reconcile", home.shop.id)
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, home.shop.id) == ()


@pytest.mark.parametrize("job", ["reconcile", "take_in"])
def test_a_store_that_was_left_while_it_was_read_is_not_paused(
    home: House, monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    with home.connector.db.begin() as tx:
        shops.set_importing(tx, home.shop.id, home.connector.clock())

    def items(*_: object) -> None:
        with home.connector.db.begin() as tx:
            shops.set_status(tx, home.shop.id, "closed")
        raise NeedsMerchant("the key was revoked")

    monkeypatch.setattr(home.stall, "items", items)
    assert run(home, job, home.shop.id) == []
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "closed"


def test_a_reconciliation_that_is_refused_pauses_the_store(home: House) -> None:
    home.stall.trouble = NeedsMerchant("the key was revoked")
    assert run(home, "reconcile", home.shop.id) == []
    with home.connector.db.begin() as tx:
        assert [(one.kind, one.text) for one in problems.open_problems(tx, home.shop.id)] == [
            ("access", "the key was revoked")
        ]
        assert shops.get(tx, home.shop.id).status == "paused"


def test_folded_deliveries_are_forgotten_after_a_week(home: House, clock: Clock) -> None:
    for body in (b"old", b"dead"):
        home.deliver(body, order("1"))
    with home.connector.db.begin() as tx:
        first, second = inbox.due(tx, home.shop.id, NOW, 9)
        inbox.done(tx, [first.id])
        inbox.failed(tx, second, "no", NOW, final=True)
    clock.move(days=7)
    run(home, "forget")
    with home.connector.db.begin() as tx:
        assert sorted(read(tx, deliveries, "status")) == ["dead", "done"]
    clock.move(seconds=1)
    run(home, "forget")
    with home.connector.db.begin() as tx:
        assert read(tx, deliveries, "status") == ["dead"]


def test_the_clock_sweeps_all_the_time_and_reconciles_every_quarter_of_an_hour() -> None:
    assert jobs.SCHEDULE[:3] == (
        Tick("sweep", None),
        Tick("roll", timedelta(seconds=60)),
        Tick("reconcile_all", timedelta(minutes=15)),
    )


def test_a_store_that_has_still_to_be_read_in_is_read_in_first_and_not_reconciled(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_importing(tx, home.shop.id, NOW)
    assert ("take_in", home.shop.id) in run(home, "sweep")
    assert run(home, "reconcile_all") == []
    home.stall.trouble = Retryable("the store is away")
    assert run(home, "take_in", home.shop.id) == []
    with home.connector.db.begin() as tx:
        assert [one.kind for one in problems.open_problems(tx, home.shop.id)] == ["import"]
        shops.set_importing(tx, home.shop.id, NOW)
    assert ("take_in", home.shop.id) in run(home, "sweep")
    home.stall.trouble = None
    assert run(home, "take_in", home.shop.id) == [("perform", home.shop.id)]
    assert run(home, "reconcile_all") == [("reconcile", home.shop.id)]
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, home.shop.id) == ()


def test_a_store_that_refuses_to_be_read_in_is_paused(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_importing(tx, home.shop.id, NOW)
    home.stall.trouble = NeedsMerchant("the key was revoked")
    run(home, "take_in", home.shop.id)
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "paused"
        assert [one.kind for one in problems.open_problems(tx, home.shop.id)] == ["access"]
