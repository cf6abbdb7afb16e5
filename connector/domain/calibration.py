"""Whether dates were worth what they were said to be: for each supplier, how many came by each promised share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from connector.domain.backtest import Delivery, Past, Score, Trial, Tried, due, score
from connector.domain.slip import COLD_START_DAYS, eta

QUANTILES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
AHEAD_DAYS = 30
FIXED_DAYS = 7
FEWEST = 10  # with fewer, one delivery moves the share by more than what there is to see
TRIED = 1000


@dataclass(frozen=True, slots=True)
class Held:
    """Promises at one share of certainty: how many were made and kept, and the mean days to spare of those kept."""

    quantile: float
    promises: int
    kept: int
    padding: float

    @property
    def share(self) -> float:
        """The share that was kept."""
        return self.kept / self.promises


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a supplier's deliveries say: our dates by their quantile, its own dates, and those with a week more."""

    supplier: str
    deliveries: int
    ours: tuple[Held, ...]
    own: Held
    week_more: Held

    @property
    def enough(self) -> bool:
        """Whether there are enough deliveries to say anything."""
        return self.deliveries >= FEWEST


def calibrations(
    deliveries: Iterable[Delivery], cold_start_days: int = COLD_START_DAYS, quantiles: Iterable[float] = QUANTILES
) -> tuple[Calibration, ...]:
    """One for each supplier, by name: the last deliveries, each promised thirty days ahead by what was known then."""
    known = tuple(deliveries)
    wanted = tuple(quantiles)
    past = Past(known)
    tried: defaultdict[str, list[tuple[Delivery, Mapping[float, date]]]] = defaultdict(list)
    everything = Trial(date.min + timedelta(days=AHEAD_DAYS), date.max, -AHEAD_DAYS, 0.9)
    for day, delivery in due(known, everything)[-TRIED:]:
        expected = past.outlook(delivery, day, cold_start_days)
        etas = {quantile: eta(delivery.promised, day, quantile, expected) for quantile in wanted}
        tried[delivery.supplier].append((delivery, etas))
    return tuple(_calibration(supplier, tried[supplier], wanted) for supplier in sorted(tried))


def _calibration(
    supplier: str, tried: Iterable[tuple[Delivery, Mapping[float, date]]], quantiles: tuple[float, ...]
) -> Calibration:
    pairs = tuple(tried)
    ours = tuple(_held(q, (Tried(one, etas[q]) for one, etas in pairs)) for q in quantiles)
    own, more = (
        _held(0.9, (Tried(one, one.promised + timedelta(days=days)) for one, _ in pairs)) for days in (0, FIXED_DAYS)
    )
    return Calibration(supplier, len(pairs), ours, own, more)


def _held(quantile: float, tried: Iterable[Tried]) -> Held:
    found = score(tried, quantile) or Score(0, 0.0, 0.0, 0.0)
    return Held(quantile, found.promises, round(found.hit_rate * found.promises), found.padding)
