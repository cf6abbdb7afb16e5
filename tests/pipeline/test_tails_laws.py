"""Deciding only who is new behind a long queue comes to the same as deciding all of it, whatever happens."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain import tail
from connector.domain.facts import Fact, OrderGone, OrderState, Receipt, SupplyRow
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store import pins, plans, shops, supplies, tails
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import items, ledger, lines, orders, outbox
from connector.store.tables import plans as table
from tests.conftest import NOW, Clock, open_shop
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, supply

NUMBERS = count()
LAWS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEVERAL = tuple(str(number) for number in range(1, 7))
DAY = st.integers(-2, 15).map(lambda days: NOW.date() + timedelta(days=days))
LOTS = st.lists(
    st.builds(
        SupplyRow, st.just("SKU-A"), st.integers(1, 8), st.one_of(st.none(), DAY), st.sampled_from(["P1", "P2"])
    ),
    max_size=3,
)
Step = tuple[str, Any]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.tuples(st.sampled_from(SEVERAL), st.integers(1, 4))),
        st.tuples(st.just("order"), st.tuples(st.sampled_from(SEVERAL), st.integers(1, 4))),
        st.tuples(st.just("cancel"), st.sampled_from(SEVERAL)),
        st.tuples(st.just("gone"), st.sampled_from(SEVERAL)),
        st.tuples(st.just("count"), st.integers(-8, 8)),
        st.tuples(st.just("supply"), LOTS),
        st.tuples(st.just("came"), st.integers(1, 4)),
        st.tuples(st.just("pin"), st.sampled_from(SEVERAL)),
        st.tuples(st.just("apart"), st.just("yes")),
        st.tuples(st.just("days"), st.integers(1, 4)),
    ),
    min_size=3,
    max_size=10,
)


@pytest.fixture(autouse=True)
def _short_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tail, "LONG", 1)
    yield


def told(what: str, about: Any, minute: int) -> list[Fact]:
    """Facts of a step."""
    if what == "order":
        return [order(about[0], line("A", about[1]), seen=minute, placed_at=at(int(about[0])))]
    if what == "cancel":
        return [order(about, line("A"), seen=minute, state=OrderState.CANCELLED, placed_at=at(int(about)))]
    if what == "gone":
        return [OrderGone(about, at(minute))]
    return [level("A", about, minute)]


def step(connector: Connector, shop: Shop, minute: int, what: str, about: Any) -> None:
    """One thing happens."""
    now = connector.clock()
    with connector.db.begin() as tx:
        if what == "supply":
            supplies.fold_supply(tx, shop.id, supply(*about), now)
        elif what == "came":
            supplies.fold_receipt(tx, shop.id, Receipt("P1", "SKU-A", about, now), now.date())
        elif what == "pin":
            pins.pin(tx, shop.id, about, "1", "", now)
        elif what == "apart":
            shops.change_settings(tx, shop.id, {"partial_shipments": about})
        elif what != "days":
            fold(tx, shop.id, told(what, about, minute), now)
    plan(connector, shop.id)


def lived(connector: Connector, clock: Clock, steps: list[Step], whole: bool) -> list[Any]:
    """What the books say after these steps; `whole`: every queue was decided from its beginning each time."""
    clock.now = NOW
    shop = open_shop(connector, f"https://{next(NUMBERS)}.example")
    with connector.db.begin() as tx:
        shops.change_settings(tx, shop.id, {"settle_seconds": 0})
        fold(tx, shop.id, [item(), level("A", 2)], NOW)
    for minute, (what, about) in enumerate(steps, 10):
        clock.now += timedelta(days=about) if what == "days" else timedelta(minutes=1)
        if whole:
            with connector.db.begin() as tx:
                tx.execute(sa.update(table).values(tail=sa.null()))
        step(connector, shop, minute, what, about)
    return said(connector, shop)


def said(connector: Connector, shop: Shop) -> list[Any]:
    """Lines, ledger, listings and messages, without what tells one store from another."""
    wanted = (
        (lines, ("order", "line", "quantity", "filled", "waiting", "promised", "eta", "lot", "lot_ready", "open")),
        (orders, ("order", "state", "stage", "told_eta", "notices")),
        (items, ("item", "written")),
        (ledger, ("order", "number", "kind", "entry")),
        (outbox, ("key", "effect", "status")),
        (table, ("stock", "balance", "doubted", "look_again_at", "counted")),
    )
    with connector.db.begin() as tx:
        return [
            [
                tuple(row)
                for row in tx.execute(
                    sa.select(*(t.c[n] for n in names))
                    .where(t.c.store == shop.id)
                    .order_by(*(t.c[n] for n in names[:2]))
                )
            ]
            for t, names in wanted
        ]


@LAWS
@given(steps=STEPS)
def test_a_queue_that_goes_on_comes_to_the_same_as_one_that_is_decided_anew(
    connector: Connector, clock: Clock, steps: list[Step]
) -> None:
    assert lived(connector, clock, steps, whole=False) == lived(connector, clock, steps, whole=True)


def queue(home: House, several: int) -> None:
    """Orders of two units each, one after the other, and lots for some of them."""
    home.tell(item(), level("A", -2 * several, seen=10))
    home.tell(*(order(str(number), line("A", 2), placed_at=at(number)) for number in range(1, several + 1)))
    rows = [SupplyRow("SKU-A", 5, date(2026, 12, 1), "P1"), SupplyRow("SKU-A", 20, date(2026, 12, 20), "P2")]
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)
    plan(home.connector, home.shop.id)


def kept(home: House) -> tail.Tail | None:
    with home.connector.db.begin() as tx:
        ahead = tails.standing(tx, home.shop.id, ["A"], NOW.date())
    return ahead["A"].tail if "A" in ahead else None


def test_only_who_is_new_is_read_behind_a_queue_to_which_nothing_happened(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(home, 3)
    assert kept(home) is not None
    assert (kept(home).free, kept(home).left) == (0, {"acme/P1": 0, "acme/P2": 19})  # type: ignore[union-attr]
    read: list[list[str]] = []
    load = plans.load

    def watched(*args: Any) -> Any:
        found = load(*args)
        read.append(sorted(one.claim.order for stock in found for one in stock.lines))
        return found

    monkeypatch.setattr(plans, "load", watched)
    home.tell(level("A", -8, seen=15), order("4", line("A", 2), seen=5, placed_at=at(4)))
    plan(home.connector, home.shop.id)
    assert read == [["4"]]
    assert kept(home).left == {"acme/P1": 0, "acme/P2": 17}  # type: ignore[union-attr]
    home.tell(level("A", -10, seen=16), order("0", line("A", 2), seen=6, placed_at=at(0.5)))
    plan(home.connector, home.shop.id)
    assert read[1:] == [["0"], ["0", "1", "2", "3", "4"]]


@pytest.mark.parametrize(
    "happened",
    [
        "update lines set quantity = 1 where \"order\" = '2'",
        "update lines set shipped = 1 where \"order\" = '2'",
        "update lines set open = false where \"order\" = '2'",
        "update lines set stock = 'B' where \"order\" = '2'",
        "update lines set pinned = true where \"order\" = '2'",
        "update lines set eta = '2026-11-01' where \"order\" = '2'",
        "update orders set placed_at = placed_at + interval '1 hour' where \"order\" = '2'",
        "update orders set ship_complete = true where \"order\" = '2'",
    ],
)
def test_whatever_happens_to_somebody_in_the_queue_ends_its_tail(home: House, happened: str) -> None:
    queue(home, 3)
    with home.connector.db.begin() as tx:
        tx.execute(sa.text(happened))
    assert kept(home) is None


def test_a_short_queue_has_no_tail(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LONG", 500)
    queue(home, 3)
    assert kept(home) is None
