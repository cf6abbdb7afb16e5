"""What went wrong, for the merchant to see: one row a problem, however often it happens."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.storable import SUBJECT, short, storable
from connector.store.tables import problems


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in a merchant's words."""

    kind: str
    subject: str
    text: str
    first_at: datetime
    last_at: datetime
    times: int


def report(tx: Tx, store: str, kind: str, subject: str, text: str, now: datetime) -> None:
    """Note a problem; a known one counts up."""
    report_these(tx, store, kind, {subject: text}, now)


def report_these(tx: Tx, store: str, kind: str, texts: Mapping[str, str], now: datetime) -> None:
    """Note problems of one kind, each with its subject; a known one counts up."""
    row = insert(problems)
    again = {
        "text": row.excluded.text,
        "last_at": now,
        "times": sa.case((problems.c.solved_at.is_(None), problems.c.times + 1), else_=1),
        "first_at": sa.case((problems.c.solved_at.is_(None), problems.c.first_at), else_=now),
        "solved_at": None,
    }
    same = {"store": store, "kind": kind, "first_at": now, "last_at": now}
    given = texts.items()
    rows = [{"subject": _key(subject), "text": short(storable(text))} | same for subject, text in given]
    if rows:
        tx.execute(row.on_conflict_do_update(index_elements=["store", "kind", "subject"], set_=again), rows)


def amend(tx: Tx, store: str, kind: str, subject: str, text: str, now: datetime) -> None:
    """A problem that is still open has another text; one that is solved, or never was, stays so."""
    mine = (problems.c.store == store, problems.c.kind == kind, problems.c.subject == _key(subject))
    values = {"text": short(storable(text)), "last_at": now}
    tx.execute(sa.update(problems).where(*mine, problems.c.solved_at.is_(None)).values(values))


def solve(tx: Tx, store: str, kind: str, subject: str, now: datetime) -> None:
    """The problem is gone."""
    solve_these(tx, store, kind, [subject], now)


def solve_these(tx: Tx, store: str, kind: str, subjects: Collection[str], now: datetime) -> None:
    """The problems of a kind with these subjects are gone."""
    where = [problems.c.store == store, problems.c.kind == kind, problems.c.solved_at.is_(None)]
    tx.execute(
        sa.update(problems).where(*where, among(problems.c.subject, map(_key, subjects))).values(solved_at=now)
    )


def solve_others(tx: Tx, store: str, kind: str, still: set[str], now: datetime) -> None:
    """All problems of a kind are gone but those of these subjects."""
    where = [problems.c.store == store, problems.c.kind == kind, problems.c.solved_at.is_(None)]
    tx.execute(sa.update(problems).where(*where, ~among(problems.c.subject, map(_key, still))).values(solved_at=now))


def settle(tx: Tx, store: str, kind: str, texts: Mapping[str, str], now: datetime) -> None:
    """These are all the problems of a kind, by subject; one that is known and says the same is not counted again."""
    here = sa.and_(problems.c.store == store, problems.c.kind == kind, problems.c.solved_at.is_(None))
    known = {row.subject: row.text for row in tx.execute(sa.select(problems.c.subject, problems.c.text).where(here))}
    report_these(tx, store, kind, {one: text for one, text in texts.items() if known.get(one) != text}, now)
    if known.keys() - texts.keys():
        solve_others(tx, store, kind, set(texts), now)


def state(tx: Tx, store: str, kind: str, subject: str, text: str | None, now: datetime) -> None:
    """What is wrong with one subject now (None: nothing); the same words again are not counted again."""
    if text is None:
        solve(tx, store, kind, subject, now)
        return
    p = problems.c
    same = (p.store == store, p.kind == kind, p.subject == _key(subject), p.text == short(storable(text)))
    if not tx.scalar(sa.select(sa.exists().where(*same, p.solved_at.is_(None)))):
        report(tx, store, kind, subject, text, now)


def is_open(tx: Tx, store: str, kind: str) -> bool:
    """Whether something of a kind is wrong now."""
    p = problems.c
    return bool(tx.scalar(sa.select(sa.exists().where(p.store == store, p.kind == kind, p.solved_at.is_(None)))))


def open_problems(tx: Tx, store: str, limit: int = 100) -> tuple[Problem, ...]:
    """What is wrong now, newest first."""
    p = problems.c
    query = sa.select(p.kind, p.subject, p.text, p.first_at, p.last_at, p.times)
    query = query.where(p.store == store, p.solved_at.is_(None)).order_by(p.last_at.desc(), p.subject).limit(limit)
    return tuple(Problem(*row) for row in tx.execute(query))


def about(tx: Tx, store: str, kinds: Collection[str], subject: str) -> tuple[str, ...]:
    """What is wrong with one subject now, of some kinds."""
    p = problems.c
    here = (p.store == store, among(p.kind, kinds), p.subject == _key(subject), p.solved_at.is_(None))
    return tuple(tx.scalars(sa.select(p.text).where(*here).order_by(p.kind)))


def ever(tx: Tx, kinds: Collection[str]) -> tuple[Problem, ...]:
    """All that was ever wrong in any store, of some kinds, oldest first."""
    p = problems.c
    query = sa.select(p.kind, p.subject, p.text, p.first_at, p.last_at, p.times).where(among(p.kind, kinds))
    return tuple(Problem(*row) for row in tx.execute(query.order_by(p.first_at, p.kind, p.subject)))


def _key(subject: str) -> str:
    """A subject as it fits into an index; a supplier's SKU may be a novel."""
    if len(subject) <= SUBJECT:
        return storable(subject)
    return f"{short(storable(subject), SUBJECT)}{hashlib.sha256(subject.encode('utf-8', 'replace')).hexdigest()[:16]}"
