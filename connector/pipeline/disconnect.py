"""A merchant disconnects a store at the desk; once we are removed from it, nobody could take out what is ours."""

from datetime import timedelta

from connector.domain.errors import BadInput, NeedsMerchant, Retryable
from connector.domain.wording import counted
from connector.pipeline.connector import Connector
from connector.pipeline.remove import Removed, remove
from connector.pipeline.saying import in_words
from connector.store import departures, problems

KIND = "leaving"
LEASE = timedelta(minutes=30)
PAUSE = timedelta(minutes=2)
EXAMPLES = 3


def ask(connector: Connector, store: str) -> None:
    """Have a store disconnected; its listings may be many, so that nobody waits for it."""
    with connector.db.begin() as tx:
        departures.ask(tx, store, connector.clock())


def disconnect(connector: Connector, store: str) -> bool:
    """Disconnect a store whose merchant asked for it; False where nobody did, or another worker is at it."""
    with connector.db.begin() as tx:
        if not departures.hold(tx, store, connector.clock(), connector.clock() + LEASE):
            return False
    again, said = None, None
    try:
        said = _left_over(remove(connector, store))
    except BadInput:  # it was removed meanwhile
        pass
    except NeedsMerchant as error:
        said = f"The store was closed here, but its listings and our webhooks in it are as they were: {error}"
    except Exception as error:  # noqa: BLE001 - it is kept as the store's problem until it goes on
        again = connector.clock() + PAUSE if isinstance(error, Retryable) else None
        said = f"The store is closed here, but not all that is ours is out of it: {in_words(error)}"
    with connector.db.begin() as tx:
        departures.put_off(tx, store, again)
        problems.state(tx, store, KIND, "", said, connector.clock())
    return True


def _left_over(done: Removed) -> str | None:
    """In words, what a store did not take back."""
    said = []
    if done.refused:
        named = "; ".join(f"product {one.item}: {one.error}" for one in done.refused[:EXAMPLES])
        said.append(f"not every listing could be restored ({len(done.refused)} not): {named}")
    if done.held:
        named = "; ".join(f"order {one.item}: {one.error}" for one in done.held[:EXAMPLES])
        count = counted(len(done.held), "order")
        said.append(f"not everything that was held back could be released ({count}): {named}")
    return f"Disconnected, but {'; and '.join(said)}" if said else None
