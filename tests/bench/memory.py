"""What the processes weigh: at rest, and after they have taken in and worked off a crowd of orders."""

import psutil

from connector.store import plans
from tests.bench.figures import table
from tests.bench.place import Place
from tests.chaos.posting import post_all
from tests.chaos.storefront import open_storefront
from tests.chaos.waiting import until

ORDERS = 5_000
MEGABYTE = 1_000_000


def run(place: Place) -> str:
    """Resident memory of one web process and of the worker, in MB."""
    store = open_storefront(place.connector)
    web, worker = place.installation.web(), place.installation.worker()
    place.installation.clock()
    before = _weights(web.children(), worker.pid)
    told = post_all(place.installation.url, [store.order(number) for number in range(1, ORDERS + 1)])
    assert {one.status for one in told} == {200}
    until(lambda: _waiting(place, store.id) == ORDERS, 120)
    after = _weights(web.children(), worker.pid)
    rows: list[list[object]] = [["web", before[0], after[0], 120], ["worker", before[1], after[1], 150]]
    return table("Memory in MB", ["process", "at rest", f"after {ORDERS:,} orders", "to stay within"], rows)


def _waiting(place: Place, store: str) -> int:
    with place.connector.db.begin() as tx:
        return plans.totals(tx, store).backordered


def _weights(web: list[psutil.Process], worker: int) -> tuple[int, int]:
    heaviest = max(one.memory_info().rss for one in web)
    return heaviest // MEGABYTE, psutil.Process(worker).memory_info().rss // MEGABYTE
