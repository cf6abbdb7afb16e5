"""Fold a store's inbox, and have what follows carried out."""

from connector.pipeline.absorb import absorb
from connector.pipeline.connector import Connector
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store's deliveries."""
    absorb(connector, store)
    wake("perform", store)
