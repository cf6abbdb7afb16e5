"""Runs a scenario: each event through fold, plan and perform, each day's turn in between."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from connector.domain.effects import WriteListing
from connector.domain.facts import NoticeEvent, Receipt, SupplyRow, SupplySnapshot
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.restock import receive_goods
from connector.pipeline.simulate.report import Report
from connector.pipeline.simulate.scenario import (
    Answered,
    Cancelled,
    Event,
    Ordered,
    Received,
    Refunded,
    Scenario,
    Shipped,
    Supplied,
)
from connector.pipeline.simulate.world import World
from connector.ports import Letter, StoreAccess, StoreProfile, Written
from connector.store import orderbook, plans, shops, slips, supplies
from connector.store.engine import Database
from connector.store.fold import fold

PLATFORM = "simulated"


class Listings:
    """A platform that only takes listings."""

    name = PLATFORM
    listing_batch = 100
    app = None
    policy = None
    bulk = None
    desk = None
    splitting = None
    pages = None
    fulfilment = None
    incoming = None

    def write(self, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:  # noqa: ARG002
        """All is taken as it comes."""
        return tuple(Written(listing.item) for listing in listings)


class Letters:
    """A mail service that only takes letters."""

    name = PLATFORM

    def send(self, letter: Letter) -> str:
        """The letter's own id."""
        return letter.notice_id

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[NoticeEvent, ...]:  # noqa: ARG002
        """Nothing comes back."""
        return ()


class Moved:
    """A clock that only the scenario moves."""

    def __init__(self, now: datetime, passed: Callable[[datetime], None]) -> None:
        self.now = now
        self._passed = passed

    def __call__(self) -> datetime:
        return self.now

    def to(self, now: datetime) -> None:
        """It is so late now, and whoever wants to hear of it is told."""
        self.now = now
        self._passed(now)


def simulate(
    connector: Connector, database: Database, scenario: Scenario, passed: Callable[[datetime], None] = lambda _: None
) -> Iterator[dict[str, Any]]:
    """What would have happened, in time order, the summary last; `database` is empty and only for this.

    `passed` hears of each instant that was gone through, whether anything happened at it or not.
    """
    start = min([scenario.until, *(event.at for event in scenario.events)])
    clock, world, report = Moved(start, passed), World(), Report(scenario.settings.zone)
    platforms: Any = {PLATFORM: Listings()}
    run = dataclasses.replace(connector, db=database, clock=clock, platforms=platforms, mailer=Letters())
    store = _open(run, scenario, world)
    yield from _turn(run, store, report, start)
    for event in scenario.events:
        yield from _pass_time(run, store, report, clock, event.at)
        clock.to(event.at)
        _happen(run, store, world, event, scenario)
        yield from _turn(run, store, report, event.at)
    yield from _pass_time(run, store, report, clock, scenario.until)
    with database.begin() as tx:
        totals = plans.totals(tx, store)
    yield report.summary(scenario.until, world, totals)


def _open(connector: Connector, scenario: Scenario, world: World) -> str:
    now = connector.clock()
    access = StoreAccess("https://store.example", {})
    profile = StoreProfile("Simulated store", scenario.settings.timezone, "USD", "1")
    with connector.db.begin() as tx:
        shop, _ = shops.add(tx, connector.vault, PLATFORM, access, profile, now - timedelta(days=1))
        shops.change_settings(tx, shop.id, msgspec.to_builtins(scenario.settings))
        for past in sorted(scenario.deliveries, key=lambda one: (one.delivered, one.supplier, one.promised)):
            slips.learn(tx, shop.id, past.supplier, "", (past.delivered - past.promised).days, past.delivered)
        fold(tx, shop.id, world.open_shop(scenario.products, now), now)
    return shop.id


def _happen(connector: Connector, store: str, world: World, event: Event, scenario: Scenario) -> None:
    titles = {product.sku: product.title for product in scenario.products}
    if isinstance(event, Supplied):
        rows = tuple(SupplyRow(row.sku, row.quantity, row.expected, row.reference) for row in event.rows)
        with connector.db.begin() as tx:
            supplies.fold_supply(tx, store, SupplySnapshot(event.supplier, rows, event.at), event.at)
        return
    if isinstance(event, Received):
        receive_goods(connector, store, Receipt(event.reference, event.sku, event.quantity, event.at))
        facts = world.receive(event)
    elif isinstance(event, Ordered):
        facts = world.order(event, titles)
    elif isinstance(event, Shipped):
        facts = world.ship(event)
    elif isinstance(event, Cancelled):
        facts = world.cancel(event)
    elif isinstance(event, Refunded):
        facts = world.refund(event)
    elif isinstance(event, Answered):
        with connector.db.begin() as tx:
            orderbook.put_answer(tx, store, event.order, event.answer, event.at)
        return
    with connector.db.begin() as tx:
        fold(tx, store, facts, event.at)


def _turn(connector: Connector, store: str, report: Report, now: datetime) -> Iterator[dict[str, Any]]:
    planned = plan(connector, store)
    perform(connector, store)
    yield from report.planned(planned, now)


def _pass_time(
    connector: Connector, store: str, report: Report, clock: Moved, before: datetime
) -> Iterator[dict[str, Any]]:
    """What the clock alone brings about strictly before an instant: each new day, second looks, legal clocks."""
    while (moment := min(_midnight(clock.now, report.zone), *_alarms(connector, store), before)) < before:
        clock.to(moment)
        yield from _turn(connector, store, report, moment)


def _midnight(after: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the next local day, in UTC: times of one zone are compared by their clock faces."""
    day = after.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _alarms(connector: Connector, store: str) -> list[datetime]:
    with connector.db.begin() as tx:
        return [at for at in (plans.next_look(tx, store), orderbook.next_wake(tx, store)) if at is not None]
