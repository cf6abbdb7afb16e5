"""Deliveries become facts, facts become books: oldest first, one writer a store, one transaction a batch."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from connector.domain.errors import Terminal
from connector.pipeline.connector import Connector
from connector.pipeline.found import take
from connector.pipeline.plan import plan
from connector.pipeline.saying import given_up, in_words
from connector.ports import Platform
from connector.store import inbox, problems, shops
from connector.store.engine import Tx, lock_store
from connector.store.inbox import InboxRow
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
            shop = shops.get(tx, store)
            rows = inbox.due(tx, store, connector.clock(), BATCH)
            _fold_rows(connector, tx, shop, rows)
        folded += len(rows)
        if not rows:
            break
    plan(connector, store)
    return folded


def _fold_rows(connector: Connector, tx: Tx, shop: Shop, rows: Sequence[InboxRow]) -> None:
    if shop.status == "closed":
        inbox.done(tx, [row.id for row in rows])
        return
    if not _fold_together(connector, tx, shop, rows):
        for row in rows:
            _fold_one(connector, tx, shop, row)


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
            said = f"A message of the store could not be read. {given_up(row.attempts + 1)}: {text}"
            problems.report(tx, shop.id, "dead_letter", f"inbox:{row.id}", said, now)
