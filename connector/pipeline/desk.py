"""Notes on orders are written, and money that is reserved is taken: once each, one after the other."""

from collections.abc import Callable

from connector.domain import parts
from connector.domain.effects import CapturePayment, NoteOrder
from connector.domain.errors import NeedsMerchant
from connector.domain.record import PaymentNotTaken, PaymentTaken
from connector.pipeline.connector import Connector
from connector.pipeline.ends import claim, ended
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
    return _each(connector, shop, NoteOrder, lambda row: desk.note(access, row.effect), "note")


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

    return _each(connector, shop, CapturePayment, take, "payment")


def _is_still_wanted(tx: Tx, store: str, wanted: CapturePayment) -> bool:
    """Whether all of the order is there now; NeedsMerchant where a part of it is not to be paid."""
    before = orderbook.look_up(tx, store, wanted.order)
    if before is None or parts.captured(before, shops.get(tx, store).settings) != wanted:
        return False
    if orderbook.has_cancelled(tx, store, wanted.order):
        raise NeedsMerchant("A part of it counts as cancelled: take the money for the rest in the store by hand.")
    return True


def _each(
    connector: Connector,
    shop: Shop,
    kind: type[NoteOrder] | type[CapturePayment],
    carry_out: Callable[[OutboxRow], None],
    problem: str,
) -> int:
    count = 0
    for row in claim(connector, shop, kind, AT_ONCE):  # type: ignore[type-var] # one of the two
        try:
            carry_out(row)
        except Exception as error:  # noqa: BLE001 - a right that these alone want must not stop the store
            _not_done(connector, shop, row, error, problem)
            continue
        with connector.db.begin() as tx:
            outbox.done(tx, [row], connector.clock())
            problems.solve_these(tx, shop.id, problem, [row.effect.order], connector.clock())
        count += 1
    return count


def _not_done(connector: Connector, shop: Shop, row: OutboxRow, error: Exception, problem: str) -> None:
    effect, now = row.effect, connector.clock()
    with connector.db.begin() as tx:
        said = ended(tx, row, error, now)
        if said is None:
            return
        if isinstance(effect, CapturePayment):
            ledger.append(tx, shop.id, [PaymentNotTaken(effect.order, effect.key, said)], now)
        problems.report(tx, shop.id, problem, effect.order, f"Order {effect.number}: {said}", now)
