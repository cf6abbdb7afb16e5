"""Addresses that want no mail of a store any more, by what the mail service has told of its notices."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from connector.domain.facts import NoticeOutcome
from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.tables import notice_events, orders, outbox


def unwanted(tx: Tx, store: str, addresses: Iterable[str]) -> frozenset[str]:
    """Those of these addresses, in lower case, that want none."""
    event, prefix = notice_events.c, f"{store}/"
    to = sa.func.lower(outbox.c.effect["to"].astext)
    sent = sa.and_(outbox.c.store == store, outbox.c.key == sa.func.substr(event.notice, len(prefix) + 1))
    here = (event.outcome == NoticeOutcome.UNWANTED.value, event.notice.startswith(prefix, autoescape=True))
    named = {one.lower() for one in addresses if one}
    query = sa.select(to).select_from(notice_events.join(outbox, sent)).where(*here, among(to, named))
    return frozenset(tx.scalars(query.distinct()))


def wake(tx: Tx, store: str, address: str, now: datetime) -> None:
    """The open orders of an address are looked at again."""
    mine = (orders.c.store == store, orders.c.state == "open", sa.func.lower(orders.c.email) == address.lower())
    tx.execute(sa.update(orders).where(*mine).values(news=True, wake_at=now))
