"""Why a date is what it is, in words for the merchant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from connector.domain.slip import NOTHING, Histogram, Key, Measure

_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a supplier's own history says: of its last `deliveries`, 9 of 10 took `within` days or fewer.

    `weight` is the part, from 0 to 1, that this has in the date; the rest is what all suppliers do.
    """

    measure: Measure
    deliveries: int
    within: int
    weight: float

    def words(self) -> str:
        """One sentence or two, without the supplier's name."""
        guess = "" if self.measure.dated else " This is an estimate: the supplier has named no date."
        if not self.deliveries:
            return f"No delivery of this supplier is known: the date rests on what all suppliers do.{guess}"
        last = "The last delivery" if self.deliveries == 1 else f"The last {self.deliveries} deliveries"
        count = "it" if self.deliveries == 1 else "9 of 10"
        share = f"its own history weighs {self.weight:.0%}"
        return f"{last} of this supplier: {count} came {_within(self.measure, self.within)}; {share}.{guess}"


def grounds(known: Mapping[Key, Histogram], supplier: str, day: date, measure: Measure) -> Grounds:
    """What the date of a supplier's delivery rests on, on a day."""
    histogram = known.get((supplier,), NOTHING)
    memory = measure.levels[1]
    mass = histogram.mass * histogram.faded(day, memory)
    if not histogram.bins:
        return Grounds(measure, 0, 0, 0.0)
    return Grounds(measure, max(1, round(mass)), _most(histogram), mass / (mass + memory.trust))


def _most(histogram: Histogram) -> int:
    """The days within which nine of ten came."""
    days = sorted(histogram.bins)
    sums = list(accumulate(histogram.bins[at] for at in days))
    return next(at for at, weight in zip(days, sums, strict=True) if weight >= _SHARE * sums[-1])


def _within(measure: Measure, days: int) -> str:
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    if not measure.dated:
        after = "the order" if measure.name == "since_order" else "the one before"
        return f"within {count} of {after}"
    if days > 0:
        return f"within {count} of the promised date"
    return f"{count} early or more" if days < 0 else "on the promised date or before"
