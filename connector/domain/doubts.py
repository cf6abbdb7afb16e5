"""Which files of a supplier are not believed before the merchant has seen them, so that none hurts customers."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from connector.domain.facts import SupplyRow
from connector.domain.supply import diff
from connector.domain.wording import counted

FEWEST = 10  # a supplier of whom less is known may change all that he says
TAIL_SHARE = 0.1
TAIL_LEAST = 3
TIMES = 100
UNITS = 1000

Said = Mapping[str, Sequence[SupplyRow]]


@dataclass(frozen=True)
class Files:
    """The last file that was used and the new one, by SKU in the order of the file, and the day of the look."""

    before: Said
    after: Said
    today: date

    @cached_property
    def both(self) -> Collection[str]:
        """The SKUs that both name."""
        return self.before.keys() & self.after.keys()

    @property
    def news(self) -> Iterable[SupplyRow]:
        """Rows whose date was not said before."""
        for sku, rows in self.after.items():
            known = {(row.reference, row.expected) for row in self.before.get(sku, ())}
            yield from (row for row in rows if (row.reference, row.expected) not in known)


def suspicion(previous: Iterable[SupplyRow], rows: Iterable[SupplyRow], today: date) -> str | None:
    """Why a new file should not be believed before the merchant has seen it; None where it is fine."""
    files = Files(_by_sku(previous), _by_sku(rows), today)
    return next((found for guard in GUARDS if (found := guard(files)) is not None), None)


def _by_sku(rows: Iterable[SupplyRow]) -> Said:
    grouped: dict[str, list[SupplyRow]] = {}
    for row in rows:
        grouped.setdefault(row.sku, []).append(row)
    return grouped


def _names_nothing(files: Files) -> str | None:
    if files.before and not files.after:
        return f"the new file names no SKU, and the last one had {len(files.before)}"
    return None


def _names_half(files: Files) -> str | None:
    known = len(files.before)
    if known >= FEWEST and 2 * len(files.both) <= known:
        return f"the new file names {len(files.both)} of the {known} SKUs that the last one had"
    return None


def _breaks_off(files: Files) -> str | None:
    """All that is missing stood at the end of the last file: less was transmitted, rather than less is coming."""
    known, missing = list(files.before), len(files.before) - len(files.both)
    enough = len(known) >= FEWEST and missing >= max(TAIL_LEAST, TAIL_SHARE * len(known))
    if enough and len(files.after) == len(files.both) and not any(sku in files.after for sku in known[-missing:]):
        return f"the new file is the last one without its last {missing} of {len(known)} SKUs, as if it were cut off"
    return None


def _many_times_more(files: Files) -> str | None:
    units = [(_units(files.before[sku]), _units(files.after[sku]), sku) for sku in sorted(files.both)]
    grown = [one for one in units if one[1] >= max(UNITS, TIMES * one[0])]
    if grown and 2 * len(grown) > len(units):
        was, now, sku = grown[0]
        return f"units are {TIMES} times what they were, or more: {sku} had {was:,} and now has {now:,}"
    return None


def _units(rows: Iterable[SupplyRow]) -> int:
    return sum(row.quantity for row in rows)


def _is_over(files: Files) -> str | None:
    news = [row.expected for row in files.news if row.expected is not None]
    past = [day for day in news if day < files.today]
    if len(past) >= FEWEST and 2 * len(past) > len(news):
        return f"{len(past)} of the {len(news)} dates that are new are in the past, such as {max(past)}"
    return None


def _moves_most(files: Files) -> str | None:
    moved = [sku for sku in files.both if _told(files.before[sku]) != _told(files.after[sku])]
    if len(files.both) < FEWEST or 2 * len(moved) <= len(files.both):
        return None
    steps = {_step(files.before[sku], files.after[sku]) for sku in moved}
    if len(steps) == 1 and (step := steps.pop()) is not None:
        by = counted(step, "day")
        return f"all of {len(moved)} dates that moved did so by {by}, out of {len(files.both)} known SKUs"
    return f"{len(moved)} of {len(files.both)} known SKUs have other units or dates than before"


def _told(rows: Iterable[SupplyRow]) -> list[tuple[str, int]]:
    return sorted((row.expected.isoformat() if row.expected else "", row.quantity) for row in rows)


def _step(before: Sequence[SupplyRow], after: Sequence[SupplyRow]) -> int | None:
    if len(before) != 1 or len(after) != 1 or before[0].quantity != after[0].quantity:
        return None
    was, now = before[0].expected, after[0].expected
    return (now - was).days if was and now else None


GUARDS: tuple[Callable[[Files], str | None], ...] = (
    _names_nothing,
    _names_half,
    _breaks_off,
    _many_times_more,
    _is_over,
    _moves_most,
)


def goes_back(before: Iterable[SupplyRow], last: Iterable[SupplyRow], rows: Iterable[SupplyRow]) -> bool:
    """Whether most of what a file changes is as it was before the last change: two files may take turns."""
    known, said = tuple(before), tuple(rows)
    moved = diff(last, said).changed
    returned = moved - diff(known, said).changed
    return bool(known) and 2 * len(returned) > len(moved)
