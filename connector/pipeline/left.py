"""What dead workers left is taken up; what they died of again and again is given up, and shown to the merchant."""

from datetime import datetime

from connector.domain.effects import AlertStaff, CancelLines, FetchFact, SendNotice
from connector.pipeline.connector import Connector
from connector.pipeline.refunds import tell_not_done
from connector.pipeline.saying import given_up, report_doubled, report_given_up
from connector.pipeline.unused import tell_given_up
from connector.store import outbox
from connector.store.engine import Tx
from connector.store.outbox import LOST, OutboxRow


def take_up_left(connector: Connector) -> None:
    """Effects that nobody is at any more, of all stores."""
    now = connector.clock()
    with connector.db.begin() as tx:
        for store, row in outbox.give_up_left(tx, now):
            _tell(tx, store, row, now)
        outbox.recover(tx, now, connector.config.doubt)


def _tell(tx: Tx, store: str, row: OutboxRow, now: datetime) -> None:
    if isinstance(row.effect, FetchFact):
        tell_given_up(tx, store, now)
    elif isinstance(row.effect, CancelLines):
        tell_not_done(tx, store, row, f"{given_up(row.attempts)}: {LOST}. See in the store what has been done.", now)
    elif isinstance(row.effect, SendNotice | AlertStaff):
        report_doubled(tx, store, row, LOST, now)
    else:
        report_given_up(tx, store, row, LOST, now)
