"""How fast one worker turns waiting deliveries into books, plans and notices."""

import time
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from connector.domain.facts import StockLevel
from connector.pipeline.absorb import absorb
from connector.pipeline.connector import Connector
from connector.store import inbox
from connector.store.fold import fold
from connector.store.tables import ledger, outbox
from tests.bench.figures import table
from tests.bench.place import Place
from tests.chaos.storefront import Storefront, open_storefront

ORDERS = 5000
WAITING = 10_000
TO_REACH = 150


@dataclass(frozen=True, slots=True)
class Drained:
    """What a drain came to: orders a second, planning runs, notices in the outbox."""

    rate: float
    plans: int
    notices: int


def run(place: Place) -> str:
    """One SKU, 500 SKUs, one SKU that 10,000 orders wait for already, and beside it one that 10,000 have had."""
    connector = place.connector
    one = open_storefront(connector, 1, name="one")
    many = open_storefront(connector, 500, name="many")
    crowded = open_storefront(connector, 1, name="crowded")
    fill(connector, crowded, 1, WAITING)
    _drain(connector, crowded)
    served = open_storefront(connector, 1, name="served")
    fill(connector, served, 1, WAITING, status="completed", since=WAITING + 1)
    _drain(connector, served)
    rows: list[list[object]] = []
    after = WAITING + 1
    for name, store, first in (
        ("1", one, 1),
        ("500", many, 1),
        ("1, 10,000 done", served, after),
        ("1, 10,000 wait", crowded, after),
    ):
        fill(connector, store, first, ORDERS, 500 if store is many else 1, since=first if store is served else 1)
        drained = _drain(connector, store)
        rows.append([name, ORDERS, drained.rate, drained.plans, drained.notices])
    head = ("SKUs", "orders", f"orders/s (at least {TO_REACH})", "planning runs", "notices")
    return table("Drain: deliveries to books, plans and outbox, one worker", head, rows)


def fill(
    connector: Connector,
    store: Storefront,
    first: int,
    orders: int,
    items: int = 1,
    *,
    status: str = "processing",
    since: int = 1,
) -> None:
    """Put so many orders into a store's inbox, spread over the items; those before `since` hold no units any more."""
    platform = connector.platforms["woocommerce"]
    for number in range(first, first + orders):
        post = store.order(number, 1 + number % items, status=status)
        accepted = platform.verify(post.headers, post.body, store.secret)
        assert accepted is not None
        inbox.put(connector.db, store.id, accepted.dedupe_key, accepted.headers, post.body, connector.clock())
    taken = Counter(str(1 + number % items) for number in range(since, first + orders))
    now = connector.clock()
    with connector.db.begin() as tx:  # the store tells what is left along with the orders that took it
        levels = [StockLevel(stock=item, available=-units, seen_at=now) for item, units in taken.items()]
        fold(tx, store.id, levels, now)


def _drain(connector: Connector, store: Storefront) -> Drained:
    before = _notices(connector, store), _planned(connector, store)
    began = time.monotonic()
    folded = absorb(connector, store.id)
    seconds = time.monotonic() - began
    after = _notices(connector, store), _planned(connector, store)
    return Drained(folded / seconds, after[1] - before[1], after[0] - before[0])


def _notices(connector: Connector, store: Storefront) -> int:
    mine = sa.and_(outbox.c.store == store.id, outbox.c.kind == "notice")
    with connector.db.begin() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).where(mine)) or 0)


def _planned(connector: Connector, store: Storefront) -> int:
    """How often the store was planned with a result: all that one planning promises has one time."""
    runs = sa.select(sa.func.count(ledger.c.at.distinct())).where(ledger.c.store == store.id)
    with connector.db.begin() as tx:
        return int(tx.scalar(runs) or 0)
