"""Notices that do not go any more, and their customers, who then have not been told."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from connector.domain.effects import SendNotice
from connector.domain.facts import OrderState
from connector.domain.record import NoticeWithdrawn
from connector.store import ledger
from connector.store.engine import Tx
from connector.store.outbox import KINDS, OutboxRow
from connector.store.sets import among
from connector.store.tables import lines, orders, outbox

WAITS = OrderState.OPEN.value


def states(tx: Tx, store: str, ids: Iterable[str]) -> dict[str, OrderState]:
    """Where some orders stand; without those that are not known."""
    query = sa.select(orders.c.order, orders.c.state).where(orders.c.store == store, among(orders.c.order, set(ids)))
    return {row.order: OrderState(row.state) for row in tx.execute(query)}


def withdraw(tx: Tx, store: str, row: OutboxRow, others: Collection[str], why: str, now: datetime) -> None:
    """Take back a claimed notice, and the due ones of its order with these templates.

    An order that still waits is looked at again. Whoever calls it is the one writer of the store.
    """
    o, order = outbox.c, row.effect.order
    mine = sa.and_(o.store == store, o.kind == KINDS[SendNotice], o.order == order)
    due = sa.and_(o.status == "due", o.effect["template"].astext.in_(others))
    gone = {"status": "withdrawn", "done_at": now, "error": None, "result": why}
    taken = sa.update(outbox).where(mine, sa.or_(o.id == row.id, due)).values(gone).returning(o.id, o.effect)
    found = [msgspec.convert(one.effect, SendNotice) for one in sorted(tx.execute(taken), key=lambda one: one.id)]
    ledger.append(tx, store, [NoticeWithdrawn(order, one.key, one.template, why) for one in found], now)
    untold = found[1:] if row.doubled else found  # of one that may have gone the customer may know
    if untold:
        _untell(tx, store, order, untold[0], _option_since(tx, store, row), now)


def _option_since(tx: Tx, store: str, row: OutboxRow) -> SendNotice | None:
    """The last option of an order that was written after a notice, and that goes or has gone."""
    o = outbox.c
    mine = (o.store == store, o.kind == KINDS[SendNotice], o.order == row.effect.order, o.id > row.id)
    goes = (o.status.not_in(("withdrawn", "dead")), o.effect["serial"].astext.is_not(None))
    effect = tx.scalar(sa.select(o.effect).where(*mine, *goes).order_by(o.id.desc()).limit(1))
    return msgspec.convert(effect, SendNotice) if effect else None


def _untell(tx: Tx, store: str, order: str, first: SendNotice, option: SendNotice | None, now: datetime) -> None:
    """What the first of them was about is news again to the customer, who knows what was said before it.

    With an option that goes all the same, they know what that says.
    """
    stage = "" if option is None and first.template == "backordered" else "waiting"
    told = option.eta if option else first.previous
    waits = sa.case((orders.c.state == WAITS, now), else_=orders.c.wake_at)
    here = sa.and_(orders.c.store == store, orders.c.order == order)
    known = {"told_eta": told, "stage": stage, "news": True, "wake_at": waits}
    tx.execute(sa.update(orders).where(here).values(known))
    mine = sa.and_(lines.c.store == store, lines.c.order == order, lines.c.open, lines.c.waiting > 0)
    tx.execute(sa.update(lines).where(mine, lines.c.eta.is_distinct_from(told)).values(news=True))
