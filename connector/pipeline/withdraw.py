"""Letters are looked at once more before they go: what is not true any more is not said, nor to whom wants none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.domain.consolation import offer_key
from connector.domain.effects import SendNotice
from connector.domain.errors import Terminal
from connector.domain.facts import OrderState
from connector.domain.notices import idle, idle_with, notice_named
from connector.pipeline.connector import Connector
from connector.pipeline.ends import failed
from connector.pipeline.unwanted import WANTS_NONE
from connector.store import outbox, problems, shops, withdrawn
from connector.store.engine import Tx, wait_for_store
from connector.store.outbox import OutboxRow
from connector.store.shops import Shop
from connector.store.unwanted import unwanted

READING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """Letters, where their orders stand, and which of their addresses want none."""

    rows: tuple[OutboxRow, ...]
    states: Mapping[str, OrderState]
    unwanted: frozenset[str]


def claim_letters(connector: Connector, shop: Shop, limit: int) -> tuple[OutboxRow, ...]:
    """Some letters that are to go out now; those that should not any more are withdrawn.

    None while a store that has let us in is being read in: which orders have ended since is not known yet. A reading
    that comes to no end holds them for a day.
    """
    while claimed := _claim(connector, shop, limit):
        wanted = _without_refused(connector, shop, claimed)
        if good := _without_idle(connector, shop, wanted, claimed.states):
            return good
    return ()


def _claim(connector: Connector, shop: Shop, limit: int) -> _Claimed | None:
    now = connector.clock()
    with connector.db.begin() as tx:
        if shops.is_being_read(tx, shop.id, now - READING):
            return None
        rows = outbox.claim(tx, shop.id, SendNotice, now, limit)
        if not rows:
            return None
        states = withdrawn.states(tx, shop.id, [row.effect.order for row in rows])
        return _Claimed(rows, states, unwanted(tx, shop.id, [row.effect.to for row in rows]))


def _without_refused(connector: Connector, shop: Shop, claimed: _Claimed) -> tuple[OutboxRow, ...]:
    good = []
    for row in claimed.rows:
        try:
            _check(row, claimed)
        except Terminal as error:
            failed(connector, shop, [row], error)
        else:
            good.append(row)
    return tuple(good)


def _check(row: OutboxRow, claimed: _Claimed) -> None:
    """Terminal for a letter that cannot go to whom it is for, or that nobody can write."""
    if row.effect.to.lower() in claimed.unwanted:
        raise Terminal(WANTS_NONE)
    notice_named(row.effect.template)


def _without_idle(
    connector: Connector, shop: Shop, rows: Sequence[OutboxRow], states: Mapping[str, OrderState]
) -> tuple[OutboxRow, ...]:
    now = connector.clock()
    told = [(row, idle(row.effect.template, states.get(row.effect.order), _age(row, now))) for row in rows]
    if any(why for _, why in told):
        with connector.db.begin() as tx:
            wait_for_store(tx, shop.id)  # before the orders are held: a plan takes them in this order too
            for row, why in told:
                if why:
                    withdrawn.withdraw(tx, shop.id, row, idle_with(row.effect.template), why, now)
                    _tell_of_offer(tx, shop.id, row, states.get(row.effect.order), why, now)
    return tuple(row for row, why in told if not why)


def _tell_of_offer(
    tx: Tx, store: str, row: OutboxRow, state: OrderState | None, why: str, now: datetime
) -> None:
    """A code that was made before its order ended: no letter will tell of it any more."""
    order = row.effect.order
    if row.effect.offer and state is not OrderState.OPEN and outbox.is_done(tx, store, offer_key(order)):
        said = f"The discount code for order {row.effect.number} was made, but its customer is not told of it: {why}."
        problems.report(tx, store, "offer", order, said, now)


def _age(row: OutboxRow, now: datetime) -> timedelta:
    """One that may have gone goes again as it is: written anew, it could be a second one about the same."""
    return timedelta(0) if row.doubled else now - row.since
