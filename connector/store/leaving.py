"""What is left of us in a store that is let go, and what must not happen to it any more."""

from datetime import datetime

import sqlalchemy as sa

from connector.domain.effects import ArrangeOrder, SwitchBackorders, WriteListing, WriteOrder
from connector.store import ledger, selling
from connector.store.engine import Tx
from connector.store.outbox import KINDS, OPEN
from connector.store.tables import (
    arranged,
    bulk_writes,
    data_requests,
    erased,
    items,
    metadata,
    notice_events,
    outbox,
    secrets,
    stores,
)

# Its webhooks' secret tells late deliveries from made-up ones; of customers who were erased only digests are kept.
KEPT = (data_requests, erased, secrets)

STATES = (KINDS[WriteListing], KINDS[SwitchBackorders], KINDS[WriteOrder], KINDS[ArrangeOrder])


def is_being_written(tx: Tx, store: str, now: datetime) -> bool:
    """Whether a worker has claimed states of a store and may write them any moment."""
    o = outbox.c
    claimed = sa.exists().where(o.store == store, o.kind.in_(STATES), o.status == "sending", o.available_at > now)
    return bool(tx.scalar(sa.select(claimed)))


def shown(tx: Tx, store: str) -> tuple[tuple[str, str | None], ...]:
    """Items, each with its parent, whose listings may show something of ours."""
    mine = sa.and_(items.c.store == store, items.c.written.is_not(None), ~items.c.gone)
    query = sa.select(items.c.item, items.c.parent).where(mine).order_by(items.c.item)
    return tuple((row.item, row.parent) for row in tx.execute(query))


def written_orders(tx: Tx, store: str, most: int) -> tuple[str, ...]:
    """Orders that show something of ours, the latest first; at most so many."""
    o = outbox.c
    mine = (o.store == store, o.kind == KINDS[WriteOrder], sa.or_(o.done_at.is_not(None), o.attempts > 0))
    return tuple(tx.scalars(sa.select(o.effect["order"].astext).where(*mine).order_by(o.id.desc()).limit(most)))


def forget(tx: Tx, store: str) -> int:
    """Nothing is to be done any more, and nothing of ours is shown; how many letters had not gone out."""
    o = outbox.c
    # How orders stood was taken out of them: it would have to be written again.
    waiting = sa.and_(o.store == store, sa.or_(o.status.in_(OPEN), o.kind == KINDS[WriteOrder]))
    dropped = tx.scalars(sa.delete(outbox).where(waiting).returning(o.kind)).all()
    tx.execute(sa.delete(bulk_writes).where(bulk_writes.c.store == store))
    tx.execute(sa.update(items).where(items.c.store == store).values(written=sa.null()))
    selling.forget(tx, store)
    tx.execute(sa.delete(arranged).where(arranged.c.store == store))
    return dropped.count("notice")


def forget_all(tx: Tx, store: str) -> None:
    """Nothing is held any more of a store and its customers but its address and time zone."""
    ledger.allow_erasure(tx)
    tx.execute(sa.delete(notice_events).where(notice_events.c.notice.startswith(f"{store}/", autoescape=True)))
    for table in reversed(metadata.sorted_tables):
        if "store" in table.c and table not in KEPT:
            tx.execute(sa.delete(table).where(table.c.store == store))
    asked = data_requests.c.store == store
    tx.execute(sa.update(data_requests).where(asked).values(email="", orders=[]))
    zone = sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object("timezone", stores.c.settings["timezone"]))
    said = {"name": "", "currency": "", "version": "", "settings": zone, "progress": {}}
    known = {"checkup": None, "watched_through": None, "reconciled_at": None}
    tx.execute(sa.update(stores).where(stores.c.id == store).values(said | known))
