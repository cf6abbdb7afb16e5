"""Up to which time a store was planned, so that a clock that goes back is found out."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.store.engine import Tx
from connector.store.tables import planned


@dataclass(frozen=True, slots=True)
class Planned:
    """The time of the last plan that decided something, and whether a clock behind it holds back the next."""

    at: datetime
    held: bool


def last(tx: Tx, store: str) -> Planned | None:
    """The last plan; None before the first."""
    row = tx.execute(sa.select(planned.c.at, planned.c.held).where(planned.c.store == store)).one_or_none()
    return Planned(*row) if row else None


def note(tx: Tx, store: str, at: datetime) -> None:
    """The store was planned at this time, and nothing is held back."""
    row = insert(planned).values(store=store, at=at, held=False)
    tx.execute(row.on_conflict_do_update(index_elements=["store"], set_={"at": at, "held": False}))


def hold(tx: Tx, store: str) -> None:
    """The next plan is held back."""
    tx.execute(sa.update(planned).where(planned.c.store == store).values(held=True))
