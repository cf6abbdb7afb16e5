"""Lots and what is on hand as shelves, one for each location, for claims that may not take just the next unit."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Lot:
    """Units that will be there by `ready` (None: no date known, sorts last), and not before `earliest`.

    `reserved` of them are for orders that wait, and not offered to new buyers; `estimated`: no date was named.
    """

    id: str
    quantity: int
    ready: date | None
    location: str = ""
    reserved: int = 0
    earliest: date | None = None
    estimated: bool = False


Pick = tuple[Lot, int]
Places = tuple[tuple[str, int], ...]  # location, units


def in_date_order(lots: Iterable[Lot]) -> list[Lot]:
    """The lots that have units, earliest first; of one day those that are kept for waiting orders, then by id."""
    there = [lot for lot in lots if lot.quantity > 0]
    there.sort(key=lambda lot: (lot.ready or date.max, not lot.reserved, lot.id))
    return there


class Floor:
    """The units on hand: where they are known to be, and "" for those that may be anywhere."""

    __slots__ = ("_left",)

    def __init__(self, on_hand: int, places: Places = ()) -> None:
        """All units together, and how a count spreads them; what the two do not agree on is anywhere, or nowhere."""
        self._left = {"": on_hand}
        if places:
            self._spread(on_hand, places)

    def _spread(self, on_hand: int, places: Places) -> None:
        spread = {name: units for name, units in places if name and units > 0}
        beyond = on_hand - sum(spread.values())
        for name in sorted(spread, key=lambda one: (-spread[one], one)):
            gone = min(spread[name], max(-beyond, 0))
            spread[name], beyond = spread[name] - gone, beyond + gone
        self._left = {"": max(beyond, 0)} | dict(sorted(spread.items()))

    @property
    def left(self) -> int:
        """All that nobody has taken."""
        return sum(self._left.values())

    def take(self, location: str, wanted: int) -> int:
        """Takes up to so many of the units that a claim at `location` may have; how many they were."""
        missing = wanted
        for name in (location, "") if location else tuple(self._left):
            units = min(self._left.get(name, 0), missing)
            if units:
                self._left[name], missing = self._left[name] - units, missing - units
        return wanted - missing


class Shelves:
    """What is left of lots in date order, taken from either end of the calendar in nearly constant time."""

    __slots__ = ("_places", "_shelves")

    def __init__(self, queue: Sequence[Lot]) -> None:
        grouped: dict[str, list[tuple[int, Lot]]] = {}
        for place, lot in enumerate(queue):
            grouped.setdefault(lot.location, []).append((place, lot))
        self._shelves = {location: _Shelf(placed) for location, placed in grouped.items()}
        self._places = {
            lot.id: (place, location, index)
            for location, placed in grouped.items()
            for index, (place, lot) in enumerate(placed)
        }

    def of(self, lot: str, quantity: int) -> list[Pick]:
        """Takes up to `quantity` units of one lot, wherever it is."""
        picks: list[Pick] = []
        if lot in self._places and quantity:
            self._take(self._places[lot], quantity, picks)
        return [pick for pick in picks if pick[1]]

    def earliest(self, location: str, quantity: int) -> list[Pick]:
        """Takes up to `quantity` of the earliest units that a claim at `location` may have."""
        picks: list[Pick] = []
        shelves = self._open_to(location)
        while quantity and (found := [shelf.first() for shelf in shelves if shelf.has_first()]):
            quantity -= self._take(min(found), quantity, picks)
        return picks

    def latest(self, location: str, quantity: int, until: date) -> list[Pick]:
        """Takes up to `quantity` of the latest units that are ready by `until`, in date order."""
        picks: list[Pick] = []
        shelves = self._open_to(location)
        while quantity and (found := [shelf.last(until) for shelf in shelves if shelf.has_last(until)]):
            quantity -= self._take(max(found), quantity, picks)
        picks.reverse()
        return picks

    def _open_to(self, location: str) -> list["_Shelf"]:
        """A claim with a location may have what is there or nowhere in particular; one without, everything."""
        if not location:
            return list(self._shelves.values())
        return [self._shelves[name] for name in (location, "") if name in self._shelves]

    def _take(self, spot: tuple[int, str, int], wanted: int, picks: list[Pick]) -> int:
        """Takes from one lot; the units taken."""
        _, location, index = spot
        lot, taken = self._shelves[location].take(index, wanted)
        picks.append((lot, taken))
        return taken


class _Shelf:
    """The lots of one location; `_up` and `_down` lead from an emptied lot to its next neighbour with units."""

    __slots__ = ("_days", "_down", "_left", "_lots", "_places", "_up")

    def __init__(self, placed: Sequence[tuple[int, Lot]]) -> None:
        self._places = [place for place, _ in placed]
        self._lots = [lot for _, lot in placed]
        self._days = [lot.ready or date.max for lot in self._lots]
        self._left = [lot.quantity for lot in self._lots]
        self._up = list(range(len(placed) + 1))
        self._down = list(range(len(placed) + 1))

    def has_first(self) -> bool:
        """Whether a unit is left."""
        return _end(self._up, 0) < len(self._lots)

    def first(self) -> tuple[int, str, int]:
        """Place among all lots, location and index of the earliest lot with units."""
        return self._spot(_end(self._up, 0))

    def has_last(self, until: date) -> bool:
        """Whether a unit is left that is ready by `until`."""
        return _end(self._down, self._due(until)) > 0

    def last(self, until: date) -> tuple[int, str, int]:
        """The same of the latest lot with units that is ready by `until`."""
        return self._spot(_end(self._down, self._due(until)) - 1)

    def take(self, index: int, wanted: int) -> Pick:
        """Takes up to `wanted` units of a lot."""
        taken = min(wanted, self._left[index])
        self._left[index] -= taken
        if not self._left[index]:
            self._up[index] = index + 1
            self._down[index + 1] = index
        return self._lots[index], taken

    def _due(self, until: date) -> int:
        """How many lots are ready by `until`; a lot without a date never is."""
        return bisect_right(self._days, until)

    def _spot(self, index: int) -> tuple[int, str, int]:
        return self._places[index], self._lots[index].location, index


def _end(links: list[int], start: int) -> int:
    """Follows the links to their end, and shortens the way for the next."""
    while links[start] != start:
        links[start] = links[links[start]]
        start = links[start]
    return start
