"""Carry out a store's effects."""

from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.store import outbox
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store's effects; what is left waits behind other stores'."""
    if perform(connector, store):
        with connector.db.begin() as tx:
            left = outbox.is_due(tx, store, connector.clock())
        if left:
            wake("perform", store)
