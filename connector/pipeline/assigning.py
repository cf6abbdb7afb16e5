"""Where orders ship from is asked of a store that knows it, as far as somebody's date rests on it."""

from collections.abc import Collection
from datetime import datetime

from connector.domain.effects import FetchFact
from connector.pipeline.connector import Connector
from connector.store import outbox, places, problems
from connector.store.engine import Tx
from connector.store.shops import Shop

MOST = 200


def ask(connector: Connector, tx: Tx, shop: Shop, stocks: Collection[str], now: datetime) -> None:
    """Have those orders of these stocks looked at of which it matters, and is not known, where they ship from."""
    if _can_tell(connector, shop) and stocks and not problems.is_open(tx, shop.id, places.PROBLEM):
        _ask(tx, shop.id, places.unassigned(tx, shop.id, stocks, MOST), now)


def ask_for_all(connector: Connector, tx: Tx, shop: Shop, now: datetime) -> None:
    """The same of all orders; of one, where the store is known not to tell it."""
    if _can_tell(connector, shop):
        hidden = problems.is_open(tx, shop.id, places.PROBLEM)
        _ask(tx, shop.id, places.unassigned(tx, shop.id, None, 1 if hidden else MOST), now)


def _can_tell(connector: Connector, shop: Shop) -> bool:
    platform = connector.platforms.get(shop.platform)
    return platform is not None and platform.fulfilment is not None


def _ask(tx: Tx, store: str, orders: Collection[str], now: datetime) -> None:
    outbox.put_states(tx, store, [FetchFact("assignments", order) for order in orders], now)
