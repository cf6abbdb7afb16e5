"""Offers that were made to a customer and that no letter tells of."""

from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from connector.domain.effects import GrantOffer, Offer, SendNotice
from connector.store.engine import Tx
from connector.store.outbox import KINDS
from connector.store.sets import among
from connector.store.tables import outbox

MADE = ("due", "sending", "done")
TOLD = (*MADE, "unknown")


def untold(tx: Tx, store: str, ids: Collection[str]) -> dict[str, Offer]:
    """The offers of some orders that are made or will be, and of which no letter goes or has gone."""
    if not ids:
        return {}
    o, letter = outbox.c, outbox.alias("letter").c
    telling = sa.exists().where(
        letter.store == o.store,
        letter.order == o.order,
        letter.kind == KINDS[SendNotice],
        letter.status.in_(TOLD),
        sa.func.jsonb_typeof(letter.effect["offer"]) == "object",
    )
    made = (o.store == store, o.kind == KINDS[GrantOffer], o.status.in_(MADE), among(o.order, ids))
    rows = tx.execute(sa.select(o.order, o.effect["offer"].label("offer")).where(*made, ~telling))
    return {row.order: msgspec.convert(row.offer, Offer) for row in rows}
