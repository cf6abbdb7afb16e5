"""What the mail service says became of notices: kept once each, and written behind what was promised."""

from collections.abc import Iterable

from connector.domain.facts import NoticeEvent
from connector.domain.record import NoticeReported
from connector.pipeline.connector import Connector
from connector.store import ledger, outbox
from connector.store.engine import Tx


def hear(connector: Connector, events: Iterable[NoticeEvent]) -> None:
    """Take in events, each by itself so that no two orders are held at once; Retryable where the database is away."""
    for event in events:
        with connector.db.begin() as tx:
            for new in outbox.fold_events(tx, [event]):
                _record(connector, tx, new)


def _record(connector: Connector, tx: Tx, event: NoticeEvent) -> None:
    found = outbox.notice_of(tx, event.notice)
    if found is None:
        return
    store, notice = found
    said = NoticeReported(notice.order, notice.key, event.outcome, event.at, event.detail)
    ledger.append(tx, store, [said], connector.clock())
