"""The product in one place: what was planned, what is known now, what follows for lines, listings and customers."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from connector.domain.allocation import Allotment, Lot, allocate, unclaimed
from connector.domain.board import (
    LineAfter,
    LineBefore,
    Offer,
    OrderAfter,
    OrderBefore,
    Sold,
    StockAfter,
    StockBefore,
)
from connector.domain.effects import ListingState, NoticeLine, SendNotice, WriteListing
from connector.domain.notices import NOTICES
from connector.domain.promise import Filled, Promise, PromiseMade, stays, why
from connector.domain.settings import Settings
from connector.domain.wording import listing_notice


def decide_stock(before: StockBefore, settings: Settings, now: datetime) -> StockAfter:
    """Who gets which unit of one stock, by when, and what its listings say."""
    today = now.astimezone(settings.zone).date()
    on_hand, short_since = _settled(before, settings, now)
    claims = [line.claim for line in before.lines]
    allotments = allocate(claims, on_hand, before.lots, settings.fill_order)
    lots = {lot.id: lot.ready for lot in before.lots}
    known = {(line.claim.order, line.claim.line): line for line in before.lines}
    lines: list[LineAfter] = []
    entries: list[PromiseMade | Filled] = []
    for allotment in allotments:
        line = known[allotment.order, allotment.line]
        after, entry = _decide_line(line, allotment, lots, today, settings)
        if after is not None:
            lines.append(after)
        entries.extend(entry)
    free, free_lots = unclaimed(before.lots, allotments, on_hand)
    offers = tuple((item, _offer(item, before.on_hand is None, free, free_lots)) for item in before.items)
    written = (_listing(item, offer) for item, offer in offers)
    changed = tuple(new for (item, _), new in zip(offers, written, strict=True) if new != _shown(item))
    again = short_since + timedelta(seconds=settings.settle_seconds) if short_since else None
    return StockAfter(
        before.stock,
        tuple(lines),
        tuple(entries),
        offers,
        changed if settings.write_listings else (),
        short_since,
        again,
    )


def _settled(before: StockBefore, settings: Settings, now: datetime) -> tuple[int, datetime | None]:
    """Units on hand, and since when a count has been too low to be believed yet."""
    wanted = sum(line.claim.quantity for line in before.lines)
    if before.on_hand is None:
        return wanted, None
    held = sum(min(line.claim.held, line.claim.quantity) for line in before.lines)
    there = max(before.on_hand, 0)
    since = before.short_since or now
    if there >= held or now - since >= timedelta(seconds=settings.settle_seconds):
        return there, None
    return held, since


def _decide_line(
    line: LineBefore, got: Allotment, lots: dict[str, date | None], today: date, settings: Settings
) -> tuple[LineAfter | None, list[PromiseMade | Filled]]:
    entries: list[PromiseMade | Filled] = []
    promise = line.promise
    if got.waiting:
        ready = lots[got.lot] if got.lot is not None else None
        fresh = Promise(got.eta, got.lot, ready)
        if promise is None or not stays(promise.eta, fresh.eta, today, settings.improve_days):
            reason = why(promise, today, lots)
            previous = promise.eta if promise else None
            entries.append(
                PromiseMade(got.order, got.line, got.waiting, fresh.eta, previous, reason, fresh.lot, ready)
            )
            promise = fresh
    if got.on_hand > line.claim.held:
        entries.append(Filled(got.order, got.line, got.on_hand))
    if (got.on_hand, got.waiting, promise) == (line.filled, line.waiting, line.promise):
        return None, entries
    return LineAfter(got.order, got.line, got.on_hand, got.waiting, promise), entries


def _offer(item: Sold, uncounted: bool, free: int, lots: tuple[tuple[Lot, int], ...]) -> Offer:
    if not item.on_sale:
        return Offer(ListingState.OUT_OF_STOCK, None, 0)
    if uncounted or free > 0:
        return Offer(ListingState.IN_STOCK, None, max(free, 0))
    if not item.sells_beyond:
        return Offer(ListingState.OUT_OF_STOCK, None, 0)
    for lot, left in lots:
        if left > 0:
            return Offer(ListingState.BACKORDER, lot.ready, left if lot.ready else 0)
    return Offer(ListingState.BACKORDER, None, 0)


def _listing(item: Sold, offer: Offer) -> WriteListing:
    waits = offer.state is ListingState.BACKORDER
    notice = listing_notice(offer.eta, offer.available) if waits else ""
    available = offer.available if waits else 0
    return WriteListing(item.item, item.parent, offer.state, offer.eta, available, notice)


def _shown(item: Sold) -> WriteListing:
    """What the store shows: a listing that was never written shows nothing of ours."""
    if item.written is not None:
        return item.written
    return WriteListing(item.item, item.parent, ListingState.IN_STOCK, None, 0, "")


def decide_order(before: OrderBefore, settings: Settings) -> OrderAfter:
    """At most one notice for all that changed in an order at one instant."""
    waits = tuple(line for line in before.lines if line.waiting)
    eta = latest(line.eta for line in waits) if waits else None
    template = next((notice.name for notice in NOTICES if notice.due(before)), None)
    stage = "waiting" if waits else ("filled" if before.stage == "waiting" else before.stage)
    if template is None:
        return OrderAfter(before.order, stage, before.told_eta, before.notices, None)
    count = before.notices + 1
    first = before.stage == ""
    if (before.silent and first) or not settings.notify_customers or not before.email:
        return OrderAfter(before.order, stage, eta, count, None)
    notice = SendNotice(
        f"notice:{before.order}:{count}",
        template,
        before.order,
        before.number,
        before.email,
        before.name,
        before.locale,
        eta,
        before.told_eta,
        tuple(NoticeLine(line.title, line.quantity, line.waiting, line.eta) for line in before.lines),
    )
    return OrderAfter(before.order, stage, eta, count, notice)


def latest(dates: Iterable[date | None]) -> date | None:
    """The latest of some dates; None (unknown) is later than any date."""
    found: date | None = None
    for one in dates:
        if one is None:
            return None
        found = one if found is None or one > found else found
    return found
