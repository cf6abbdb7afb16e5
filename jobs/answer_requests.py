"""Carry out what customers ask of their data, where that wants no merchant."""

from connector.pipeline.connector import Connector
from connector.pipeline.requests import carry_out
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:  # noqa: ARG001 - every job has this shape
    """One store's."""
    carry_out(connector, store)
