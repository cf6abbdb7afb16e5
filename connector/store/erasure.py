"""What the books hold of one customer, to be shown or taken out; what was taken out does not come back."""

import dataclasses
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from connector.domain.errors import Retryable
from connector.domain.facts import OrderGone, OrderSnapshot
from connector.store import buyers, ledger
from connector.store.engine import Tx
from connector.store.outbox import OPEN
from connector.store.sets import among
from connector.store.tables import (
    answers,
    customers,
    data_requests,
    duties,
    erased,
    lines,
    notice_events,
    orders,
    outbox,
    problems,
    stores,
)
from connector.store.tables import ledger as entries

Row = Mapping[str, Any]
NOBODY = {"to": "", "name": ""}
MESSAGES = ("notice", "offer")


@dataclass(frozen=True, slots=True)
class Whose:
    """One customer: an e-mail address ("": none is known) and ids of orders."""

    address: str
    orders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of the books that say something of a customer, as the books have them."""

    orders: tuple[Row, ...]
    lines: tuple[Row, ...]
    messages: tuple[Row, ...]
    reports: tuple[Row, ...]
    ledger: tuple[Row, ...]
    answers: tuple[Row, ...]
    duties: tuple[Row, ...]
    problems: tuple[Row, ...]
    requests: tuple[Row, ...]
    customers: tuple[Row, ...]


def with_orders(tx: Tx, store: str, whose: Whose) -> Whose:
    """The same customer, with all orders that are kept under the address."""
    mine = sa.and_(orders.c.store == store, _same(orders.c.email, whose))
    return Whose(whose.address, whose.orders | frozenset(tx.scalars(sa.select(orders.c.order).where(mine))))


def held(tx: Tx, store: str, whose: Whose) -> Held:
    """All that the books hold of a customer; what waits in the inbox is not in them yet."""
    messages = _rows(tx, outbox, outbox.c.id, _addressed(store, whose))
    keys = [f"{store}/{row['key']}" for row in messages]
    order, mine = orders.c, sa.and_(orders.c.store == store, among(orders.c.order, whose.orders))
    return Held(
        _rows(tx, orders, order.order, sa.or_(mine, sa.and_(order.store == store, _same(order.bounced, whose)))),
        _rows(tx, lines, lines.c.order, _of_orders(lines, store, whose)),
        messages,
        _rows(tx, notice_events, notice_events.c.at, among(notice_events.c.notice, keys)),
        _rows(tx, entries, entries.c.id, sa.or_(_of_orders(entries, store, whose), _spoken(store, whose))),
        _rows(tx, answers, answers.c.id, _of_orders(answers, store, whose)),
        _rows(tx, duties, duties.c.opened_at, _of_orders(duties, store, whose)),
        _rows(tx, problems, problems.c.first_at, _naming(store, whose)),
        _rows(tx, data_requests, data_requests.c.id, _asking(store, whose)),
        _rows(tx, customers, customers.c.customer, buyers.of_orders(store, whose.orders)),
    )


def erase(tx: Tx, store: str, whose: Whose, now: datetime) -> int:
    """Take out what is personal; how many messages to the customer are gone or say no more to whom they went.

    Retryable where one is being sent at the moment. What is not personal stays: units, dates, duties, seals.
    """
    remember(tx, store, whose.orders, now)
    count = _erase_messages(tx, store, whose, now)
    ledger.allow_erasure(tx)
    said = sa.and_(entries.c.personal.is_not(None), sa.or_(_of_orders(entries, store, whose), _spoken(store, whose)))
    tx.execute(sa.update(entries).where(said).values(personal=None))
    buyers.forget(tx, store, whose.orders)
    blank: dict[str, Any] = {"email": "", "name": "", "locale": "", "customer": "", "bounced": "", "unreached": None}
    tx.execute(sa.update(orders).where(_of_orders(orders, store, whose)).values(blank))
    back = sa.and_(orders.c.store == store, _same(orders.c.bounced, whose))
    tx.execute(sa.update(orders).where(back).values(bounced="", unreached=None))
    tx.execute(sa.update(data_requests).where(_asking(store, whose)).values(email="", orders=[]))
    tx.execute(sa.delete(problems).where(_naming(store, whose)))
    return count


def _erase_messages(tx: Tx, store: str, whose: Whose, now: datetime) -> int:
    o = outbox.c
    query = sa.select(o.id, o.key, o.status, o.available_at).where(_addressed(store, whose))
    found = tx.execute(query.order_by(o.id).with_for_update()).all()
    if any(row.status == "sending" and row.available_at > now for row in found):
        raise Retryable("A mail to this customer is being sent at the moment: try again in two minutes.")
    gone = [row.id for row in found if row.status in (*OPEN, "dead")]
    tx.execute(sa.delete(outbox).where(o.id.in_(gone)))
    drop_letters(tx, store, [f"outbox:{one}" for one in gone])
    kept = [row.id for row in found if row.id not in gone]
    tx.execute(sa.update(outbox).where(o.id.in_(kept)).values(effect=o.effect.concat(NOBODY), error=None))
    told = [f"{store}/{row.key}" for row in found]
    tx.execute(sa.update(notice_events).where(among(notice_events.c.notice, told)).values(detail=""))
    return len(found)


def drop_letters(tx: Tx, store: str, subjects: Collection[str]) -> None:
    """Dead letters that are gone are no problem any more, and what was said of them goes along."""
    here = sa.and_(problems.c.store == store, problems.c.kind == "dead_letter")
    tx.execute(sa.delete(problems).where(here, among(problems.c.subject, subjects)))


def remember(tx: Tx, store: str, ids: Iterable[str], now: datetime) -> None:
    """What comes of these orders from now on is kept without its customer."""
    salt = tx.scalar(sa.select(stores.c.hook_token).where(stores.c.id == store))
    rows = [{"store": store, "digest": _digest(str(salt), one), "at": now} for one in sorted(set(ids))]
    if rows:
        tx.execute(insert(erased).on_conflict_do_nothing(), rows)


def erased_of(tx: Tx, store: str, ids: Iterable[str]) -> frozenset[str]:
    """Those of these orders whose customer was taken out."""
    any_at_all = sa.exists().where(erased.c.store == stores.c.id)
    salt = tx.scalar(sa.select(stores.c.hook_token).where(stores.c.id == store, any_at_all))
    if salt is None:
        return frozenset()
    known_as = {_digest(salt, one): one for one in ids}
    found = sa.select(erased.c.digest).where(erased.c.store == store, among(erased.c.digest, known_as))
    return frozenset(known_as[one] for one in tx.scalars(found))


def without_the_erased(
    tx: Tx, store: str, given: Sequence[OrderSnapshot | OrderGone]
) -> tuple[OrderSnapshot | OrderGone, ...]:
    """Orders as they may be kept."""
    gone = erased_of(tx, store, {fact.order for fact in given})
    return tuple(
        dataclasses.replace(fact, email="", name="", locale="", customer="")
        if isinstance(fact, OrderSnapshot) and fact.order in gone
        else fact
        for fact in given
    )


def _digest(salt: str, order: str) -> str:
    return hashlib.sha256(f"{salt}/{order}".encode("utf-8", "replace")).hexdigest()


def _rows(tx: Tx, table: sa.Table, order: Any, where: Any) -> tuple[Row, ...]:
    found = tx.execute(sa.select(table).where(where).order_by(order)).mappings()
    return tuple({name: value for name, value in row.items() if name != "store"} for row in found)


def _of_orders(table: sa.Table, store: str, whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.store == store, among(table.c.order, whose.orders))


def _addressed(store: str, whose: Whose) -> sa.ColumnElement[bool]:
    o = outbox.c
    to = _same(o.effect["to"].astext, whose)
    return sa.and_(o.store == store, o.kind.in_(MESSAGES), sa.or_(among(o.order, whose.orders), to))


def _spoken(store: str, whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(entries.c.store == store, _same(entries.c.personal["to"].astext, whose))


def _asking(store: str, whose: Whose) -> sa.ColumnElement[bool]:
    return sa.and_(data_requests.c.store == store, _same(data_requests.c.email, whose))


def _naming(store: str, whose: Whose) -> sa.ColumnElement[bool]:
    address = sa.func.lower(sa.literal(whose.address))
    told = sa.func.strpos(sa.func.lower(problems.c.text), address) > 0
    return sa.and_(problems.c.store == store, told if whose.address else sa.false())


def _same(column: Any, whose: Whose) -> sa.ColumnElement[bool]:
    if not whose.address:
        return sa.false()
    found: sa.ColumnElement[bool] = sa.func.lower(column) == sa.func.lower(sa.literal(whose.address))
    return found
