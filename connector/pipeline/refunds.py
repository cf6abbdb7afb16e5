"""Cancellations are carried out in the store: once each, and never silently, whatever comes of them."""

from datetime import datetime

from connector.domain.effects import CancelLines
from connector.domain.errors import Retryable
from connector.domain.record import RefundApproved, RefundMade, RefundRefused
from connector.pipeline.connector import Connector
from connector.pipeline.ends import ended
from connector.ports import Refunded, StoreAccess
from connector.store import ledger, outbox, problems, proposals
from connector.store.engine import Tx, wait_for_store
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 5


def carry_out_refunds(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Carry out some that are due, one after the other; how many the store has done."""
    count = 0
    for _ in range(AT_ONCE):
        with connector.db.begin() as tx:
            rows = outbox.claim(tx, shop.id, CancelLines, connector.clock(), 1)
        if not rows:
            break
        try:
            _done(connector, shop, rows[0], connector.platforms[shop.platform].refund(access, rows[0].effect))
        except Retryable as error:
            _not_done(connector, shop, rows[0], error)
            break
        except Exception as error:  # noqa: BLE001 - a right that refunds alone want must not stop the store
            _not_done(connector, shop, rows[0], error)
            continue
        count += 1
    return count


def approve(connector: Connector, store: str, order: str) -> bool:
    """The merchant has what is proposed for an order carried out; False where there is nothing of the kind."""
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        keys = proposals.approve(tx, store, CancelLines, order, now)
        ledger.append(tx, store, [RefundApproved(order, key) for key in keys], now)
    return bool(keys)


def _done(connector: Connector, shop: Shop, row: OutboxRow, done: Refunded) -> None:
    effect, now = row.effect, connector.clock()
    amount = str(done.amount) if done.amount else ""
    made = RefundMade(effect.order, effect.key, amount, done.currency, done.cancelled)
    with connector.db.begin() as tx:
        outbox.done(tx, [row], now, made.words())
        ledger.append(tx, shop.id, [made], now)
        text = f"Order {effect.number}: {made.words()} This goes once the store has told us so by itself."
        problems.amend(tx, shop.id, "refund", effect.order, text, now)


def _not_done(connector: Connector, shop: Shop, row: OutboxRow, error: Exception) -> None:
    now = connector.clock()
    with connector.db.begin() as tx:
        said = ended(tx, row, error, now)
        if said is None:
            return
        tell_not_done(tx, shop.id, row, said, now)


def tell_not_done(tx: Tx, store: str, row: OutboxRow, said: str, now: datetime) -> None:
    """Show the merchant a cancellation that is not tried any more, and why."""
    effect: CancelLines = row.effect
    ledger.append(tx, store, [RefundRefused(effect.order, effect.key, said)], now)
    problems.report(tx, store, "refund", effect.order, f"Order {effect.number}: {said}", now)
