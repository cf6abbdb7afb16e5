"""What is coming: a supplier's rows become lots, and a new file is held against the last good one."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from connector.domain.allocation import Lot
from connector.domain.calendar import leaves, leaves_from
from connector.domain.facts import SupplyRow
from connector.domain.settings import Settings
from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, SLIP, Histogram, Key, estimate, eta, outlooks


class Dated(NamedTuple):
    """What a row stands for: the day that will be kept, the day before which nothing leaves, units kept back."""

    ready: date | None
    earliest: date | None
    reserved: int = 0
    estimated: bool = False


Dating = Callable[[str, SupplyRow], Dated]
UNDATED = (SINCE_ORDER, BETWEEN_RECEIPTS)
NOTHING_KNOWN: Mapping[str, Mapping[Key, Histogram]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """Difference between two files of one supplier, by SKU."""

    changed: frozenset[str]
    gone: frozenset[str]


def _by_sku(rows: Iterable[SupplyRow]) -> Mapping[str, tuple[SupplyRow, ...]]:
    grouped: dict[str, list[SupplyRow]] = {}
    for row in rows:
        grouped.setdefault(row.sku, []).append(row)
    return {sku: tuple(sorted(some, key=_row_order)) for sku, some in grouped.items()}


def _row_order(row: SupplyRow) -> tuple[str, str, str, str, int]:
    return (row.reference, row.sku, row.location, row.expected.isoformat() if row.expected else "", row.quantity)


def diff(previous: Iterable[SupplyRow], rows: Iterable[SupplyRow]) -> SupplyChange:
    """SKUs whose rows differ, and among them those that are not mentioned any more."""
    before, after = _by_sku(previous), _by_sku(rows)
    changed = {sku for sku in before.keys() | after.keys() if before.get(sku) != after.get(sku)}
    return SupplyChange(frozenset(changed), frozenset(before.keys() - after.keys()))


def kept_where_unreadable(
    previous: Iterable[SupplyRow], rows: Iterable[SupplyRow], unreadable: Collection[tuple[str, str | None]]
) -> tuple[SupplyRow, ...]:
    """A file's rows, but what was said last of each SKU and reference (None: all of the SKU) that cannot be read."""

    def lost(row: SupplyRow) -> bool:
        return (row.sku, row.reference) in unreadable or (row.sku, None) in unreadable

    kept = tuple(row for row in previous if lost(row))
    again = {(row.sku, row.reference) for row in kept}
    return (*(row for row in rows if (row.sku, row.reference) not in again), *kept)


def lot_id(supplier: str, row: SupplyRow, ordinal: int = 0) -> str:
    """A lot keeps its id while its supplier keeps calling it the same, whatever date it gets."""
    base = f"{supplier}/{_name(row)}"
    return f"{base}#{ordinal}" if ordinal else base


def _name(row: SupplyRow) -> str:
    return row.reference or row.sku


def calibrated(
    known: Mapping[Key, Histogram],
    settings: Settings,
    now: datetime,
    undated: Mapping[str, Mapping[Key, Histogram]] = NOTHING_KNOWN,
) -> Dating:
    """What a supplier's rows stand for at an instant, by what its dates have been worth and the store's own time.

    Rows without a date are estimated from `undated` (a measure's name -> histograms): by the days since they were
    first announced, or where that tells nothing by the gaps between receipts of the like.
    """
    today = now.astimezone(settings.zone).date()
    yesterday = today - timedelta(days=1)
    expect = outlooks(known, today, SLIP, settings.cold_start_days)
    handling, kept_back = settings.handling, kept_for_waiting(settings)

    def out(there: date) -> date:
        return leaves(there, handling) if there > today else leaves_from(now, handling, settings.zone)

    counted = tuple((measure, outlooks(undated.get(measure.name, {}), today, measure)) for measure in UNDATED)

    def guessed(supplier: str, row: SupplyRow) -> tuple[date | None, date | None]:
        for (measure, outlook), since in zip(counted, (row.since, row.last), strict=True):
            expected = outlook(supplier, row.location) if undated.get(measure.name) and since else None
            if expected and since and (found := estimate(since, yesterday, settings.promise_quantile, expected)):
                return found, since
        return None, None

    def dated(supplier: str, row: SupplyRow) -> Dated:
        reserved = kept_back(row)
        if row.expected is None:
            guess, since = guessed(supplier, row)
            return Dated(out(guess) if guess else None, since, reserved, guess is not None)
        there = eta(row.expected, yesterday, settings.promise_quantile, expect(supplier, row.location))
        return Dated(out(there), out(row.expected), reserved)

    return dated


def kept_for_waiting(settings: Settings) -> Callable[[SupplyRow], int]:
    """How many of a row's units new buyers are not offered: a share of each, all of a reference that is named."""
    whole = settings.reserved
    percent = settings.reserve_percent
    return lambda row: row.quantity if row.reference in whole else -(-row.quantity * percent // 100)


def _of_lot(row: SupplyRow, found: Dated) -> tuple[date | None, str, int, date | None, bool]:
    """A lot's fields after its units, in their order."""
    return found.ready, row.location, found.reserved, found.earliest, found.estimated


def lots_of(supplier: str, rows: Iterable[SupplyRow], dated: Dating) -> tuple[Lot, ...]:
    """One stock's lots, each with the day by which its units leave."""
    return tuple(Lot(name, row.quantity, *_of_lot(row, dated(supplier, row))) for name, row in named(supplier, rows))


def named(supplier: str, rows: Iterable[SupplyRow]) -> Iterator[tuple[str, SupplyRow]]:
    """The rows of one stock, each with the id of its lot."""
    seen: dict[str, int] = {}
    for row in sorted(rows, key=_row_order):
        ordinal = seen.get(_name(row), 0)
        seen[_name(row)] = ordinal + 1
        yield lot_id(supplier, row, ordinal), row
