"""A store is read again for what its webhooks did not tell; one part that fails leaves the others."""

import contextlib
from collections.abc import Callable
from datetime import datetime

from connector.domain.effects import FetchFact
from connector.domain.errors import NeedsMerchant, Terminal
from connector.domain.facts import Refetch, RightsLost
from connector.pipeline import assigning, unruled
from connector.pipeline.absent import MOST, ask_for_absent, noted
from connector.pipeline.connect import OVERLAP, hook_url
from connector.pipeline.connector import Connector
from connector.pipeline.incoming import follow
from connector.pipeline.plan import plan
from connector.pipeline.reaching import reach
from connector.pipeline.unused import Unused, solve_unknown, tell_unknown, tell_wiped
from connector.ports import Page, StoreAccess, Unusable
from connector.store import arrangements, fold, outbox, plans, problems, shops
from connector.store.engine import wait_for_store
from connector.store.keep import keep
from connector.store.shops import Shop

Heard = Callable[[], None]

MANY = 20  # items that are read one by one


def reconcile(connector: Connector, store: str) -> int:
    """Read orders that changed since the last time and all items, and see to the webhooks; how many facts were read.

    A paused store is tried first, and goes on where it lets us in again.
    """
    began = connector.clock()
    found = _access(connector, store)
    if found is None:
        return 0
    shop, access = found
    adapter = connector.platforms[shop.platform]
    since = (shop.reconciled_at or shop.connected_at) - OVERLAP
    reading, failures = _Reading(connector, shop), list[Terminal]()
    for part in (
        lambda: adapter.subscribe(access, hook_url(connector, shop)),
        lambda: reading.orders(lambda cursor: adapter.orders(reach(connector, shop), cursor, since), began),
        lambda: reading.items(lambda cursor: adapter.items(reach(connector, shop), cursor)),
        lambda: ask_for_absent(connector, shop, adapter, access, reading.seen) if reading.complete else None,
        lambda: follow(connector, store),
    ):
        try:
            part()
        except Terminal as error:  # whatever else goes wrong would go wrong with the next part as well
            failures.append(error)
    plan(connector, store)
    with connector.db.begin() as tx:
        solve_unknown(tx, store, connector.clock())
        unruled.settle(tx, shops.get(tx, store), connector.clock())
        assigning.ask_for_all(connector, tx, shop, connector.clock())
        arrangements.look_again(tx, store, None, connector.clock())
        outdated = adapter.app.outdated(shop.address) if adapter.app else None
        problems.state(tx, store, "api_version", "", outdated, connector.clock())
    if failures:
        raise failures[0]
    if not reading.rights_lost:
        with connector.db.begin() as tx:
            problems.solve(tx, store, "rights", "", connector.clock())
    return reading.count


def read_items(connector: Connector, shop: Shop, heard: Heard) -> None:
    """Read all that a store sells, which may take minutes; `heard` is called after every page."""
    adapter = connector.platforms[shop.platform]
    _Reading(connector, shop, heard).items(lambda cursor: adapter.items(reach(connector, shop), cursor))
    with connector.db.begin() as tx:
        tell_unknown(tx, shop.id, connector.clock())


def ask_about_doubts(connector: Connector, shop: Shop, heard: Heard) -> None:
    """Read the stocks that are in doubt and then the orders that may explain them, all as they are now.

    `heard` is called after every page.
    """
    began = connector.clock()
    adapter, reading = connector.platforms[shop.platform], _Reading(connector, shop, heard)
    with connector.db.begin() as tx:
        stocks = plans.doubted(tx, shop.id)
        items = fold.items_of(tx, shop.id, stocks)
        since = (shops.get(tx, shop.id).reconciled_at or shop.connected_at) - OVERLAP
    if not stocks:
        return
    if len(items) > MANY:
        reading.items(lambda cursor: adapter.items(reach(connector, shop), cursor))
    for item in items if len(items) <= MANY else ():
        with contextlib.suppress(Terminal):  # an item that cannot be read leaves the count as it was told
            reading.keep(Page(adapter.fetch(reach(connector, shop), Refetch("item", item)), None), began)
    reading.changed(lambda cursor: adapter.orders(reach(connector, shop), cursor, since))
    with connector.db.begin() as tx:
        wait_for_store(tx, shop.id)
        plans.note_asked(tx, shop.id, stocks, began)


def _access(connector: Connector, store: str) -> tuple[Shop, StoreAccess] | None:
    """A store that may be read and how; None for one that was left, or that still refuses us: that is known."""
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
    if shop.status == "closed":
        return None
    try:
        access = reach(connector, shop)
    except NeedsMerchant:
        if shop.status == "active":
            raise
        return None
    if shop.status == "paused":
        try:
            connector.platforms[shop.platform].profile(access)
        except NeedsMerchant:
            return None
        with connector.db.begin() as tx:
            shops.resume(tx, store)
            problems.solve(tx, store, "access", "", connector.clock())
    return shop, access


class _Reading:
    """What was read so far."""

    def __init__(self, connector: Connector, shop: Shop, heard: Heard = lambda: None) -> None:
        self._connector = connector
        self._heard = heard
        self._shop = shop
        self.count = 0
        self.seen: set[str] = set()
        self.complete = False
        self.rights_lost = False

    def orders(self, read: Callable[[str | None], Page], began: datetime) -> None:
        """Only what changed is read, so whatever cannot be used is looked at by itself until it can."""
        left_out = self.changed(read)
        looks = [FetchFact("order", one.id) for one in left_out if one.id]
        with self._connector.db.begin() as tx:
            outbox.put_states(tx, self._shop.id, looks[:MOST], self._connector.clock())
            shops.set_reconciled(tx, self._shop.id, began)

    def items(self, read: Callable[[str | None], Page]) -> None:
        """All are read, so whatever was not left out this time is well."""
        left_out = Unused("products")
        left_out.add(self.changed(lambda cursor: noted(read(cursor), self.seen)))
        with self._connector.db.begin() as tx:
            left_out.tell(tx, self._shop.id, self._connector.clock())
            tell_wiped(tx, self._shop.id, self._connector.clock())
        self.complete = True

    def keep(self, page: Page, asked: datetime) -> list[Unusable]:
        """Keep one page that the store was asked for then; what of it cannot be used."""
        with self._connector.db.begin() as tx:
            wait_for_store(tx, self._shop.id)
            return [*page.unusable, *keep(tx, self._shop.id, page.facts, asked, self._connector.clock())]

    def changed(self, read: Callable[[str | None], Page]) -> list[Unusable]:
        """Keep page after page; what of them cannot be used."""
        left_out: list[Unusable] = []
        cursor = None
        while True:
            asked = self._connector.clock()
            page = read(cursor)
            if page.anew:
                left_out.clear()
            left_out += self.keep(page, asked)
            self._heard()
            self.count += len(page.facts)
            self.rights_lost |= any(isinstance(fact, RightsLost) for fact in page.facts)
            cursor = page.cursor
            if cursor is None:
                return left_out
