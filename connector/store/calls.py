"""How many calls to the outside came to what, over all processes and since the installation began."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.store.engine import Tx
from connector.store.tables import calls


def add(tx: Tx, counted: Mapping[tuple[str, str], int]) -> None:
    """Add calls, by platform and outcome."""
    rows = [{"platform": one[0], "outcome": one[1], "times": counted[one]} for one in sorted(counted)]
    more = insert(calls).values(rows)
    sums = {"times": calls.c.times + more.excluded.times}
    tx.execute(more.on_conflict_do_update(index_elements=("platform", "outcome"), set_=sums))


def totals(tx: Tx) -> dict[tuple[str, str], int]:
    """All of them, by platform and outcome."""
    query = sa.select(calls).order_by(calls.c.platform, calls.c.outcome)
    return {(row.platform, row.outcome): row.times for row in tx.execute(query)}
