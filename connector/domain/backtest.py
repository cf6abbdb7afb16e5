"""What promises would have been worth: the past is gone through day by day with what was known on each day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heapify, heappop, heapreplace

from connector.domain.slip import COLD_START_DAYS, Histogram, Key, Outlook, eta, learned, outlook, publish

EARLIEST, LATEST = -30, 120  # one lost container must not outweigh a thousand parcels


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that came: promised for a day, delivered on a day, and known to us from a day on.

    `second` is what else tells deliveries of one supplier apart, a destination or a warehouse ("" for nothing).
    """

    id: str
    supplier: str
    second: str
    promised: date
    delivered: date
    known: date


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: promises at `age` days (-30: thirty before the promised day) for what was promised in a span."""

    first: date
    last: date
    age: int
    quantile: float
    cold_start_days: int = COLD_START_DAYS
    floor: bool = True


@dataclass(frozen=True, slots=True)
class Tried:
    """A promise that would have been made, beside what came of it."""

    delivery: Delivery
    eta: date


@dataclass(frozen=True, slots=True)
class Score:
    """Share of promises kept, mean days from delivery to promise of those kept, and mean pinball loss in days."""

    promises: int
    hit_rate: float
    padding: float
    pinball: float


class Past:
    """Deliveries as they become known; it only goes forward."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        self._coming = sorted(deliveries, key=lambda one: (one.known, one.id), reverse=True)
        self._known: dict[Key, Histogram] = {}

    def outlook(self, delivery: Delivery, day: date, cold_start_days: int = COLD_START_DAYS) -> Outlook:
        """What was to be expected of a delivery on a day, by what was known before it."""
        while self._coming and self._coming[-1].known < day:
            one = self._coming.pop()
            slip = (one.delivered - one.promised).days
            self._known.update(learned(self._known, one.supplier, one.second, slip, one.known))
        return outlook(self._known, delivery.supplier, delivery.second, day, cold_start_days=cold_start_days)

    def eta(self, delivery: Delivery, day: date, trial: Trial) -> date:
        """The calibrated date on a day for a delivery that has not come by its end."""
        expected = self.outlook(delivery, day, trial.cold_start_days)
        return eta(delivery.promised, day, trial.quantile, expected, trial.floor)


def promises(deliveries: Iterable[Delivery], trial: Trial) -> Iterator[Tried]:
    """The promise for each delivery of the trial that had not come by the end of the day that it is made on.

    By that day, then by id.
    """
    known = tuple(deliveries)
    past = Past(known)
    for day, delivery in due(known, trial):
        yield Tried(delivery, past.eta(delivery, day, trial))


def plain(deliveries: Iterable[Delivery], trial: Trial, days: int) -> Iterator[Tried]:
    """The same deliveries, each promised for the supplier's date and a number of days more."""
    for _, delivery in due(deliveries, trial):
        yield Tried(delivery, delivery.promised + timedelta(days=days))


def due(deliveries: Iterable[Delivery], trial: Trial) -> list[tuple[date, Delivery]]:
    """The deliveries of a trial with the day of their promise, by that day and id."""
    dated = ((one.promised + timedelta(days=trial.age), one) for one in deliveries)
    tried = [(day, one) for day, one in dated if trial.first <= one.promised <= trial.last and one.delivered > day]
    return sorted(tried, key=lambda pair: (pair[0], pair[1].id))


def renewals(
    deliveries: Iterable[Delivery], trial: Trial, improve_days: int | None = None
) -> Iterator[tuple[Delivery, int]]:
    """How often the date shown for each delivery of the trial changes until it comes, by its coming.

    A date is renewed when it has passed; with `improve_days` also on any day on which it is better by so many.
    """
    known = tuple(deliveries)
    past = Past(known)
    shown: dict[str, date] = {}
    changes: dict[str, int] = {}
    looks = [(day, one.id, one) for day, one in due(known, trial)]
    heapify(looks)
    while looks:
        day, _, delivery = looks[0]
        if delivery.delivered <= day:
            heappop(looks)
            yield delivery, changes.get(delivery.id, 0)
            continue
        fresh = past.eta(delivery, day, trial)
        before = shown.get(delivery.id)
        after = publish(before, fresh, day + timedelta(days=1), improve_days or 0, news=improve_days is not None)
        shown[delivery.id] = after
        changes[delivery.id] = changes.get(delivery.id, 0) + (before is not None and after != before)
        again = day + timedelta(days=1) if improve_days is not None else after
        heapreplace(looks, (again, delivery.id, delivery))


def score(tried: Iterable[Tried], quantile: float) -> Score | None:
    """How good promises were; in the loss a slip counts from -30 to 120 days. None where nothing was promised."""
    days = [(_days(one.delivery, one.delivery.delivered), _days(one.delivery, one.eta)) for one in tried]
    if not days:
        return None
    spare = [shown - slip for slip, shown in days if slip <= shown]
    loss = sum(_pinball(min(max(slip, EARLIEST), LATEST), shown, quantile) for slip, shown in days)
    padding = sum(spare) / len(spare) if spare else 0.0
    return Score(len(days), len(spare) / len(days), padding, loss / len(days))


def _days(delivery: Delivery, day: date) -> int:
    return (day - delivery.promised).days


def _pinball(slip: int, shown: int, quantile: float) -> float:
    return quantile * (slip - shown) if slip >= shown else (1.0 - quantile) * (shown - slip)
