"""How fast a stock sells, how likely it runs out before more can come, and when more has to be ordered."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import erfc, exp, lgamma, log, sqrt

ALPHA, BETA = 0.2, 0.1
HORIZON = 365
KEPT_DAYS = 120  # what is older weighs less than a hundred-thousandth in the forecast
FIRST_DAYS = 10
_MANY = 2000  # units from which on a normal distribution is as good
_WINDOWS_TRUST = 10  # independent windows of history that count as much as the fitted distribution
_FAR = 12  # standard deviations beyond which nothing is worth adding up
_OVERDISPERSED = 1.000001  # below, the gamma functions lose more digits than the two distributions differ


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand of one day: the `chance` that anything sells, and the `size` of what sells then, in units."""

    chance: float
    size: float

    @property
    def rate(self) -> float:
        """Units to be expected of a day."""
        return self.chance * self.size


def after_day(demand: Demand, units: int, alpha: float = ALPHA, beta: float = BETA) -> Demand:
    """The demand after one more day, on which `units` were ordered (Teunter, Syntetos and Babai)."""
    chance = demand.chance + beta * ((units > 0) - demand.chance)
    return Demand(chance, demand.size + alpha * (units - demand.size) if units > 0 else demand.size)


def demand_of(history: Sequence[int], alpha: float = ALPHA, beta: float = BETA) -> Demand:
    """The demand after a history of units a day, oldest first; it starts from the averages of the first ten days."""
    first = history[:FIRST_DAYS]
    sales = [units for units in first if units > 0]
    if not sales:
        found = Demand(0.0, float(next((units for units in history if units > 0), 0)))
    else:
        found = Demand(len(sales) / len(first), sum(sales) / len(sales))
    for units in history[FIRST_DAYS:]:
        found = after_day(found, units, alpha, beta)
    return found


def stock_out_risk(history: Sequence[int], days: int, units: int) -> float:
    """The probability that more than `units` are ordered within some days.

    A negative binomial distribution around the forecast, and with a weight that grows with the history what really
    was ordered in as many days on end.
    """
    if units < 0:
        return 1.0
    if days <= 0 or not any(history):
        return 0.0
    windows = _windows(history, days)
    weight = len(history) // days / (len(history) // days + _WINDOWS_TRUST) if windows else 0.0
    seen = sum(total > units for total in windows) / len(windows) if windows else 0.0
    mean = demand_of(history).rate * days
    return weight * seen + (1.0 - weight) * _exceeds(units, mean, _variance(history) * days)


def days_of_cover(units: int, demand: Demand) -> float | None:
    """How many days units last at the rate of the demand; None where nothing sells."""
    return max(units, 0) / demand.rate if demand.rate > 0 else None


def reorder_by(history: Sequence[int], units: int, lead_days: int, today: date, risk: float = 0.1) -> date | None:
    """The last day on which an order that takes `lead_days` comes before the risk of running out exceeds `risk`.

    Today where it is too late already; None where a year's waiting is no risk.
    """
    waits = range(HORIZON + 1)

    def too_late(wait: int) -> bool:
        return stock_out_risk(history, wait + lead_days, units) > risk

    if not too_late(HORIZON):
        return None
    return today + timedelta(days=max(0, bisect_left(waits, True, key=too_late) - 1))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a stock.

    `rate` units a day are to be expected; `cover` days is what is free good for (None: for ever). By `until`, when
    the next `lot` comes or one could that is ordered today, it has run out with a probability of `risk`.
    `reorder_by` is the last day to order, all that is announced counted in (None: there is no hurry for a year).
    """

    rate: float
    cover: float | None
    until: date
    lot: date | None
    risk: float
    reorder_by: date | None


def look_ahead(
    history: Sequence[int],
    free: int,
    coming: Iterable[tuple[date | None, int]],
    today: date,
    lead_days: int,
    limit: float,
) -> Ahead:
    """What lies ahead of a stock with `free` units that nobody waits for (negative: so many are owed).

    `coming` are the lots that are announced, each with the day by which it is there (None: unknown) and its units.
    """
    lots = tuple(coming)
    lot = min((day for day, units in lots if day is not None and units > 0), default=None)
    until = lot if lot is not None else today + timedelta(days=lead_days)
    demand = demand_of(history)
    return Ahead(
        demand.rate,
        days_of_cover(free, demand),
        until,
        lot,
        stock_out_risk(history, (until - today).days, free),
        reorder_by(history, free + sum(units for _, units in lots), lead_days, today, limit),
    )


def _windows(history: Sequence[int], days: int) -> list[int]:
    """Units of each run of days."""
    sums = [0, *accumulate(history)]
    return [sums[end] - sums[end - days] for end in range(days, len(sums))]


def _variance(history: Sequence[int]) -> float:
    mean = sum(history) / len(history)
    return sum((units - mean) ** 2 for units in history) / len(history)


def _exceeds(units: int, mean: float, variance: float) -> float:
    """P(X > units) of a negative binomial, or of a Poisson distribution where the variance is not above the mean."""
    spread = _FAR * sqrt(max(variance, mean)) + _FAR
    if units > mean + spread:
        return 0.0
    if mean <= 0.0:
        return 0.0
    if mean > _MANY:
        return erfc((units + 0.5 - mean) / sqrt(2.0 * max(variance, mean))) / 2.0
    size = mean * mean / (variance - mean) if variance > mean * _OVERDISPERSED else None
    least = max(0, int(mean - spread))
    return min(1.0, max(0.0, 1.0 - sum(exp(_log_chance(k, mean, size)) for k in range(least, units + 1))))


def _log_chance(k: int, mean: float, size: float | None) -> float:
    """Logarithm of P(X = k); `size` None is the Poisson distribution."""
    if size is None:
        return k * log(mean) - mean - lgamma(k + 1)
    rest = size * log(size / (size + mean)) + k * log(mean / (size + mean))
    return lgamma(k + size) - lgamma(size) - lgamma(k + 1) + rest
