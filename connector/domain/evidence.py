"""What a promise rests on, written beside it on the day: which supply, which history, which settings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from connector.domain.board import StockAfter
from connector.domain.grounds import grounds
from connector.domain.promise import Evidence, PromiseMade
from connector.domain.settings import Settings
from connector.domain.slip import SLIP, Histogram, Key

NO_SUPPLY = "No supplier has announced units that are free for this line."
NO_DATE = "The supplier has announced the units and named no date."


def with_evidence(
    after: Sequence[StockAfter], known: Mapping[Key, Histogram], settings: Settings, today: date
) -> tuple[StockAfter, ...]:
    """Plans whose promises say what they rest on."""
    said: dict[str, str] = {}

    def history(supplier: str) -> str:
        if supplier not in said:
            said[supplier] = grounds(known, supplier, today, SLIP).words()
        return said[supplier]

    def proven(entry: PromiseMade) -> PromiseMade:
        supplier = _supplier(entry.lot, known) if entry.lot else ""
        undated = NO_DATE if supplier else NO_SUPPLY
        evidence = Evidence(
            supplier,
            history(supplier) if entry.eta else undated,
            settings.promise_quantile,
            settings.cold_start_days,
            settings.buffer_days,
            settings.handling_days,
            settings.fill_order,
        )
        return replace(entry, evidence=evidence)

    return tuple(
        replace(one, entries=tuple(proven(said) if isinstance(said, PromiseMade) else said for said in one.entries))
        if one.entries
        else one
        for one in after
    )


def _supplier(lot: str, known: Mapping[Key, Histogram]) -> str:
    """Whose a lot is: its id begins with the supplier's name, which may have a slash of its own."""
    named = [key[0] for key in known if len(key) == 1 and lot.startswith(f"{key[0]}/")]
    return max(named, key=len, default=lot.partition("/")[0])
