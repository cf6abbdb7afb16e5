"""Carry out a store's effects."""

from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:  # noqa: ARG001 - every job has this shape
    """One store's effects."""
    perform(connector, store)
