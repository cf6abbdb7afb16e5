"""How good and how fast promises are on a file of past deliveries, beside the supplier's date and 7 days more.

python -m tests.bench.domain.promises DELIVERIES.csv [FIRST LAST]
"""

import sys
import time
from datetime import date
from pathlib import Path

from connector.domain.backtest import Delivery, Trial, Tried, plain, promises, renewals, score
from tests.data import read_deliveries


def main(path: str, first: str = "2009-01-01", last: str = "2012-12-31") -> None:
    """Prints one line for each age and way."""
    deliveries = read_deliveries(Path(path))
    print(f"{len(deliveries)} deliveries, promised {first} to {last}")
    for quantile in (0.9, 0.95):
        for age in (-30, 0, 7):
            trial = Trial(date.fromisoformat(first), date.fromisoformat(last), age, quantile)
            began = time.perf_counter()
            tried = list(promises(deliveries, trial))
            took = time.perf_counter() - began
            print(line(f"P{quantile * 100:.0f}", age, tried, quantile), f"{took / len(tried) * 1e6:.0f} us each")
            if age < 0:
                print(line("supplier's date", age, list(plain(deliveries, trial, 0)), quantile))
                print(line("+7 days", age, list(plain(deliveries, trial, 7)), quantile))
    sticky(deliveries, Trial(date.fromisoformat(first), date.fromisoformat(last), -30, 0.9))


def line(name: str, age: int, tried: list[Tried], quantile: float) -> str:
    """The score as a line."""
    found = score(tried, quantile)
    assert found is not None
    return (
        f"{name:16} age {age:4} n {found.promises:5} hit {found.hit_rate:7.2%} "
        f"padding {found.padding:6.2f} pinball {found.pinball:6.3f}"
    )


def sticky(deliveries: list[Delivery], trial: Trial) -> None:
    """Prints how often shown dates change."""
    for name, improve_days in (("on a passed date only", None), ("and when 7 days better on any day", 7)):
        began = time.perf_counter()
        counted = list(renewals(deliveries, trial, improve_days))
        took = time.perf_counter() - began
        late = [changes for one, changes in counted if one.delivered > one.promised]
        every = sum(changes for _, changes in counted) / len(counted)
        print(
            f"sticky P90, {name}: {every:.3f} changes a line, {sum(late) / len(late):.3f} a late line; {took:.1f} s"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
