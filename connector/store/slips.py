"""What suppliers' dates have been worth, as histograms."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.slip import (
    BETWEEN_RECEIPTS,
    SINCE_ORDER,
    SLIP,
    Histogram,
    Key,
    Measure,
    keys,
    learned,
    packed,
    unpacked,
)
from connector.store.engine import Tx
from connector.store.tables import slips


def known(tx: Tx, store: str, measure: Measure = SLIP) -> Mapping[Key, Histogram]:
    """All histograms of a store, by key."""
    query = sa.select(slips).where(slips.c.store == store, slips.c.measure == measure.name)
    return {_key(row.supplier, row.second): unpacked(row.histogram) for row in tx.execute(query)}


def undated(tx: Tx, store: str) -> Mapping[str, Mapping[Key, Histogram]]:
    """The histograms of the measures that need no date, by measure's name."""
    return {measure.name: known(tx, store, measure) for measure in (SINCE_ORDER, BETWEEN_RECEIPTS)}


def _key(supplier: str, second: str) -> Key:
    return keys(supplier, second)[-1] if supplier else ()


def learn(tx: Tx, store: str, supplier: str, second: str, days: int, day: date, measure: Measure = SLIP) -> None:
    """A delivery of a supplier took `days` and became known on `day`."""
    learn_these(tx, store, [(supplier, second, days)], day, measure)


def learn_these(
    tx: Tx, store: str, deliveries: Sequence[tuple[str, str, int]], day: date, measure: Measure = SLIP
) -> None:
    """Deliveries (supplier, second key, days) became known on `day`."""
    histograms = dict(known(tx, store, measure)) if deliveries else {}
    changed: dict[Key, Histogram] = {}
    for supplier, second, days in deliveries:
        changed |= learned(histograms | changed, supplier, second, days, day, measure)
    for key, histogram in changed.items():
        of, with_second = (*key, "", "")[:2]
        form = packed(histogram)
        row = insert(slips).values(store=store, measure=measure.name, supplier=of, second=with_second, histogram=form)
        whole = ["store", "measure", "supplier", "second"]
        tx.execute(row.on_conflict_do_update(index_elements=whole, set_={"histogram": form}))
