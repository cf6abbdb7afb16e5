"""Look at a supplier's feed, and plan what it changed."""

from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.pipeline.restock import poll
from connector.store import feeds
from jobs.base import Wake


def run(connector: Connector, wake: Wake, feed: str) -> None:
    """One feed."""
    with connector.db.begin() as tx:
        store = feeds.get(tx, int(feed)).store
    if poll(connector, int(feed)).changed:
        plan(connector, store)
        wake("perform", store)
