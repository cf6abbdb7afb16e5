"""Orders that something has changed for: what their customers and the law have been told, and what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.board import GivenAnswer, OrderAfter, OrderBefore, OrderLine
from connector.domain.facts import Payment, Reserve
from connector.domain.obligations import (
    Answer,
    ByHand,
    DeemedCancelled,
    LegalClock,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
)
from connector.domain.record import LINK, NOTHING, Answered, Note
from connector.store import ledger
from connector.store.engine import Tx
from connector.store.offers import untold
from connector.store.plans import mark_dirty
from connector.store.sets import among, as_table
from connector.store.tables import answers, arranged, duties, lines, orders, plans
from connector.store.unwanted import unwanted

SHOWN = ("open", "completed", "cancelled")
PAYABLE = ("open", "completed")


def load_news(tx: Tx, store: str, told_since: datetime | None, now: datetime) -> tuple[OrderBefore, ...]:
    """Orders with news, or whose legal clock wakes now, with all lines that have unshipped units."""
    fresh = sa.and_(orders.c.store == store, sa.or_(sa.and_(orders.c.news, ~_doubted()), orders.c.wake_at <= now))
    heads = tx.execute(sa.select(orders).where(fresh).order_by(orders.c.placed_at, orders.c.order)).all()
    ids = [head.order for head in heads]
    tx.execute(sa.update(orders).where(fresh).values(news=False, wake_at=None, unreached=None, by_hand=""))
    given, unshipped, returned = _answers(tx, store, ids), _unshipped(tx, store, ids), _returned(tx, store, ids)
    mine = sa.and_(lines.c.store == store, among(lines.c.order, ids), lines.c.news)
    tx.execute(sa.update(lines).where(mine).values(news=False))
    muted = unwanted(tx, store, {head.email for head in heads})
    offers = untold(tx, store, [head.order for head in heads if head.offered])
    kept = set(tx.scalars(sa.select(arranged.c.order).where(arranged.c.store == store, among(arranged.c.order, ids))))
    found = (
        _before(head, unshipped[head.order], given[head.order], told_since, head.order in returned, muted)
        for head in heads
        if head.state in SHOWN and head.placed_at is not None
    )
    gone = _shipped(tx, store, [head.order for head in heads if head.reserve])
    return tuple(
        replace(one, untold=offers.get(one.order), arranged=one.order in kept, shipped=one.order in gone)
        for one in found
    )


def _doubted() -> sa.Exists:
    """An order with an open line of a stock in doubt is not told what may not hold; a legal clock waits for none."""
    joined = sa.and_(plans.c.store == lines.c.store, plans.c.stock == lines.c.stock)
    mine = (lines.c.store == orders.c.store, lines.c.order == orders.c.order, lines.c.open)
    return sa.exists().select_from(lines.join(plans, joined)).where(*mine, plans.c.doubted)


def look_up(tx: Tx, store: str, order: str) -> OrderBefore | None:
    """An order as it stands, for whoever only looks; None where the store has none of this id."""
    here = sa.and_(orders.c.store == store, orders.c.order == order, orders.c.placed_at.is_not(None))
    head = tx.execute(sa.select(orders).where(here)).one_or_none()
    if head is None:
        return None
    unshipped, muted = _unshipped(tx, store, [order])[order], unwanted(tx, store, [head.email])
    before = _before(head, unshipped, (), None, False, muted)
    return replace(before, shipped=order in _shipped(tx, store, [order] if head.reserve else []))


def _before(
    head: Any,
    unshipped: Sequence[OrderLine],
    given: Sequence[GivenAnswer],
    told_since: datetime | None,
    returned: bool,
    muted: frozenset[str],
) -> OrderBefore:
    return OrderBefore(
        head.order,
        head.number or head.order,
        head.email,
        head.name,
        head.locale,
        head.stage,
        head.told_eta,
        head.notices,
        told_since is not None and head.placed_at < told_since,
        tuple(unshipped),
        head.placed_at,
        head.country,
        head.region,
        head.listed_days if head.stated_days is None else head.stated_days,
        head.state == "cancelled",
        head.refunded or returned,
        tuple(given),
        msgspec.convert(head.clock, LegalClock) if head.clock else None,
        head.unreached,
        head.bounced,
        head.offered,
        ByHand(head.by_hand, head.by_hand_eta) if head.by_hand else None,
        head.email.lower() in muted,
        head.segment,
        Payment(head.payment),
        head.by_seller,
        True if head.ships_apart else (False if head.ship_complete else None),
        head.authorised if head.state == "open" else "",
        divided=bool(head.parts),
        never_paid=head.unpaid_at is not None and not head.was_open,
        charged=not head.uncharged,
        reserve=msgspec.convert(head.reserve, Reserve) if head.reserve and head.state in PAYABLE else None,
    )


def _unshipped(tx: Tx, store: str, ids: Sequence[str]) -> defaultdict[str, list[OrderLine]]:
    mine = sa.and_(lines.c.store == store, among(lines.c.order, ids))
    found: defaultdict[str, list[OrderLine]] = defaultdict(list)
    query = sa.select(lines).where(mine, ~lines.c.cancelled, lines.c.quantity > lines.c.shipped)
    for row in tx.execute(query.order_by(lines.c.order, lines.c.line)):
        eta = row.eta if row.waiting else None
        line = OrderLine(row.line, row.title, row.quantity - row.shipped, row.waiting, eta, row.news)
        found[row.order].append(replace(line, estimated=row.estimated, sku=row.sku, filled=row.filled))
    return found


def _shipped(tx: Tx, store: str, ids: Sequence[str]) -> set[str]:
    """Those of these orders of which something has left."""
    mine = sa.and_(lines.c.store == store, among(lines.c.order, ids), lines.c.shipped > 0)
    return set(tx.scalars(sa.select(lines.c.order).where(mine).distinct())) if ids else set()


def _returned(tx: Tx, store: str, ids: Sequence[str]) -> set[str]:
    """Orders of which everything that counts as cancelled has been taken off by the store: its refund says so."""
    mine = sa.and_(lines.c.store == store, among(lines.c.order, ids), lines.c.cancelled)
    query = sa.select(lines.c.order).where(mine).group_by(lines.c.order)
    return set(tx.scalars(query.having(sa.func.bool_and(lines.c.quantity <= lines.c.shipped))))


def _answers(tx: Tx, store: str, ids: Sequence[str]) -> defaultdict[str, list[GivenAnswer]]:
    new = sa.and_(answers.c.store == store, among(answers.c.order, ids), ~answers.c.taken)
    found: defaultdict[str, list[GivenAnswer]] = defaultdict(list)
    for row in tx.execute(sa.select(answers).where(new).order_by(answers.c.id)):
        found[row.order].append(GivenAnswer(Answer(row.answer), row.at, row.until))
    tx.execute(sa.update(answers).where(new).values(taken=True))
    return found


def has_cancelled(tx: Tx, store: str, order: str) -> bool:
    """Whether something of an order counts as cancelled that the store has not taken off it."""
    left = (lines.c.store == store, lines.c.order == order, lines.c.cancelled, lines.c.quantity > lines.c.shipped)
    return bool(tx.scalar(sa.select(sa.exists().where(*left))))


def put_answer(
    tx: Tx,
    store: str,
    order: str,
    answer: Answer,
    at: datetime,
    how: str = LINK,
    note: Note = NOTHING,
    until: date | None = None,
) -> None:
    """A customer has answered, by the link in a mail or to the merchant; the next plan takes it up.

    Who takes a part now has the rest whenever it comes. `until` is the end of a further period that is set.
    """
    tx.execute(sa.insert(answers).values(store=store, order=order, answer=answer.value, at=at, until=until))
    ledger.append(tx, store, [Answered(order, answer, how, note, until)], at)
    tx.execute(sa.update(orders).where(orders.c.store == store, orders.c.order == order).values(news=True))
    if answer is Answer.PARTIAL:
        here = sa.and_(orders.c.store == store, orders.c.order == order)
        tx.execute(sa.update(orders).where(here).values(ships_apart=True))
        mine = sa.select(lines.c.stock).where(lines.c.store == store, lines.c.order == order, lines.c.open)
        mark_dirty(tx, store, tx.scalars(mine.where(lines.c.stock.is_not(None)).distinct()).all())


def addresses(tx: Tx, store: str) -> tuple[tuple[str, str], ...]:
    """Where open orders go: each country and region once."""
    query = sa.select(orders.c.country, orders.c.region).where(orders.c.store == store, orders.c.state == "open")
    return tuple((row.country, row.region) for row in tx.execute(query.distinct()))


def put_unreached(tx: Tx, store: str, order: str, serial: int, address: str, now: datetime) -> None:
    """An option did not reach its customer; the next plan takes it up, and nothing goes to this address again.

    Whoever calls it is the one writer of the store.
    """
    here = sa.and_(orders.c.store == store, orders.c.order == order)
    tx.execute(sa.update(orders).where(here).values(unreached=serial, bounced=address, news=True, wake_at=now))


def put_told(tx: Tx, store: str, order: str, given: ByHand) -> None:
    """The merchant has told a customer what no mail could; the next plan takes it up."""
    here = sa.and_(orders.c.store == store, orders.c.order == order)
    tx.execute(sa.update(orders).where(here).values(by_hand=given.how, by_hand_eta=given.offered, news=True))


def save(tx: Tx, store: str, after: Sequence[OrderAfter], now: datetime) -> set[str]:
    """Keep what customers have been told and what the law says; the stocks whose units came free."""
    rows = [
        {
            "order": one.order,
            "stage": one.stage,
            "told_eta": one.told_eta,
            "notices": one.notices,
            "clock": msgspec.to_builtins(one.clock) if one.clock else None,
            "wake_at": one.wake_at,
            "offered": bool(one.grants),
        }
        for one in after
    ]
    if rows:
        new = as_table(rows, **{name: orders.c[name].type for name in rows[0]}).c
        fresh: dict[str, Any] = {name: new[name] for name in ("stage", "told_eta", "notices", "clock", "wake_at")}
        fresh["offered"] = sa.or_(orders.c.offered, new.offered)
        tx.execute(sa.update(orders).where(orders.c.store == store, orders.c.order == new.order).values(fresh))
    _save_duties(tx, store, after, now)
    return _cancel(tx, store, after)


def _save_duties(tx: Tx, store: str, after: Sequence[OrderAfter], now: datetime) -> None:
    events = [event for one in after for event in one.duties]
    for event in events:
        if isinstance(event, ObligationOpened):
            row = insert(duties).values(
                store=store, order=event.order, duty=event.duty.value, opened_at=event.at, due=event.due, state="open"
            )
            tx.execute(row.on_conflict_do_nothing())
        elif isinstance(event, ObligationMet | ObligationBreached):
            how = event.by_hand if isinstance(event, ObligationMet) else ""
            ended = {"state": event.state, "ended_at": event.at, "by_hand": how}
            mine = (duties.c.store == store, duties.c.order == event.order, duties.c.duty == event.duty.value)
            tx.execute(sa.update(duties).where(*mine, duties.c.state == "open").values(ended))
    ledger.append(tx, store, events, now)


def _cancel(tx: Tx, store: str, after: Sequence[OrderAfter]) -> set[str]:
    """Lines that count as cancelled claim nothing any more."""
    freed: set[str] = set()
    for event in (event for one in after for event in one.duties if isinstance(event, DeemedCancelled)):
        mine = (lines.c.store == store, lines.c.order == event.order, lines.c.line == event.line)
        gone: dict[str, Any] = {"cancelled": True, "open": False, "filled": 0, "waiting": 0}
        freed |= set(tx.scalars(sa.update(lines).where(*mine).values(gone).returning(lines.c.stock)))
    return freed - {None}


def next_wake(tx: Tx, store: str) -> datetime | None:
    """When the next legal clock of a store wakes."""
    query = sa.select(sa.func.min(orders.c.wake_at)).where(orders.c.store == store)
    found: datetime | None = tx.scalar(query)
    return found
