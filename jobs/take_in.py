"""Read a newly connected store in, or go on where that was interrupted."""

from connector.domain.errors import BadInput, NeedsMerchant
from connector.pipeline.connect import take_in
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import refused
from connector.pipeline.saying import in_words
from connector.store import problems
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store."""
    now = connector.clock()
    try:
        if not take_in(connector, store):
            return
    except BadInput:  # there is no such store, so that there is nobody to tell
        raise
    except Exception as error:  # noqa: BLE001 - it is kept as the store's problem until it goes on
        with connector.db.begin() as tx:
            if isinstance(error, NeedsMerchant):
                refused(connector, tx, store, error, now)
            else:
                problems.report(tx, store, "import", "", in_words(error), now)
        return
    with connector.db.begin() as tx:
        problems.solve(tx, store, "import", "", now)
    wake("perform", store)
