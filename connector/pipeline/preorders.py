"""The merchant has products offered for pre-order, to be paid later; nothing of the kind happens by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.domain.errors import BadInput, Unsupported
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import reach
from connector.ports import PreOrder
from connector.store import selling, shops


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of it: whether the plan is `new`, and how many products are offered by it now, of those named."""

    new: bool
    items: int


def offer(connector: Connector, store: str, plan: PreOrder, skus: Sequence[str]) -> Offered:
    """Offer what has these SKUs by a plan; BadInput for a SKU that no product has, or more than one."""
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        found = selling.items_with(tx, store, skus)
    for sku in skus:
        count = len(found.get(sku, ()))
        if count != 1:
            what = "no product of the store has it" if not count else f"{count} products of the store have it"
            raise BadInput(f"--sku {sku}: {what}")
    platform = connector.platforms[shop.platform]
    if platform.preorders is None:
        raise Unsupported(f"A store of {shop.platform} has no pre-orders that are paid later")
    items = sorted({found[sku][0] for sku in skus})
    return Offered(platform.preorders.offer(reach(connector, shop), plan, items), len(items))
