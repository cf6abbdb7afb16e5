"""Why a date is what it is, in words for the merchant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from connector.domain.slip import NOTHING, Histogram, Key, Measure
from connector.domain.wording import counted, day

_SHARE, _HALF = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Grounds:
    """A supplier's own history: of its last `deliveries`, 9 of 10 took `within` days or fewer, half `median`.

    `weight` is the part, from 0 to 1, that this has in the date; the rest is what all suppliers do.
    """

    measure: Measure
    deliveries: int
    within: int
    weight: float
    median: int = 0

    def words(self) -> str:
        """One sentence or two, without the supplier's name."""
        guess = "" if self.measure.dated else " This is an estimate: the supplier has named no date."
        if not self.deliveries:
            return f"No delivery of this supplier is known: the date rests on what all suppliers do.{guess}"
        last = "The last delivery" if self.deliveries == 1 else f"The last {self.deliveries} deliveries"
        half = f"{_late(self.measure, self.median)} at the median, and 9 of 10"
        count = "it" if self.deliveries == 1 else half
        share = f"its own history weighs {self.weight:.0%}"
        return f"{last} of this supplier: {count} came {_within(self.measure, self.within)}; {share}.{guess}"


def grounds(known: Mapping[Key, Histogram], supplier: str, today: date, measure: Measure) -> Grounds:
    """What the date of a supplier's delivery rests on, on a day."""
    histogram = known.get((supplier,), NOTHING)
    memory = measure.levels[1]
    mass = histogram.mass * histogram.faded(today, memory)
    if not histogram.bins:
        return Grounds(measure, 0, 0, 0.0)
    within, median = _most(histogram, _SHARE), _most(histogram, _HALF)
    return Grounds(measure, max(1, round(mass)), within, mass / (mass + memory.trust), median)


def told(supplier: str, named: date | None, found: Grounds, eta: date) -> str:
    """Why a date is promised, for the merchant: what the supplier said, what that has been worth, what follows."""
    said = f"{supplier} has named {day(named)}." if named else f"{supplier} has named no date."
    return f"{said} {found.words()} Therefore {day(eta)}."


def _late(measure: Measure, days: int) -> str:
    if measure.dated and days <= 0:
        return f"{_count(days)} early" if days else "on time"
    return _count(days) + (" late" if measure.dated else "")


def _count(days: int) -> str:
    return counted(abs(days), "day")


def _most(histogram: Histogram, share: float) -> int:
    """The days within which a share of them came."""
    days = sorted(histogram.bins)
    sums = list(accumulate(histogram.bins[at] for at in days))
    return next(at for at, weight in zip(days, sums, strict=True) if weight >= share * sums[-1])


def _within(measure: Measure, days: int) -> str:
    count = _count(days)
    if not measure.dated:
        after = "the order" if measure.name == "since_order" else "the one before"
        return f"within {count} of {after}"
    if days > 0:
        return f"within {count} of the promised date"
    return f"{count} early or more" if days < 0 else "on the promised date or before"
