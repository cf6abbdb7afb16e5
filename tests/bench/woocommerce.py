"""What WooCommerce is asked for: calls for changed listings, and a large import beside its pages alone."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from math import ceil
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from adapters.http import Answer, Http
from adapters.practice.goods import Goods, Option
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.practice import PracticeStore
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Retryable
from connector.pipeline.connect import connect
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.ports import StoreAccess
from connector.store import outbox
from connector.store.tables import items
from tests.bench.figures import table
from tests.bench.place import Place, place

PRODUCTS = 10_000
MOST_CALLS, MOST_TIME = 1.1, 1.2
REAL_PAGE = 0.27  # with what the practice store takes, the 350 ms that a real one was seen to


class Counted(Http):
    """The way out, counted by method; it pauses before a page of products, and breaks off at the `breaks`-th."""

    def __init__(self, allowed: str, breaks: int | None = None, pause: float = 0.0) -> None:
        super().__init__([allowed])
        self._pause = pause
        self.seen: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()  # shared by what counts for one service
        self._breaks = breaks

    def request(self, method: str, url: str, **more: Any) -> Answer:
        """One request, counted."""
        self.seen[method] += 1
        if "/wc/v3/products?" in url:
            self.pages["read"] += 1
            time.sleep(self._pause)
            if self._breaks is not None:
                self._breaks -= 1
                if self._breaks < 0:
                    raise Retryable("broken off")
        return super().request(method, url, **more)


def serve(simple: int, parents: int, each: int) -> None:
    """A practice store of so many goods, in a process of its own, until it is ended."""
    store = PracticeStore(goods(simple, parents, each))
    store.start()
    print(store.url, store.key, store.secret, flush=True)
    store.wait()


def goods(simple: int, parents: int, each: int) -> list[Goods]:
    """Products, and parents with `each` variations."""
    found = [Goods(f"S-{number}", f"Lamp {number}", "10.00", 5, "notify") for number in range(simple)]
    for number in range(parents):
        options = [Option(f"V-{number}-{one}", f"Size {one}", 5) for one in range(each)]
        found.append(Goods(f"P-{number}", f"Shade {number}", "10.00", None, "notify", options=options))
    return found


@contextmanager
def stocked(simple: int, parents: int = 0, each: int = 0) -> Iterator[dict[str, str]]:
    """How to connect a store of so many goods."""
    command = [
        sys.executable,
        "-c",
        f"from tests.bench import woocommerce as w; w.serve({simple}, {parents}, {each})",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url, key, secret = process.stdout.readline().split()
        try:
            yield {"url": url, "key": key, "secret": secret}
        finally:
            process.terminate()


def run() -> str:
    """Both tables."""
    return _calls() + "\n" + _import()


def _calls() -> str:
    """Listings that all change at once, of products and of variations by turns."""
    rows: list[list[object]] = []
    for simple, parents, each in ((1_000, 0, 0), (500, 5, 100), (50, 10, 30)):
        with (
            stocked(simple, parents, each) as options,
            place(dial_allow=(_host(options),), env="development") as here,
        ):
            wire = Counted(_host(options))
            connector = replace(here.connector, platforms={"woocommerce": WooCommerce(wire)})
            store = connect(connector, "woocommerce", options, lambda *_: None).store
            _change_all(connector, store)
            wire.seen.clear()
            while perform(connector, store):
                pass
        least = ceil(simple / 100) + parents * ceil(each / 100)
        writes, reads = wire.seen["POST"], wire.seen["GET"]
        rows.append([f"{simple:,} and {parents} × {each}", least, writes, f"{writes / least:.2f}", reads])
    head = ("products and variations", "batches at least", "writes", f"times (at most {MOST_CALLS})", "reads beside")
    return table("WooCommerce: calls for changed listings", head, rows)


def _change_all(connector: Connector, store: str) -> None:
    with connector.db.begin() as tx:
        mine = sa.select(items.c.item, items.c.parent).where(items.c.store == store, ~items.c.stock_only)
        sold = [(row.item, row.parent) for row in tx.execute(mine)]
        states = [WriteListing(item, parent, ListingState.BACKORDER, None, 0, "Soon.") for item, parent in sold]
        outbox.put_states(tx, store, sorted(states, key=lambda one: one.item[::-1]), connector.clock())


def _import() -> str:
    """A large store read in, broken off half-way, beside the same pages read and thrown away."""
    with stocked(PRODUCTS) as options:
        rows = [_imported(options, "as fast as the practice store answers", 0.0)]
        rows.append(_imported(options, "a page in the time of a real store", REAL_PAGE))
    times = f"times (at most {MOST_TIME})"
    head = ("10,000 products", "s for the pages alone", "s, broken off half-way", times, "pages after the break")
    return table("WooCommerce: reading a store in", head, rows)


def _imported(options: Mapping[str, str], name: str, pause: float) -> list[object]:
    host = _host(options)
    with place(dial_allow=(host,), env="development") as here:
        plain = WooCommerce(Counted(host, pause=pause))
        access = plain.access(options)
        alone = _timed(lambda: _pages(plain, access))
        breaking = WooCommerce(Counted(host, PRODUCTS // 200, pause))
        began = time.monotonic()
        with suppress(Retryable):
            connect(_over(here, breaking), "woocommerce", options, lambda *_: None)
        wire = Counted(host, pause=pause)
        connect(_over(here, WooCommerce(wire)), "woocommerce", options, lambda *_: None)
        took = time.monotonic() - began
    return [name, alone, took, f"{took / alone:.2f}", wire.pages["read"]]


def _over(here: Place, adapter: WooCommerce) -> Connector:
    return replace(here.connector, platforms={"woocommerce": adapter})


def _pages(adapter: WooCommerce, access: StoreAccess) -> None:
    cursor = None
    while (page := adapter.items(access, cursor)).cursor is not None:
        cursor = page.cursor


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _host(options: Mapping[str, str]) -> str:
    return urlsplit(options["url"]).netloc
