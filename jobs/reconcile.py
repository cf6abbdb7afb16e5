"""Read again what webhooks may not have told."""

from connector.domain.errors import BadInput, NeedsMerchant
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import refused
from connector.pipeline.reconcile import reconcile
from connector.pipeline.saying import in_words
from connector.store import problems
from jobs.base import Wake


def run(connector: Connector, wake: Wake, store: str) -> None:
    """One store."""
    now = connector.clock()
    try:
        reconcile(connector, store)
    except BadInput:  # there is no such store, so that there is nobody to tell
        raise
    except Exception as error:  # noqa: BLE001 - it is kept as the store's problem until the next time
        with connector.db.begin() as tx:
            if isinstance(error, NeedsMerchant):
                refused(connector, tx, store, error, now)
            else:
                problems.report(tx, store, "reconcile", "", in_words(error), now)
        return
    with connector.db.begin() as tx:
        problems.solve(tx, store, "reconcile", "", now)
    wake("perform", store)
