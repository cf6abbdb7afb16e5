"""What listings said when something was ordered: kept with the order the first time that it is seen."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from connector.domain.effects import WriteListing
from connector.domain.facts import OrderSnapshot
from connector.domain.obligations.values import LONGEST_STATED
from connector.domain.record import DayStated
from connector.domain.settings import Settings
from connector.domain.stating import day_stated
from connector.store import ledger, shops
from connector.store.engine import Tx
from connector.store.sets import among, as_table
from connector.store.tables import orders, outbox


def note(tx: Tx, store: str, fresh: Sequence[OrderSnapshot], now: datetime) -> None:
    """Keep how many days the listings named, where the merchant says that buyers see them, and nothing else did."""
    settings = shops.get(tx, store).settings if fresh else Settings()
    if not settings.listings_state_time:
        return
    shown = _written(tx, store, {line.item for fact in fresh for line in fact.lines})
    found: list[tuple[DayStated, int]] = []
    for fact in fresh:
        before = {item: one for item, (one, since) in shown.items() if since <= fact.placed_at}
        day = day_stated((line.quantity, before.get(line.item)) for line in fact.lines if line.quantity)
        if day is None or fact.stated_days is not None:
            continue
        days = (day - fact.placed_at.astimezone(settings.zone).date()).days
        if 1 <= days <= LONGEST_STATED:
            found.append((DayStated(fact.order, day), days))
    if found:
        rows = [{"id": said.order, "days": days} for said, days in found]
        new = as_table(rows, id=sa.Text(), days=sa.Integer()).c
        here = sa.and_(orders.c.store == store, orders.c.order == new.id)
        tx.execute(sa.update(orders).where(here).values(listed_days=new.days))
        ledger.append(tx, store, [said for said, _ in found], now)


def _written(tx: Tx, store: str, items: set[str]) -> dict[str, tuple[WriteListing, datetime]]:
    """What the store shows since when, of listings of which nothing is still to be written."""
    o, keys = outbox.c, {f"listing:{item}" for item in items if item}
    query = sa.select(o.effect, o.done_at).where(o.store == store, among(o.key, keys), o.status == "done")
    rows = ((msgspec.convert(row.effect, WriteListing), row.done_at) for row in tx.execute(query))
    return {listing.item: (listing, since) for listing, since in rows}
