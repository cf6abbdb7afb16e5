"""The one plan: dirty stocks are decided anew, and what follows goes to the outbox in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connector.domain import parts
from connector.domain.board import OrderAfter, OrderBefore, StockAfter, StockBefore
from connector.domain.decide import decide_order, decide_stocks
from connector.domain.effects import DOUBTS, SendNotice
from connector.domain.evidence import with_evidence
from connector.domain.keeping_back import arranged
from connector.domain.settings import Settings
from connector.domain.supply import Dating, calibrated
from connector.domain.tail import behind
from connector.pipeline import assigning, captures, clocks, tasks, unruled, unwanted
from connector.pipeline.connector import Connector
from connector.store import buyers, orderbook, outbox, pins, plans, proposals, shops, slips, tails
from connector.store import planned as planned_until
from connector.store.engine import Tx, lock_store
from connector.store.shops import Shop

BATCH = 1000
SKEW = timedelta(minutes=1)  # a store's clock is not ours, and WooCommerce's has whole seconds only


@dataclass(frozen=True, slots=True)
class Planned:
    """What one planning came to."""

    stocks: tuple[StockAfter, ...]
    orders: tuple[OrderAfter, ...]

    @property
    def notices(self) -> tuple[SendNotice, ...]:
        """All notices, in the order in which they were decided."""
        return tuple(notice for order in self.orders for notice in order.send)


def plan(connector: Connector, store: str) -> Planned:
    """Plan all dirty stocks of a store; empty where another worker is at it, or nothing is dirty.

    Nor is anything decided by a clock that has gone back behind the last plan.
    """
    stocks: list[StockAfter] = []
    orders: list[OrderAfter] = []
    more = True
    while more:
        with connector.db.begin() as tx:
            if not lock_store(tx, store):
                break
            shop = _able(connector, shops.get(tx, store))
            if shop.status == "closed":
                break
            now = clocks.time_of_plan(tx, shop, connector.clock())
            if now is None:
                break
            planned, more = plan_some(tx, shop, now)
            assigning.ask(connector, tx, shop, [one.stock for one in planned.stocks], now)
            if planned.stocks or planned.orders:
                planned_until.note(tx, shop.id, now)
        stocks.extend(planned.stocks)
        orders.extend(planned.orders)
    return Planned(tuple(stocks), tuple(orders))


def _able(connector: Connector, shop: Shop) -> Shop:
    """The store with those of its settings that its platform can carry out."""
    platform = connector.platforms.get(shop.platform)
    settings = shop.settings
    if platform is None or platform.policy is None:
        settings = replace(settings, backorder_rule="never")
    if platform is None or platform.desk is None:
        settings = replace(settings, write_orders=False, order_notes=False)
        settings = replace(settings, capture_filled="", captures="never")
    if platform is None or platform.splitting is None:
        settings = replace(settings, split_orders=False)
    if platform is None or platform.fulfilment is None:
        settings = replace(settings, hold_waiting=False, fulfil_by=False)
    return replace(shop, settings=settings)


def plan_some(tx: Tx, shop: Shop, now: datetime) -> tuple[Planned, bool]:
    """Plan a batch of dirty stocks and, once none is left, what customers are told; whether there is more to do."""
    after, more = _plan_stocks(tx, shop, now)
    if more:
        return Planned(after, ()), True
    told, freed = _tell(tx, shop, now)
    return Planned(after, told), bool(freed)


def _plan_stocks(tx: Tx, shop: Shop, now: datetime) -> tuple[tuple[StockAfter, ...], bool]:
    """What is decided of a batch of dirty stocks and those that hang together with them; whether more are dirty."""
    today = now.astimezone(shop.settings.zone).date()
    plans.mark_due(tx, shop.id, today, now)
    dirty = plans.dirty_stocks(tx, shop.id, BATCH, buyers.awaited(tx, shop.id, now))
    if not dirty:
        return (), False
    near = plans.beside(tx, shop.id, dirty, shop.settings.ships_whole)
    far = plans.beside(tx, shop.id, near, shop.settings.ships_whole) - near if len(near) > len(dirty) else set()
    known = slips.known(tx, shop.id)
    dated = calibrated(known, shop.settings, now, slips.undated(tx, shop.id))
    alone = near == set(dirty)  # else orders that ship complete hold several stocks together
    before = _before(tx, shop, sorted(near), dated, today) if alone else plans.load(tx, shop.id, sorted(near), dated)
    aside = plans.load(tx, shop.id, sorted(far), dated) if far else ()
    decided = decide_stocks(before, _settings(shop), now, aside)
    after = with_evidence(decided, known, shop.settings, today)
    plans.save(tx, shop.id, after, now)
    pins.taken_up(tx, shop.id, before)
    pins.release(tx, shop.id, [one for stock in after for one in stock.released], now)
    plans.note_counts(tx, shop.id, before, today)
    outbox.put_states(tx, shop.id, [listing for one in after for listing in one.listings], now)
    outbox.put_states(tx, shop.id, [switch for one in after for switch in one.switched], now)
    if any(one.balance and one.balance.doubted and one.balance.at == now for one in after):
        outbox.put_state(tx, shop.id, DOUBTS, now)
    return after, len(dirty) == BATCH


def _before(tx: Tx, shop: Shop, stocks: Sequence[str], dated: Dating, today: date) -> tuple[StockBefore, ...]:
    """The stocks; of a long queue to which nothing else has happened, only who is new behind it."""
    ahead = tails.standing(tx, shop.id, stocks, today)
    loaded = plans.load(tx, shop.id, stocks, dated, ahead)
    short = {one.stock: behind(one, ahead[one.stock].tail, shop.settings) for one in loaded if one.stock in ahead}
    again = [stock for stock, found in short.items() if found is None]
    whole = {one.stock: one for one in plans.load(tx, shop.id, again, dated)} if again else {}
    return tuple(short.get(one.stock) or whole.get(one.stock, one) for one in loaded)


def _settings(shop: Shop) -> Settings:
    """While a store is read in, counts come long before the orders that explain them, and nobody is told."""
    return replace(shop.settings, settle_seconds=0) if shop.progress else shop.settings


def _show(tx: Tx, shop: Shop, told: Sequence[tuple[OrderBefore, str]], now: datetime) -> None:
    """What follows for the orders in the store itself."""
    for state in (parts.written, arranged):
        states = (state(order, stage, shop.settings) for order, stage in told)
        outbox.put_states(tx, shop.id, [one for one in states if one is not None], now, changed=True)
    for order, _ in told:
        for effect in (parts.noted, parts.divided):
            once = effect(order, shop.settings)
            if once is not None:
                outbox.put_once(tx, shop.id, once, now)


def _tell(tx: Tx, shop: Shop, now: datetime) -> tuple[tuple[OrderAfter, ...], set[str]]:
    """Orders with news; and the stocks that have to be planned again, because units of theirs came free."""
    told_since = None if shop.settings.tell_imported else shop.connected_at - SKEW
    news = orderbook.load_news(tx, shop.id, told_since, now)
    decided = tuple(decide_order(order, shop.settings, now) for order in news)
    freed = orderbook.save(tx, shop.id, decided, now)
    plans.mark_dirty(tx, shop.id, freed)
    for order, after in zip(news, decided, strict=True):
        tasks.put(tx, shop, order.number, after.duties, now)
        proposals.put(tx, shop.id, [after.cancel] if after.cancel else [], now)
    tasks.put_uncharged(tx, shop, [(order, after.cancel) for order, after in zip(news, decided, strict=True)], now)
    # What a letter tells of has to be there before it: of one order's messages, the first goes first.
    outbox.put_messages(tx, shop.id, [grant for one in decided for grant in one.grants], now)
    unruled.tell(tx, shop, news, now)
    unwanted.tell(tx, shop, news, now)
    _show(tx, shop, [(order, after.stage) for order, after in zip(news, decided, strict=True)], now)
    captures.put(tx, shop, list(zip(news, decided, strict=True)), now)
    outbox.put_messages(tx, shop.id, [notice for one in decided for notice in one.send], now)
    return decided, freed
