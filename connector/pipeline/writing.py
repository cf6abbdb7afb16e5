"""States are written to a store in batches: one bad entry leaves the others, and each is told by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connector.domain.effects import SwitchBackorders, WriteListing, WriteOrder
from connector.domain.errors import NeedsMerchant, Retryable, RightWanted
from connector.pipeline.connector import Connector
from connector.pipeline.customers import order_link
from connector.pipeline.ends import SLICE, claim, failed, refused, wants_right
from connector.pipeline.in_bulk import write_in_bulk
from connector.ports import StoreAccess, Written
from connector.store import outbox, problems, selling
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of state: how some are written, how many at once, and what is said of one that could not be."""

    effect: type[Any]
    write: Callable[[StoreAccess, Sequence[Any]], tuple[Written, ...]]
    limit: int
    problem: str
    words: str


def write_listings(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Write listings that are due, for about a second, or have very many written in bulk; how many the store has."""
    adapter = connector.platforms[shop.platform]
    words = "The listing of product {} could not be written: {}"
    kind = _Kind(WriteListing, adapter.write, adapter.listing_batch, "listing", words)
    count, waits = 0, False
    if adapter.bulk is not None:
        settle = partial(_written, connector, shop, kind)
        count, waits = write_in_bulk(connector, shop, access, adapter.bulk, settle)
    return count if waits else count + _all(connector, shop, access, kind)


def switch_backorders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Switch policies that are due, for about a second; how many the store has."""
    adapter = connector.platforms[shop.platform]
    if adapter.policy is None:
        return 0
    words = "Whether product {} sells beyond its stock could not be switched: {}"
    kind = _Kind(SwitchBackorders, adapter.policy.switch, adapter.listing_batch, "policy", words)
    return _all(connector, shop, access, kind)


def write_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Write how orders stand that are due, for about a second; how many the store has."""
    adapter = connector.platforms[shop.platform]
    desk = adapter.desk
    if desk is None:
        return 0

    def write(access: StoreAccess, orders: Sequence[WriteOrder]) -> tuple[Written, ...]:
        return desk.write(access, [(one, order_link(connector.config, shop.id, one.order)) for one in orders])

    words = "How order {} stands could not be written to the store: {}"
    return _all(connector, shop, access, _Kind(WriteOrder, write, adapter.listing_batch, "order", words))


def _all(connector: Connector, shop: Shop, access: StoreAccess, kind: _Kind) -> int:
    count, until = 0, connector.clock() + SLICE
    while connector.clock() <= until and (rows := claim(connector, shop, kind.effect, kind.limit)):
        try:
            count += _write(connector, shop, access, kind, rows)
        except RightWanted as error:
            wants_right(connector, shop, rows, kind.problem, error)
            break
        except NeedsMerchant as error:
            refused(connector, shop, rows, error)
            break
        except Retryable as error:
            failed(connector, shop, rows, error)
            break
    return count


def _write(connector: Connector, shop: Shop, access: StoreAccess, kind: _Kind, rows: Sequence[OutboxRow]) -> int:
    """Write some together; where the whole of them is refused, in halves, until the one is alone that is bad."""
    try:
        results = kind.write(access, [row.effect for row in rows])
        return _written(connector, shop, kind, list(zip(rows, results, strict=True)))
    except (NeedsMerchant, Retryable):
        raise
    except Exception as error:  # noqa: BLE001 - it is kept on the row that it comes of
        if len(rows) == 1:
            failed(connector, shop, rows, error)
            return 0
    middle = len(rows) // 2
    return sum(_write(connector, shop, access, kind, half) for half in (rows[:middle], rows[middle:]))


def _written(connector: Connector, shop: Shop, kind: _Kind, ends: Sequence[tuple[OutboxRow, Written]]) -> int:
    now = connector.clock()
    good = [row for row, result in ends if result.error is None]
    with connector.db.begin() as tx:
        outbox.done(tx, good, now)
        problems.solve_these(tx, shop.id, kind.problem, [_subject(row) for row in good], now)
        if good:
            problems.solve(tx, shop.id, "rights", kind.problem, now)
        selling.leave(tx, shop.id, [result.item for _, result in ends if result.by_hand])
        for row, result in ends:
            if result.error is not None and outbox.failed(tx, row, result.error, now, None, final=not result.retry):
                text = kind.words.format(_subject(row), result.error)
                problems.report(tx, shop.id, kind.problem, _subject(row), text, now)
    return len(good)


def _subject(row: OutboxRow) -> str:
    subject: str = row.effect.key.partition(":")[2]
    return subject
