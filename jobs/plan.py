"""Plan a store's dirty stocks, and have what follows carried out."""

from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store's plan."""
    planned = plan(connector, store)
    if planned.stocks or planned.notices:
        wake("perform", store)
