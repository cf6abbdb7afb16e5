"""What was found in deliveries: facts go into the books, and what was not told whole is to be looked at."""

from collections.abc import Sequence
from datetime import datetime

from connector.domain.effects import INCOMING, FetchFact
from connector.domain.facts import Fact, Refetch
from connector.store import outbox, shops
from connector.store.engine import Tx
from connector.store.fold import fold


def take(tx: Tx, store: str, found: Sequence[Fact | Refetch], now: datetime) -> None:
    """Fold the facts of a store, and put the looks at it into the outbox."""
    fold(tx, store, [fact for fact in found if not isinstance(fact, Refetch)], now)
    wanted = {FetchFact(one.kind, one.id) for one in found if isinstance(one, Refetch)}
    if INCOMING in wanted and not shops.get(tx, store).settings.follow_transfers:
        wanted.remove(INCOMING)
    outbox.put_states(tx, store, sorted(wanted, key=lambda one: one.key), now)
