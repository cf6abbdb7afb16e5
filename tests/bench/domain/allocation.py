"""How fast units are given out, beside the plain way that looks at every lot for every claim.

python -m tests.bench.domain.allocation
"""

import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice

from connector.domain.allocation import Allotment, Claim, Lot, Stock, allocate, allocate_each
from connector.domain.together import allocate_together

START = datetime(2026, 1, 1, tzinfo=UTC)
STOCKS, BATCH = 100_000, 1_000


def main() -> None:
    """Prints one line for each size."""
    chance = random.Random(23)
    for lines, lots in ((10, 2), (1_000, 500), (10_000, 5_000)):
        stock = a_stock(chance, "A", lines, lots)
        ours = best(partial(allocate, stock.claims, stock.on_hand, stock.lots))
        theirs = best(partial(by_scanning, stock), 1)
        print(f"one stock, {lines:6} lines, {lots:5} lots: {ours * 1e3:8.3f} ms; by scanning {theirs * 1e3:10.3f} ms")
    whole(chance)
    together(chance)


def whole(chance: random.Random) -> None:
    """A million lines; the stocks are made in batches, outside the time, so that the memory is the allocation's."""
    coming = (a_stock(chance, str(number), 10, 2) for number in range(STOCKS))
    took = plain = 0.0
    wanted = given = lines = 0
    while batch := list(islice(coming, BATCH)):
        began = time.perf_counter()
        for _, got in allocate_each(batch):
            given += sum(one.on_hand + one.waiting for one in got)
            lines += len(got)
        took += time.perf_counter() - began
        wanted += sum(claim.quantity for stock in batch for claim in stock.claims)
        began = time.perf_counter()
        for stock in batch:
            by_scanning(stock)
        plain += time.perf_counter() - began
    assert given == wanted
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{lines} lines of {STOCKS} stocks, {STOCKS * 2} lots: {took:.2f} s; by scanning {plain:.2f} s; {peak:.0f} MB"
    )


def together(chance: random.Random) -> None:
    """Orders that ship complete, with lines in two of a thousand stocks."""
    stocks = [
        Stock(
            stock.id, tuple(whole_order(claim, n) for n, claim in enumerate(stock.claims)), stock.on_hand, stock.lots
        )
        for stock in (a_stock(chance, str(number), 10, 2) for number in range(1_000))
    ]
    once = best(lambda: list(allocate_each(stocks)))
    both = best(lambda: allocate_together(stocks))
    print(f"10000 lines of 1000 stocks: {once * 1e3:.1f} ms; with the second pass {both * 1e3:.1f} ms")


def whole_order(claim: Claim, number: int) -> Claim:
    """Every second claim belongs to one of 500 orders that ship complete."""
    if number % 2:
        return claim
    order = f"whole {int(claim.placed_at.timestamp()) % 500}"
    return Claim(order, claim.order, claim.quantity, claim.placed_at, ship_complete=True)


def a_stock(chance: random.Random, id: str, lines: int, lots: int) -> Stock:
    """A stock with about as many units coming as are wanted."""
    some = chance.randint
    claims = tuple(
        Claim(str(some(1, 10**9)), "1", some(1, 5), START + timedelta(seconds=some(0, 10**7))) for _ in range(lines)
    )
    share = max(1, 2 * 3 * lines // lots)
    coming = tuple(
        Lot(f"PO-{n}", some(1, share), date(2026, 1, 1) + timedelta(days=some(1, 300))) for n in range(lots)
    )
    return Stock(id, claims, some(0, 9), coming)


def by_scanning(stock: Stock) -> list[Allotment]:
    """The plain way: for every claim all lots are looked through from the first."""
    lots = sorted(stock.lots, key=lambda lot: (lot.ready or date.max, lot.id))
    left = [lot.quantity for lot in lots]
    free, found = stock.on_hand, []
    for claim in sorted(stock.claims, key=lambda claim: (claim.placed_at, claim.order, claim.line)):
        here = min(free, claim.quantity)
        free -= here
        missing = claim.quantity - here
        days = []
        for place, lot in enumerate(lots):
            taken = min(left[place], missing)
            left[place] -= taken
            missing -= taken
            days += [lot.ready] if taken else []
        eta = days[-1] if days and not missing else None
        first = days[0] if days else None
        found.append(Allotment(claim.order, claim.line, here, claim.quantity - here, first, eta, (), None))
    return found


def best(run: Callable[[], object], times: int = 5) -> float:
    """The shortest of some runs, in seconds."""
    return min(timed(run) for _ in range(times))


def timed(run: Callable[[], object]) -> float:
    """Seconds that one run takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
