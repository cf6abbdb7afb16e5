"""How fast dates are made for a day's open lines, beside the formulas written out.

python -m tests.bench.domain.slips DELIVERIES.csv
"""

import random
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from connector.domain.slip import Histogram, Key, eta, learned, outlooks
from tests.data import read_deliveries
from tests.domain.slip.given import least_days

LINES, PLAIN = 100_000, 1_000


def main(path: str) -> None:
    """Prints microseconds for each line and each delivery that is learned."""
    deliveries = read_deliveries(Path(path))
    known: dict[Key, Histogram] = {}
    began = time.perf_counter()
    for one in sorted(deliveries, key=lambda one: one.known):
        slip = (one.delivered - one.promised).days
        known.update(learned(known, one.supplier, one.second, slip, one.known))
    print(f"learned {len(deliveries)} deliveries: {per(began, len(deliveries)):.1f} us each")

    today = max(one.known for one in deliveries)
    chance = random.Random(23)
    lines = [(chance.choice(deliveries), today + timedelta(days=chance.randint(-20, 60))) for _ in range(LINES)]
    began = time.perf_counter()
    of = outlooks(known, today)
    found = [eta(due, today, 0.9, of(one.supplier, one.second)) for one, due in lines]
    print(f"{LINES} lines of {len({(o.supplier, o.second) for o, _ in lines})} keys: {per(began, LINES):.1f} us each")

    began = time.perf_counter()
    plain = [
        due + timedelta(days=least_days(known, one.supplier, one.second, today, (today - due).days, 0.9))
        for one, due in lines[:PLAIN]
    ]
    print(f"written out, {PLAIN} lines: {per(began, PLAIN):.1f} us each")
    assert plain == found[:PLAIN]

    began = time.perf_counter()
    for one, due in lines[:PLAIN]:
        fresh(known, one.supplier, one.second, today, due)
    print(f"each with an outlook of its own, {PLAIN} lines: {per(began, PLAIN):.1f} us each")


def fresh(known: dict[Key, Histogram], supplier: str, second: str, today: date, due: date) -> date:
    """One date with nothing made before."""
    return eta(due, today, 0.9, outlooks(known, today)(supplier, second))


def per(began: float, count: int) -> float:
    """Microseconds for each of a number of things since a reading of the clock."""
    return (time.perf_counter() - began) / count * 1e6


if __name__ == "__main__":
    main(*sys.argv[1:])
