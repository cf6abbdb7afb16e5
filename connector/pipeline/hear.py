"""What the mail service says became of notices: kept once each, and written behind what was promised."""

from collections.abc import Iterable
from dataclasses import replace

from connector.domain.addresses import without_addresses
from connector.domain.effects import SendNotice
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.domain.record import NoticeReported, Words
from connector.pipeline.connector import Connector
from connector.store import ledger, orderbook, outbox
from connector.store.engine import Tx, wait_for_store
from connector.store.unwanted import wake


def hear(connector: Connector, events: Iterable[NoticeEvent]) -> None:
    """Take in events, each by itself so that no two orders are held at once; Retryable where the database is away."""
    for event in events:
        with connector.db.begin() as tx:
            store, notice = outbox.notice_of(tx, event.notice) or ("", None)
            known = (notice.to, notice.name) if notice else ()
            for new in outbox.fold_events(tx, [replace(event, detail=without_addresses(event.detail, *known))]):
                if notice:
                    _record(connector, tx, store, notice, new)


def _record(connector: Connector, tx: Tx, store: str, notice: SendNotice, event: NoticeEvent) -> None:
    now = connector.clock()
    unreached = event.outcome is NoticeOutcome.FAILED and notice.serial is not None
    unwanted = event.outcome is NoticeOutcome.UNWANTED and notice.to != ""
    if unreached or unwanted:
        wait_for_store(tx, store)  # before the order is held: a plan takes them in this order too
    said = NoticeReported(notice.order, notice.key, event.outcome, event.at, Words(event.detail))
    ledger.append(tx, store, [said], now)
    if unreached and notice.serial is not None:
        orderbook.put_unreached(tx, store, notice.order, notice.serial, notice.to, now)
    if unwanted:
        wake(tx, store, notice.to, now)
