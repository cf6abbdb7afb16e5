"""Wake the reconciliation of every store that can be reached."""

from connector.pipeline.connector import Connector
from connector.store import shops
from jobs.base import Wake


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """All stores."""
    with connector.db.begin() as tx:
        active = [shop.id for shop in shops.every(tx) if shop.status == "active"]
    for store in active:
        wake("reconcile", store)
