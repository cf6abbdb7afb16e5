"""The product in one place: what was planned, what is known now, what follows for lines, listings and customers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connector.domain import capture
from connector.domain.allocation import Allotment, Claim, Lot, Stock, allocate, unclaimed
from connector.domain.balance import Balance, Moved, balanced
from connector.domain.board import (
    LineAfter,
    LineBefore,
    Offer,
    OrderAfter,
    OrderBefore,
    Released,
    Sold,
    StockAfter,
    StockBefore,
)
from connector.domain.cancelling import cancelled
from connector.domain.consolation import consoled
from connector.domain.effects import ListingState, NoticeLine, SendNotice, WriteListing
from connector.domain.notices import NOTICES
from connector.domain.obligations import CancelledNotice, DutyEvent, OptionNotice, RefundStatement
from connector.domain.owing import owe, reachable
from connector.domain.promise import Filled, Promise, PromiseMade, stays, why
from connector.domain.selling import switched
from connector.domain.settings import Settings
from connector.domain.standing import ranked
from connector.domain.tail import tail_of
from connector.domain.together import Departure, departures, give_way
from connector.domain.wording import listing_notice

Line = tuple[str, str]


def decide_stock(before: StockBefore, settings: Settings, now: datetime) -> StockAfter:
    """Who gets which unit of one stock, by when, and what its listings say."""
    return decide_stocks([before], settings, now)[0]


def decide_stocks(
    before: Sequence[StockBefore], settings: Settings, now: datetime, aside: Sequence[StockBefore] = ()
) -> tuple[StockAfter, ...]:
    """The same of several stocks; `aside` are those that orders which ship complete wait for besides, as they are."""
    counts = {one.stock: _settled(one, settings, now) for one in (*before, *aside)}
    tried = [_allot(one, counts[one.stock][0], settings) for one in (*before, *aside)]
    stocks, given = [stock for stock, _, _ in tried], {stock.id: got for stock, got, _ in tried}
    leaving = departures(stocks, given)
    if leaving:
        given |= give_way(stocks[: len(before)], given, leaving, settings.fill_order, settings.stances)
    decided = (
        _decide(one, stock, given[one.stock], counts[one.stock][1], leaving, settings, now)
        for one, stock in zip(before, stocks, strict=False)
    )
    return tuple(
        replace(one, released=released) if released else one
        for one, (_, _, released) in zip(decided, tried, strict=False)
    )


def _decide(
    before: StockBefore,
    stock: Stock,
    allotments: Sequence[Allotment],
    balance: Balance | None,
    leaving: Mapping[str, Departure],
    settings: Settings,
    now: datetime,
) -> StockAfter:
    today = now.astimezone(settings.zone).date()
    moved = replace(before.moved, came_in=before.moved.came_in or _rose(before.balance, balance))
    lots = {lot.id: lot.earliest or lot.ready for lot in before.lots}
    guesses = {lot.id for lot in before.lots if lot.estimated}
    known = {(line.claim.order, line.claim.line): line for line in before.lines}
    lines: list[LineAfter] = []
    entries: list[PromiseMade | Filled] = []
    for allotment in allotments:
        line = known[allotment.order, allotment.line]
        leaves = leaving.get(allotment.order)
        fresh = _fresh(allotment, lots, leaves, allotment.lot in guesses)
        after, entry = _decide_line(line, allotment, fresh, lots, today, settings, moved)
        if after is not None:
            lines.append(after)
        entries.extend(entry)
    shown = stock.on_hand
    if before.tail is None and before.on_hand is not None and not any(one.waiting for one in allotments):
        shown = max(shown, before.on_hand - before.reserved)  # whatever is behind a rise, nobody else wants it
    waiting = sum(one.waiting for one in allotments) + (before.tail.waiting if before.tail else 0)
    free, free_lots = unclaimed(before.lots, allotments, shown)
    offers = tuple((item, _offer(item, before.on_hand is None, free, free_lots)) for item in before.items)
    further = free_lots[0][0].ready if settings.dates_ahead and free_lots else None
    written = (_listing(item, offer, further) for item, offer in offers)
    changed = tuple(new for (item, _), new in zip(offers, written, strict=True) if new != _shown(item))
    since = balance.since if balance and balance.doubted else None
    settled = since is None and shown == stock.on_hand
    again = since + timedelta(seconds=settings.settle_seconds) if since else None
    return StockAfter(
        before.stock,
        tuple(lines),
        tuple(entries),
        offers,
        changed if settings.write_listings else (),
        balance,
        again,
        tail=tail_of(before, stock.claims, allotments, shown, settings) if settled else None,
        switched=switched(before.switches, free_lots, waiting, settings),
    )


def _rose(before: Balance | None, now: Balance | None) -> bool:
    """Whether more is believed to be on hand than at the last plan: orders move no goods, so it was received."""
    return before is not None and now is not None and now.on_hand > before.on_hand


def _broken(claims: Sequence[Claim], got: Iterable[Allotment], lots: Iterable[Lot]) -> dict[Line, Released]:
    """The pins that are not kept: their lots have not got the units that their lines still want."""
    pinned = {(claim.order, claim.line): claim.pin_lot for claim in claims if claim.pin_lot}
    there = {lot.id for lot in lots} if pinned else set()
    found = {}
    for one in got if pinned else ():
        lot = pinned.get((one.order, one.line))
        if lot and sum(peg.quantity for peg in one.pegs if peg.lot == lot) < one.waiting:
            found[one.order, one.line] = Released(one.order, one.line, lot, gone=lot not in there)
    return found


def _allot(
    before: StockBefore, on_hand: int, settings: Settings
) -> tuple[Stock, tuple[Allotment, ...], tuple[Released, ...]]:
    """Who gets what, and the pins that had to go.

    Where units that were held are gone, it goes by what is held after that, so that it stays so.
    """
    claims = ranked((line.claim for line in before.lines), settings)
    served = (settings.fill_order, settings.stances, None, before.places)
    first = allocate(claims, on_hand, before.lots, *served)
    broken = _broken(claims, first, before.lots)
    if broken:
        free = [(one.order, one.line) in broken for one in claims]
        claims = [
            replace(one, pinned=False, pin_lot="") if loose else one for one, loose in zip(claims, free, strict=True)
        ]
        first = allocate(claims, on_hand, before.lots, *served)
    released = tuple(broken[line] for line in sorted(broken))
    held = {(got.order, got.line): got.on_hand for got in first}
    if all(held[claim.order, claim.line] >= claim.held for claim in claims):
        return Stock(before.stock, tuple(claims), on_hand, before.lots, before.places), first, released
    left = tuple(replace(claim, held=min(claim.held, held[claim.order, claim.line])) for claim in claims)
    again = allocate(left, on_hand, before.lots, *served)
    return Stock(before.stock, left, on_hand, before.lots, before.places), again, released


def _settled(before: StockBefore, settings: Settings, now: datetime) -> tuple[int, Balance | None]:
    """Units to hand out, and what is believed of the stock.

    What is assigned stays so on what is believed; what is new is given out of what is there beyond doubt.
    """
    if before.tail is not None:
        return before.tail.free, before.balance
    if before.on_hand is None:
        return sum(line.claim.quantity for line in before.lines), None
    held = sum(min(line.claim.held, line.claim.quantity) for line in before.lines)
    first = before.balance or Balance(max(before.on_hand, held) if held else before.on_hand)
    patience = timedelta(seconds=settings.settle_seconds)
    balance = balanced(first, before.on_hand, before.moved, now, patience)
    sure = min(balance.on_hand, before.on_hand) - before.reserved
    return max(min(balance.on_hand, held), sure, 0), balance


def _fresh(got: Allotment, lots: dict[str, date | None], leaves: Departure | None, estimated: bool) -> Promise:
    """What a line would be promised now; one of an order that ships complete, when all of that leaves."""
    if got.lot is None:
        return Promise(None)
    if leaves is None:
        return Promise(got.eta, got.lot, lots[got.lot], estimated)
    return Promise(leaves.eta, got.lot, leaves.earliest, leaves.estimated and leaves.eta is not None)


def _decide_line(
    line: LineBefore,
    got: Allotment,
    fresh: Promise,
    lots: dict[str, date | None],
    today: date,
    settings: Settings,
    moved: Moved,
) -> tuple[LineAfter | None, list[PromiseMade | Filled]]:
    entries: list[PromiseMade | Filled] = []
    promise = line.promise
    anew = moved.set_anew or line.by_hand
    if got.waiting and (promise is None or not stays(promise, fresh, today, settings.improve_days, set_anew=anew)):
        now = lots if fresh.lot is None else {**lots, fresh.lot: fresh.lot_ready}
        reason = why(promise, today, now, moved, by_hand=line.by_hand)
        previous = promise.eta if promise else None
        rests_on = (fresh.lot, fresh.lot_ready, fresh.estimated)
        entries.append(PromiseMade(got.order, got.line, got.waiting, fresh.eta, previous, reason, *rests_on))
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
    eta = next((lot.ready for lot, _ in lots), None)
    same_day = sum(left for lot, left in lots if lot.ready == eta) if eta else 0
    return Offer(ListingState.BACKORDER, eta, same_day, bool(lots) and lots[0][0].estimated)


def _listing(item: Sold, offer: Offer, further: date | None) -> WriteListing:
    if offer.state is ListingState.IN_STOCK and offer.available > 0 and item.sells_beyond:
        return WriteListing(item.item, item.parent, offer.state, further, 0, "")
    waits = offer.state is ListingState.BACKORDER
    notice = listing_notice(offer.eta, offer.available, offer.estimated) if waits else ""
    available = offer.available if waits else 0
    return WriteListing(item.item, item.parent, offer.state, offer.eta, available, notice)


def _shown(item: Sold) -> WriteListing:
    """What the store shows: a listing that was never written shows nothing of ours."""
    if item.written is not None:
        return item.written
    return WriteListing(item.item, item.parent, ListingState.IN_STOCK, None, 0, "")


def decide_order(before: OrderBefore, settings: Settings, now: datetime) -> OrderAfter:
    """What the customer is told of all that changed in an order at one instant, and what the law says to it."""
    clock, wake_at, duties = owe(before, settings, now)
    options = [event for event in duties if isinstance(event, OptionNotice)]
    due = None if before.cancelled else next((notice.name for notice in NOTICES if notice.due(before)), None)
    template = None if options and due in OptionNotice.replaces else due
    waits = () if before.cancelled else tuple(line for line in before.lines if line.waiting)
    eta = latest(line.eta for line in waits) if waits else None
    news = [_about(before, template, eta)] if template else []
    news += [one for event in duties if (one := _of_duty(before, event, settings.zone)) is not None]
    stage = "waiting" if waits else ("filled" if before.stage == "waiting" else before.stage)
    told_eta = options[-1].eta if options else (eta if due is not None else before.told_eta)
    first_is_silent = before.silent and before.stage == ""
    mute = not reachable(before, settings)
    send = [one for one in news if not mute and not (first_is_silent and one.template == template)]
    keyed = tuple(
        replace(one, key=f"notice:{before.order}:{before.notices + number}") for number, one in enumerate(send, 1)
    )
    told, grants = consoled(before, keyed, settings, now)
    cancel = cancelled(before, clock, duties, settings)
    count = before.notices + len(news)
    money = capture.planned(before, stage, settings, now)
    wake_at = min(filter(None, (wake_at, money.look_at)), default=None)
    take, lost = capture.captured(before, money, settings), money.reason if capture.is_early(money) else ""
    return OrderAfter(before.order, stage, told_eta, count, told, clock, wake_at, duties, grants, cancel, take, lost)


def _about(before: OrderBefore, template: str, eta: date | None) -> SendNotice:
    lines = tuple(
        NoticeLine(line.title, line.quantity, line.waiting, line.eta, line.estimated) for line in before.lines
    )
    whom = (before.order, before.number, before.email, before.name, before.locale)
    return SendNotice("", template, *whom, eta, before.told_eta, lines, charged=before.charged)


def _of_duty(before: OrderBefore, event: DutyEvent, zone: ZoneInfo) -> SendNotice | None:
    """The notice that an event of the legal clock calls for."""
    if isinstance(event, OptionNotice) and not event.by_hand:
        notice = _about(before, event.template, event.eta)
        by = event.cancels_at.astimezone(zone).date() if event.cancels_at else event.eta
        said = replace(notice, silence_means=event.silence_means, answer_by=by, serial=event.serial)
        return replace(said, delay_days=event.delay_days, withdrawal=event.withdrawal)
    if isinstance(event, CancelledNotice):
        return _about(before, event.template, None)
    if isinstance(event, RefundStatement):
        return replace(_about(before, event.template, None), charged=event.charged)
    return None


def latest(dates: Iterable[date | None]) -> date | None:
    """The latest of some dates; None (unknown) is later than any date."""
    found: date | None = None
    for one in dates:
        if one is None:
            return None
        found = one if found is None or one > found else found
    return found
