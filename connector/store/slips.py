"""What suppliers' dates have been worth, as histograms."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.slip import SLIP, Histogram, Key, Measure, keys, learned, packed, unpacked
from connector.store.engine import Tx
from connector.store.tables import slips


def known(tx: Tx, store: str, measure: Measure = SLIP) -> Mapping[Key, Histogram]:
    """All histograms of a store, by key."""
    query = sa.select(slips).where(slips.c.store == store, slips.c.measure == measure.name)
    return {_key(row.supplier, row.second): unpacked(row.histogram) for row in tx.execute(query)}


def _key(supplier: str, second: str) -> Key:
    return keys(supplier, second)[-1] if supplier else ()


def learn(tx: Tx, store: str, supplier: str, second: str, days: int, day: date, measure: Measure = SLIP) -> None:
    """A delivery of a supplier took `days` and became known on `day`."""
    for key, histogram in learned(known(tx, store, measure), supplier, second, days, day, measure).items():
        of, with_second = (*key, "", "")[:2]
        form = packed(histogram)
        row = insert(slips).values(store=store, measure=measure.name, supplier=of, second=with_second, histogram=form)
        whole = ["store", "measure", "supplier", "second"]
        tx.execute(row.on_conflict_do_update(index_elements=whole, set_={"histogram": form}))
