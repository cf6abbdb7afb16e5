"""Wake the reconciliation of every store that is read in and not left; one that is paused is tried again by it."""

from connector.pipeline.connector import Connector
from connector.store import shops
from jobs.base import Wake


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """All stores."""
    with connector.db.begin() as tx:
        unread = {store for store, _ in shops.importing(tx)}
        ours = [shop.id for shop in shops.every(tx) if shop.status != "closed" and shop.id not in unread]
    for store in ours:
        wake("reconcile", store)
