"""Suppliers that never answer keep neither other suppliers' feeds waiting nor what a store does itself."""

import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from queue import SimpleQueue

import pytest

from connector.pipeline.connector import Connector
from connector.pipeline.restock import BUSY, Polled, poll
from connector.ports import Letter
from connector.store import feeds
from connector.store.feeds import NewFeed
from jobs import HANDS, sweep
from jobs.hands import Hands
from jobs.waking import take_up
from tests.adapters.http.listener import Listener, answer
from tests.conftest import NOW, open_shop
from tests.pipeline.given import House, Post, house
from tests.store.given import item, level, line, order

COLUMNS = {"sku": "sku", "quantity": "quantity"}
DEAD = 20
ROUNDS = 100
ROUND_SECONDS = 0.2


Working = Callable[..., bool]


class Server(Listener):
    """A supplier's server; it tells when it was asked, and answers once it is let go."""

    def __init__(self, given: bytes) -> None:
        super().__init__(self._answer)
        self.asked = threading.Semaphore(0)
        self.let_go = threading.Event()
        self._given = given

    def _answer(self, connection: socket.socket) -> None:
        self.asked.release()
        self.let_go.wait()
        connection.sendall(self._given)


class Postman(Post):
    """A mail service that tells when a letter came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Semaphore(0)

    def send(self, letter: Letter) -> str:
        sent = super().send(letter)
        self.came.release()
        return sent


@pytest.fixture
def dead() -> Iterator[Server]:
    with Server(answer(b"", "500 Internal Server Error")) as server:
        yield server
        server.let_go.set()


@pytest.fixture
def good() -> Iterator[Server]:
    with Server(answer(b"sku,quantity\nA,5\n")) as server:
        server.let_go.set()
        yield server


@pytest.fixture
def town(make_connector: Callable[..., Connector], dead: Server, good: Server) -> House:
    """A store whose suppliers are on two servers."""
    made = house(make_connector(dial_allow=(dead.address, good.address)), open_shop)
    post = Postman()
    return dataclasses.replace(made, connector=dataclasses.replace(made.connector, mailer=post), post=post)


def feed_of(home: House, supplier: str, server: Server, *, failed: bool = False) -> int:
    """A feed that is due; the last look at it may have failed."""
    with home.connector.db.begin() as tx:
        feed = feeds.add(
            tx, home.shop.id, NewFeed(supplier, server.url, "csv", COLUMNS, timedelta(minutes=15)), NOW
        )
        if failed:
            feeds.went_wrong(tx, feed, "no answer", NOW - feed.every, quarantined=None)
        return feed.id


@pytest.fixture
def working(town: House, dead: Server) -> Iterator[Working]:
    """Do what a clock and a worker do, over and over, until something has happened so many times."""
    hands = Hands(HANDS)
    woken: SimpleQueue[tuple[str, str]] = SimpleQueue()

    def wake(job: str, subject: str) -> None:
        woken.put((job, subject))

    def work() -> None:
        sweep.run(town.connector, wake, "")
        while not woken.empty():
            take_up(town.connector, wake, hands, *woken.get())

    def until(happened: threading.Semaphore, times: int = 1) -> bool:
        for _ in range(ROUNDS):
            work()
            while happened.acquire(timeout=ROUND_SECONDS):
                times -= 1
                if times == 0:
                    return True
        return False

    yield until
    dead.let_go.set()
    assert hands.close(ROUNDS * ROUND_SECONDS)


def test_suppliers_who_failed_before_and_do_not_answer_keep_nobody_waiting(
    town: House, dead: Server, good: Server, working: Working
) -> None:
    for number in range(DEAD):
        feed_of(town, f"dead-{number}", dead, failed=True)
    assert working(dead.asked, HANDS["failing feeds"])
    feed_of(town, "acme", good)
    assert working(good.asked)
    town.tell(item(), level(), order("1", line(taken=0)))
    assert working(town.post.came)
    assert (dead.connections, dead.let_go.is_set()) == (HANDS["failing feeds"], False)


def test_suppliers_who_fall_silent_at_once_keep_no_mail_waiting_and_a_few_no_feed(
    town: House, dead: Server, good: Server, working: Working
) -> None:
    for number in range(HANDS["feeds"] - 1):
        feed_of(town, f"dead-{number}", dead)
    assert working(dead.asked, HANDS["feeds"] - 1)
    feed_of(town, "acme", good)
    assert working(good.asked)
    town.tell(item(), level(), order("1", line(taken=0)))
    assert working(town.post.came)
    assert not dead.let_go.is_set()


def test_a_feed_that_somebody_looks_at_is_not_looked_at_twice(town: House, dead: Server, working: Working) -> None:
    feed = feed_of(town, "dead", dead)
    assert working(dead.asked)
    assert poll(town.connector, feed) == Polled(0, 0, BUSY)
    assert dead.connections == 1
