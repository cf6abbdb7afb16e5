"""Cancellations are carried out in the store: once each, and never silently, whatever comes of them."""

from datetime import datetime

from connector.domain.effects import CancelLines
from connector.domain.record import RefundApproved, RefundMade, RefundRefused
from connector.pipeline.connector import Connector
from connector.pipeline.ends import Once, Write, carry_out
from connector.ports import Refunded, StoreAccess
from connector.store import ledger, outbox, problems, proposals
from connector.store.engine import Tx, wait_for_store
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 5


def carry_out_refunds(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Carry out some that are due, one after the other; how many the store has done."""
    adapter = connector.platforms[shop.platform]

    def refund(row: OutboxRow) -> Write:
        done = adapter.refund(access, row.effect)
        return lambda tx: _done(tx, shop.id, row, done, connector.clock())

    def tell(tx: Tx, row: OutboxRow, said: str, now: datetime) -> None:
        tell_not_done(tx, shop.id, row, said, now)

    return carry_out(connector, shop, Once(CancelLines, AT_ONCE, refund, tell, "refund"))


def approve(connector: Connector, store: str, order: str) -> bool:
    """The merchant has what is proposed for an order carried out; False where there is nothing of the kind."""
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        keys = proposals.approve(tx, store, CancelLines, order, now)
        ledger.append(tx, store, [RefundApproved(order, key) for key in keys], now)
    return bool(keys)


def _done(tx: Tx, store: str, row: OutboxRow, done: Refunded, now: datetime) -> None:
    effect = row.effect
    amount = str(done.amount) if done.amount else ""
    made = RefundMade(effect.order, effect.key, amount, done.currency, done.cancelled)
    outbox.done(tx, [row], now, made.words())
    ledger.append(tx, store, [made], now)
    text = f"Order {effect.number}: {made.words()} This goes once the store has told us so by itself."
    problems.amend(tx, store, "refund", effect.order, text, now)


def tell_not_done(tx: Tx, store: str, row: OutboxRow, said: str, now: datetime) -> None:
    """Show the merchant a cancellation that is not tried any more, and why."""
    effect: CancelLines = row.effect
    ledger.append(tx, store, [RefundRefused(effect.order, effect.key, said)], now)
    problems.report(tx, store, "refund", effect.order, f"Order {effect.number}: {said}", now)
