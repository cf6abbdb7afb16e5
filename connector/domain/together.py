"""Orders that ship complete: the units that they need later than they could have them go to those who wait."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connector.domain.allocation import Allotment, Stock, allocate, allocate_each
from connector.domain.strategies import NO_STANCES

Allotments = dict[str, tuple[Allotment, ...]]


@dataclass(frozen=True, slots=True)
class Departure:
    """When an order that ships complete does: by `eta` (None: unknown), and not before `earliest`.

    `estimated`: for some line no date was named.
    """

    eta: date | None
    earliest: date | None
    estimated: bool = False


def allocate_together(
    stocks: Iterable[Stock],
    strategy: str = "first_come",
    stances: Mapping[str, str] = NO_STANCES,
    giving: Collection[str] | None = None,
) -> Allotments:
    """What the claims of several stocks get, by stock id, each in order of service.

    A ship-complete order leaves when its last line is complete. Its other lines then take the latest units that
    are ready by that day, which frees earlier ones and makes no order later. `giving` names the segments that give
    way so (None: all). All stocks of such an order have to be among `stocks`.
    """
    known = tuple(stocks)
    plain = dict(allocate_each(known, strategy, stances))
    return give_way(known, plain, departures(known, plain), strategy, stances, giving)


def give_way(
    stocks: Iterable[Stock],
    plain: Mapping[str, tuple[Allotment, ...]],
    leaving: Mapping[str, Departure],
    strategy: str,
    stances: Mapping[str, str],
    giving: Collection[str] | None = None,
) -> Allotments:
    """The allotments after the orders that leave on a known day have taken the latest units that will do."""
    until = {order: leaves.eta for order, leaves in leaving.items() if leaves.eta is not None}
    return {
        stock.id: _giving_way(stock, plain[stock.id], _allowed(stock, until, giving), strategy, stances)
        for stock in stocks
    }


def departures(stocks: Iterable[Stock], allotments: Mapping[str, Sequence[Allotment]]) -> dict[str, Departure]:
    """When each ship-complete order that waits for something leaves."""
    found: dict[str, Departure] = {}
    for stock in stocks:
        complete = {claim.order for claim in stock.claims if claim.ship_complete}
        guesses = {lot.id for lot in stock.lots if lot.estimated}
        firm = {lot.id: lot.earliest or lot.ready for lot in stock.lots} if complete else {}
        for got in allotments[stock.id]:
            if got.waiting and got.order in complete:
                known = found.get(got.order, Departure(date.min, date.min))
                earliest = firm[got.lot] if got.lot is not None else None
                found[got.order] = Departure(
                    _later(known.eta, got.eta),
                    _later(known.earliest, earliest),
                    known.estimated or got.lot in guesses,
                )
    return found


def _later(one: date | None, other: date | None) -> date | None:
    """The later of two days; unknown is later than any."""
    return None if one is None or other is None else max(one, other)


def _allowed(stock: Stock, until: Mapping[str, date], giving: Collection[str] | None) -> dict[str, date]:
    """The days of the orders that claim this stock and may give way."""
    return {
        claim.order: until[claim.order]
        for claim in stock.claims
        if claim.ship_complete and claim.order in until and (giving is None or claim.segment in giving)
    }


def _giving_way(
    stock: Stock,
    plain: tuple[Allotment, ...],
    until: Mapping[str, date],
    strategy: str,
    stances: Mapping[str, str],
) -> tuple[Allotment, ...]:
    """The stock's allotments with the late units taken, or as they were where locations would make somebody later."""
    if not until:
        return plain
    late = allocate(stock.claims, stock.on_hand, stock.lots, strategy, stances, until, stock.places)
    worse = any(_worse(before, after, until) for before, after in zip(plain, late, strict=True))
    return plain if worse else late


def _worse(before: Allotment, after: Allotment, until: Mapping[str, date]) -> bool:
    """Whether a line lost by it: an order that gives way only if it misses its day."""
    if before.order in until:
        return bool(after.waiting) and (after.eta or date.max) > until[before.order]
    later = _day(after.first) > _day(before.first) or _day(after.eta) > _day(before.eta)
    return bool(after.waiting) and later


def _day(day: date | None) -> date:
    return date.max if day is None else day
