"""Which segment the customers of orders are of, as the store told it last."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connector.domain.effects import FetchFact
from connector.domain.facts import CustomerSnapshot, OrderGone, OrderSnapshot, OrderState
from connector.domain.segments import BUSINESS, Trait, asks_customers, by_customer, by_order
from connector.store import shops
from connector.store.engine import Tx
from connector.store.outbox import put_states
from connector.store.sets import among, insert_all
from connector.store.tables import customers, lines, orders, outbox

FRESH = timedelta(days=1)
MOMENT = timedelta(seconds=10)
LIVE = (OrderState.OPEN, OrderState.UNPAID)
USUAL = OrderSnapshot.__dataclass_fields__["segment"].default


def segments(
    tx: Tx, store: str, facts: Sequence[OrderSnapshot | OrderGone], now: datetime
) -> dict[str, dict[str, str]]:
    """By order: the segment that the merchant's rules give it, and the customer, where it hangs on that.

    Customers who are not known, or not as they are today, are asked for.
    """
    traits = shops.get(tx, store).settings.traits
    whole = [fact for fact in facts if isinstance(fact, OrderSnapshot)]
    asked = [fact for fact in whole if fact.customer and asks_customers(traits, fact.segment)]
    known = _known(tx, store, {fact.customer for fact in asked})
    found: dict[str, dict[str, str]] = {}
    wanted: list[FetchFact] = []
    for fact in whole:
        own = by_order(traits, fact.marks)
        customer = fact.customer if own is None and asks_customers(traits, fact.segment) else ""
        row = known.get(customer)
        told = row.segment if row is not None else ""
        found[fact.order] = {"segment": own or told or fact.segment, "customer": customer}
        if customer and fact.state in LIVE and (row is None or row.read_at < now - FRESH):
            wanted.append(FetchFact("customer", customer))
    put_states(tx, store, wanted, now)
    return found


def _known(tx: Tx, store: str, ids: Collection[str]) -> dict[str, Any]:
    """Customers whose segment was told by the rules as they are."""
    if not ids:
        return {}
    mine = (customers.c.store == store, among(customers.c.customer, ids))
    rules = shops.get(tx, store).settings.segment_of
    query = sa.select(customers).where(*mine, customers.c.traits == rules)
    return {row.customer: row for row in tx.execute(query)}


def awaited(tx: Tx, store: str, now: datetime) -> frozenset[str]:
    """Stocks with open lines of customers who are asked for the first time, for no longer than a moment so far.

    Whose turn it is hangs on the answer, so they are planned with it.
    """
    o, known = outbox.c, sa.literal(FetchFact("customer", "").key).concat(orders.c.customer)
    asked = (o.store == store, o.kind == "fetch", o.created_at > now - MOMENT, o.status.in_(("due", "sending")))
    if not tx.scalar(sa.select(sa.exists().where(*asked, o.key.startswith(FetchFact("customer", "").key)))):
        return frozenset()
    joined = outbox.join(orders, sa.and_(orders.c.store == o.store, known == o.key, orders.c.customer != ""))
    of = sa.and_(lines.c.store == orders.c.store, lines.c.order == orders.c.order, lines.c.open)
    query = sa.select(lines.c.stock).select_from(joined.join(lines, of)).where(*asked, lines.c.stock.is_not(None))
    return frozenset(tx.scalars(query.distinct()))


def fold_customers(tx: Tx, store: str, given: Iterable[CustomerSnapshot]) -> set[str]:
    """Keep what segment customers are of; their open orders that are of another now."""
    best = {fact.customer: fact for fact in sorted(given, key=lambda fact: fact.seen_at)}
    if not best:
        return set()
    settings = shops.get(tx, store).settings
    mine = sa.select(orders.c.customer).where(orders.c.store == store, among(orders.c.customer, best))
    still = set(tx.scalars(mine.distinct()))  # without those who were erased while the store was asked
    rows = [
        {
            "store": store,
            "customer": fact.customer,
            "segment": _segment(settings.traits, fact),
            "company": fact.company.name if fact.company else "",
            "place": fact.company.place if fact.company else "",
            "terms": fact.company.terms if fact.company else "",
            "traits": settings.segment_of,
            "read_at": fact.seen_at,
        }
        for fact in best.values()
        if fact.customer in still
    ]
    if not rows:
        return set()
    row = insert_all(customers, rows)
    names = ("segment", "company", "place", "terms", "traits", "read_at")
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["store", "customer"], set_={name: row.excluded[name] for name in names}
        )
    )
    changed: set[str] = set()
    for one in rows:
        segment = one["segment"] or USUAL
        theirs = sa.and_(orders.c.store == store, orders.c.customer == one["customer"], orders.c.segment != segment)
        changed |= set(tx.scalars(sa.update(orders).where(theirs).values(segment=segment).returning(orders.c.order)))
    return changed


def _segment(traits: Iterable[Trait], fact: CustomerSnapshot) -> str:
    company = fact.company
    told = by_customer(traits, fact.role, fact.marks, company.marks if company else ())
    return told or (BUSINESS if company else "")


def of_orders(store: str, ids: Collection[str]) -> sa.ColumnElement[bool]:
    """The customers of these orders, but for a company that others have ordered for as well."""
    return sa.and_(customers.c.store == store, customers.c.customer.in_(_alone(store, ids)))


def forget(tx: Tx, store: str, ids: Collection[str]) -> None:
    """Take them out."""
    gone = tx.scalars(_alone(store, ids)).all()
    tx.execute(sa.delete(customers).where(of_orders(store, ids)))
    looks = [FetchFact("customer", one).key for one in gone]
    tx.execute(sa.delete(outbox).where(outbox.c.store == store, among(outbox.c.key, looks)))


def _alone(store: str, ids: Collection[str]) -> sa.Select[Any]:
    mine = sa.and_(orders.c.store == store, orders.c.customer != "")
    others = sa.select(orders.c.customer).where(mine, ~among(orders.c.order, ids))
    return sa.select(orders.c.customer).where(mine, among(orders.c.order, ids), orders.c.customer.not_in(others))
