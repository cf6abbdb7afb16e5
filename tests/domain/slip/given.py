"""The formulas of the calibrated date written out without any shortcut, and histories to hold them against."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import exp

from hypothesis import strategies as st

from connector.domain.slip import SLIP, Histogram, Key, Measure, keys, learned

START = date(2026, 1, 1)
Slip = tuple[str, str, int, int]  # supplier, second key, days of slip, day after the start on which it is known


def histories() -> st.SearchStrategy[list[Slip]]:
    """Slips of two suppliers to two places, in the order in which they become known."""
    one = st.tuples(
        st.sampled_from(("acme", "bolt")), st.sampled_from(("", "DE")), st.integers(-70, 40), st.integers(0, 400)
    )
    return st.lists(one, max_size=60).map(lambda drawn: sorted(drawn, key=lambda slip: slip[3]))


def remembered(slips: Sequence[Slip], measure: Measure = SLIP) -> dict[Key, Histogram]:
    """The histograms after some slips."""
    known: dict[Key, Histogram] = {}
    for supplier, second, days, day in slips:
        known.update(learned(known, supplier, second, days, START + timedelta(days=day), measure))
    return known


def least_days(
    known: Mapping[Key, Histogram],
    supplier: str,
    second: str,
    day: date,
    age: int,
    quantile: float,
    tail: float = 4.2,
    floor: bool = True,
) -> int:
    """min {k > age : F(k) >= quantile}, day by day, each level from its own sums; with the floor from 0 on."""
    rise = max(0, age + 1)
    days = rise if floor else max(age + 1, SLIP.low)
    while True:
        found = 1.0 - exp(-(days + 1 - rise) / tail) if days >= rise else 0.0
        for key, memory in zip(keys(supplier, second), SLIP.levels, strict=False):
            histogram = known.get(key, Histogram({}, 0.0, None) if key else Histogram({0: 1.0}, 1.0, None))
            left = 0.5 ** ((day - (histogram.updated or day)).days / memory.half_life)
            beyond = {at: weight * left for at, weight in histogram.bins.items() if at > age}
            within = sum(weight for at, weight in beyond.items() if at <= days)
            found = (within + memory.trust * found) / (sum(beyond.values()) + memory.trust)
        if found >= quantile - 1e-12:
            return days
        days += 1
