"""Letters are looked at once more before they go: what is not true any more is not said."""

from collections.abc import Sequence
from datetime import timedelta

from connector.domain.effects import SendNotice
from connector.domain.notices import idle, idle_with
from connector.pipeline.connector import Connector
from connector.store import outbox, shops, withdrawn
from connector.store.engine import wait_for_store
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop

READING = timedelta(days=1)


def claim_letters(connector: Connector, shop: Shop, limit: int) -> tuple[OutboxRow, ...]:
    """Some letters that are to go out now; those that should not any more are withdrawn.

    None while a store that has let us in is being read in: which orders have ended since is not known yet. A reading
    that comes to no end holds them for a day.
    """
    while rows := _claim(connector, shop, limit):
        if good := _without_idle(connector, shop, rows):
            return good
    return ()


def _claim(connector: Connector, shop: Shop, limit: int) -> tuple[OutboxRow, ...]:
    now = connector.clock()
    with connector.db.begin() as tx:
        if shops.is_being_read(tx, shop.id, now - READING):
            return ()
        return outbox.claim(tx, shop.id, SendNotice, now, limit)


def _without_idle(connector: Connector, shop: Shop, rows: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
    now = connector.clock()
    with connector.db.begin() as tx:
        states = withdrawn.states(tx, shop.id, [row.effect.order for row in rows])
    told = [(row, idle(row.effect.template, states.get(row.effect.order), now - row.since)) for row in rows]
    if any(why for _, why in told):
        with connector.db.begin() as tx:
            wait_for_store(tx, shop.id)  # before the orders are held: a plan takes them in this order too
            for row, why in told:
                if why:
                    withdrawn.withdraw(tx, shop.id, row, idle_with(row.effect.template), why, now)
    return tuple(row for row, why in told if not why)
