"""Wake the watch of every store whose day is over."""

from connector.pipeline.connector import Connector
from connector.store import demand, shops
from jobs.base import Wake


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """All stores."""
    now = connector.clock()
    with connector.db.begin() as tx:
        open_ = [shop for shop in shops.every(tx) if shop.status != "closed"]
        due = [
            shop.id for shop in open_ if not demand.is_learned(tx, shop.id, now.astimezone(shop.settings.zone).date())
        ]
    for store in due:
        wake("watch", store)
