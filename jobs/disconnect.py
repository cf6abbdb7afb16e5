"""Disconnect a store whose merchant asked for it."""

from connector.pipeline import disconnect
from connector.pipeline.connector import Connector
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:  # noqa: ARG001 - every job has this shape
    """One store."""
    disconnect.disconnect(connector, store)
