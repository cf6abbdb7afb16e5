"""An access that ends is renewed by one at a time and never lost; where none follows, the merchant hears it once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError

import pytest

from connector.domain.errors import NeedsMerchant, Retryable
from connector.pipeline.connect import take_in
from connector.pipeline.perform import perform
from connector.pipeline.reaching import reach, refused
from connector.pipeline.reconcile import reconcile
from connector.ports import Page, StoreAccess
from connector.store import outbox, problems, shops
from connector.store.tables import stores
from jobs import JOBS
from tests.conftest import NOW, Clock
from tests.pipeline.given import Access, House
from tests.store.given import item, level, order, read

ENDED = NeedsMerchant("The shop no longer lets the app in")


@pytest.fixture
def app(home: House, clock: Clock) -> Access:
    """The store's access has ended by now."""
    home.stall.app = app = Access()  # type: ignore[assignment] # only what is asked of it here
    keep(home, "k", NOW - timedelta(seconds=1))
    return app


def keep(home: House, key: str, ends: datetime) -> None:
    with home.connector.db.begin() as tx:
        ended = StoreAccess("", {"key": key, "ends": ends.isoformat()})
        shops.renew_access(tx, home.connector.vault, home.shop, ended)


def kept(home: House) -> StoreAccess:
    with home.connector.db.begin() as tx:
        return shops.access_of(tx, home.connector.vault, home.shop)


def told(home: House) -> list[str]:
    return [letter.subject for letter in home.post.sent]


def test_an_access_that_has_ended_is_renewed_and_kept(home: House, app: Access) -> None:
    before = kept(home)
    access = reach(home.connector, home.shop)
    assert (access.credentials["key"], access.address) == ("k+", home.shop.address)
    assert access == kept(home)
    assert access.hook_secret == before.hook_secret
    assert reach(home.connector, home.shop) == access
    assert app.renewed == ["k"]


def test_two_who_come_at_once_renew_it_once(home: House, app: Access) -> None:
    together = Barrier(2)

    def wait() -> None:
        """Nobody else comes as far as this while one is at it."""
        with pytest.raises(BrokenBarrierError):
            together.wait(0.2)

    app.before_answering = wait
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: reach(home.connector, home.shop), range(2)))
    assert [one.credentials["key"] for one in found] == ["k+", "k+"]
    assert app.renewed == ["k"]


def test_an_access_that_cannot_be_renewed_now_is_used_while_it_lasts(home: House, app: Access, clock: Clock) -> None:
    app.trouble = Retryable("away")
    assert reach(home.connector, home.shop).credentials["key"] == "k"
    clock.move(minutes=10)
    with pytest.raises(Retryable):
        reach(home.connector, home.shop)
    app.trouble = None
    assert reach(home.connector, home.shop).credentials["key"] == "k+"


def test_one_who_stops_before_it_is_kept_leaves_the_old_one(home: House, app: Access, clock: Clock) -> None:
    app.trouble = Retryable("away")
    clock.move(minutes=10)
    with pytest.raises(Retryable):
        reach(home.connector, home.shop)
    assert kept(home).credentials["key"] == "k"


def test_an_access_that_is_not_renewed_pauses_the_store_and_staff_hears_once(
    home: House, app: Access, clock: Clock
) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"staff_email": "staff@shop.example"})
    home.tell(item(), level(available=-3), order("1001", email="ann@example.com"))
    app.trouble = ENDED
    for _ in range(3):
        perform(home.connector, home.shop.id)
        JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
        clock.move(minutes=15)
    with home.connector.db.begin() as tx:
        assert read(tx, stores, "status") == ["paused"]
        assert outbox.stores_due(tx, clock()) == ()
        assert [(one.text, one.times) for one in problems.open_problems(tx, home.shop.id)] == [(str(ENDED), 1)]
    assert told(home) == ["The connector can no longer speak to Lamps & Co"]
    assert str(ENDED) in home.post.sent[0].text


def test_word_for_staff_wakes_a_paused_store_and_nothing_else_does(home: House, app: Access, clock: Clock) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"staff_email": "staff@shop.example"})
    home.tell(item(), level(available=-3), order("1001", email="ann@example.com"))
    JOBS["plan"](home.connector, lambda *_: None, home.shop.id)
    app.trouble = ENDED
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert outbox.stores_due(tx, clock()) == (home.shop.id,)
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert outbox.stores_due(tx, clock()) == ()
    assert told(home) == ["The connector can no longer speak to Lamps & Co"]


def test_a_paused_store_whose_access_is_good_again_goes_on(home: House, app: Access) -> None:
    app.trouble = ENDED
    perform(home.connector, home.shop.id)
    app.trouble = None
    JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, stores, "status") == ["active"]
        assert problems.open_problems(tx, home.shop.id) == ()


def test_a_store_that_speaks_another_version_is_a_problem_once_and_none_when_that_is_over(
    home: House, app: Access
) -> None:
    def shown() -> list[tuple[str, int]]:
        JOBS["reconcile"](home.connector, lambda *_: None, home.shop.id)
        with home.connector.db.begin() as tx:
            return [(one.text, one.times) for one in problems.open_problems(tx, home.shop.id)]

    app.says_outdated = "It speaks another version"
    assert [shown(), shown()] == [[("It speaks another version", 1)]] * 2
    app.says_outdated = None
    assert shown() == []


def test_who_is_refused_while_the_store_is_paused_already_tells_staff_nothing_new(
    home: House, app: Access, clock: Clock
) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"staff_email": "staff@shop.example"})
    for _ in range(2):
        with home.connector.db.begin() as tx:
            refused(home.connector, tx, home.shop.id, ENDED, clock())
        clock.move(minutes=1)
    perform(home.connector, home.shop.id)
    assert told(home) == ["The connector can no longer speak to Lamps & Co"]


@pytest.mark.parametrize("read", ["reconcile", "connect"])
def test_an_access_that_ends_while_a_store_is_read_is_renewed_between_two_pages(
    home: House, app: Access, clock: Clock, monkeypatch: pytest.MonkeyPatch, read: str
) -> None:
    keys: list[str] = []

    def items(access: StoreAccess, cursor: str | None) -> Page:
        keys.append(access.credentials["key"])
        clock.move(hours=2)
        return Page((), None if cursor else "2")

    monkeypatch.setattr(home.stall, "items", items)
    if read == "reconcile":
        reconcile(home.connector, home.shop.id)
    else:
        with home.connector.db.begin() as tx:
            shops.set_importing(tx, home.shop.id, clock())
        take_in(home.connector, home.shop.id)
    assert keys == ["k+", "k++"]
