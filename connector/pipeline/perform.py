"""Effects go out: after commit, by key, and what became of each is written back."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from connector.domain.effects import FetchFact, SendNotice, WriteListing
from connector.domain.errors import Ambiguous, ConnectorError, NeedsMerchant, Retryable, Terminal
from connector.domain.facts import Refetch
from connector.pipeline.connector import Connector
from connector.pipeline.letters import write_letter
from connector.pipeline.plan import plan
from connector.ports import StoreAccess, Written
from connector.store import outbox, problems, shops
from connector.store.engine import Tx, wait_for_store
from connector.store.fold import fold
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

SENDERS = 16
FETCHES = 20
PATIENCE = timedelta(minutes=1)


def perform(connector: Connector, store: str) -> int:
    """Carry out all effects of a store that are due; how many went out."""
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        if shop.status != "active":
            return 0
        try:
            access = shops.access_of(tx, connector.vault, shop)
        except NeedsMerchant as error:
            _pause(tx, shop, error, connector.clock())
            return 0
    count = 0
    for carry_out in (_fetch_all, _write_all, _send_all):
        count += carry_out(connector, shop, access)
        if not _is_active(connector, store):
            break
    return count


def _is_active(connector: Connector, store: str) -> bool:
    """Whether the store is still ours to speak to; a refusal on the way has paused it."""
    with connector.db.begin() as tx:
        return shops.get(tx, store).status == "active"


def _fetch_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    adapter, count = connector.platforms[shop.platform], 0
    while rows := _claim(connector, shop, FetchFact, FETCHES):
        for place, row in enumerate(rows):
            try:
                facts = adapter.fetch(access, Refetch(row.effect.kind, row.effect.id))
            except NeedsMerchant as error:
                _refused(connector, shop, rows[place:], error)
                return count
            except ConnectorError as error:
                _failed(connector, shop, [row], error)
                continue
            with connector.db.begin() as tx:
                wait_for_store(tx, shop.id)
                fold(tx, shop.id, facts, connector.clock())
                outbox.done(tx, [row], connector.clock())
            count += 1
    if count:
        plan(connector, shop.id)
    return count


def _write_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    adapter, count = connector.platforms[shop.platform], 0
    while rows := _claim(connector, shop, WriteListing, adapter.listing_batch):
        try:
            results = adapter.write(access, [row.effect for row in rows])
        except NeedsMerchant as error:
            _refused(connector, shop, rows, error)
            break
        except ConnectorError as error:
            _failed(connector, shop, rows, error)
            break
        count += _written(connector, shop, rows, {result.item: result for result in results})
    return count


def _written(connector: Connector, shop: Shop, rows: Sequence[OutboxRow], results: dict[str, Written]) -> int:
    now = connector.clock()
    good = [row for row in rows if results[row.effect.item].error is None]
    with connector.db.begin() as tx:
        outbox.done(tx, good, now)
        for row in good:
            problems.solve(tx, shop.id, "listing", row.effect.item, now)
        for row in rows:
            result = results[row.effect.item]
            if result.error is not None and outbox.failed(tx, row, result.error, now, None, final=not result.retry):
                text = f"The listing of product {row.effect.item} could not be written: {result.error}"
                problems.report(tx, shop.id, "listing", row.effect.item, text, now)
    return len(good)


def _send_all(connector: Connector, shop: Shop, access: StoreAccess) -> int:  # noqa: ARG001 - one shape for all kinds
    """Letters go side by side; each one's result is written as soon as it is known."""
    count = 0
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="mail") as pool:
        while rows := _claim(connector, shop, SendNotice, SENDERS):
            results = list(pool.map(lambda row: _send(connector, shop, row), rows))
            count += sum(results)
            if not any(results):
                break
    if count:
        with connector.db.begin() as tx:
            problems.solve(tx, shop.id, "mail", "", connector.clock())
    return count


def _send(connector: Connector, shop: Shop, row: OutboxRow) -> bool:
    letter = write_letter(connector.config, shop, row.effect)
    try:
        provider_id = connector.mailer.send(letter)
    except Ambiguous as error:
        with connector.db.begin() as tx:
            outbox.in_doubt(tx, row, str(error), connector.clock() + connector.config.doubt)
        return False
    except NeedsMerchant as error:
        with connector.db.begin() as tx:
            outbox.put_off(tx, [row], str(error), connector.clock() + PATIENCE)
            problems.report(tx, shop.id, "mail", "", str(error), connector.clock())
        return False
    except ConnectorError as error:
        _failed(connector, shop, [row], error)
        return False
    with connector.db.begin() as tx:
        outbox.done(tx, [row], connector.clock(), provider_id)
    return True


def _claim(connector: Connector, shop: Shop, kind: type[outbox.E], limit: int) -> tuple[OutboxRow, ...]:
    with connector.db.begin() as tx:
        return outbox.claim(tx, shop.id, kind, connector.clock(), limit)


def _failed(connector: Connector, shop: Shop, rows: Sequence[OutboxRow], error: ConnectorError) -> None:
    now = connector.clock()
    after = error.after if isinstance(error, Retryable) else None
    with connector.db.begin() as tx:
        for row in rows:
            dead = outbox.failed(tx, row, str(error), now, after, final=isinstance(error, Terminal))
            if dead:
                problems.report(tx, shop.id, "dead_letter", f"outbox:{row.id}", f"Given up: {error}", now)


def _refused(connector: Connector, shop: Shop, rows: Sequence[OutboxRow], error: NeedsMerchant) -> None:
    """The store refuses us: what was to be done waits, and was not tried in vain."""
    now = connector.clock()
    with connector.db.begin() as tx:
        outbox.put_off(tx, rows, str(error), now)
        _pause(tx, shop, error, now)


def _pause(tx: Tx, shop: Shop, error: NeedsMerchant, now: datetime) -> None:
    """A store that refuses us is left alone until the merchant connects it again."""
    shops.set_status(tx, shop.id, "paused")
    problems.report(tx, shop.id, "access", "", str(error), now)
