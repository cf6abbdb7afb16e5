"""Look ahead for one store, and have staff told."""

from connector.pipeline.connector import Connector
from connector.pipeline.watch import watch
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store's watch."""
    watched = watch(connector, store)
    if watched is not None and watched.crossed:
        wake("perform", store)
