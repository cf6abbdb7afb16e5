"""Goods that came in, as the merchant received them or feed and stock show: suppliers' dates are judged by them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, SLIP, Measure
from connector.store import slips
from connector.store.engine import Tx
from connector.store.sets import among
from connector.store.tables import arrivals, lines, plans

RISE_COUNTS = timedelta(days=7)  # a feed drops a row some days before or after its units are counted


@dataclass(frozen=True, slots=True)
class Announced:
    """Units that a supplier has announced under one name, first on the day `since`."""

    supplier: str
    reference: str
    sku: str
    location: str
    stock: str | None
    quantity: int
    expected: date | None
    since: date


def came_in(tx: Tx, store: str, came: Sequence[Announced], day: date) -> None:
    """Announced units have come in on a day: all that this says of their suppliers is learned.

    One reference teaches once, however many SKUs it has.
    """
    last = last_days(tx, store, {one.sku for one in came})
    days: dict[Measure, list[tuple[str, str, int]]] = {SLIP: [], SINCE_ORDER: [], BETWEEN_RECEIPTS: []}
    for one in {(one.reference or one.sku, one.location, one.expected): one for one in came}.values():
        if one.expected is not None:
            days[SLIP].append((one.supplier, one.location, (day - one.expected).days))
        days[SINCE_ORDER].append((one.supplier, one.location, (day - one.since).days))
        before = last.get((one.supplier, one.sku))
        if before is not None and before < day:
            days[BETWEEN_RECEIPTS].append((one.supplier, one.location, (day - before).days))
    for measure, deliveries in days.items():
        slips.learn_these(tx, store, deliveries, day, measure)
    rows = [
        {
            "store": store,
            "supplier": one.supplier,
            "reference": one.reference,
            "sku": one.sku,
            "location": one.location,
            "expected": one.expected,
            "day": day,
            "quantity": one.quantity,
        }
        for one in came
    ]
    if rows:
        tx.execute(sa.insert(arrivals), rows)
    _pinned_come_first(tx, store, came)


def _pinned_come_first(tx: Tx, store: str, came: Sequence[Announced]) -> None:
    """What was given units that are here now comes first for what is on the shelf."""
    names = {f"{one.supplier}/{one.reference or one.sku}" for one in came}
    lot = sa.func.regexp_replace(lines.c.pin_lot, "#[0-9]+$", "")
    mine = sa.and_(lines.c.store == store, lines.c.open, lines.c.pin_lot != "")
    here = sa.and_(mine, among(lines.c.stock, {one.stock for one in came if one.stock}), among(lot, names))
    tx.execute(sa.update(lines).where(here).values(pin_lot=""))


def last_days(tx: Tx, store: str, skus: Collection[str]) -> Mapping[tuple[str, str], date]:
    """When goods last came in, by supplier and SKU."""
    a = arrivals.c
    query = sa.select(a.supplier, a.sku, sa.func.max(a.day).label("day")).where(a.store == store, among(a.sku, skus))
    return {(row.supplier, row.sku): row.day for row in tx.execute(query.group_by(a.supplier, a.sku))}


def told_by_feed(tx: Tx, store: str, gone: Sequence[Announced], day: date) -> None:
    """Units that a feed announces no more have come in where their stock rose lately.

    Where the store counts no stock, they have once their day is over. What was received under the same name for the
    same day is known already.
    """
    rises = _rises(tx, store, {one.stock for one in gone if one.stock}, day)
    counted = _counted(tx, store, {one.stock for one in gone if one.stock})
    came: list[Announced] = []
    for one in gone:
        rose = one.stock is not None and 2 * rises.get(one.stock, 0) >= one.quantity
        over = one.stock not in counted and one.expected is not None and one.expected <= day
        if (rose or over) and not _known(tx, store, one):
            came.append(one)
        if rose and one.stock is not None:
            rises[one.stock] -= one.quantity
            take_rise(tx, store, [one.stock], one.quantity, day)
    came_in(tx, store, came, day)


def _rises(tx: Tx, store: str, stocks: Collection[str], day: date) -> dict[str, int]:
    """By how many units counts have risen lately, as far as nothing explains it yet."""
    recent = sa.and_(plans.c.store == store, among(plans.c.stock, stocks), plans.c.rose_on >= day - RISE_COUNTS)
    return {row.stock: row.rose_by for row in tx.execute(sa.select(plans.c.stock, plans.c.rose_by).where(recent))}


def _counted(tx: Tx, store: str, stocks: Collection[str]) -> set[str | None]:
    here = sa.and_(plans.c.store == store, among(plans.c.stock, stocks), plans.c.counted.is_not(None))
    return set(tx.scalars(sa.select(plans.c.stock).where(here)))


def take_rise(tx: Tx, store: str, stocks: Collection[str], units: int, day: date) -> None:
    """So many units of a rise are explained, be it counted already or only after this day."""
    here = sa.and_(plans.c.store == store, among(plans.c.stock, stocks))
    tx.execute(sa.update(plans).where(here).values(rose_by=plans.c.rose_by - units, rose_on=day))


def _known(tx: Tx, store: str, one: Announced) -> bool:
    a = arrivals.c
    same = (a.store == store, a.supplier == one.supplier, a.reference == one.reference, a.sku == one.sku)
    when = a.expected == one.expected if one.expected is not None else a.day >= one.since
    return tx.scalar(sa.select(sa.exists().where(*same, when))) is True
