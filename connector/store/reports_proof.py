"""What a proof of one order is made of, read from the books."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.chain import Link
from connector.domain.obligations import Duty
from connector.domain.telling import KINDS, Entry
from connector.store.engine import Tx
from connector.store.ledger import PERSONAL
from connector.store.tables import duties, orders


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty of an order: `state` is open, met or breached, `by_hand` how the merchant met it where no mail did."""

    duty: Duty
    opened_at: datetime
    due: datetime
    state: str
    ended_at: datetime | None
    by_hand: str


def find_order(tx: Tx, store: str, named: str) -> str | None:
    """The id of an order by its id or its number, with or without the number's sign; None where there is none."""
    if "\x00" in named:  # PostgreSQL has no such text
        return None
    is_it = sa.or_(orders.c.order == named, orders.c.number.in_([named, f"#{named}"]))
    query = sa.select(orders.c.order).where(orders.c.store == store, is_it)
    found: str | None = tx.scalar(query.order_by(orders.c.order != named, orders.c.order).limit(1))
    return found


def duties_of(tx: Tx, store: str, order: str) -> tuple[DutyRow, ...]:
    """All duties that an order has brought, oldest first."""
    d = duties.c
    query = sa.select(d.duty, d.opened_at, d.due, d.state, d.ended_at, d.by_hand)
    rows = tx.execute(query.where(d.store == store, d.order == order).order_by(d.opened_at, d.duty))
    return tuple(DutyRow(Duty(row.duty), *row[1:]) for row in rows)


def entry_of(link: Link) -> Entry:
    """What a link of the chain says; what was erased from it is empty."""
    kind = KINDS[link.kind]
    said: dict[str, Any] = dict(link.entry)
    if PERSONAL in said:
        said[PERSONAL] = link.personal or {}
    found: Entry = msgspec.convert(said, kind)
    return found
