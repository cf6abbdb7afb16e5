"""Units on hand, as counts and orders come to them: how many, and where."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from connector.domain.shelves import Places
from connector.store.places import Names


def on_hand_of(
    sold: Sequence[Any], counted: Sequence[Any], claims: Sequence[Any], closed: Sequence[Any], ahead: int
) -> int | None:
    """Physical units: what the platform calls available, and what it has taken from that for open lines.

    None where nothing is counted and nobody has to wait.
    """
    if not counted or (sold and not any(row.tracked for row in sold)):  # a count from before it was given up
        waits = any(row.tracked or row.on_backorder for row in sold)
        return 0 if waits or not sold else None
    return ahead + sum(units for _, units in _placed(counted, claims, closed))


def spread_of(names: Names | None, counted: Sequence[Any], claims: Sequence[Any], closed: Sequence[Any]) -> Places:
    """How the same units spread over the store's locations; nothing where that does not matter."""
    if names is None:
        return ()
    found: Counter[str] = Counter()
    for location, units in _placed(counted, claims, closed):
        found[names.of(location)] += units
    return tuple(sorted(found.items()))


def _placed(
    counted: Sequence[Any], claims: Sequence[Any], closed: Sequence[Any]
) -> Iterator[tuple[str | None, int]]:
    """Units by location.

    Units that were taken after the count was read are still in the count; those of an order that is gone since will
    be missing from the next one.
    """
    read_at = max(max(row.seen_at, row.read_at) for row in counted)
    kept, gone = [row for row in closed if row.state != "gone"], [row for row in closed if row.state == "gone"]
    yield from ((row.location, row.available) for row in counted)
    yield from ((row.location, row.taken) for row in (*claims, *kept) if _taken_at(row) <= read_at)
    yield from ((row.location, -row.taken) for row in gone if _taken_at(row) > read_at)


def _taken_at(row: Any) -> datetime:
    placed: datetime = row.placed_at
    if row.unpaid_at is None or row.taken_first is None:
        return placed
    taken: datetime = row.taken_first
    return max(placed, taken)
