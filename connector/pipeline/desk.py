"""Notes on orders are written, and money that is reserved is taken: once each, one after the other."""

from collections.abc import Callable
from datetime import datetime

from connector.domain import parts
from connector.domain.effects import CapturePayment, NoteOrder
from connector.domain.errors import NeedsMerchant
from connector.domain.record import PaymentNotTaken, PaymentTaken
from connector.pipeline.connector import Connector
from connector.pipeline.ends import Once, Write, carry_out
from connector.ports import StoreAccess
from connector.store import ledger, orderbook, outbox, problems, shops
from connector.store.engine import Tx
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

AT_ONCE = 10


def note_orders(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Write notes that are due; how many the store has."""
    desk = connector.platforms[shop.platform].desk
    if desk is None:
        return 0

    def note(row: OutboxRow) -> None:
        desk.note(access, row.effect)

    return carry_out(connector, shop, _once(connector, shop, NoteOrder, note, "note"))


def capture_payments(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Have money taken that is due; how many orders the store has moved on."""
    desk = connector.platforms[shop.platform].desk
    if desk is None:
        return 0

    def take(row: OutboxRow) -> None:
        wanted: CapturePayment = row.effect
        with connector.db.begin() as tx:
            if not _is_still_wanted(tx, shop.id, wanted):
                outbox.drop(tx, row)  # and is put again once all is there
                return
        if desk.capture(access, wanted):
            with connector.db.begin() as tx:
                taken = PaymentTaken(wanted.order, wanted.key, wanted.gateway)
                ledger.append(tx, shop.id, [taken], connector.clock())

    return carry_out(connector, shop, _once(connector, shop, CapturePayment, take, "payment"))


def _is_still_wanted(tx: Tx, store: str, wanted: CapturePayment) -> bool:
    """Whether all of the order is there now; NeedsMerchant where a part of it is not to be paid."""
    before = orderbook.look_up(tx, store, wanted.order)
    if before is None or parts.captured(before, shops.get(tx, store).settings) != wanted:
        return False
    if orderbook.has_cancelled(tx, store, wanted.order):
        raise NeedsMerchant("A part of it counts as cancelled: take the money for the rest in the store by hand.")
    return True


def _once(
    connector: Connector,
    shop: Shop,
    kind: type[NoteOrder] | type[CapturePayment],
    act: Callable[[OutboxRow], None],
    problem: str,
) -> Once:
    def perform(row: OutboxRow) -> Write:
        act(row)
        return lambda tx: _done(tx, shop.id, row, problem, connector.clock())

    def tell(tx: Tx, row: OutboxRow, said: str, now: datetime) -> None:
        effect = row.effect
        if isinstance(effect, CapturePayment):
            ledger.append(tx, shop.id, [PaymentNotTaken(effect.order, effect.key, said)], now)
        problems.report(tx, shop.id, problem, effect.order, f"Order {effect.number}: {said}", now)

    return Once(kind, AT_ONCE, perform, tell)


def _done(tx: Tx, store: str, row: OutboxRow, problem: str, now: datetime) -> None:
    outbox.done(tx, [row], now)
    problems.solve_these(tx, store, problem, [row.effect.order], now)
