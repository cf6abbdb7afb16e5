"""The promise ledger: only added to, each order's entries sealed one behind the other."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.chain import BEGINNING, Link, digest, seal, stamp
from connector.store.engine import Tx
from connector.store.sets import among, insert_all
from connector.store.tables import ledger, orders

PERSONAL = "personal"


def append(tx: Tx, store: str, said: Sequence[Any], at: datetime) -> None:
    """Write entries (dataclasses with an `order`) behind those that their orders have.

    It holds the orders' rows until the transaction ends, so that no two writers seal the same place.
    """
    if not said:
        return
    ends = _ends(tx, store, {one.order for one in said})
    rows = []
    for one in said:
        number, previous = ends.get(one.order, (0, BEGINNING))
        row = _row(one, number + 1, previous, at)
        ends[one.order] = (number + 1, row["seal"])
        rows.append(row | {"store": store})
    tx.execute(insert_all(ledger, rows))


def _ends(tx: Tx, store: str, ids: set[str]) -> dict[str, tuple[int, str]]:
    """The last number and seal of each order that has any."""
    held = sa.select(orders.c.order).where(orders.c.store == store, among(orders.c.order, ids))
    tx.execute(held.order_by(orders.c.order).with_for_update(key_share=True)).all()
    mine = sa.and_(ledger.c.store == store, among(ledger.c.order, ids))
    last = sa.select(ledger.c.order, sa.func.max(ledger.c.number)).where(mine).group_by(ledger.c.order)
    query = sa.select(ledger.c.order, ledger.c.number, ledger.c.seal).where(ledger.c.store == store)
    rows = tx.execute(query.where(sa.tuple_(ledger.c.order, ledger.c.number).in_(last)))
    return {row.order: (row.number, row.seal) for row in rows}


def _row(said: Any, number: int, previous: str, at: datetime) -> dict[str, Any]:
    entry = msgspec.to_builtins(said)
    personal = entry.pop(PERSONAL, None)
    if personal is not None:
        personal["salt"] = secrets.token_hex(16)  # so that what was erased cannot be guessed from its digest
        entry[PERSONAL] = digest(personal)
    kind, line = type(said).__name__, getattr(said, "line", None)
    return {
        "number": number,
        "at": at,
        "kind": kind,
        "order": said.order,
        "line": line,
        "entry": entry,
        "personal": personal,
        "seal": seal(previous, number, stamp(at), kind, said.order, line, entry),
    }


def chain(tx: Tx, store: str, order: str) -> tuple[Link, ...]:
    """All entries of an order, oldest first."""
    mine = (ledger.c.store == store, ledger.c.order == order)
    rows = tx.execute(sa.select(ledger).where(*mine).order_by(ledger.c.number))
    return tuple(
        Link(row.number, stamp(row.at), row.kind, row.order, row.line, row.entry, row.personal, row.seal)
        for row in rows
    )


def allow_erasure(tx: Tx) -> None:
    """Until this transaction ends the database lets go of what is personal in the ledger, or of whole entries."""
    tx.execute(sa.text("select set_config('backorder.erasing', 'yes', true)"))
