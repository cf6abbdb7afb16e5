"""Which of a store's locations ships a line, and what suppliers call those locations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connector.domain.effects import FetchFact
from connector.domain.facts import Assignments
from connector.store import problems, shops
from connector.store.engine import Tx
from connector.store.sets import among, as_table, insert_all
from connector.store.tables import levels, lines, locations, orders, outbox, supply

PROBLEM = "locations"
HIDDEN = (
    "What is coming or on hand is at several locations of the store, but it does not show the connector which of them"
    " ships an order: units of all locations are given out together. Allow the app to see fulfillment orders; it asks"
    " for that in the store's admin."
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a store's locations in one spelling, by the platform's ids and by the words of suppliers."""

    ids: Mapping[str, str]
    words: Mapping[str, str]

    def of(self, location: str | None) -> str:
        """The name of a location of the platform; "" for none, and one of nobody's where it was never told."""
        return self.ids.get(location, f"#{location}") if location else ""

    def meant(self, word: str) -> str:
        """The name of the location that a supplier means; "" for one that is none of the store's."""
        name = self.words.get(spelled(word), spelled(word))
        return name if name in (*self.ids.values(), *self.words.values()) else ""

    def matter(self, coming: Iterable[Any], counted: Sequence[Any]) -> bool:
        """Whether it matters for a stock where it is: it is at several locations, or comes to one of them."""
        return len({row.location for row in counted}) > 1 or any(self.meant(row.location) for row in coming)


def spelled(name: str) -> str:
    """A name without regard to case and spaces."""
    return " ".join(name.split()).casefold()


def names_of(tx: Tx, store: str) -> Names:
    """The names that are known: those that the platform told, and those that the merchant has set."""
    rows = tx.execute(sa.select(locations).where(locations.c.store == store))
    words = shops.get(tx, store).settings.locations_named
    return Names(
        {row.location: spelled(row.name) for row in rows},
        {spelled(word): spelled(name) for word, name in words.items()},
    )


def fold_assignments(tx: Tx, store: str, given: Sequence[Assignments], now: datetime) -> set[str]:
    """Keep which location ships which line; the stocks of those for which that is news."""
    best = {fact.order: fact for fact in sorted(given, key=lambda fact: fact.seen_at)}
    shown = [fact for fact in best.values() if fact.lines is not None]
    if len(shown) < len(best):
        problems.state(tx, store, PROBLEM, "", HIDDEN, now)
    if not shown:
        return set()
    problems.solve(tx, store, PROBLEM, "", now)
    _keep_names(tx, store, shown)
    return _keep_lines(tx, store, shown)


def _keep_names(tx: Tx, store: str, shown: Iterable[Assignments]) -> None:
    named = {id_: (name, fact.seen_at) for fact in shown for id_, name in fact.names}
    rows = [{"store": store, "location": id_, "name": name, "seen_at": at} for id_, (name, at) in named.items()]
    if rows:
        row = insert_all(locations, rows)
        fresh = {name: row.excluded[name] for name in ("name", "seen_at")}
        newer = row.excluded.seen_at >= locations.c.seen_at
        tx.execute(row.on_conflict_do_update(index_elements=["store", "location"], set_=fresh, where=newer))


def _keep_lines(tx: Tx, store: str, shown: Iterable[Assignments]) -> set[str]:
    told = [{"o": fact.order, "at": fact.seen_at} for fact in shown]
    new = as_table(told, o=sa.Text(), at=orders.c.assigned_at.type).c
    newer = sa.or_(orders.c.assigned_at.is_(None), orders.c.assigned_at <= new.at)
    mine = (orders.c.store == store, orders.c.order == new.o, newer)
    fresh = sa.update(orders).where(*mine).values(assigned_at=new.at).returning(orders.c.order)
    current = set(tx.scalars(fresh))
    rows = [
        {"o": fact.order, "l": line, "p": location}
        for fact in shown
        if fact.order in current
        for line, location in fact.lines or ()
    ]
    given = as_table(rows, o=sa.Text(), l=sa.Text(), p=sa.Text()).c
    here = (given.o == lines.c.order, given.l == lines.c.line)
    said = sa.func.coalesce(sa.select(given.p).where(*here).limit(1).scalar_subquery(), "")  # or not shown any more
    mine = (lines.c.store == store, among(lines.c.order, current), lines.c.open)
    moved = sa.and_(*mine, sa.func.coalesce(lines.c.location, "") != said)
    found = tx.scalars(sa.update(lines).where(moved).values(location=said).returning(lines.c.stock)).all()
    return {stock for stock in found if stock}


def unassigned(tx: Tx, store: str, stocks: Collection[str] | None, limit: int) -> tuple[str, ...]:
    """Some open orders (None: of any stock) of which it is not known where they ship from now, and it matters.

    It does where somebody waits for one of their stocks, and that is at several locations or comes to one. Those that
    are being looked at are left out; what was looked at in vain is one of them, unless any stock will do.
    """
    short, at = lines.alias(), sa.select(sa.func.count()).select_from(levels)
    several = at.where(levels.c.store == store, levels.c.stock == lines.c.stock).scalar_subquery() > 1
    comes = sa.exists().where(supply.c.store == store, supply.c.stock == lines.c.stock, supply.c.location != "")
    same = (short.c.store == store, short.c.stock == lines.c.stock)
    waits = sa.exists().where(*same, short.c.open, short.c.waiting > 0)
    joined = lines.join(orders, sa.and_(orders.c.store == lines.c.store, orders.c.order == lines.c.order))
    stale = sa.or_(orders.c.assigned_at.is_(None), orders.c.assigned_at < orders.c.seen_at)
    query = sa.select(orders.c.order).select_from(joined).distinct().order_by(orders.c.order).limit(limit)
    query = query.where(lines.c.store == store, lines.c.open, stale, waits, sa.or_(several, comes))
    tried = ("due", "sending") if stocks is None else ("due", "sending", "dead")
    key = sa.literal(FetchFact("assignments", "").key) + orders.c.order
    asked = sa.exists().where(outbox.c.store == store, outbox.c.key == key, outbox.c.status.in_(tried))
    query = query.where(~asked)
    if stocks is not None:
        query = query.where(among(lines.c.stock, stocks))
    return tuple(tx.scalars(query))
