"""Effects are claimed; those that fail go again, are given up and told, or have the store rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connector.domain.effects import FetchFact
from connector.domain.errors import NeedsMerchant, Retryable, RightWanted, ShutOut, Terminal, Undecided
from connector.pipeline import record
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import refused as leave_alone
from connector.pipeline.saying import given_up, in_words, report_given_up
from connector.pipeline.unused import tell_given_up
from connector.store import outbox, problems
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

SLICE = timedelta(seconds=1)
RIGHTS_AGAIN = timedelta(hours=1)


def claim(connector: Connector, shop: Shop, kind: type[outbox.E], limit: int) -> tuple[OutboxRow, ...]:
    """Take some due effects of one kind."""
    with connector.db.begin() as tx:
        return outbox.claim(tx, shop.id, kind, connector.clock(), limit)


def failed(connector: Connector, shop: Shop, rows: Sequence[OutboxRow], error: Exception) -> None:
    """Not performed: it is tried again later, or given up and told."""
    now, text = connector.clock(), in_words(error)
    with connector.db.begin() as tx:
        if isinstance(error, Retryable) and error.after is not None:  # we are asked to wait, whatever it is
            outbox.put_off(tx, rows, text, wait_until(error.after, now))
            return
        for row in rows:
            if outbox.failed(tx, row, text, now, None, final=isinstance(error, Terminal)):
                if isinstance(row.effect, FetchFact):
                    tell_given_up(tx, shop.id, now)
                    continue
                record.given_up(tx, shop.id, row, text, now)
                report_given_up(tx, shop.id, row, text, now)


Write = Callable[[Tx], None]


@dataclass(frozen=True, slots=True)
class Once:
    """What goes once: so many in a turn. `perform` does one in the store, and gives what is written down of its end.

    `tell` says of one that was given up, and why. `right` names what waits while the app lacks the right to it.
    """

    kind: type[Any]
    limit: int
    perform: Callable[[OutboxRow], Write]
    tell: Callable[[Tx, OutboxRow, str, datetime], None]
    right: str


def carry_out(connector: Connector, shop: Shop, once: Once) -> int:
    """Carry some out that are due, one after the other; how many were. A store that is busy is left for this turn."""
    count = 0
    for _ in range(once.limit):
        rows: tuple[OutboxRow, ...] = claim(connector, shop, once.kind, 1)
        if not rows:
            break
        try:
            write = once.perform(rows[0])
        except RightWanted as error:
            wants_right(connector, shop, rows, once.right, error)
            break
        except ShutOut as error:
            refused(connector, shop, rows, error)
            break
        except Exception as error:  # noqa: BLE001 - a right that this alone wants must not stop the store
            _keep(connector, once, rows[0], error)
            if isinstance(error, Retryable):
                break
            continue
        with connector.db.begin() as tx:
            write(tx)
        count += 1
    return count


def _keep(connector: Connector, once: Once, row: OutboxRow, error: Exception) -> None:
    now = connector.clock()
    with connector.db.begin() as tx:
        if (said := ended(tx, row, error, now)) is not None:
            once.tell(tx, row, said, now)


def ended(tx: Tx, row: OutboxRow, error: Exception, now: datetime) -> str | None:
    """What goes once was not performed: what to say where it was given up, None where it goes again."""
    text, again = in_words(error), isinstance(error, Retryable)
    if isinstance(error, Retryable) and error.after is not None:  # we are asked to wait, which is no try
        outbox.put_off(tx, [row], text, wait_until(error.after, now), begun=isinstance(error, Undecided))
        return None
    if not outbox.failed(tx, row, text, now, None, final=not again):
        return None
    return f"{given_up(row.attempts)}: {text}." if again else text


def wait_until(after: float, now: datetime) -> datetime:
    """Times are given in whole seconds, so none at all is the rest of one."""
    return now + max(timedelta(seconds=after), SLICE)


def wants_right(
    connector: Connector, shop: Shop, rows: Sequence[OutboxRow], what: str, error: RightWanted
) -> None:
    """A right is missing that these alone want: all of their kind wait for it, and the merchant is told once."""
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.put_off(tx, rows, str(error), now + RIGHTS_AGAIN)
        outbox.hold_back(tx, shop.id, type(rows[0].effect), now + RIGHTS_AGAIN)
        problems.state(tx, shop.id, "rights", what, str(error), now)


def refused(connector: Connector, shop: Shop, rows: Sequence[OutboxRow], error: NeedsMerchant) -> None:
    """The store refuses us: what was to be done waits, and was not tried in vain."""
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.put_off(tx, rows, str(error), now)
        leave_alone(connector, tx, shop.id, error, now)
