"""The blast radius of a supplier's file: the real plan is made with it, counted, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.domain.board import OrderAfter
from connector.domain.facts import SupplySnapshot
from connector.domain.obligations import DeemedCancelled
from connector.domain.promise import PromiseMade, Reason
from connector.domain.wording import units
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan_some
from connector.store import feeds, plans, shops, supplies
from connector.store.engine import Tx, wait_for_store
from connector.store.shops import Shop


@dataclass(frozen=True, slots=True)
class FallsDue:
    """An option notice that would go out, and the day by which its customer would have to agree."""

    order: str
    template: str
    eta: date | None
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class Blast:
    """What a file would do.

    `orders_moved` get another date, `notices` go out; of `falls_due` those in `express` lapse without a customer's
    word, and `exposure` (in the store's currency, by list price) is what would go back then. `cancelled` orders would
    count as cancelled at once.
    """

    orders_moved: int
    notices: int
    falls_due: tuple[FallsDue, ...]
    express: int
    cancelled: int
    exposure: Decimal

    def words(self) -> str:
        """One sentence for the merchant."""
        return (
            f"it moves the dates of {_orders(self.orders_moved)} and sends {_notices(self.notices)};"
            f" {_orders(self.express)} would need the customer's word, {self.exposure:.2f} would go back without it,"
            f" and {_orders(self.cancelled)} would count as cancelled at once"
        )


def _orders(count: int) -> str:
    return units(count).replace("unit", "order")


def _notices(count: int) -> str:
    return units(count).replace("unit", "notice")


def preview(connector: Connector, feed_id: int, body: bytes) -> Blast:
    """What a file of a feed would do; nothing is changed. Unreadable for a file that cannot be read."""
    now = connector.clock()
    with connector.db.begin() as tx:
        feed = feeds.get(tx, feed_id)
        read = connector.formats[feed.format].read(body, feed.mapping, None)
        wait_for_store(tx, feed.store)
        return measure(tx, shops.get(tx, feed.store), SupplySnapshot(feed.supplier, read.rows, now))


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
        return _count(tx, shop, entries, orders)
    finally:
        undo.rollback()


def _count(tx: Tx, shop: Shop, entries: Sequence[PromiseMade], orders: Sequence[OrderAfter]) -> Blast:
    moved = {one.order for one in entries if one.reason is not Reason.NEW and one.eta != one.previous}
    notices = [notice for order in orders for notice in order.send]
    asked = [notice for notice in notices if notice.silence_means is not None]
    express = {notice.order for notice in asked if notice.silence_means == "cancel"}
    gone = {event.order for order in orders for event in order.duties if isinstance(event, DeemedCancelled)}
    return Blast(
        len(moved),
        len(notices),
        tuple(FallsDue(one.order, one.template, one.eta, one.answer_by) for one in asked),
        len(express),
        len(gone),
        plans.worth(tx, shop.id, sorted(express | gone)),
    )
