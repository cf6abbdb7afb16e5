"""A store that takes connections and says nothing holds up no other store, and not itself for ever."""

import dataclasses
import socket
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest

from adapters.shopify import Shopify
from adapters.shopify import client as shopify_client
from adapters.woocommerce import WooCommerce, rest
from connector.domain.effects import FetchFact
from connector.domain.errors import Retryable
from connector.domain.facts import Refetch
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.reconcile import reconcile
from connector.ports import StoreAccess
from connector.store import outbox
from connector.store.shops import Shop
from connector.store.tables import outbox as table
from jobs import JOBS
from jobs.hands import Hands
from tests.adapters.woocommerce.conftest import KEY, SECRET
from tests.conftest import open_shop
from tests.pipeline.given import Stall
from tests.store.given import item, listing, read


class Hung:
    """A server that takes every connection and never answers."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.taken = Event()
        self._open: list[socket.socket] = []
        self._thread = Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._open.append(connection)
            self.taken.set()

    def end(self) -> None:
        """Hang up on everybody; once is enough."""
        if not self._thread.is_alive():
            return
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()
        for connection in self._open:
            connection.close()


@pytest.fixture
def hung() -> Iterator[Hung]:
    server = Hung()
    yield server
    server.end()


@pytest.fixture
def house(make_connector: Callable[..., Connector], hung: Hung) -> Connector:
    """A connector that knows real WooCommerce stores and a stall."""
    made = make_connector(dial_allow=(hung.authority,))
    return dataclasses.replace(made, platforms={**made.platforms, "stall": Stall()})


def stuck_shop(house: Connector, hung: Hung) -> Shop:
    shop = open_shop(house, f"http://{hung.authority}", "woocommerce")
    with house.db.begin() as tx:
        house.vault.put(tx, shop.id, "access", {"key": KEY, "secret": SECRET, "_hook_secret": "ab"})
        outbox.put_states(tx, shop.id, [FetchFact("item", str(number)) for number in range(5)], house.clock())
        outbox.put_state(tx, shop.id, dataclasses.replace(listing(), item="7"), house.clock())
    return shop


def test_while_one_store_hangs_another_is_served(
    house: Connector, hung: Hung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "TRIES", 1)
    stuck, well = stuck_shop(house, hung), open_shop(house, "https://well.example")
    stall = house.platforms["stall"]
    assert isinstance(stall, Stall)
    stall.item_pages[None] = dataclasses.replace(stall.item_pages[None], facts=(item("A"),))  # type: ignore[arg-type]
    done, hands = Event(), Hands({"shops": 2})
    hands.give("shops", "perform", stuck.id, lambda: perform(house, stuck.id) and None)
    assert hung.taken.wait(30)
    hands.give(
        "shops", "reconcile", well.id, lambda: (JOBS["reconcile"](house, lambda *_: None, well.id), done.set())[1]
    )
    assert done.wait(30)
    with house.db.begin() as tx:
        assert {"sending"} == set(read(tx, table, "status", store=stuck.id, kind="fetch"))
    hung.end()
    assert hands.close(60)


def test_every_errand_to_a_hung_store_comes_to_its_end_and_is_run_again_later(
    house: Connector, hung: Hung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "ERRAND_SECONDS", 0.2)
    stuck = stuck_shop(house, hung)
    assert 0 == perform(house, stuck.id)
    with house.db.begin() as tx:
        assert {("due", "The store takes too long to answer")} == set(read(tx, table, "status", "error"))
    with pytest.raises(Retryable, match="takes too long"):
        reconcile(house, stuck.id)


def test_a_shopify_that_hangs_comes_to_an_end_as_well(
    house: Connector, hung: Hung, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shopify_client, "SECONDS", 0.1)
    monkeypatch.setattr(shopify_client, "ERRAND_SECONDS", 0.3)
    known = house.platforms["woocommerce"]
    assert isinstance(known, WooCommerce)
    shopify = Shopify(known._http, f"http://{hung.authority}")
    with pytest.raises(Retryable):
        shopify.fetch(StoreAccess("a.myshopify.com", {"token": "t"}, "s"), Refetch("order", "7"))
