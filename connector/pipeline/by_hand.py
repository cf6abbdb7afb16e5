"""What a customer has to be told whom no mail can tell, and that the merchant has told it."""

from dataclasses import dataclass
from datetime import datetime

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import RULES
from connector.domain.obligations import WRITTEN, ByHand, OptionNotice
from connector.domain.owing import regime_for, to_tell
from connector.domain.record import Note, ToldByHand
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.pipeline.tasks import STAFF_TASK
from connector.store import ledger, orderbook, problems, shops
from connector.store.engine import Tx, wait_for_store

TASKS = (STAFF_TASK,)
CHANGED = "what has to be told has changed"


@dataclass(frozen=True, slots=True)
class Untold:
    """What a customer has to be told by hand: an option, what the desk's task says, or both.

    `in_writing`: the law takes no spoken word for it.
    """

    option: OptionNotice | None
    in_writing: bool
    task: str

    @property
    def offered(self) -> str:
        """The date of the option as it is sent along with the form ("": none)."""
        return self.option.eta.isoformat() if self.option and self.option.eta else ""


def untold(connector: Connector, store: str, order: str) -> Untold | None:
    """What has to be told by hand; None where that is nothing."""
    if "\x00" in order:  # PostgreSQL has no such text
        return None
    with connector.db.begin() as tx:
        return _untold(tx, store, order, connector.clock())


def _untold(tx: Tx, store: str, order: str, now: datetime) -> Untold | None:
    shop, before = shops.get(tx, store), orderbook.look_up(tx, store, order)
    if before is None:
        return None
    option = to_tell(before, shop.settings, now)
    task = "; ".join(problems.about(tx, store, TASKS, order))
    if option is None and not task:
        return None
    rules = RULES.get(regime_for(before, shop.settings))
    in_writing = rules is not None and rules.in_writing
    return Untold(option, in_writing, task)


def told(
    connector: Connector, store: str, order: str, how: str, happened: datetime, note: Note, offered: str = ""
) -> None:
    """The merchant has told a customer; `offered` is the date as the form showed it.

    BadInput where nothing has to be told, or something else than was shown, or the law wants it in writing.
    """
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        found = _untold(tx, store, order, now)
        if found is None or found.offered != offered:
            raise BadInput(f"offered: {CHANGED}")
        if found.option and found.in_writing and how not in WRITTEN:
            raise BadInput("how: this law wants it in writing")
        _check_time(tx, store, order, happened, now)
        date = found.option.eta if found.option else None
        ledger.append(tx, store, [ToldByHand(order, how, happened, date, note)], now)
        if found.option:
            orderbook.put_told(tx, store, order, ByHand(how, date))
        problems.solve(tx, store, STAFF_TASK, order, now)
    plan(connector, store)


def _check_time(tx: Tx, store: str, order: str, happened: datetime, now: datetime) -> None:
    before = orderbook.look_up(tx, store, order)
    if before is None or not before.placed_at <= happened <= now:
        raise BadInput("when: must be between the order and now")
