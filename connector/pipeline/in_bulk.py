"""Many listings go to a store by one operation of its own, which takes minutes: begun, looked at, ended."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from connector.domain.effects import WriteListing
from connector.domain.errors import NeedsMerchant, Retryable
from connector.pipeline.connector import Connector
from connector.pipeline.ends import refused, wait_until
from connector.pipeline.saying import in_words
from connector.ports import BulkListings, StoreAccess, Written
from connector.store import bulk_writes, outbox
from connector.store.bulk_writes import HELD, BulkWrite
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

LEASE = timedelta(minutes=5)
FIRST_LOOK, LAST_LOOK = timedelta(seconds=5), timedelta(minutes=1)
STARTS = 3
UNSAID = "the store did not say what became of it in bulk"

Settle = Callable[[Sequence[tuple[OutboxRow, Written]]], int]


def write_in_bulk(
    connector: Connector, shop: Shop, access: StoreAccess, writer: BulkListings, settle: Settle
) -> tuple[int, bool]:
    """See to the bulk that is under way, or begin one where many listings are due.

    How many the store is now known to have (`settle` writes down what became of them), and whether all else that is
    due waits for the next bulk.
    """
    now, count = connector.clock(), 0
    with connector.db.begin() as tx:
        held = bulk_writes.take(tx, shop.id, now, now + LEASE)
    if held is not None:
        count = _see_to(connector, shop, access, writer, held, settle)
    with connector.db.begin() as tx:
        many = outbox.ready(tx, shop.id, WriteListing, now) >= writer.worth
        is_open = bulk_writes.is_open(tx, shop.id)
    if many and not is_open and (held is None or count):  # one that came to nothing is not followed at once
        is_open = _begin(connector, shop, access, writer)
    return count, many and is_open


def is_over(connector: Connector, shop: Shop, access: StoreAccess, writer: BulkListings) -> bool:
    """Whether a store that is let go writes nothing of ours in bulk any more; its listings are nobody's then."""
    now = connector.clock()
    with connector.db.begin() as tx:
        bulk_writes.look_now(tx, shop.id, now)
        held = bulk_writes.take(tx, shop.id, now, now + LEASE)
        if held is None:
            return not bulk_writes.is_open(tx, shop.id)
    if writer.look(access, held.name, _listings(held)) is None:
        _later(connector, shop, held, now + FIRST_LOOK)
        return False
    _release(connector, shop, held, UNSAID)
    return True


def _begin(connector: Connector, shop: Shop, access: StoreAccess, writer: BulkListings) -> bool:
    now = connector.clock()
    with connector.db.begin() as tx:
        rows = outbox.claim(tx, shop.id, WriteListing, now, writer.most, HELD)
        bulk = bulk_writes.begin(tx, shop.id, secrets.token_hex(8), rows, now, now + LEASE)
    _see_to(connector, shop, access, writer, bulk, lambda _: 0)
    with connector.db.begin() as tx:
        return bulk_writes.is_open(tx, shop.id)


def _see_to(
    connector: Connector, shop: Shop, access: StoreAccess, writer: BulkListings, bulk: BulkWrite, settle: Settle
) -> int:
    """Whatever goes wrong for good with the whole of them leaves the listings to be written a few at once."""
    now = connector.clock()
    try:
        if not bulk.started:
            _start(connector, shop, access, writer, bulk)
            return 0
        results = writer.look(access, bulk.name, _listings(bulk))
    except NeedsMerchant as error:
        with connector.db.begin() as tx:
            bulk_writes.end(tx, shop.id)
        refused(connector, shop, bulk.rows, error)
        return 0
    except Retryable as error:
        _later(connector, shop, bulk, wait_until(error.after or LAST_LOOK.total_seconds(), now))
        return 0
    except Exception as error:  # noqa: BLE001 - it is kept on the rows
        _release(connector, shop, bulk, in_words(error))
        return 0
    if results is None:
        age = now - bulk.begun_at
        _later(connector, shop, bulk, now + min(max(FIRST_LOOK, age / 4), LAST_LOOK))
        return 0
    return _settled(connector, shop, bulk, results, settle)


def _start(connector: Connector, shop: Shop, access: StoreAccess, writer: BulkListings, bulk: BulkWrite) -> None:
    """One that was to be started before may have been: the writer finds it by its name."""
    if bulk.attempts > STARTS or not writer.start(access, bulk.name, _listings(bulk)):
        _release(connector, shop, bulk, "the store takes nothing in bulk now")
        return
    with connector.db.begin() as tx:
        bulk_writes.look_at(tx, shop.id, bulk.name, connector.clock() + FIRST_LOOK, started=True)


def _settled(connector: Connector, shop: Shop, bulk: BulkWrite, results: Sequence[Written], settle: Settle) -> int:
    told = {one.item: one for one in results}
    count = settle([(row, told[row.effect.item]) for row in bulk.rows if row.effect.item in told])
    with connector.db.begin() as tx:
        outbox.put_off(tx, [row for row in bulk.rows if row.effect.item not in told], UNSAID, connector.clock())
        bulk_writes.end(tx, shop.id)
    return count


def _later(connector: Connector, shop: Shop, bulk: BulkWrite, when: datetime) -> None:
    with connector.db.begin() as tx:
        bulk_writes.look_at(tx, shop.id, bulk.name, when, started=bulk.started)


def _release(connector: Connector, shop: Shop, bulk: BulkWrite, why: str) -> None:
    with connector.db.begin() as tx:
        outbox.put_off(tx, bulk.rows, why, connector.clock())
        bulk_writes.end(tx, shop.id)


def _listings(bulk: BulkWrite) -> tuple[WriteListing, ...]:
    return tuple(row.effect for row in bulk.rows)
