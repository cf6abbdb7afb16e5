"""Effects that the merchant may be asked about first: proposed or due at once, and what became of each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.effects import CancelLines, CapturePayment
from connector.store.engine import Tx
from connector.store.outbox import KINDS, row_of
from connector.store.sets import among
from connector.store.tables import outbox

PROPOSED = "proposed"
WAITS = (PROPOSED, "dead")  # for the merchant's word
DONE_THERE = "It was done in the store."
Asked = CancelLines | CapturePayment
Kind = type[CancelLines] | type[CapturePayment]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of an order: `status` is proposed, due, sending, done or dead, `said` what came of it."""

    effect: CancelLines | CapturePayment
    status: str
    at: datetime
    said: str

    @property
    def units(self) -> int:
        """How many units a cancellation is about."""
        return sum(quantity for _, quantity in self.effect.lines) if isinstance(self.effect, CancelLines) else 0


def put(tx: Tx, store: str, effects: Iterable[Asked], now: datetime) -> tuple[str, ...]:
    """Keep them, each once; what is not to be done at once waits for the merchant. The keys of what is new.

    What waits for the merchant's word follows what is said of it now, and is due where it is to be done at once now.
    """
    new = []
    for effect in effects:
        status = "due" if effect.at_once else PROPOSED
        row = insert(outbox).values(row_of(store, effect, now) | {"order": effect.order, "status": status})
        again = {"effect": row.excluded.effect, "status": status, "available_at": now}
        waits = row.on_conflict_do_update(
            index_elements=["store", "key"], set_=again, where=outbox.c.status == PROPOSED
        )
        if tx.scalar(waits.returning(outbox.c.created_at == now)):
            new.append(effect.key)
    return tuple(new)


def approve(tx: Tx, store: str, kind: Kind, order: str, now: datetime) -> tuple[str, ...]:
    """The merchant has what is proposed for an order, or failed, carried out; the keys of it."""
    asked = sa.update(outbox).where(*_of(store, kind, [order]), outbox.c.status.in_(WAITS))
    values = {"status": "due", "attempts": 0, "available_at": now, "error": None}
    if kind is CapturePayment:
        times = sa.func.coalesce(outbox.c.effect["asked"].as_integer(), 0) + 1
        values["effect"] = outbox.c.effect.concat(sa.func.jsonb_build_object("asked", times))
    return tuple(tx.scalars(asked.values(values).returning(outbox.c.key)))


def withdraw(
    tx: Tx, store: str, kind: Kind, orders: Collection[str], now: datetime, statuses: Collection[str] = WAITS
) -> None:
    """It was done some other way, or is not wanted any more: nothing is proposed for these orders."""
    left = sa.update(outbox).where(*_of(store, kind, orders), outbox.c.status.in_(statuses))
    tx.execute(left.values(status="done", done_at=now, result=DONE_THERE, error=None))


def take_back(tx: Tx, store: str, orders: Collection[str]) -> None:
    """Money that was proposed to be taken is not to be, for the time being; it can be proposed again."""
    left = sa.delete(outbox).where(*_of(store, CapturePayment, orders), outbox.c.status == PROPOSED)
    tx.execute(left)


def of_order(tx: Tx, store: str, kind: Kind, order: str) -> tuple[Proposal, ...]:
    """Those of an order, oldest first."""
    rows = tx.execute(sa.select(outbox).where(*_of(store, kind, [order])).order_by(outbox.c.id))
    return tuple(
        Proposal(
            msgspec.convert(row.effect, kind),
            row.status,
            row.done_at or row.created_at,
            row.error or row.result or "",
        )
        for row in rows
    )


def _of(store: str, kind: Kind, orders: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    # The kind stands there as a text, so that the index of these few rows is seen to fit.
    named: sa.ColumnElement[str] = sa.literal_column(f"'{KINDS[kind]}'")
    return outbox.c.store == store, among(outbox.c.order, orders), outbox.c.kind == named
