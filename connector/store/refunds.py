"""Cancellations that a store is to carry out: proposed to the merchant or due at once, and what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.effects import CancelLines
from connector.store.engine import Tx
from connector.store.outbox import KINDS, row_of
from connector.store.tables import outbox

KIND = KINDS[CancelLines]
PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A cancellation of an order: `status` is proposed, due, sending, done or dead, `said` what came of it."""

    effect: CancelLines
    status: str
    at: datetime
    said: str

    @property
    def units(self) -> int:
        """How many units it is about."""
        return sum(quantity for _, quantity in self.effect.lines)


def put(tx: Tx, store: str, effects: Iterable[CancelLines], now: datetime) -> None:
    """Keep cancellations, each once; one that is not to be done at once waits for the merchant."""
    for effect in effects:
        status = "due" if effect.at_once else PROPOSED
        row = insert(outbox).values(row_of(store, effect, now) | {"order": effect.order, "status": status})
        tx.execute(row.on_conflict_do_nothing(index_elements=["store", "key"]))


def approve(tx: Tx, store: str, order: str, now: datetime) -> tuple[str, ...]:
    """The merchant has what is proposed for an order, or failed, carried out; the keys of it."""
    asked = sa.update(outbox).where(*_of(store, order), outbox.c.status.in_((PROPOSED, "dead")))
    values = {"status": "due", "attempts": 0, "available_at": now, "error": None}
    return tuple(tx.scalars(asked.values(values).returning(outbox.c.key)))


def withdraw(tx: Tx, store: str, order: str, now: datetime) -> None:
    """The money of an order has gone back some other way: nothing is proposed any more."""
    left = sa.update(outbox).where(*_of(store, order), outbox.c.status.in_((PROPOSED, "dead")))
    tx.execute(left.values(status="done", done_at=now, result="It was done in the store.", error=None))


def of_order(tx: Tx, store: str, order: str) -> tuple[RefundRow, ...]:
    """The cancellations of an order, oldest first."""
    rows = tx.execute(sa.select(outbox).where(*_of(store, order)).order_by(outbox.c.id))
    return tuple(
        RefundRow(
            msgspec.convert(row.effect, CancelLines),
            row.status,
            row.done_at or row.created_at,
            row.error or row.result or "",
        )
        for row in rows
    )


def _of(store: str, order: str) -> tuple[sa.ColumnElement[bool], ...]:
    # The kind stands there as a text, so that the index of these few rows is seen to fit.
    return outbox.c.store == store, outbox.c.order == order, outbox.c.kind == sa.literal_column(f"'{KIND}'")
