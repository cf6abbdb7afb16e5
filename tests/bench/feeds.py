"""What supplier files cost that are large or made to hurt: seconds and memory, beside a plain csv.reader."""

import csv
import gzip
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from adapters.feeds.csv import Csv
from adapters.http import gunzip
from connector.domain.errors import ConnectorError
from connector.domain.facts import SupplyRow, SupplySnapshot
from connector.store import supplies
from connector.store.engine import wait_for_store
from tests.bench.figures import table
from tests.bench.place import Place
from tests.chaos.storefront import open_storefront

MAPPING = {"sku": "sku", "quantity": "quantity", "date": "date", "reference": "reference"}
HEAD = b"sku,quantity,date,reference\n"
MOST = 50_000_000
ROWS = 200_000


def rows(count: int) -> bytes:
    """A file of so many rows."""
    return HEAD + b"".join(b"SKU-%d,5,2026-12-01,PO-%d\n" % (number, number // 50) for number in range(count))


CASES: dict[str, Callable[[], bytes]] = {
    "200,000 rows": lambda: rows(ROWS),
    "990,000 rows": lambda: rows(990_000),
    "49 MB of newlines": lambda: HEAD + b"\n" * 49_000_000,
    "49 MB of carriage returns": lambda: HEAD + b"\r" * 49_000_000,
    "a line of 49 MB": lambda: HEAD + b"x" * 49_000_000,
    "a quote that never closes": lambda: HEAD + b'"' + b"x,\n" * 300_000,
    "a million columns": lambda: b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n",
    "999 columns, 49 MB of commas": lambda: HEAD + (b"," * 998 + b"\n") * 49_000,
    "49 MB of NUL": lambda: bytes(49_000_000),
    "49 MB of UTF-16": lambda: ("\ufeff" + "sku,quantity\n" + "Ж,1\n" * 6_000_000).encode("utf-16-le"),
    "49 MB of nonsense": lambda: HEAD + bytes(range(128, 256)) * 380_000,
    "a gzip bomb of 5 GB": lambda: gzip.compress(bytes(50_000_000), 9) * 100,
}


def one(name: str) -> None:
    """Read one case in a process of its own, and print what it took."""
    body = CASES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        given = b"".join(gunzip([body], MOST)) if body.startswith(b"\x1f\x8b") else body
        read = Csv().read(given, MAPPING, None)
        said = f"{len(read.rows):,} rows"
    except ConnectorError as error:
        said = str(error)[:60]
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([took, _plainly(body), peak / 1024, before / 1024, said]))


def _plainly(body: bytes) -> float | str:
    """How long a csv.reader takes over the same text, where it is such."""
    csv.field_size_limit(sys.maxsize)
    began = time.process_time()
    try:
        for _ in csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8", newline="")):
            pass
    except (UnicodeError, csv.Error):
        return "cannot"
    return time.process_time() - began


def run(place: Place) -> str:
    """All cases, and what the database takes to hold a large file."""
    found: list[list[object]] = []
    for name in CASES:
        command = [sys.executable, "-c", f"from tests.bench import feeds; feeds.one({name!r})"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found.append([name, *json.loads(said)])
    head = ("file", "s of CPU (at most 10)", "s of csv.reader", "MB at most (below 512)", "before", "it comes to")
    return table("Feeds: reading files", head, found) + "\n" + _folds(place)


def _folds(place: Place) -> str:
    connector = place.connector
    store = open_storefront(connector, 1, name="feeds")
    first = tuple(SupplyRow(f"SKU-{number}", 5, None, "PO-1") for number in range(ROWS))
    few = (*first[: ROWS - 1000], *(SupplyRow(f"NEW-{number}", 5, None, "PO-1") for number in range(1000)))
    lines: list[list[object]] = []
    for name, said in (("all new", first), ("the same", first), ("1,000 others", few)):
        began = time.monotonic()
        with connector.db.begin() as tx:
            wait_for_store(tx, store.id)
            supplies.fold_supply(tx, store.id, SupplySnapshot("acme", said, connector.clock()), connector.clock())
        lines.append([name, ROWS, time.monotonic() - began])
    return table("Feeds: folding a file into the books", ("file", "rows", "seconds"), lines)
