"""Goods that a store itself has on their way, as supply: followed where its merchant wants that."""

from connector.domain.effects import INCOMING
from connector.domain.facts import SupplySnapshot
from connector.pipeline.connector import Connector
from connector.store import outbox, shops, supplies
from connector.store.engine import wait_for_store


def follow(connector: Connector, store: str) -> None:
    """Have a store asked for what it has on its way; what it said counts no more where that is not wanted."""
    now = connector.clock()
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        supplier = connector.platforms[shop.platform].incoming
        if supplier is None:
            return
        if shop.settings.follow_transfers:
            outbox.put_state(tx, store, INCOMING, now)
            return
        wait_for_store(tx, store)
        supplies.fold_supply(tx, store, SupplySnapshot(supplier, (), now), now)
