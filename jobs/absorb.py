"""Fold a store's inbox, and have what follows carried out."""

from connector.pipeline.absorb import absorb
from connector.pipeline.connector import Connector
from connector.store import inbox
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store's deliveries; what is left waits behind other stores'."""
    absorb(connector, store)
    wake("perform", store)
    with connector.db.begin() as tx:
        left = inbox.is_due(tx, store, connector.clock())
    if left:
        wake("absorb", store)
