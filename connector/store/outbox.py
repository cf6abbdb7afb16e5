"""Effects that are to be performed: a state replaces its predecessor, a message is kept once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.effects import (
    AlertStaff,
    ArrangeOrder,
    CancelLines,
    CapturePayment,
    Effect,
    FetchFact,
    GrantOffer,
    NoteOrder,
    SendNotice,
    SplitOrder,
    SwitchBackorders,
    WriteListing,
    WriteOrder,
)
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.store import problems
from connector.store.engine import Tx
from connector.store.inbox import LOST as LOST
from connector.store.sets import among, insert_all
from connector.store.storable import short
from connector.store.tables import notice_events, outbox, stores

TRIES = 8
LEASE = timedelta(seconds=120)
KINDS: dict[type[Effect], str] = {
    WriteListing: "listing",
    SwitchBackorders: "backorders",
    WriteOrder: "order",
    ArrangeOrder: "arrange",
    NoteOrder: "note",
    CapturePayment: "capture",
    SplitOrder: "split",
    SendNotice: "notice",
    GrantOffer: "offer",
    CancelLines: "refund",
    AlertStaff: "alert",
    FetchFact: "fetch",
}
LETTERS = (KINDS[SendNotice], KINDS[AlertStaff])
OPEN = ("due", "sending", "unknown")
WORDLESS = ("unknown", "sending", "dead", "withdrawn")  # word may still come of one of its tries
TYPES: dict[str, type[Effect]] = {name: kind for kind, name in KINDS.items()}
DOUBLED = "possibly doubled"
APART = ("refund", "capture")  # neither waits for messages nor has them wait: it may take a person
STRANGE = "another version of the connector has written it, and this one cannot read it"
SENDING = outbox.c.status == "sending"  # whoever claimed it has a say; once there is word of it, nobody has

State = WriteListing | SwitchBackorders | WriteOrder | ArrangeOrder | FetchFact
Once = AlertStaff | NoteOrder | SplitOrder
E = TypeVar(
    "E",
    WriteListing,
    SwitchBackorders,
    WriteOrder,
    ArrangeOrder,
    NoteOrder,
    CapturePayment,
    SplitOrder,
    SendNotice,
    GrantOffer,
    CancelLines,
    AlertStaff,
    FetchFact,
)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed effect, there since a time: nobody else performs it until its lease ends."""

    id: int
    version: int
    attempts: int
    effect: Any
    since: datetime
    doubled: bool = False


def put_state(tx: Tx, store: str, effect: State, now: datetime) -> None:
    """Keep a state; one that is being sent goes again afterwards."""
    put_states(tx, store, [effect], now)


def put_states(tx: Tx, store: str, effects: Sequence[State], now: datetime, *, changed: bool = False) -> None:
    """Keep states, each in the place of its predecessor; with `changed` only those that are not as that was."""
    if not effects:
        return
    rows = {effect.key: row_of(store, effect, now) for effect in effects}
    row = insert_all(outbox, rows.values())
    again = {
        "effect": row.excluded.effect,
        "version": outbox.c.version + 1,
        "status": sa.case((outbox.c.status == "sending", "sending"), else_="due"),
        "attempts": 0,
        "available_at": sa.case((outbox.c.status == "sending", outbox.c.available_at), else_=now),
        "error": None,
    }
    differs = outbox.c.effect.is_distinct_from(row.excluded.effect) if changed else None
    tx.execute(row.on_conflict_do_update(index_elements=["store", "key"], set_=again, where=differs))


def put_messages(tx: Tx, store: str, effects: Iterable[SendNotice | GrantOffer], now: datetime) -> None:
    """Keep messages; one that is there already stays as it is."""
    rows = [row_of(store, effect, now) | {"order": effect.order} for effect in effects]
    if rows:
        tx.execute(insert_all(outbox, rows).on_conflict_do_nothing(index_elements=["store", "key"]))


def put_once(tx: Tx, store: str, effect: Once, now: datetime) -> None:
    """Keep what goes once and waits for no other; one that is there already stays as it is."""
    row = insert(outbox).values(row_of(store, effect, now))
    tx.execute(row.on_conflict_do_nothing(index_elements=["store", "key"]))


def row_of(store: str, effect: Effect, now: datetime) -> dict[str, Any]:
    """An effect as a new row that is due."""
    return {
        "store": store,
        "kind": KINDS[type(effect)],
        "key": effect.key,
        "effect": msgspec.to_builtins(effect),
        "created_at": now,
        "available_at": now,
    }


def claim(
    tx: Tx, store: str, kind: type[E], now: datetime, limit: int, lease: timedelta = LEASE
) -> tuple[OutboxRow, ...]:
    """Take some due effects of one kind; an earlier open message of the same order goes first.

    One that a worker was at when it ended is taken alone: if it was what the worker ended of, no other suffers.
    What belongs to one parent is taken together, because stores take it in one call: the last parent's are left for
    the next time where not all of them would be taken.

    None of a store that was left meanwhile, and of one that was paused only what its merchant is told.
    """
    o, earlier = outbox.c, outbox.alias("earlier")
    in_line = sa.exists().where(
        earlier.c.store == o.store,
        earlier.c.order == o.order,
        earlier.c.kind.not_in(APART),
        earlier.c.id < o.id,
        earlier.c.status.in_(OPEN),
    )
    open_to = ("active", "paused") if kind is AlertStaff else ("active",)
    active = sa.exists().where(stores.c.id == store, stores.c.status.in_(open_to))
    mine = (o.store == store, o.kind == KINDS[kind], o.status == "due", o.available_at <= now, active)
    query = sa.select(o.id, o.version, o.attempts, o.effect, o.created_at, o.result, o.error)
    query = query.where(*mine, sa.or_(o.order.is_(None), o.kind.in_(APART), ~in_line))
    together = kind in (WriteListing, SwitchBackorders)
    turn = (o.effect["parent"].astext.nulls_first(), o.id) if together else (o.id,)
    query = query.order_by(*turn).limit(limit + together).with_for_update(skip_locked=True, of=outbox)
    rows = tx.execute(query).all()
    if len(rows) > limit:
        rows = _whole_parents(rows)[:limit]
    harmless = next((place for place, row in enumerate(rows) if row.error == LOST), len(rows))
    rows = rows[: max(harmless, 1)]
    ids = [row.id for row in rows]
    if ids:
        taken = {"status": "sending", "available_at": now + lease, "attempts": o.attempts + 1}
        tx.execute(sa.update(outbox).where(o.id.in_(ids)).values(taken))
    read = (_claimed(tx, store, row, row.attempts + 1, kind, now) for row in rows)
    return tuple(one for one in read if one is not None)


def _whole_parents(rows: Sequence[Any]) -> Sequence[Any]:
    """Rows in the order of their parents, without those of the last one; all of them where they are of one."""
    last = rows[-1].effect["parent"]
    whole = [row for row in rows if row.effect["parent"] != last]
    return whole or rows


def _claimed(tx: Tx, store: str, row: Any, attempts: int, kind: type[Effect], now: datetime) -> OutboxRow | None:
    """A row as it is performed; None for one that nobody can read, which is given up and must not hold the others."""
    try:
        effect = msgspec.convert(row.effect, kind)
    except msgspec.ValidationError:
        tx.execute(sa.update(outbox).where(outbox.c.id == row.id).values(status="dead", error=STRANGE))
        problems.report(tx, store, "dead_letter", f"outbox:{row.id}", f"Given up: {STRANGE}.", now)
        return None
    return OutboxRow(row.id, row.version, attempts, effect, row.created_at, row.result == DOUBLED)


def ready(tx: Tx, store: str, kind: type[E], now: datetime) -> int:
    """How many effects of a kind are due and can be taken together; none where one of them has to be taken alone."""
    o = outbox.c
    mine = (o.store == store, o.kind == KINDS[kind], o.status == "due", o.available_at <= now)
    there = sa.func.count()
    alone = sa.func.count().filter(o.error == LOST)
    return tx.scalar(sa.select(sa.case((alone == 0, there), else_=0)).where(*mine)) or 0


def done(tx: Tx, rows: Sequence[OutboxRow], now: datetime, result: str = "") -> None:
    """These are performed; a state that was replaced meanwhile becomes due."""
    for row in rows:
        values = {
            "status": sa.case((outbox.c.version == row.version, "done"), else_="due"),
            "available_at": now,
            "done_at": now,
            "result": sa.case((outbox.c.result == DOUBLED, f"{DOUBLED} {result}".strip()), else_=result),
            "error": None,
        }
        tx.execute(sa.update(outbox).where(outbox.c.id == row.id).values(values))


def failed(tx: Tx, row: OutboxRow, error: str, now: datetime, after: float | None, *, final: bool) -> bool:
    """Not performed; try again later, or give up: True where it is a dead letter now.

    A state that was replaced meanwhile has its own tries.
    """
    dead = final or row.attempts >= TRIES
    wait = after if after is not None else float(min(2**row.attempts, 600))
    here, same = sa.and_(outbox.c.id == row.id, SENDING), outbox.c.version == row.version
    later = {"error": short(error), "available_at": now + timedelta(seconds=wait)}
    tx.execute(sa.update(outbox).where(here, ~same).values(later | {"status": "due"}))
    values = later | {"status": "dead" if dead else "due"}
    return tx.execute(sa.update(outbox).where(here, same).values(values)).rowcount > 0 and dead


def put_off(tx: Tx, rows: Sequence[OutboxRow], error: str, until: datetime, *, begun: bool = False) -> None:
    """Not performed for a reason that lies elsewhere: it waits until then, and this was none of its tries.

    `begun`: something may come of it all the same, so that whoever tries next is not the first.
    """
    waits = {"status": "due", "error": short(error), "available_at": until}
    waits["attempts"] = sa.func.greatest(outbox.c.attempts - 1, int(begun))
    tx.execute(sa.update(outbox).where(outbox.c.id.in_([row.id for row in rows]), SENDING).values(waits))


def go_on(tx: Tx, rows: Sequence[OutboxRow], now: datetime) -> None:
    """Whoever claimed them is still at the first of them, which takes its time."""
    mine = sa.and_(outbox.c.id.in_([row.id for row in rows]), SENDING)
    tx.execute(sa.update(outbox).where(mine).values(available_at=now + LEASE))


def drop(tx: Tx, row: OutboxRow) -> None:
    """It is not wanted any more; what is of its key may be put again."""
    tx.execute(sa.delete(outbox).where(outbox.c.id == row.id, SENDING))


def hold_back(tx: Tx, store: str, kind: type[E], until: datetime) -> None:
    """Nothing of this kind is tried before then: whoever would carry it out has asked us to wait."""
    o = outbox.c
    early = sa.and_(o.store == store, o.kind == KINDS[kind], o.status == "due", o.available_at < until)
    tx.execute(sa.update(outbox).where(early).values(available_at=until))


def in_doubt(tx: Tx, row: OutboxRow, error: str, until: datetime) -> None:
    """It may have been performed: wait for word of it until then. The word may have come already."""
    values = {"status": "unknown", "error": short(error), "available_at": until}
    tx.execute(sa.update(outbox).where(outbox.c.id == row.id, SENDING).values(values))


def recover(tx: Tx, now: datetime, doubt: timedelta) -> tuple[str, ...]:
    """Take up what a dead worker left: states go again, letters are in doubt; doubts that are over go again, once.

    What is not to be tried any more is left to `give_up_left`. The keys of letters that go again although they may
    have been sent.
    """
    o = outbox.c
    left = sa.and_(_left(now), ~_is_spent())
    tx.execute(sa.update(outbox).where(left, o.kind.not_in(LETTERS)).values(status="due", error=LOST))
    lost = {"status": "unknown", "available_at": now + doubt, "error": LOST}
    tx.execute(sa.update(outbox).where(left, o.kind.in_(LETTERS)).values(lost))
    over = sa.and_(o.status == "unknown", o.available_at <= now)
    again = {"status": "due", "result": DOUBLED, "available_at": now}
    return tuple(tx.scalars(sa.update(outbox).where(over).values(again).returning(o.key)))


def give_up_left(tx: Tx, now: datetime) -> tuple[tuple[str, OutboxRow], ...]:
    """Give up what workers died of as often as it may be tried: each with its store. Messages may have gone."""
    o = outbox.c
    query = sa.update(outbox).where(_left(now), _is_spent()).values(status="dead", error=LOST)
    rows = tx.execute(query.returning(o.store, o.kind, o.id, o.version, o.attempts, o.effect, o.created_at, o.result))
    given_up = ((row.store, _claimed(tx, row.store, row, row.attempts, TYPES[row.kind], now)) for row in rows)
    return tuple((store, one) for store, one in given_up if one is not None)


def _is_spent() -> sa.ColumnElement[bool]:
    """Tried as often as anything, or a letter that may have gone twice: it never goes a third time by itself."""
    o = outbox.c
    twice = sa.and_(o.kind.in_(LETTERS), sa.func.coalesce(o.result, "") == DOUBLED)
    return sa.or_(o.attempts >= TRIES, twice)


def may_go_again(row: OutboxRow) -> bool:
    """Whether a letter that may have gone may be sent once more."""
    return row.attempts < TRIES and not row.doubled


def _left(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(SENDING, outbox.c.available_at <= now)


def fold_events(tx: Tx, events: Iterable[NoticeEvent]) -> tuple[NoticeEvent, ...]:
    """Events of the mail service: kept once each; an accepted notice is no longer in doubt. Those that are new."""
    fresh = []
    for event in events:
        row = insert(notice_events).values(
            event=event.event, notice=event.notice, outcome=event.outcome.value, at=event.at, detail=event.detail
        )
        if tx.scalar(row.on_conflict_do_nothing(index_elements=["event"]).returning(notice_events.c.event)):
            fresh.append(event)
        if event.outcome is NoticeOutcome.FAILED:
            continue
        store, _, key = event.notice.partition("/")
        o = outbox.c
        again = sa.and_(o.status == "due", o.result == DOUBLED)  # the word has come before it went again
        waiting = sa.and_(o.store == store, o.key == key, sa.or_(o.status.in_(WORDLESS), again))
        confirmed = {"status": "done", "result": "confirmed by the mail service", "done_at": event.at, "error": None}
        there = tx.scalars(sa.update(outbox).where(waiting).values(confirmed).returning(o.id)).all()
        problems.solve_these(tx, store, "dead_letter", [f"outbox:{one}" for one in there], event.at)
    return tuple(fresh)


def notice_of(tx: Tx, notice: str) -> tuple[str, SendNotice] | None:
    """The store of a notice, by the id that went along with its letter, and the notice; None if it is not ours."""
    store, _, key = notice.partition("/")
    mine = (outbox.c.store == store, outbox.c.key == key, outbox.c.kind == KINDS[SendNotice])
    effect = tx.scalar(sa.select(outbox.c.effect).where(*mine))
    return (store, msgspec.convert(effect, SendNotice)) if effect else None


def is_done(tx: Tx, store: str, key: str) -> bool:
    """Whether an effect has been performed."""
    mine = sa.and_(outbox.c.store == store, outbox.c.key == key, outbox.c.status == "done")
    return bool(tx.scalar(sa.select(sa.exists().where(mine))))


def stores_due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Stores with effects to perform; of one that is paused only what its merchant is told."""
    active = sa.and_(stores.c.status == "active", _is_due(stores.c.id, now))
    alerts = _is_due(stores.c.id, now).where(outbox.c.kind == KINDS[AlertStaff])
    alerted = sa.and_(stores.c.status == "paused", alerts)
    return tuple(tx.scalars(sa.select(stores.c.id).where(sa.or_(active, alerted))))


def is_due(tx: Tx, store: str, now: datetime) -> bool:
    """Whether a store has effects to perform."""
    return bool(tx.scalar(sa.select(_is_due(sa.literal(store), now))))


def _is_due(store: sa.ColumnElement[str], now: datetime) -> sa.Exists:
    return sa.exists().where(outbox.c.store == store, outbox.c.status == "due", outbox.c.available_at <= now)


def dead(tx: Tx, store: str, kind: type[E], examples: int) -> tuple[int, tuple[tuple[Any, str], ...]]:
    """How many effects of a kind were given up, and some of them with their errors, oldest first."""
    o = outbox.c
    given_up = (o.store == store, o.kind == KINDS[kind], o.status == "dead")
    count = tx.scalar(sa.select(sa.func.count()).where(*given_up))
    rows = tx.execute(sa.select(o.effect, o.error).where(*given_up).order_by(o.id).limit(examples))
    return count or 0, tuple((msgspec.convert(row.effect, kind), row.error or "") for row in rows)


def try_listings_again(tx: Tx, store: str, items: Iterable[str], now: datetime) -> None:
    """Items are back that could not be written to while they were gone."""
    o, keys = outbox.c, [f"listing:{item}" for item in items]
    if keys:
        dead = sa.and_(o.store == store, among(o.key, keys), o.status == "dead")
        tx.execute(sa.update(outbox).where(dead).values(status="due", attempts=0, available_at=now, error=None))


def replay(tx: Tx, store: str, now: datetime) -> int:
    """Make a store's dead effects due again; how many."""
    dead = sa.update(outbox).where(outbox.c.store == store, outbox.c.status == "dead")
    again = tx.scalars(dead.values(status="due", attempts=0, available_at=now).returning(outbox.c.id)).all()
    problems.solve_these(tx, store, "dead_letter", [f"outbox:{one}" for one in again], now)
    return len(again)
