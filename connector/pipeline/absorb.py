"""Deliveries become facts, facts become books: oldest first, one writer a store, one transaction a batch."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from connector.domain.effects import FetchFact
from connector.domain.errors import Terminal
from connector.domain.facts import Fact, Refetch
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.pipeline.saying import given_up, in_words
from connector.ports import Platform
from connector.store import inbox, outbox, problems, shops
from connector.store.engine import Tx, lock_store
from connector.store.fold import fold
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
            _keep(connector, tx, shop, facts)
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
            _keep(connector, tx, shop, adapter.parse(row.delivery))
            inbox.done(tx, [row.id])
    except Exception as error:  # noqa: BLE001 - a poison delivery must not stop the others; it is kept on the row
        text = in_words(error)
        if inbox.failed(tx, row, text, now, final=isinstance(error, Terminal)):
            said = f"A message of the store could not be read. {given_up(row.attempts + 1)}: {text}"
            problems.report(tx, shop.id, "dead_letter", f"inbox:{row.id}", said, now)


def _keep(connector: Connector, tx: Tx, shop: Shop, found: Sequence[Fact | Refetch]) -> None:
    now = connector.clock()
    fold(tx, shop.id, [fact for fact in found if not isinstance(fact, Refetch)], now)
    wanted = {(one.kind, one.id) for one in found if isinstance(one, Refetch)}
    outbox.put_states(tx, shop.id, [FetchFact(kind, id_) for kind, id_ in sorted(wanted)], now)
