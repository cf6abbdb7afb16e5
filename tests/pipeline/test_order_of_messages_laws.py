"""Whatever order messages come in, nobody is mailed who would not be mailed if they came as things happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.domain.facts import Fact, OrderGone, OrderState
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store.fold import fold
from tests.conftest import open_shop
from tests.store.given import at, item, level, line, order

NUMBERS = count()
Mailed = set[tuple[str, str]]
POSSIBLE = {None: ("place",), 1: ("cancel", "trash"), -1: ("restore",), 0: ()}  # by the sign of what is wanted


@dataclass
class Shelf:
    """A store with one product: what it would say after each thing that happens to it."""

    available: int
    minute: int = 1
    taken: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, int] = field(default_factory=dict)

    def happen(self, what: str, number: str, units: int) -> tuple[Fact, Fact] | None:
        """The order and the count as they are after that; None where it cannot happen."""
        wanted = self.wanted.get(number)
        if what not in POSSIBLE[None if wanted is None else (wanted > 0) - (wanted < 0)]:
            return None
        self.minute += 1
        if what == "place":
            self.wanted[number] = self.taken[number] = units
            self.available -= units
            return self._told(order(number, line(quantity=units), seen=self.minute, placed_at=at(self.minute)))
        if what == "restore":
            self.wanted[number] *= -1
            kept = line(quantity=self.wanted[number])
            return self._told(order(number, kept, seen=self.minute))
        if what == "trash":
            self.wanted[number] *= -1
            return self._told(OrderGone(number, at(self.minute)))
        self.available += self.taken.pop(number)
        left = line(quantity=self.wanted[number], taken=0)
        self.wanted[number] = 0
        return self._told(order(number, left, seen=self.minute, state=OrderState.CANCELLED))

    def _told(self, fact: Fact) -> tuple[Fact, Fact]:
        return fact, level(available=self.available, seen=self.minute)


@st.composite
def lives(draw: st.DrawFn) -> tuple[int, list[tuple[Fact, Fact]]]:
    """Units on the shelf at first, and what a store says of what happens."""
    there = draw(st.integers(0, 4))
    shelf, told = Shelf(there), list[tuple[Fact, Fact]]()
    for _ in range(draw(st.integers(2, 7))):
        what = draw(st.sampled_from(["place", "place", "cancel", "trash", "restore"]))
        number = str(draw(st.integers(1, 4)))
        found = shelf.happen(what, number, draw(st.integers(1, 3)))
        if found is not None:
            told.append(found)
    return there, told


def mailed(connector: Connector, there: int, steps: Sequence[Sequence[Fact]]) -> Mailed:
    """Who is told that an order waits or is on its way, where nobody answers when asked."""
    shop = open_shop(connector, f"https://{next(NUMBERS)}.example")
    found: Mailed = set()
    for step in ([item(), level(available=there)], *steps):
        with connector.db.begin() as tx:
            fold(tx, shop.id, step, connector.clock())
        found |= {(notice.order, notice.template) for notice in plan(connector, shop.id).notices}
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives(), data=st.data())
def test_counts_that_come_at_any_time_mail_nobody_else(
    connector: Connector, life: tuple[int, list[tuple[Fact, Fact]]], data: st.DataObject
) -> None:
    there, told = life
    apart = [(place, first) for place, (first, _) in enumerate(told)]
    for place, (_, count_) in enumerate(told):
        apart.insert(data.draw(st.integers(0, len(apart)), label=f"count {place}"), (place, count_))
    late = mailed(connector, there, [[fact] for _, fact in apart])
    assert late <= mailed(connector, there, told)
