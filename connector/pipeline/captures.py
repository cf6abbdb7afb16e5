"""Money of orders that waited is taken: proposed or at once, once each, and never silently, whatever comes of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from connector.domain import capture
from connector.domain.board import OrderAfter, OrderBefore
from connector.domain.effects import AlertStaff, CapturePayment
from connector.domain.errors import NeedsMerchant
from connector.domain.record import PaymentApproved, PaymentNotTaken, PaymentTaken
from connector.domain.wording import counted
from connector.pipeline.connector import Connector
from connector.pipeline.desk import AT_ONCE, ended_badly, ended_well
from connector.pipeline.ends import Once, Write, carry_out
from connector.ports import StoreAccess, Taken
from connector.store import ledger, orderbook, outbox, problems, proposals, shops
from connector.store.engine import Tx, wait_for_store
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

KIND, PROBLEM = "capture", "payment"
HOW = "Have it taken from the order's page, or do so in the store."
SUBJECT = "The reserved money of {} is about to lapse"
NAMED = 20


def put(tx: Tx, shop: Shop, told: Sequence[tuple[OrderBefore, OrderAfter]], now: datetime) -> None:
    """Have taken, or propose, what the plan says of orders' money; take back what it says no more."""
    wanted = {order.order: after.capture for order, after in told if after.capture is not None}
    new = proposals.put(tx, shop.id, wanted.values(), now)
    proposals.take_back(tx, shop.id, [order.order for order, _ in told if order.order not in wanted])
    texts = {order.order: text for order, after in told if (text := _text(order, after))}
    for subject, text in texts.items():
        problems.state(tx, shop.id, KIND, subject, text, now)
    problems.solve_these(tx, shop.id, KIND, [order.order for order, _ in told if order.order not in texts], now)
    asked = {order for order, effect in wanted.items() if effect.key in new and not effect.at_once}
    early = [(order.number, after.unpaid) for order, after in told if order.order in asked and after.unpaid]
    _alert(tx, shop, [f"Order {number}: {why}" for number, why in early], now)


def _text(order: OrderBefore, after: OrderAfter) -> str:
    """What the merchant has to know or to decide of an order's money; "" where it takes care of itself."""
    if after.capture is not None:
        return "" if after.capture.at_once else f"Order {order.number}: {after.capture.reason} {HOW}"
    return f"Order {order.number}: {after.unpaid}" if after.unpaid else ""


def _alert(tx: Tx, shop: Shop, lines: Sequence[str], now: datetime) -> None:
    """One mail about all whose reservation nears its end since the last plan."""
    if not lines or not shop.settings.staff_email:
        return
    key = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    more = (f"And {len(lines) - NAMED} more.",) if len(lines) > NAMED else ()
    subject = SUBJECT.format(counted(len(lines), "order", "orders"))
    alert = AlertStaff(f"alert:capture:{key}", shop.settings.staff_email, subject, (*lines[:NAMED], *more))
    outbox.put_once(tx, shop.id, alert, now)


def approve(connector: Connector, store: str, order: str) -> bool:
    """The merchant has the money of an order taken; False where nothing of the kind is proposed or failed."""
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        keys = proposals.approve(tx, store, CapturePayment, order, now)
        ledger.append(tx, store, [PaymentApproved(order, key) for key in keys], now)
    return bool(keys)


def capture_payments(connector: Connector, shop: Shop, access: StoreAccess) -> int:
    """Have money taken that is due; for how many orders that has ended well."""
    desk = connector.platforms[shop.platform].desk
    if desk is None:
        return 0

    def take(row: OutboxRow) -> Write:
        wanted: CapturePayment = row.effect
        with connector.db.begin() as tx:
            before = orderbook.look_up(tx, shop.id, wanted.order)
            lost = before is not None and row.attempts > 1 and _is_paid(before)  # by the try whose answer was lost
            again = _as_planned(tx, shop.id, before, connector.clock()) if before is not None else None
            still = before is not None and _is_still_wanted(tx, shop.id, before, wanted, again, connector.clock())
        if lost:
            return lambda tx: _taken(connector, tx, shop, row, sure=False)
        if not still:
            return lambda tx: _put_anew(connector, tx, shop, row, again)
        taken = desk.capture(access, wanted)
        if taken is Taken.NOW or (taken is Taken.BEFORE and row.attempts > 1):
            return lambda tx: _taken(connector, tx, shop, row, sure=taken is Taken.NOW)
        return lambda tx: ended_well(tx, shop.id, row, PROBLEM, connector.clock())

    def tell(tx: Tx, row: OutboxRow, said: str, now: datetime) -> None:
        ledger.append(tx, shop.id, [PaymentNotTaken(row.effect.order, row.effect.key, said)], now)
        problems.solve(tx, shop.id, KIND, row.effect.order, now)  # the failure says more
        ended_badly(tx, shop.id, row, PROBLEM, said, now)

    return carry_out(connector, shop, Once(CapturePayment, AT_ONCE, take, tell, PROBLEM))


def _taken(connector: Connector, tx: Tx, shop: Shop, row: OutboxRow, *, sure: bool) -> None:
    wanted, now = row.effect, connector.clock()
    entry = PaymentTaken(wanted.order, wanted.key, wanted.gateway, wanted.means, wanted.reason, sure)
    ledger.append(tx, shop.id, [entry], now)
    text = f"Order {wanted.number}: its money has been taken. This goes once the store has told us so by itself."
    problems.amend(tx, shop.id, KIND, wanted.order, text, now)
    ended_well(tx, shop.id, row, PROBLEM, now)


def _put_anew(connector: Connector, tx: Tx, shop: Shop, row: OutboxRow, effect: CapturePayment | None) -> None:
    """It is called for otherwise now, such as only proposed; or not, and is put again once it is."""
    outbox.drop(tx, row)
    proposals.put(tx, shop.id, [effect] if effect is not None else [], connector.clock())


def _as_planned(tx: Tx, store: str, before: OrderBefore, now: datetime) -> CapturePayment | None:
    settings = shops.get(tx, store).settings
    return capture.captured(before, capture.planned(before, before.stage, settings, now), settings)


def _is_paid(before: OrderBefore) -> bool:
    return before.charged and before.reserve is None and not before.authorised


def _is_still_wanted(
    tx: Tx, store: str, before: OrderBefore, wanted: CapturePayment, planned: CapturePayment | None, now: datetime
) -> bool:
    """Whether it is to be taken by what is known now; NeedsMerchant where a part of it is not to be paid.

    What the merchant has asked for is taken as long as it can be, also where its goods have another date since.
    """
    if wanted.asked:
        plan = capture.planned(before, before.stage, shops.get(tx, store).settings, now)
        called_for = plan.step in capture.OPEN and plan.means is wanted.means
    else:
        same = planned is not None and (planned.key, planned.gateway) == (wanted.key, wanted.gateway)
        called_for = same and planned is not None and planned.at_once
    if called_for and orderbook.has_cancelled(tx, store, wanted.order):
        raise NeedsMerchant("A part of it counts as cancelled: take the money for the rest in the store by hand.")
    return called_for
