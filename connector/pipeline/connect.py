"""A store is connected: credentials proven, webhooks registered, what is there read in, page by page."""

from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.domain.errors import BadInput
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.pipeline.reaching import reach
from connector.pipeline.unused import Unused
from connector.ports import Page, Platform, StoreAccess, Subscription
from connector.store import problems, shops
from connector.store.engine import wait_for_store
from connector.store.keep import keep
from connector.store.shops import Shop

LEASE = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
Told = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Connected:
    """What connecting came to: how many products and open orders were read."""

    store: str
    webhooks: tuple[Subscription, ...]
    products: int
    orders: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A store that let us in and sends us its news, but has still to be read in."""

    shop: Shop
    access: StoreAccess
    webhooks: tuple[Subscription, ...]


def connect(connector: Connector, platform: str, options: Mapping[str, str], tell: Told) -> Connected:
    """Connect a store, or go on with one whose import was interrupted."""
    if platform not in connector.platforms:
        raise BadInput(f"platform must be one of {', '.join(sorted(connector.platforms))}")
    admitted = admit(connector, platform, options, held_for=LEASE)
    shop, adapter = admitted.shop, connector.platforms[platform]
    products, orders = _import(connector, adapter, shop, tell)
    return Connected(shop.id, admitted.webhooks, products, orders)


def admit(
    connector: Connector, platform: str, options: Mapping[str, str], held_for: timedelta = timedelta(0)
) -> Admitted:
    """Admit the store that options name; the store is read in by `take_in`, after `held_for`."""
    return admit_with(connector, platform, connector.platforms[platform].access(options), held_for)


def admit_with(
    connector: Connector, platform: str, wanted: StoreAccess, held_for: timedelta = timedelta(0)
) -> Admitted:
    """Prove the credentials and register the webhooks; the store is read in by `take_in`, after `held_for`.

    Credentials that can only look must not take the place of those that a known store is written with.
    """
    adapter = connector.platforms[platform]
    profile = adapter.profile(wanted)
    with connector.db.begin() as tx:
        met, access = shops.meet(tx, connector.vault, platform, wanted, profile, connector.clock())
    webhooks = adapter.subscribe(access, hook_url(connector, met))
    with connector.db.begin() as tx:
        shop, _ = shops.add(tx, connector.vault, platform, access, profile, connector.clock())
        shops.set_importing(tx, shop.id, connector.clock() + held_for)
        problems.solve(tx, shop.id, "access", "", connector.clock())
    return Admitted(shop, access, webhooks)


def take_in(connector: Connector, store: str) -> bool:
    """Read in a store that was admitted; False where there is nothing to read, or somebody else is at it."""
    now = connector.clock()
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        if not shops.hold_import(tx, store, now, now + LEASE):
            return False
    _import(connector, connector.platforms[shop.platform], shop, lambda *_: None)
    return True


def hook_url(connector: Connector, shop: Shop) -> str:
    """Where a store's webhooks go to."""
    return f"{connector.config.url}/webhooks/{shop.platform}/{shop.hook_token}"


def _import(connector: Connector, adapter: Platform, shop: Shop, tell: Told) -> tuple[int, int]:
    """Products first: an order's lines then find their stock. Interrupted, it goes on at the page it had come to."""
    began = connector.clock()
    done = dict(shop.progress)
    for stage, read in (
        ("products", lambda cursor: adapter.items(reach(connector, shop), cursor)),
        ("orders", lambda cursor: adapter.orders(reach(connector, shop), cursor)),
    ):
        _read_all(connector, shop, stage, read, done, tell)
    if (last := shop.reconciled_at) is not None:  # what ended since is not among what is open, and waits in the books
        since = last - OVERLAP
        changed = lambda cursor: adapter.orders(reach(connector, shop), cursor, since)  # noqa: E731 - as those above
        _read_all(connector, shop, "changes", changed, done, lambda *_: None)
    with connector.db.begin() as tx:
        shops.set_progress(tx, shop.id, {})
        shops.set_reconciled(tx, shop.id, began)
        shops.set_importing(tx, shop.id, None)
    plan(connector, shop.id)
    return int(done["products_count"]), int(done["orders_count"])


def _read_all(
    connector: Connector,
    shop: Shop,
    stage: str,
    read: Callable[[str | None], Page],
    done: dict[str, object],
    tell: Told,
) -> None:
    cursor = done.get(f"{stage}_cursor")
    count = int(str(done.get(f"{stage}_count", 0)))
    left_out = Unused(stage, done.get(f"{stage}_left_out"))
    if done.get(f"{stage}_done"):
        return
    with closing(_pages(read, cursor if isinstance(cursor, str) else None, connector.clock)) as pages:
        for asked, page in pages:
            cursor = page.cursor
            if page.anew:
                count, left_out = 0, Unused(stage)
            count += page.read
            done |= {f"{stage}_cursor": cursor, f"{stage}_count": count, f"{stage}_done": cursor is None}
            with connector.db.begin() as tx:
                wait_for_store(tx, shop.id)
                left_out.add(page.unusable, keep(tx, shop.id, page.facts, asked, connector.clock()))
                if left_out.reasons or page.anew:
                    done[f"{stage}_left_out"] = left_out.reasons
                shops.set_progress(tx, shop.id, done)
                shops.set_importing(tx, shop.id, connector.clock() + LEASE)
                if cursor is None:
                    left_out.tell(tx, shop.id, connector.clock())
            # What was bought in the second in which a page ended is on the next one again.
            tell(stage, count if page.total is None else min(count, page.total), page.total)


def _pages(
    read: Callable[[str | None], Page], cursor: str | None, clock: Callable[[], datetime]
) -> Generator[tuple[datetime, Page], None, None]:
    """Page after page, each with when it was asked for; the next is being read while one is kept."""

    def ask(cursor: str | None) -> tuple[datetime, Page]:
        return clock(), read(cursor)

    with ThreadPoolExecutor(1, thread_name_prefix="pages") as pool:
        ahead = pool.submit(ask, cursor)
        while True:
            asked, page = ahead.result()
            if page.cursor is None:
                yield asked, page
                return
            ahead = pool.submit(ask, page.cursor)
            yield asked, page
