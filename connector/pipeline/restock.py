"""A supplier's feed is read, held against its last good state, and folded; a bad one changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

import msgspec

from connector.domain.blast import Blast
from connector.domain.doubts import goes_back, suspicion
from connector.domain.errors import BadInput, ConnectorError
from connector.domain.facts import Receipt, SupplySnapshot
from connector.domain.wording import units
from connector.pipeline.connector import Connector
from connector.pipeline.feeds import address_of, source_of
from connector.pipeline.preview import measure
from connector.pipeline.rejected import rejected_words
from connector.ports import FeedRows, Fetched, Validators
from connector.store import feeds, problems, shops, supplies
from connector.store.engine import Tx, wait_for_store
from connector.store.feeds import Feed

SETTLE = timedelta(hours=6)
FLAPS = "feed_flaps"
RECEIPT = "receipt"
NOTICES_KEPT = 200
BUSY = "somebody else is looking at it now"


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll came to: `changed` SKUs, rows that were rejected, and what is wrong (None: nothing)."""

    changed: int
    rejected: int
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a file is held back, and what it would do where that was counted."""

    text: str
    blast: Blast | None = None


def poll(connector: Connector, feed_id: int) -> Polled:
    """Look at one feed now, unless somebody is at it."""
    with connector.db.begin() as tx:
        feed = feeds.take(tx, feed_id, connector.clock())
    if feed is None:
        return Polled(0, 0, BUSY)
    try:
        with connector.db.begin() as tx:
            url = address_of(connector, tx, feed)
        fetched = source_of(connector, url).fetch(url, _validators(feed))
        if fetched is None or _is_known(feed, fetched):
            return _nothing_new(connector, feed)
        if _digest(fetched) == feed.refused and not _is_approved(feed, fetched):
            return _wrong(connector, feed, "held back: it is the file that was taken back", _held(connector, fetched))
        read = connector.formats[feed.format].read(fetched.body, feed.mapping, fetched.charset)
    except ConnectorError as error:
        return _wrong(connector, feed, str(error))
    return _fold(connector, feed, fetched, read)


def _nothing_new(connector: Connector, feed: Feed) -> Polled:
    now = connector.clock()
    with connector.db.begin() as tx:
        feeds.went_well(tx, feed, None, now)
        problems.solve(tx, feed.store, "feed", feed.supplier, now)
        supplies.tell_oddities(tx, feed.store, feed.supplier, now)
    return Polled(0, 0)


def _is_known(feed: Feed, fetched: Fetched) -> bool:
    """Whether this very file counts already; not every server says so by itself."""
    return feed.problem is None and not feed.run_anyway and feed.digest == _digest(fetched)


def _digest(fetched: Fetched) -> str:
    return sha256(fetched.body).hexdigest()


def _validators(feed: Feed) -> Validators:
    """Nothing is "not modified" while the last answer could not be used."""
    return feed.validators if feed.problem is None and not feed.run_anyway else Validators()


def _fold(connector: Connector, feed: Feed, fetched: Fetched, read: FeedRows) -> Polled:
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, feed.store)
        back = _goes_back(tx, feed, read)
        doubt = None
        if not _is_approved(feed, fetched):
            flaps = _flaps(tx, feed, now, back=back)
            doubt = Doubt(flaps) if flaps else _doubt(tx, feed, fetched, read, now)
        if doubt is None:
            changed = supplies.fold_supply(tx, feed.store, _said(tx, feed, read, now), now)
            if changed:
                feeds.changed(tx, feed, now, back=back)
            feeds.went_well(tx, feed, fetched.validators, now, _digest(fetched))
            problems.solve(tx, feed.store, "feed", feed.supplier, now)
            _report_rejected(tx, feed, read, now)
            return Polled(changed, len(read.rejected))
    if feed.declined and feed.held == _digest(fetched):
        return _still_declined(connector, feed, doubt.text)
    return _wrong(connector, feed, f"held back: {doubt.text}", _held(connector, fetched, len(read.rows), doubt.blast))


def _is_approved(feed: Feed, fetched: Fetched) -> bool:
    """Whether the merchant has approved this very file: what they said of one holds for no other."""
    return feed.run_anyway and feed.held == _digest(fetched)


def _held(connector: Connector, fetched: Fetched, rows: int = 0, blast: Blast | None = None) -> Mapping[str, Any]:
    """What is remembered of a file that is held back, with the notices that it would send where that was counted."""
    held = {"rows": rows, "at": connector.clock().isoformat(), "digest": _digest(fetched)}
    if blast is None:
        return held
    return {**held, "notices": blast.notices, "due": msgspec.to_builtins(blast.soonest(NOTICES_KEPT))}


def _still_declined(connector: Connector, feed: Feed, doubt: str) -> Polled:
    """The merchant does not want this file and need not hear of it again."""
    with connector.db.begin() as tx:
        feeds.looked_again(tx, feed, connector.clock())
        problems.solve(tx, feed.store, "feed", feed.supplier, connector.clock())
    return Polled(0, 0, f"declined: {doubt}")


def _goes_back(tx: Tx, feed: Feed, read: FeedRows) -> bool:
    before, last = (of(tx, feed.store, feed.supplier) for of in (supplies.rows_before, supplies.rows_of))
    return goes_back(before, last, read.rows)


def _flaps(tx: Tx, feed: Feed, now: datetime, *, back: bool) -> str | None:
    """A file may go back once, as when a slip is put right; after that, it has to wait."""
    waits = feed.changed_at is not None and now - feed.changed_at < SETTLE
    if not (back and feed.returns and waits):
        if not waits:
            problems.solve(tx, feed.store, FLAPS, feed.supplier, now)
        return None
    text = "it says one thing and another by turns, as if two servers disagreed"
    said = f"The feed of {feed.supplier} is followed once in {SETTLE // timedelta(hours=1)} hours only: {text}."
    problems.report(tx, feed.store, FLAPS, feed.supplier, said, now)
    return text


def _said(tx: Tx, feed: Feed, read: FeedRows, now: datetime) -> SupplySnapshot:
    return SupplySnapshot(feed.supplier, supplies.completed(tx, feed.store, feed.supplier, read), now)


def _doubt(tx: Tx, feed: Feed, fetched: Fetched, read: FeedRows, now: datetime) -> Doubt | None:
    """Why the merchant should look at a file before customers hear of it; None where nothing speaks against it."""
    shop = shops.get(tx, feed.store)
    today = now.astimezone(shop.settings.zone).date()
    known = supplies.rows_of(tx, feed.store, feed.supplier)
    strange = _is_older(feed, fetched) or suspicion(known, read.rows, today)
    limit = shop.settings.approve_above
    if strange is not None:
        return Doubt(strange)
    if limit == 0:
        return None
    blast = measure(tx, shop, _said(tx, feed, read, now))
    if blast.orders_moved <= limit:
        return None
    return Doubt(f"{blast.words()}; you let through files that move {limit} or fewer", blast)


def _is_older(feed: Feed, fetched: Fetched) -> str | None:
    then, now = feed.validators.last_modified, fetched.validators.last_modified
    try:
        older = bool(then and now) and parsedate_to_datetime(str(now)) < parsedate_to_datetime(str(then))
    except (TypeError, ValueError):  # not a date, or one with and one without a time zone
        return None
    return f"the server gives a file of {now}, and the last one was of {then}" if older else None


def _wrong(connector: Connector, feed: Feed, text: str, held: Mapping[str, Any] | None = None) -> Polled:
    now = connector.clock()
    with connector.db.begin() as tx:
        feeds.went_wrong(tx, feed, text, now, quarantined=held)
        said = f"The feed of {feed.supplier} was not used: {text}. What it said last still counts."
        problems.report(tx, feed.store, "feed", feed.supplier, said, now)
    return Polled(0, 0, text)


def _report_rejected(tx: Tx, feed: Feed, read: FeedRows, now: datetime) -> None:
    text = rejected_words(feed.supplier, read.rejected)
    if text is None:
        problems.solve(tx, feed.store, "feed_rows", feed.supplier, now)
    else:
        problems.report(tx, feed.store, "feed_rows", feed.supplier, text, now)


def receive_goods(connector: Connector, store: str, receipt: Receipt) -> int:
    """Goods came in: less is still to come; the units taken off what was announced."""
    if receipt.quantity <= 0:
        raise BadInput("a receipt needs a quantity of at least 1")
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        zone = shops.get(tx, store).settings.zone
        taken = supplies.fold_receipt(tx, store, receipt, receipt.at.astimezone(zone).date())
        if taken < receipt.quantity:
            said = (
                f"Of {receipt.sku}, {units(receipt.quantity)} came in under {receipt.reference}, which announced"
                f" {taken or 'none'}. All that is on the shelf is given out; ask the supplier what the rest was for."
            )
            problems.report(tx, store, RECEIPT, f"{receipt.reference}/{receipt.sku}", said, connector.clock())
        return taken


def take_back(connector: Connector, feed_id: int) -> int:
    """What the last file of a feed changed is changed back, and the file not used again; how many SKUs."""
    now = connector.clock()
    with connector.db.begin() as tx:
        feed = feeds.get(tx, feed_id)
        wait_for_store(tx, feed.store)
        if feed.digest is None:
            raise BadInput(f"feed {feed.id}: there is no file that could be taken back")
        rows = supplies.rows_before(tx, feed.store, feed.supplier)
        changed = supplies.fold_supply(tx, feed.store, SupplySnapshot(feed.supplier, rows, now), now)
        feeds.refuse(tx, feed)
    return changed
