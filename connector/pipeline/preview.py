"""The blast radius of a supplier's file: the real plan is made with it, counted, and taken back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from connector.domain.blast import Blast, FallsDue
from connector.domain.board import OrderAfter
from connector.domain.facts import SupplySnapshot
from connector.domain.obligations import (
    DeemedCancelled,
    Duty,
    ObligationOpened,
    StaffNeeded,
    StaffReason,
    Template,
)
from connector.domain.obligations.days import local_day
from connector.domain.promise import PromiseMade, Reason
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan_some
from connector.pipeline.rejected import rejected_words
from connector.store import feeds, plans, problems, shops, supplies
from connector.store.engine import Tx, wait_for_store
from connector.store.matching import NOBODYS, SEVERAL
from connector.store.oddities import OVERDUE, TWICE
from connector.store.plans import Priced
from connector.store.shops import Shop

STRANGE = (NOBODYS, SEVERAL, OVERDUE, TWICE)
CENT = Decimal("0.01")
DUTIES = {Template.FIRST.value: Duty.FIRST_OPTION, Template.RENEWED.value: Duty.RENEWED_OPTION}


def preview(connector: Connector, feed_id: int, body: bytes) -> Blast:
    """What a file of a feed would do; nothing is changed. Unreadable for a file that cannot be read."""
    now = connector.clock()
    with connector.db.begin() as tx:
        feed = feeds.get(tx, feed_id)
        read = connector.formats[feed.format].read(body, feed.mapping, None)
        wait_for_store(tx, feed.store)
        rows = supplies.completed(tx, feed.store, feed.supplier, read)
        blast = measure(tx, shops.get(tx, feed.store), SupplySnapshot(feed.supplier, rows, now))
        unread = rejected_words(feed.supplier, read.rejected)
        return replace(blast, strange=(unread, *blast.strange)) if unread else blast


def measure(tx: Tx, shop: Shop, fact: SupplySnapshot) -> Blast:
    """What a snapshot of supply would do, within a transaction that is as it was afterwards."""
    undo = tx.begin_nested()
    try:
        supplies.fold_supply(tx, shop.id, fact, fact.seen_at)
        entries, orders, more = list[PromiseMade](), list[OrderAfter](), True
        while more:
            planned, more = plan_some(tx, shop, fact.seen_at)
            entries += [one for stock in planned.stocks for one in stock.entries if isinstance(one, PromiseMade)]
            orders += planned.orders
        strange = problems.about(tx, shop.id, STRANGE, fact.supplier)
        return replace(_count(tx, shop, entries, orders), strange=strange)
    finally:
        undo.rollback()


def _count(tx: Tx, shop: Shop, entries: Sequence[PromiseMade], orders: Sequence[OrderAfter]) -> Blast:
    moved = {one.order for one in entries if one.reason is not Reason.NEW and one.eta != one.previous}
    falls_due = tuple(due for order in orders for due in _falling_due(order, shop))
    events = [event for order in orders for event in order.duties]
    unheard = {
        event.order for event in events if isinstance(event, StaffNeeded) and event.reason is StaffReason.UNREACHABLE
    }
    express = {one.order for one in falls_due if one.silence_means == "cancel"} | unheard
    gone = {(event.order, event.line) for event in events if isinstance(event, DeemedCancelled)}
    exposure, unpriced = _worth(plans.prices(tx, shop.id, express | {order for order, _ in gone}), gone)
    return Blast(
        len(moved),
        sum(len(order.send) for order in orders),
        falls_due,
        len(express),
        len({order for order, _ in gone}),
        exposure,
        shop.currency,
        unpriced,
    )


def _falling_due(after: OrderAfter, shop: Shop) -> Iterator[FallsDue]:
    """The notices of one order."""
    due = {event.duty: event.due for event in after.duties if isinstance(event, ObligationOpened)}
    for notice in after.send:
        duty = DUTIES.get(notice.template)
        by = local_day(due[duty], shop.settings.zone) if duty in due else None
        yield FallsDue(after.order, notice.template, by, notice.eta, notice.silence_means, notice.answer_by)


def _worth(priced: Iterable[Priced], gone: Collection[tuple[str, str]]) -> tuple[Decimal, int]:
    """What lines cost that may be or are now cancelled, and the units among them that have no price."""
    counted = [one for one in priced if not one.cancelled or (one.order, one.line) in gone]
    total = sum((one.units * one.price for one in counted if one.price is not None), Decimal(0))
    return total.quantize(CENT), sum(one.units for one in counted if one.price is None)
