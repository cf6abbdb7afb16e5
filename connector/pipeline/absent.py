"""What a store has lost without a word, an order that was deleted for good say, is asked for one by one."""

from collections.abc import Iterable

from connector.domain.effects import FetchFact
from connector.domain.facts import ItemSnapshot
from connector.pipeline.connector import Connector
from connector.ports import Page, Platform, StoreAccess
from connector.store import outbox
from connector.store.divided import parts_held
from connector.store.holdings import items_held, orders_held
from connector.store.shops import Shop

# A store that for once shows nothing at all must not be asked for everything.
MOST = 200


def noted(page: Page, seen: set[str]) -> Page:
    """The page; whose items it shows is added to `seen`."""
    seen |= {fact.item for fact in page.facts if isinstance(fact, ItemSnapshot)} | {one.id for one in page.unusable}
    return page


def ask_for_absent(
    connector: Connector, shop: Shop, adapter: Platform, access: StoreAccess, items: Iterable[str]
) -> None:
    """Have open orders read that the store does not list whole any more, and items that are not among its `items`."""
    with connector.db.begin() as tx:
        orders, parts, held = orders_held(tx, shop.id), parts_held(tx, shop.id), items_held(tx, shop.id)
    lost = sorted({parts.get(order, order) for order in adapter.missing(access, sorted(orders | parts.keys()))})
    absent = [FetchFact("order", order) for order in lost] + [
        FetchFact("item", item) for item in sorted(held.difference(items))
    ]
    with connector.db.begin() as tx:
        outbox.put_states(tx, shop.id, absent[:MOST], connector.clock())
