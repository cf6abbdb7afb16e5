"""Wake whatever has due rows, so that a lost wake-up costs seconds and never an event."""

from connector.pipeline.connector import Connector
from connector.pipeline.left import take_up_left
from connector.store import bulk_writes, departures, feeds, inbox, outbox, plans, requests, shops
from jobs.base import Wake


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """All stores and feeds."""
    now = connector.clock()
    take_up_left(connector)
    with connector.db.begin() as tx:
        found = [("absorb", store) for store in inbox.stores_due(tx, now)]
        found += [("plan", store) for store in plans.stores_dirty(tx, now)]
        found += [("perform", store) for store in outbox.stores_due(tx, now)]
        found += [("perform", store) for store in bulk_writes.stores_due(tx, now)]
        found += [("poll_failing" if feed.failing else "poll", str(feed.id)) for feed in feeds.due(tx, now)]
        found += [("take_in", store) for store, until in shops.importing(tx) if until <= now]
        found += [("answer_requests", store) for store in requests.stores_due(tx, now)]
        found += [("disconnect", store) for store in departures.due(tx, now)]
    for job, about in found:
        wake(job, about)
