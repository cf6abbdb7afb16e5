"""Notices that do not stand in the listings as they were written: put right, at most once a day each."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from connector.domain.effects import FetchFact, ListingState, WriteListing
from connector.domain.facts import ItemSnapshot
from connector.store import shops
from connector.store.engine import Tx
from connector.store.outbox import put_states
from connector.store.sets import among
from connector.store.tables import items, outbox

SETTLED = timedelta(minutes=1)  # a store's clock is not ours
AGAIN = timedelta(days=1)


def compare(tx: Tx, store: str, seen: Iterable[ItemSnapshot], now: datetime) -> None:
    """Compare what was seen of our notices with what was written, and write again what is not so.

    What is not so within a day of that is `wiped`: something in the store is at work against us. A message does not
    tell whether a notice is wanted: where it shows that one which stood there is gone, the item is looked at.
    """
    told = {fact.item: fact for fact in seen if fact.block_shown is not None}
    if not told:
        return
    astray: list[tuple[Any, bool]] = []
    lasting: list[str] = []
    looks: list[FetchFact] = []
    for row in _note_shown(tx, store, told):
        fact = told[row.item]
        if fact.block_wanted is None:
            if row.shown and not fact.block_shown and _has_notice(row) and row.status in (None, "done"):
                looks.append(FetchFact("item", row.item))
            continue
        if not _is_settled(row):
            continue
        wanted = fact.block_wanted and _has_notice(row)
        if fact.block_shown != wanted:
            astray.append((row, wanted))
        elif row.wiped and not _is_recent(row, wanted, now):
            lasting.append(row.item)
    _change(tx, store, lasting, {"wiped": False})
    put_states(tx, store, looks, now)
    if astray and shops.get(tx, store).settings.write_listings:
        _restore(tx, store, astray, now)


def wiped(tx: Tx, store: str, examples: int) -> tuple[int, tuple[str, ...]]:
    """How many items lose their notice again and again, and what some of them are called."""
    mine = (items.c.store == store, items.c.wiped, ~items.c.gone)
    count = tx.scalar(sa.select(sa.func.count()).where(*mine)) or 0
    titles = tx.scalars(sa.select(items.c.title).where(*mine).order_by(items.c.item).limit(examples))
    return count, tuple(titles)


def _listed(store: str, told: Mapping[str, ItemSnapshot]) -> sa.Select[Any]:
    i, o = items.c, outbox.c
    last = sa.and_(o.store == i.store, o.key == sa.literal("listing:").concat(i.item))
    kept = (i.item, i.parent, i.written, i.read_at, i.restored_at, i.restored_to, i.wiped, i.shown)
    query = sa.select(*kept, o.status, o.done_at).select_from(items.outerjoin(outbox, last))
    return query.where(i.store == store, among(i.item, told), ~i.gone)


def _note_shown(tx: Tx, store: str, told: Mapping[str, ItemSnapshot]) -> list[Any]:
    """The items as they were before, of which these are the last that was seen; what they show is kept."""
    rows = [row for row in tx.execute(_listed(store, told)) if row.read_at == _time_of(told[row.item])]
    for shown in (True, False):
        other = [row.item for row in rows if told[row.item].block_shown is shown and row.shown is not shown]
        _change(tx, store, other, {"shown": shown})
    return rows


def _time_of(fact: ItemSnapshot) -> datetime:
    return fact.read_at or fact.seen_at


def _has_notice(row: Any) -> bool:
    return bool(row.written and row.written["notice"])


def _is_settled(row: Any) -> bool:
    """Whether a reading is later than our last write."""
    return row.status is None or (row.status == "done" and row.done_at < row.read_at - SETTLED)


def _is_recent(row: Any, wanted: bool, now: datetime) -> bool:
    return row.restored_at is not None and row.restored_to == wanted and now - row.restored_at < AGAIN


def _restore(tx: Tx, store: str, astray: Iterable[tuple[Any, bool]], now: datetime) -> None:
    again: dict[bool, list[str]] = {True: [], False: []}
    listings: list[WriteListing] = []
    against_us: list[str] = []
    for row, wanted in astray:
        if _is_recent(row, wanted, now):
            against_us.append(row.item)
            continue
        again[wanted].append(row.item)
        empty = WriteListing(row.item, row.parent, ListingState.WITHDRAWN, None, 0, "")
        listings.append(msgspec.convert(row.written, WriteListing) if row.written else empty)
    put_states(tx, store, listings, now)
    for wanted, ids in again.items():
        _change(tx, store, ids, {"restored_at": now, "restored_to": wanted})
    _change(tx, store, against_us, {"wiped": True})


def _change(tx: Tx, store: str, ids: Collection[str], values: Mapping[str, Any]) -> None:
    if ids:
        tx.execute(sa.update(items).where(items.c.store == store, among(items.c.item, ids)).values(**values))
