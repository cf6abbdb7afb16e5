"""The deliveries of a store's suppliers, as far as they have shown themselves, to judge dates by."""

from datetime import date

import sqlalchemy as sa

from connector.domain.backtest import Delivery
from connector.store.engine import Tx
from connector.store.tables import arrivals

NEWEST = 5000


def deliveries(tx: Tx, store: str) -> tuple[Delivery, ...]:
    """The newest deliveries that a date was named for; one reference of a day is one, however many SKUs it has."""
    a = arrivals.c
    named = sa.func.coalesce(sa.func.nullif(a.reference, ""), a.sku)
    one = (a.supplier, named, a.location, a.expected, a.day)
    query = sa.select(sa.func.min(a.id), *one).where(a.store == store, a.expected.is_not(None)).group_by(*one)
    rows = tx.execute(query.order_by(a.day.desc(), sa.func.min(a.id).desc()).limit(NEWEST))
    return tuple(_delivery(*row) for row in rows)


def _delivery(id_: int, supplier: str, named: str, location: str, expected: date, day: date) -> Delivery:  # noqa: ARG001
    return Delivery(str(id_), supplier, location, expected, day, day)
