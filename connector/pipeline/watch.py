"""The stock-out watch: each day's orders are learned from once, and staff hears of what is about to run out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connector.domain.board import StockBefore
from connector.domain.demand import FIRST_DAYS, KEPT_DAYS, Ahead, look_ahead
from connector.domain.effects import AlertStaff
from connector.domain.settings import Settings
from connector.domain.supply import calibrated
from connector.domain.wording import named_few, runs_out
from connector.pipeline.connector import Connector
from connector.store import demand, outbox, plans, problems, reports_watch, shops, slips
from connector.store.demand import Looked
from connector.store.engine import Tx, lock_store
from connector.store.shops import Shop

BATCH = 500
NAMED = 20
KIND = "stock_out"


@dataclass(frozen=True, slots=True)
class Watching:
    """What a look came to: stocks that sell, those that staff is warned of, and those newly so."""

    stocks: int
    warned: int
    crossed: int


def watch(connector: Connector, store: str) -> Watching | None:
    """Learn from the days since the last look, look ahead and warn; None where it is off or another is at it."""
    now = connector.clock()
    with connector.db.begin() as tx:
        if not lock_store(tx, f"watch {store}"):
            return None
        shop = shops.get(tx, store)
        if shop.status == "closed" or not shop.settings.watch:
            problems.solve(tx, store, KIND, "", now)
            return None
        today = now.astimezone(shop.settings.zone).date()
        before = demand.known(tx, store)
        looked = _look(tx, shop, _learn(tx, shop, before, today), now)
        demand.save(tx, store, looked)
        demand.forget(tx, store, before.keys() - {one.stock for one in looked})
        if looked:  # before the first sale is known there is nothing to go on from
            demand.set_watched_through(tx, store, today - timedelta(days=1))
        warned = {one.stock for one in looked if one.warned}
        told = {stock for stock, one in before.items() if one.warned}
        if warned != told:
            _tell(connector, tx, shop, warned, warned - told, today)
        return Watching(len(looked), len(warned), len(warned - told))


def _learn(tx: Tx, shop: Shop, before: Mapping[str, Looked], today: date) -> list[Looked]:
    """What is remembered after yesterday; a stock that sold nothing for so long is forgotten."""
    zone, last = shop.settings.zone, today - timedelta(days=1)
    oldest = today - timedelta(days=KEPT_DAYS)
    through = demand.watched_through(tx, shop.id)
    first = through + timedelta(days=1) if through else demand.first_sale(tx, shop.id, zone, oldest)
    first = max(first or today, oldest)
    sold = demand.sold(tx, shop.id, zone, first, last) if first <= last else {}
    unsold = demand.not_sold(tx, shop.id)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    connected = shop.connected_at.astimezone(zone).date()
    quiet = (0,) * min(max((first - connected).days, 0) if through else 0, KEPT_DAYS)
    learned = []
    for stock in sorted(before.keys() | sold.keys()):
        known = before.get(stock, Looked(stock, quiet))
        units = [sold.get(stock, {}).get(day, 0) for day in days]
        recent = (*known.recent, *(_could_be_bought(units) if stock in unsold else units))[-KEPT_DAYS:]
        if any(recent):
            learned.append(replace(known, recent=recent))
    return learned


def _could_be_bought(units: Sequence[int]) -> Sequence[int]:
    """The days up to the last sale: that nothing sold after it says nothing of what is not for sale."""
    return units[: max((place for place, some in enumerate(units, 1) if some), default=0)]


def _look(tx: Tx, shop: Shop, learned: Sequence[Looked], now: datetime) -> list[Looked]:
    """What lies ahead of each stock that counts its units and has had some days to show how it sells."""
    dated = calibrated(slips.known(tx, shop.id), shop.settings, now)
    today, looked = now.astimezone(shop.settings.zone).date(), []
    for begin in range(0, len(learned), BATCH):
        some = {one.stock: one for one in learned[begin : begin + BATCH]}
        for stock in plans.load(tx, shop.id, tuple(some), dated):
            looked.append(_ahead(some[stock.stock], stock, shop.settings, today))
    return looked


def _ahead(one: Looked, stock: StockBefore, settings: Settings, today: date) -> Looked:
    if stock.on_hand is None or not any(item.on_sale for item in stock.items):
        return replace(one, warned=False)
    free = stock.on_hand - sum(line.claim.quantity for line in stock.lines)
    coming = [(lot.ready, lot.quantity) for lot in stock.lots]
    ahead = look_ahead(one.recent, free, coming, today, settings.lead_days, settings.watch_above)
    return replace(
        one, free=free, ahead=ahead, warned=len(one.recent) >= FIRST_DAYS and _is_urgent(ahead, settings, today)
    )


def _is_urgent(ahead: Ahead, settings: Settings, today: date) -> bool:
    late = ahead.reorder_by is not None and ahead.reorder_by <= today
    return late or ahead.risk > settings.watch_above


def _tell(connector: Connector, tx: Tx, shop: Shop, warned: set[str], crossed: set[str], today: date) -> None:
    """One problem that counts, and one mail about those that were not told of before."""
    now = connector.clock()
    if not warned:
        problems.solve(tx, shop.id, KIND, "", now)
        return
    rows = [row for row in reports_watch.watched(tx, shop.id) if row.warned]
    names = named_few([row.sku or row.title for row in rows], NAMED)
    said = f"About to run out, or to be ordered now: {names}. The stock-out watch says what to order by when."
    problems.report(tx, shop.id, KIND, "", said, now)
    if not crossed or not shop.settings.staff_email:
        return
    news = [row for row in rows if row.stock in crossed]
    lines = [runs_out(row.title, row.sku, row.free, row.risk, row.until, row.reorder_by, today) for row in news]
    more = (f"And {len(news) - NAMED} more.",) if len(news) > NAMED else ()
    key = hashlib.sha256("\n".join(sorted(crossed)).encode()).hexdigest()[:16]
    subject = f"About to run out: {named_few([row.sku or row.title for row in news], 2)}"
    alert = AlertStaff(
        f"alert:{today}:{key}",
        shop.settings.staff_email,
        subject,
        (*lines[:NAMED], *more, f"The list: {connector.config.url}/watch"),
    )
    outbox.put_once(tx, shop.id, alert, now)
