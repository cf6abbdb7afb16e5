"""Why the dates of an order are what they are: what its suppliers said, and what their dates have been worth."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from connector.domain.facts import SupplyRow
from connector.domain.grounds import grounds, told
from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, SLIP
from connector.domain.supply import named
from connector.store import slips
from connector.store.engine import Tx
from connector.store.plans import said_of
from connector.store.tables import lines

Lots = Mapping[str, tuple[str, SupplyRow]]


def grounds_of(tx: Tx, store: str, order: str, today: date) -> dict[str, str]:
    """A sentence or two for each line of an order that waits for a lot with a date, by line."""
    mine = sa.and_(lines.c.store == store, lines.c.order == order, lines.c.open, lines.c.waiting > 0)
    query = sa.select(lines.c.line, lines.c.stock, lines.c.lot, lines.c.eta).where(mine, lines.c.eta.is_not(None))
    waiting = [row for row in tx.execute(query) if row.stock and row.lot]
    known = {one: slips.known(tx, store, one) for one in (SLIP, SINCE_ORDER, BETWEEN_RECEIPTS)} if waiting else {}
    found = {}
    for row in waiting:
        lots = _lots(tx, store, row.stock)
        if row.lot in lots:
            supplier, said = lots[row.lot]
            undated = SINCE_ORDER if known[SINCE_ORDER] else BETWEEN_RECEIPTS
            measure = SLIP if said.expected else undated
            history = grounds(known[measure], supplier, today, measure)
            found[row.line] = told(supplier, said.expected, history, row.eta)
    return found


def _lots(tx: Tx, store: str, stock: str) -> Lots:
    """The rows behind the lots of a stock, by the lot's id."""
    by_supplier = said_of(tx, store, stock)
    return {lot: (supplier, row) for supplier, rows in by_supplier.items() for lot, row in named(supplier, rows)}
