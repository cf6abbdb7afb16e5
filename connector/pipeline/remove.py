"""A store is let go: what we put into it is taken out again, and no more goes there or to its customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from connector.domain.effects import ListingState, SwitchBackorders, WriteListing
from connector.domain.errors import BadInput, Retryable
from connector.pipeline.arranging import release_all
from connector.pipeline.connect import hook_url
from connector.pipeline.connector import Connector
from connector.pipeline.in_bulk import is_over
from connector.pipeline.reaching import reach
from connector.ports import StoreAccess, Written
from connector.store import leaving, selling, shops
from connector.store.shops import Shop

State = TypeVar("State", WriteListing, SwitchBackorders, str)
MOST_ORDERS = 5000  # out of which what we show is taken, the latest first: nobody looks at older ones


@dataclass(frozen=True, slots=True)
class Removed:
    """What removing came to; `unsent` letters were waiting and do not go out any more.

    `policies` of products sell again as before, `orders` say nothing of ours any more, and of `released` ones nothing
    is held back any more; `held` are those of which something still is, and `shown` those that still say something,
    and why.
    """

    store: str
    listings: int
    refused: tuple[Written, ...]
    webhooks: int
    unsent: int
    policies: int = 0
    orders: int = 0
    released: int = 0
    held: tuple[Written, ...] = ()
    shown: tuple[Written, ...] = ()


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
    out = _Out() if abandon else _taken_out(connector, shop)
    with connector.db.begin() as tx:
        unsent = leaving.forget(tx, store)
        shops.forget_access(tx, connector.vault, shop)
    refused = tuple(one for one in (*out.listings, *out.policies) if one.error is not None)
    listings, policies = (sum(one.error is None for one in some) for some in (out.listings, out.policies))
    shown = tuple(one for one in out.orders if one.error is not None)
    cleared = len(out.orders) - len(shown)
    held = tuple(one for one in out.held if one.error is not None)
    released = len(out.held) - len(held)
    return Removed(store, listings, refused, out.hooks, unsent, policies, cleared, released, held, shown)


@dataclass(frozen=True, slots=True)
class _Out:
    """How many webhooks were deleted; what became of listings, policies, orders, and of what was held back."""

    hooks: int = 0
    listings: tuple[Written, ...] = ()
    policies: tuple[Written, ...] = ()
    orders: tuple[Written, ...] = ()
    held: tuple[Written, ...] = ()


def _taken_out(connector: Connector, shop: Shop) -> _Out:
    adapter = connector.platforms[shop.platform]
    hooks = adapter.unsubscribe(reach(connector, shop), hook_url(connector, shop))
    bulk = adapter.bulk
    if bulk is not None and not is_over(connector, shop, reach(connector, shop), bulk):
        raise Retryable("The store is still writing listings in bulk: try again in a few minutes.")
    with connector.db.begin() as tx:
        if leaving.is_being_written(tx, shop.id, connector.clock()):
            raise Retryable("A worker is writing this store's listings at the moment: try again in two minutes.")
        shown, switched = leaving.shown(tx, shop.id), selling.put_back(tx, shop.id)
        orders = leaving.written_orders(tx, shop.id, MOST_ORDERS)
    listings = tuple(WriteListing(item, parent, ListingState.WITHDRAWN, None, 0, "") for item, parent in shown)

    def reached() -> StoreAccess:
        return reach(connector, shop)

    written = _batched(listings, adapter.listing_batch, lambda some: adapter.write(reached(), some))
    policy = adapter.policy
    back = _batched(switched, adapter.listing_batch, lambda some: policy.switch(reached(), some)) if policy else ()
    desk = adapter.desk
    cleared = _batched(orders, adapter.listing_batch, lambda some: desk.clear(reached(), some)) if desk else ()
    if any(one.retry for one in (*written, *back, *cleared)):
        raise Retryable("The store did not take all of its listings back: try again in a while.")
    return _Out(hooks, written, back, cleared, release_all(connector, shop))


def _batched(
    states: Sequence[State], most: int, write: Callable[[Sequence[State]], tuple[Written, ...]]
) -> tuple[Written, ...]:
    some = (states[start : start + most] for start in range(0, len(states), most))
    return tuple(one for batch in some for one in write(batch))
