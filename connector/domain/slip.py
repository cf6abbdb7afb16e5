"""What a supplier's dates are worth: slips are remembered by key, and a date is given that will be kept."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import ceil, exp, log
from typing import Any

COLD_START_DAYS = 7
_PER_COLD_DAY = 0.525  # days of the tail's mean for a cold start of one day at P90: 1 / ln(1 / 0.15), less a little
_LEAST_WEIGHT = 1e-9
_ROUNDING = 1e-12

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """How one level remembers: half-life in days, the most that it weighs, and how much the level above counts."""

    half_life: float
    cap: float
    trust: float


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted in days, from `low` to `high`: for all suppliers, for one, and for one with a second key.

    `dated` says that the days count from a date that the supplier has named: then the first history of all is one
    delivery on its date, and nothing is promised before it.
    """

    name: str
    low: int
    high: int
    levels: tuple[Memory, Memory, Memory]
    dated: bool = False


_EVERYBODY = Memory(half_life=730, cap=float("inf"), trust=2)
_PAIR = Memory(half_life=365, cap=10, trust=5)
_UNDATED = (_EVERYBODY, Memory(half_life=365, cap=30, trust=10), _PAIR)
SLIP = Measure("slip", -60, 200, (_EVERYBODY, Memory(half_life=180, cap=30, trust=10), _PAIR), dated=True)
SINCE_ORDER = Measure("since_order", 0, 500, _UNDATED)
BETWEEN_RECEIPTS = Measure("between_receipts", 0, 500, _UNDATED)
MEASURES = (SLIP, SINCE_ORDER, BETWEEN_RECEIPTS)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Weight by days, their sum, and the day on which they had that weight (None: nothing is remembered)."""

    bins: Mapping[int, float]
    mass: float
    updated: date | None

    def faded(self, day: date, memory: Memory) -> float:
        """The share of each weight that is left on a day."""
        if self.updated is None or day <= self.updated:
            return 1.0
        return float(2.0 ** (-(day - self.updated).days / memory.half_life))


NOTHING = Histogram({}, 0.0, None)
ON_TIME = Histogram({0: 1.0}, 1.0, None)


def packed(histogram: Histogram) -> dict[str, object]:
    """A form for JSON: the day, and the weights by days."""
    day = histogram.updated.isoformat() if histogram.updated else None
    return {
        "updated": day,
        "mass": histogram.mass,
        "bins": {str(at): histogram.bins[at] for at in sorted(histogram.bins)},
    }


def unpacked(form: Mapping[str, Any]) -> Histogram:
    """The histogram that was packed into a form."""
    day = date.fromisoformat(form["updated"]) if form["updated"] else None
    return Histogram({int(at): float(weight) for at, weight in form["bins"].items()}, float(form["mass"]), day)


def start(measure: Measure) -> Histogram:
    """What is thought of all suppliers before anything is known."""
    return ON_TIME if measure.dated else NOTHING


def learn(histogram: Histogram, days: int, day: date, measure: Measure, memory: Memory) -> Histogram:
    """The histogram after a delivery that took `days` and became known on `day`."""
    share = histogram.faded(day, memory)
    if histogram.mass * share > memory.cap - 1:
        share = (memory.cap - 1) / histogram.mass
    bins = {at: weight * share for at, weight in histogram.bins.items() if weight * share > _LEAST_WEIGHT}
    at = min(max(days, measure.low), measure.high)
    bins[at] = bins.get(at, 0.0) + 1.0
    updated = day if histogram.updated is None else max(day, histogram.updated)
    return Histogram(bins, histogram.mass * share + 1.0, updated)


def learned(
    known: Mapping[Key, Histogram], supplier: str, second: str, days: int, day: date, measure: Measure = SLIP
) -> dict[Key, Histogram]:
    """The histograms that one delivery changes, by key: of everybody, of its supplier, and with its second key.

    Of `known` only these are read. An empty `second` stands for none.
    """
    return {
        key: learn(_of(known, key, measure), days, day, measure, memory)
        for key, memory in zip(keys(supplier, second), measure.levels, strict=False)
    }


def keys(supplier: str, second: str = "") -> tuple[Key, ...]:
    """The keys that matter to a delivery, from everybody to the nearest."""
    return ((), (supplier,), (supplier, second)) if second else ((), (supplier,))


def _of(known: Mapping[Key, Histogram], key: Key, measure: Measure) -> Histogram:
    return known.get(key, NOTHING if key else start(measure))


# The cumulated weights of a level on a day, [i] those up to day low + i - 1, and how much the level above counts.
Level = tuple[list[float], float]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of a supplier on a day; made once, asked for every line."""

    measure: Measure
    levels: tuple[Level, Level, Level]
    tail: float
    _asked: dict[tuple[int, float, bool], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def informed(self) -> bool:
        """Whether it rests on any history."""
        return any(sums[-1] > 0 for sums, _ in self.levels)

    def days(self, age: int, quantile: float, floor: bool = True) -> int:
        """The least number of days, more than `age`, by which it comes with a probability of `quantile` (below 1).

        `age` is how many days have gone without it. `floor` keeps the days from being negative.
        """
        asked = (age, quantile, floor)
        if asked not in self._asked:
            self._asked[asked] = self._least(age, quantile, floor)
        return self._asked[asked]

    def _least(self, age: int, quantile: float, floor: bool) -> int:
        rise = max(0, age + 1)
        begin = rise if floor else max(age + 1, self.measure.low)
        longest = max(rise, self.measure.high) + ceil(self.tail * log(1.0 / (1.0 - quantile))) + 1
        at = self._chance(age, rise)
        return begin + bisect_left(range(begin, longest), quantile - _ROUNDING, key=at)

    def _chance(self, age: int, rise: int) -> Callable[[int], float]:
        """The probability that it comes within some days, given that it has not come in `age`.

        What no history tells is an exponential tail from `rise` on; each level pulls the one above to itself by
        what it weighs beyond `age`. Written out, that is a sum with one factor for each level.
        """
        low, top = self.measure.low - 1, self.measure.high - self.measure.low + 1
        past = min(max(age - low, 0), top)
        gone, share, factors = 0.0, 1.0, []
        for sums, trust in reversed(self.levels):
            total = sums[top] - sums[past] + trust
            factors.append(share / total)
            gone += share / total * sums[past]
            share *= trust / total
        (everybody, _), (supplier, _), (pair, _) = self.levels
        by_pair, by_supplier, by_everybody = factors
        tail = self.tail

        def chance(days: int) -> float:
            place = days - low if days - low < top else top
            known = by_everybody * everybody[place] + by_supplier * supplier[place] + by_pair * pair[place] - gone
            if days < rise:
                return known
            return known + share * (1.0 - exp((rise - days - 1) / tail) if tail else 1.0)

        return chance


def outlook(
    known: Mapping[Key, Histogram],
    supplier: str,
    second: str,
    day: date,
    measure: Measure = SLIP,
    cold_start_days: int = COLD_START_DAYS,
) -> Outlook:
    """What the histograms known on a day say of a supplier (with an empty `second`: of all that it sends).

    With no history at all, nine of ten deliveries are expected within `cold_start_days`; 0 takes dates at their word.
    """
    everybody, own, pair = measure.levels
    nearest = _of(known, (supplier, second), measure) if second else NOTHING
    return Outlook(
        measure,
        (
            _level(_of(known, (), measure), day, measure, everybody),
            _level(_of(known, (supplier,), measure), day, measure, own),
            _level(nearest, day, measure, pair),
        ),
        _PER_COLD_DAY * (cold_start_days + 1) if cold_start_days else 0.0,
    )


def outlooks(
    known: Mapping[Key, Histogram], day: date, measure: Measure = SLIP, cold_start_days: int = COLD_START_DAYS
) -> Callable[[str, str], Outlook]:
    """`outlook` of a day by supplier and second key, each made once: for many lines and few suppliers."""
    made: dict[tuple[str, str], Outlook] = {}

    def of(supplier: str, second: str) -> Outlook:
        if (supplier, second) not in made:
            made[supplier, second] = outlook(known, supplier, second, day, measure, cold_start_days)
        return made[supplier, second]

    return of


def _level(histogram: Histogram, day: date, measure: Measure, memory: Memory) -> Level:
    share = histogram.faded(day, memory)
    weights = [0.0] * (measure.high - measure.low + 2)
    for at, weight in histogram.bins.items():
        weights[at - measure.low + 1] = weight * share
    return list(accumulate(weights)), memory.trust


def eta(promised: date, as_of: date, quantile: float, expected: Outlook, floor: bool = True) -> date:
    """The day by which a delivery promised for a day comes with a probability of `quantile`.

    `as_of` is the last day of which it is known that the delivery did not come: yesterday, while today still runs.
    With `floor` never before the promised day. For a measure without dates, `promised` is the day it counts from.
    """
    return promised + timedelta(days=expected.days((as_of - promised).days, quantile, floor))


def estimate(since: date, as_of: date, quantile: float, expected: Outlook) -> date | None:
    """The same for supply that no date was named for, counted from its purchase order or from the last receipt.

    None where nothing like it was ever received: there is no ground for a date.
    """
    return eta(since, as_of, quantile, expected) if expected.informed else None


def publish(
    shown: date | None,
    fresh: date,
    today: date,
    improve_days: int = 7,
    earliest: date | None = None,
    news: bool = True,
) -> date:
    """The date to show: the one that is shown already, unless it has passed, cannot be met or has got much better.

    `earliest` is the day before which nothing comes (the supplier's own). Better is `improve_days` or more, and
    counts only on `news`: where the supplier has said nothing new, no date moves for what others delivered.
    """
    if shown is None or shown < today or (earliest is not None and shown < earliest):
        return fresh
    return fresh if news and (shown - fresh).days >= improve_days else shown
