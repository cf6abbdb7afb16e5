"""How fast a webhook is acknowledged, beside a floor that is measured in the same run."""

import dataclasses
import itertools

from tests.bench.figures import median, table
from tests.bench.load import Load, run_load
from tests.bench.place import Place
from tests.chaos.installation import GUNICORN, Installation, free_port
from tests.chaos.storefront import SECRET, open_storefront
from tests.chaos.waiting import until

ROUNDS = 5
REQUESTS = 3000
CONNECTIONS = (8, 64)
TO_REACH = 0.7


def run(place: Place) -> str:
    """Alternating rounds of floor and product."""
    store = open_storefront(place.connector)
    place.installation.web()
    port = _start_floor(place.installation)
    numbers = itertools.count(1)
    rows: list[list[object]] = []
    for connections in CONNECTIONS:
        floor: list[Load] = []
        ours: list[Load] = []
        for round_ in range(ROUNDS + 1):
            posts = [store.order(next(numbers)) for _ in range(REQUESTS if round_ else 500)]
            bare = [dataclasses.replace(post, path="/floor") for post in posts]
            pair = run_load(port, connections, bare), run_load(place.installation.config.port, connections, posts)
            if round_:
                floor.append(pair[0])
                ours.append(pair[1])
        rows += [_row("floor", connections, floor), _row("webhooks", connections, ours)]
        shares = [mine.rate / bare.rate for mine, bare in zip(ours, floor, strict=True)]
        rows.append([f"share (at least {TO_REACH:.0%})", connections, f"{median(shares):.0%}", "", "", ""])
    head = ("what", "connections", "requests/s", "p50 ms", "p99 ms", "failed")
    return table("Acknowledgement: median of five alternating rounds of 3,000 orders of 4 KB", head, rows)


def _row(name: str, connections: int, loads: list[Load]) -> list[object]:
    rate, p50, p99 = (median([getattr(load, what) for load in loads]) for what in ("rate", "p50", "p99"))
    return [name, connections, rate, p50, p99, sum(load.bad for load in loads)]


def _start_floor(installation: Installation) -> int:
    port = free_port()
    bind = ("--workers", "1", "--bind", f"127.0.0.1:{port}")
    floor = installation.start("floor", (*GUNICORN, *bind, "tests.bench.floor:create()"), {"FLOOR_SECRET": SECRET})
    until(lambda: floor.says("Booting worker"), 30)
    return port
