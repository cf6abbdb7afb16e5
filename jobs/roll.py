"""Wake every store's plan: time alone makes promises pass."""

from connector.pipeline.connector import Connector
from connector.store import shops
from jobs.base import Wake


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """All stores."""
    with connector.db.begin() as tx:
        active = [shop.id for shop in shops.every(tx) if shop.status != "closed"]
    for store in active:
        wake("plan", store)
