"""Drop what is not needed any more."""

from datetime import timedelta

from connector.pipeline.connector import Connector
from connector.store import inbox
from jobs.base import Wake

KEPT = timedelta(days=7)


def run(connector: Connector, wake: Wake, subject: str) -> None:  # noqa: ARG001 - every job has this shape
    """Folded deliveries of more than a week ago."""
    with connector.db.begin() as tx:
        inbox.forget(tx, connector.clock() - KEPT)
