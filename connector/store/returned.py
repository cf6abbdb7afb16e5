"""Orders that are there again: a store says at once that one went, but never that one came back without a webhook."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.domain.facts import Fact, OrderSnapshot, OrderState
from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.tables import orders

LATER = timedelta(microseconds=1)  # the least that the books tell apart


def as_returned(tx: Tx, store: str, facts: Sequence[Fact], asked: datetime) -> tuple[Fact, ...]:
    """The facts that the store answered with when it was `asked`, orders that had gone before that being newer.

    That an order went is dated by when it was heard of, which may be after the store's own time of its coming back.
    """
    shown = [one.order for one in facts if isinstance(one, OrderSnapshot) and one.state is not OrderState.GONE]
    was = orders.c
    query = sa.select(was.order, was.seen_at).where(was.store == store, among(was.order, shown))
    gone = query.where(was.state == OrderState.GONE.value, was.seen_at < asked)
    since = {row.order: row.seen_at for row in tx.execute(gone)} if shown else {}
    return tuple(
        replace(one, seen_at=max(one.seen_at, since[one.order] + LATER))
        if isinstance(one, OrderSnapshot) and one.order in since
        else one
        for one in facts
    )
