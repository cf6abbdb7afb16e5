"""What Shopify is asked for: a large catalogue in bulk and in pages, and calls and points for changed listings."""

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from adapters.http import Answer, Http
from adapters.shopify import Shopify
from connector.domain.effects import ListingState, WriteListing
from connector.pipeline.connect import connect
from connector.pipeline.connector import Config, Connector
from connector.pipeline.perform import perform
from connector.store import bulk_writes, outbox
from connector.store.tables import items, levels
from connector.wiring import build
from tests.bench.figures import table
from tests.bench.place import place

VARIANTS, EACH = 50_000, 100
LISTINGS = 2_000
MOST_MEMORY, MOST_CALLS = 200, 1.1
MEGABYTE = 1_000_000
ACCESS = {"shop": "large.myshopify.com", "token": "shpat_token", "api_secret": "shpss_secret"}
STANDARD, PLUS = 100.0, 1000.0  # points that a shop restores in a second
NEVER = 10**9


class Counted(Http):
    """The way out, with what every answer of GraphQL said of its cost, and how often it was throttled."""

    def __init__(self, allowed: str) -> None:
        self.outcomes: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.points: Counter[str] = Counter()
        super().__init__([allowed], heard=lambda _, outcome: self.outcomes.update([outcome]))

    def request(self, method: str, url: str, **more: Any) -> Answer:
        """One request, counted."""
        answer = super().request(method, url, **more)
        if url.endswith("/graphql.json"):
            operation = json.loads(more["body"])["operationName"]
            cost = json.loads(answer.body).get("extensions", {}).get("cost", {})
            self.calls[operation] += 1
            self.points[operation] += cost.get("actualQueryCost") or 0
        return answer


def serve(variants: int, rate: float) -> None:
    """A practice Shopify with one shop of so many variants, in a process of its own, until it is ended."""
    # Only here: whoever imports the shop is weighed without it.
    from adapters.shopify.practice import RealClock, ShopifyFake

    with ShopifyFake(RealClock()) as fake:
        catalogue = fake.open_shop("large", rate=rate, automatic=True).catalogue
        for number in range(variants):
            if number % EACH == 0:
                product = catalogue.add_product(f"Lamp {number}", "active")
            catalogue.add_variant(product, f"Size {number}", f"L-{number}", 5, "10.00", "continue", True)
        print(fake.origin, flush=True)
        sys.stdin.read()


@contextmanager
def shop(variants: int, rate: float) -> Iterator[str]:
    """Where such a Shopify is."""
    code = f"from tests.bench import shopify as s; s.serve({variants}, {rate})"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout
        try:
            yield one.stdout.readline().strip()
        finally:
            one.terminate()


def take_in(database_url: str, origin: str, bulk_above: int) -> None:
    """Connect the shop, and say what that took: for a process of its own, whose memory is nobody else's."""
    wire, connector = _connector(database_url, origin, bulk_above)
    weight, began = _peak(), time.monotonic()
    done = connect(connector, "shopify", ACCESS, lambda *_: None)
    said = {"s": time.monotonic() - began, "before": weight, "peak": _peak(), "points": wire.points.total()}
    calls = sum(wire.outcomes.values())
    print(json.dumps(said | {"calls": calls, "throttled": wire.outcomes["throttled"], "read": done.products}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def _connector(database_url: str, origin: str, bulk_above: int) -> tuple[Counted, Connector]:
    nowhere, secret = Path("/nonexistent"), "a secret of the benches, long enough"
    here = Config(env="test", home=nowhere, url="http://127.0.0.1:9", secret=secret, database_url=database_url)
    wire = Counted(urlsplit(origin).netloc)
    plain = build(here, lambda: datetime.now(UTC))
    platforms = {**plain.platforms, "shopify": Shopify(wire, origin, bulk_above=bulk_above)}
    return wire, replace(plain, platforms=platforms)


def run() -> str:
    """Both tables."""
    return _import() + "\n" + _listings()


def _import() -> str:
    """A large catalogue, read by the connector in bulk and in pages, into a database each."""
    with shop(VARIANTS, PLUS) as origin:
        rows = [_taken_in(origin, "one bulk query", 0), _taken_in(origin, "pages, on a Plus plan", NEVER)]
    seconds = f"s at the standard {STANDARD:.0f} points/s, at least"
    head = (
        f"{VARIANTS:,} variants by",
        "s",
        "calls",
        "points",
        seconds,
        f"MB at most (up to {MOST_MEMORY})",
        "MB before",
    )
    return table("Shopify: reading a large catalogue", head, rows)


def _taken_in(origin: str, name: str, bulk_above: int) -> list[object]:
    with place() as here:
        code = f"from tests.bench import shopify as s; s.take_in({here.server.url!r}, {origin!r}, {bulk_above})"
        said = json.loads(subprocess.check_output([sys.executable, "-c", code], env=os.environ, text=True))
        with here.connector.db.begin() as tx:
            kept = [tx.scalar(sa.select(sa.func.count()).select_from(one)) for one in (items, levels)]
    assert (kept, said["read"], said["throttled"]) == ([VARIANTS, VARIANTS], VARIANTS, 0)
    least = max(said["s"], (said["points"] - 20 * STANDARD) / STANDARD)
    return [name, said["s"], said["calls"], said["points"], least, said["peak"], said["before"]]


def _listings() -> str:
    """Listings that all change at once: by ordinary calls at the standard pace, and in bulk."""
    rows = []
    for name, worth in (("ordinary calls", NEVER), ("in bulk", 1_000)):
        with shop(LISTINGS, STANDARD) as origin, place() as here:
            wire, connector = _connector(here.server.url, origin, NEVER)
            adapter = connector.platforms["shopify"]
            adapter.bulk = replace(adapter.bulk, worth=worth)  # type: ignore[type-var]
            store = connect(connector, "shopify", ACCESS, lambda *_: None).store
            rows.append([name, *_written(connector, store, wire)])
    head = (
        "by",
        "metafields",
        "⌈N/25⌉",
        "calls",
        f"times (at most {MOST_CALLS})",
        "points",
        "s",
        "points/s",
        "throttled",
    )
    return table(f"Shopify: {LISTINGS:,} changed listings, at {STANDARD:.0f} points/s restored", head, rows)


def _written(connector: Connector, store: str, wire: Counted) -> list[object]:
    """What it takes to write all of them twice: the first time empties the bucket, the second is counted."""
    metafields = 4 * LISTINGS
    for eta in (date(2027, 1, 15), date(2027, 2, 15)):
        _change_all(connector, store, eta)
        wire.outcomes.clear()
        wire.calls.clear()
        wire.points.clear()
        began = time.monotonic()
        while _is_waiting(connector, store):
            if not perform(connector, store):
                time.sleep(0.2)
        took = time.monotonic() - began
    least = ceil(metafields / 25)
    calls, points = wire.calls.total(), wire.points.total()
    said = [metafields, least, calls, f"{calls / least:.2f}", points, took, points / took]
    return [*said, wire.outcomes["throttled"]]


def _change_all(connector: Connector, store: str, eta: date) -> None:
    with connector.db.begin() as tx:
        sold = tx.execute(sa.select(items.c.item, items.c.parent).where(items.c.store == store)).all()
        states = [WriteListing(one.item, one.parent, ListingState.BACKORDER, eta, 3, "Soon.") for one in sold]
        outbox.put_states(tx, store, states, connector.clock())


def _is_waiting(connector: Connector, store: str) -> bool:
    with connector.db.begin() as tx:
        return outbox.is_due(tx, store, connector.clock()) or bulk_writes.is_open(tx, store)
