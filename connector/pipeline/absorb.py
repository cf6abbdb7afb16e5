"""Deliveries become facts, facts become books: oldest first, one writer a store, one transaction a batch."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from connector.domain.errors import Terminal
from connector.pipeline.connector import Connector
from connector.pipeline.found import take
from connector.pipeline.plan import plan
from connector.pipeline.saying import given_up, in_words
from connector.ports import Platform
from connector.store import folding, inbox, problems, shops
from connector.store.engine import Tx, lock_store
from connector.store.inbox import LOST, InboxRow
from connector.store.shops import Shop

BATCH = 500
SLICE = timedelta(seconds=5)
log = structlog.get_logger()


def absorb(connector: Connector, store: str) -> int:
    """Fold what waits in a store's inbox, for some seconds, then plan what it touched; how many were folded.

    Other stores wait for the same worker, so whoever has more is woken again, behind them.
    """
    folded, until = 0, connector.clock() + SLICE
    while connector.clock() <= until:
        with connector.db.begin() as tx:
            if not lock_store(tx, store):
                break
            if folding.take_up_left(tx, store):
                continue
            rows = _fold_some(connector, tx, shops.get(tx, store))
        folded += len(rows)
        if not rows:
            break
    plan(connector, store)
    return folded


def _fold_some(connector: Connector, tx: Tx, shop: Shop) -> Sequence[InboxRow]:
    """Fold the oldest that are due; those that it came to an end with."""
    rows = inbox.due(tx, shop.id, connector.clock(), BATCH)
    if shop.status == "closed":
        inbox.done(tx, [row.id for row in rows])
        return rows
    if rows := folding.to_fold(rows):
        _fold_rows(connector, tx, shop, rows)
    return rows


def _fold_rows(connector: Connector, tx: Tx, shop: Shop, rows: Sequence[InboxRow]) -> None:
    if folding.is_hopeless(rows[0]):
        _give_up(connector, tx, shop, rows[0])
        return
    folding.begin(connector.db, shop.id, rows, connector.clock())
    if not _fold_together(connector, tx, shop, rows):
        for row in rows:
            _fold_one(connector, tx, shop, row)
    folding.end(tx, shop.id)


def _give_up(connector: Connector, tx: Tx, shop: Shop, row: InboxRow) -> None:
    inbox.give_up(tx, row)
    _tell(tx, shop, row, row.attempts, LOST, connector.clock())


def _tell(tx: Tx, shop: Shop, row: InboxRow, tries: int, why: str, now: datetime) -> None:
    said = f"A message of the store could not be read. {given_up(tries)}: {why}"
    problems.report(tx, shop.id, "dead_letter", f"inbox:{row.id}", said, now)


def _fold_together(connector: Connector, tx: Tx, shop: Shop, rows: Sequence[InboxRow]) -> bool:
    """The quick way; False, and nothing done, where one of them is bad."""
    adapter = connector.platforms[shop.platform]
    try:
        with tx.begin_nested():
            facts = [fact for row in rows for fact in adapter.parse(row.delivery)]
            take(tx, shop.id, facts, connector.clock())
            inbox.done(tx, [row.id for row in rows])
    except Exception as error:  # noqa: BLE001 - the same error comes back in _fold_one and is kept on its row
        log.warning("batch_has_a_bad_delivery", store=shop.id, rows=len(rows), error=type(error).__name__)
        return False
    return True


def _fold_one(connector: Connector, tx: Tx, shop: Shop, row: InboxRow) -> None:
    adapter: Platform = connector.platforms[shop.platform]
    now = connector.clock()
    try:
        with tx.begin_nested():
            take(tx, shop.id, adapter.parse(row.delivery), now)
            inbox.done(tx, [row.id])
    except Exception as error:  # noqa: BLE001 - a poison delivery must not stop the others; it is kept on the row
        text = in_words(error)
        if inbox.failed(tx, row, text, now, final=isinstance(error, Terminal)):
            _tell(tx, shop, row, row.attempts + 1, text, now)
