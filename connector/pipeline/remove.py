"""A store is let go: what we put into it is taken out again, and no more goes there or to its customers."""

from dataclasses import dataclass

from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connect import hook_url
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import reach
from connector.ports import Written
from connector.store import leaving, shops
from connector.store.shops import Shop


@dataclass(frozen=True, slots=True)
class Removed:
    """What removing came to; `unsent` letters were waiting and do not go out any more."""

    store: str
    listings: int
    refused: tuple[Written, ...]
    webhooks: int
    unsent: int


def remove(connector: Connector, store: str, *, abandon: bool = False) -> Removed:
    """Close a store, delete our webhooks in it, restore its listings, forget its credentials.

    `abandon`: the store is not spoken to any more, so nothing in it is restored. Where that fails without it, the
    store is closed and can be removed again; what is restored already is left alone then.
    """
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        access = shops.access_of(tx, connector.vault, shop)
        if not access.credentials:
            raise BadInput(f"store {store} has been removed already")
        shops.set_status(tx, store, "closed")
    hooks, results = (0, []) if abandon else _taken_out(connector, shop)
    with connector.db.begin() as tx:
        unsent = leaving.forget(tx, store)
        shops.forget_access(tx, connector.vault, shop)
    refused = tuple(one for one in results if one.error is not None)
    return Removed(store, len(results) - len(refused), refused, hooks, unsent)


def _taken_out(connector: Connector, shop: Shop) -> tuple[int, list[Written]]:
    """How many webhooks were deleted, and what became of the listings."""
    adapter = connector.platforms[shop.platform]
    hooks = adapter.unsubscribe(reach(connector, shop), hook_url(connector, shop))
    with connector.db.begin() as tx:
        if leaving.is_being_written(tx, shop.id, connector.clock()):
            raise Retryable("A worker is writing this store's listings at the moment: try again in two minutes.")
        shown = leaving.shown(tx, shop.id)
    listings = tuple(WriteListing(item, parent, ListingState.WITHDRAWN, None, 0, "") for item, parent in shown)
    results: list[Written] = []
    for start in range(0, len(listings), adapter.listing_batch):
        results += adapter.write(reach(connector, shop), listings[start : start + adapter.listing_batch])
    if any(one.retry for one in results):
        raise Retryable("The store did not take all of its listings back: try again in a while.")
    return hooks, results
