"""A host's clock that is behind the last plan: nothing is decided by it, and the merchant is told once."""

from datetime import datetime, timedelta

from connector.domain.errors import BadInput
from connector.domain.wording import moment
from connector.pipeline.connector import Connector
from connector.store import planned, problems, shops
from connector.store.engine import Tx, wait_for_store
from connector.store.shops import Shop

BEHIND = "clock"
NOTHING = timedelta(minutes=1)  # clocks of two hosts differ, and are put right by little


def time_of_plan(tx: Tx, shop: Shop, now: datetime) -> datetime | None:
    """The time by which to decide, never before the last plan's; None where the clock is too far behind it."""
    last = planned.last(tx, shop.id)
    if last is None or now >= last.at - NOTHING:
        if last is not None and last.held:
            problems.solve(tx, shop.id, BEHIND, "", now)
            planned.note(tx, shop.id, max(now, last.at))
        return max(now, last.at) if last is not None else now
    if not last.held:
        planned.hold(tx, shop.id)
        zone = shop.settings.zone
        text = (
            f"The clock of this host has gone back: it says {moment(now, zone)}, and the last plan was made at"
            f" {moment(last.at, zone)}. Until it is past that, no date is promised and nobody is written to."
            f" If it is right now, say so: backorder store trust-clock --store {shop.id}"
        )
        problems.report(tx, shop.id, BEHIND, "", text, now)
    return None


def trust(connector: Connector, store: str) -> datetime:
    """The clock is right, though plans were made later by it: go on from now. BadInput where nothing is held back."""
    now = connector.clock()
    with connector.db.begin() as tx:
        wait_for_store(tx, shops.get(tx, store).id)
        last = planned.last(tx, store)
        if last is None or last.at <= now:
            raise BadInput(f"store {store}: its clock has not gone back, nothing is held back")
        planned.note(tx, store, now)
        problems.solve(tx, store, BEHIND, "", now)
    return now
