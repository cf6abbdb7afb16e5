"""A supplier's feed is read, held against its last good state, and folded; a bad one changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from connector.domain.errors import BadInput, ConnectorError, NeedsMerchant
from connector.domain.facts import Receipt, SupplySnapshot
from connector.domain.supply import suspicion
from connector.pipeline.connector import Connector
from connector.pipeline.preview import measure
from connector.ports import FeedRows, FeedSource, Fetched, Validators
from connector.store import feeds, problems, shops, supplies
from connector.store.engine import Tx, wait_for_store
from connector.store.feeds import Feed

REJECTED_SHOWN = 20
BUSY = "somebody else is looking at it now"


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll came to: `changed` SKUs, rows that were rejected, and what is wrong (None: nothing)."""

    changed: int
    rejected: int
    problem: str | None = None


def poll(connector: Connector, feed_id: int) -> Polled:
    """Look at one feed now, unless somebody is at it."""
    with connector.db.begin() as tx:
        feed = feeds.take(tx, feed_id, connector.clock())
    if feed is None:
        return Polled(0, 0, BUSY)
    try:
        fetched = _source(connector, feed.url).fetch(feed.url, _validators(feed))
        read = connector.formats[feed.format].read(fetched.body, feed.mapping, fetched.charset) if fetched else None
    except ConnectorError as error:
        return _wrong(connector, feed, str(error))
    if fetched is None or read is None:
        with connector.db.begin() as tx:
            feeds.went_well(tx, feed, None, connector.clock())
            problems.solve(tx, feed.store, "feed", feed.supplier, connector.clock())
        return Polled(0, 0)
    return _fold(connector, feed, fetched, read)


def _validators(feed: Feed) -> Validators:
    """Nothing is "not modified" while the last answer could not be used."""
    return feed.validators if feed.problem is None and not feed.run_anyway else Validators()


def _source(connector: Connector, url: str) -> FeedSource:
    for source in connector.sources:
        if source.handles(url):
            return source
    raise NeedsMerchant("no way is known to fetch a file from this address")


def _fold(connector: Connector, feed: Feed, fetched: Fetched, read: FeedRows) -> Polled:
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, feed.store)
        fact = SupplySnapshot(feed.supplier, read.rows, now)
        doubt = None if feed.run_anyway else _doubt(tx, feed, fact)
        if doubt is None:
            changed = supplies.fold_supply(tx, feed.store, fact, now)
            feeds.went_well(tx, feed, fetched.validators, now)
            problems.solve(tx, feed.store, "feed", feed.supplier, now)
            _report_rejected(tx, feed, read, now)
            return Polled(changed, len(read.rejected))
    return _wrong(connector, feed, f"held back: {doubt}", rows=len(read.rows))


def _doubt(tx: Tx, feed: Feed, fact: SupplySnapshot) -> str | None:
    """Why the merchant should look at a file before customers hear of it; None where nothing speaks against it."""
    strange = suspicion(supplies.rows_of(tx, feed.store, feed.supplier), fact.rows)
    shop = shops.get(tx, feed.store)
    limit = shop.settings.approve_above
    if strange is not None or limit == 0:
        return strange
    blast = measure(tx, shop, fact)
    return f"{blast.words()}; that is more than {limit} orders" if blast.orders_moved > limit else None


def _wrong(connector: Connector, feed: Feed, text: str, rows: int | None = None) -> Polled:
    now = connector.clock()
    with connector.db.begin() as tx:
        held = {"rows": rows, "at": now.isoformat()} if rows is not None else None
        feeds.went_wrong(tx, feed, text, now, quarantined=held)
        said = f"The feed of {feed.supplier} was not used: {text}. What it said last still counts."
        problems.report(tx, feed.store, "feed", feed.supplier, said, now)
    return Polled(0, 0, text)


def _report_rejected(tx: Tx, feed: Feed, read: FeedRows, now: datetime) -> None:
    if not read.rejected:
        problems.solve(tx, feed.store, "feed_rows", feed.supplier, now)
        return
    some = "; ".join(f"line {one.line}: {one.reason}" for one in read.rejected[:REJECTED_SHOWN])
    more = f" and {len(read.rejected) - REJECTED_SHOWN} more" if len(read.rejected) > REJECTED_SHOWN else ""
    text = f"The feed of {feed.supplier} has rows that cannot be used: {some}{more}."
    problems.report(tx, feed.store, "feed_rows", feed.supplier, text, now)


def receive_goods(connector: Connector, store: str, receipt: Receipt) -> int:
    """Goods came in: less is still to come; the units taken off what was announced."""
    if receipt.quantity <= 0:
        raise BadInput("a receipt needs a quantity of at least 1")
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        zone = shops.get(tx, store).settings.zone
        return supplies.fold_receipt(tx, store, receipt, receipt.at.astimezone(zone).date())
