"""Very many listings go to a store in bulk; whatever becomes of it, each listing is written, and the latest last."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from connector.domain.effects import BULK_ENDED, WriteListing
from connector.domain.errors import ConnectorError, NeedsMerchant, Retryable, Terminal
from connector.domain.facts import ItemSnapshot, Refetch
from connector.pipeline.absorb import absorb
from connector.pipeline.in_bulk import FIRST_LOOK, LEASE
from connector.pipeline.left import take_up_left
from connector.pipeline.perform import perform
from connector.pipeline.remove import remove
from connector.ports import StoreAccess, Written
from connector.store import bulk_writes, shops
from connector.store.tables import bulk_writes as table
from jobs import sweep
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.pipeline.test_perform import REVOKED, found, put, status, wrong
from tests.store.given import listing, read

Started = tuple[str, tuple[str, ...]]


@dataclass
class Bulk:
    """The stall's way of writing many at once: what was started, and what it says became of it (None: under way)."""

    worth: int = 4
    most: int = 6
    started: list[Started] = field(default_factory=list)
    looks: int = 0
    takes: bool = True
    trouble: Exception | None = None
    says: tuple[Written, ...] | None = None

    def start(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> bool:
        if self.trouble is not None:
            raise self.trouble
        if self.takes:
            self.started.append((name, tuple(one.item for one in listings)))
        return self.takes

    def look(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> tuple[Written, ...] | None:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        return self.says


@pytest.fixture
def bulk(home: House) -> Bulk:
    home.stall.bulk = bulk = Bulk()
    return bulk


def due(home: House, names: str, available: int = 5) -> None:
    put(home, *(listing(name, available) for name in names))


def said(names: str) -> tuple[Written, ...]:
    return tuple(Written(name) for name in names)


def states(home: House) -> dict[str, str]:
    return {row[0].removeprefix("listing:"): row[1] for row in found(home, "status")}  # type: ignore[index]


def is_open(home: House) -> bool:
    with home.connector.db.begin() as tx:
        return bulk_writes.is_open(tx, home.shop.id)


def later(clock: Clock, by: timedelta = FIRST_LOOK) -> None:
    clock.move(seconds=by.total_seconds())


def test_many_go_in_bulk_and_are_done_when_the_store_says_so(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    assert perform(home.connector, home.shop.id) == 0
    ((name, items),) = bulk.started
    assert (items, name.isalnum(), home.stall.written) == (("A", "B", "C", "D", "E"), True, [])
    later(clock)
    assert (perform(home.connector, home.shop.id), bulk.looks) == (0, 1)
    bulk.says = said("ABCDE")
    clock.move(minutes=1)
    assert perform(home.connector, home.shop.id) == 5
    assert set(states(home).values()) == {"done"}
    assert (is_open(home), home.stall.written) == (False, [])


def test_few_go_as_before(home: House, bulk: Bulk) -> None:
    due(home, "ABC")
    assert perform(home.connector, home.shop.id) == 3
    assert (bulk.started, [len(some) for some in home.stall.written]) == ([], [3])


def test_at_most_as_many_as_the_store_takes_and_the_rest_with_the_next(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDEFGHIJ")
    bulk.says = said("ABCDEFGHIJ")
    perform(home.connector, home.shop.id)
    later(clock)
    assert perform(home.connector, home.shop.id) == 6
    perform(home.connector, home.shop.id)
    assert [items for _, items in bulk.started] == [tuple("ABCDEF"), tuple("GHIJ")]
    assert bulk.started[0][0] != bulk.started[1][0]
    assert home.stall.written == []


def test_a_few_others_do_not_wait_for_a_bulk_that_is_under_way(home: House, bulk: Bulk) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    due(home, "XY")
    assert perform(home.connector, home.shop.id) == 2
    assert [one.item for some in home.stall.written for one in some] == ["X", "Y"]


def test_a_listing_that_changes_meanwhile_is_written_after_the_bulk_and_not_before(
    home: House, bulk: Bulk, clock: Clock
) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    due(home, "B", available=1)
    later(clock)
    assert perform(home.connector, home.shop.id) == 0
    bulk.says = said("ABCDE")
    clock.move(minutes=1)
    perform(home.connector, home.shop.id)
    assert [(one.item, one.available) for some in home.stall.written for one in some] == [("B", 1)]
    assert set(states(home).values()) == {"done"}


def test_each_refusal_is_its_listings_own(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCD")
    perform(home.connector, home.shop.id)
    bulk.says = (Written("A"), Written("B", "it is gone"), Written("C", "busy", retry=True), Written("D"))
    later(clock)
    assert perform(home.connector, home.shop.id) == 2
    assert states(home) == {"A": "done", "B": "dead", "C": "due", "D": "done"}
    assert wrong(home) == {"listing": "The listing of product B could not be written: it is gone"}


def test_what_nothing_is_said_of_goes_again_and_costs_no_try(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    bulk.says = said("AB")
    later(clock)
    assert perform(home.connector, home.shop.id) == 5
    assert [one.item for some in home.stall.written for one in some] == ["C", "D", "E"]
    assert found(home, "status", "attempts")[2] == ("listing:C", "done", 1)


def test_a_store_that_takes_nothing_in_bulk_gets_them_a_few_at_once(home: House, bulk: Bulk) -> None:
    bulk.takes = False
    due(home, "ABCDE")
    assert perform(home.connector, home.shop.id) == 5
    assert ([len(some) for some in home.stall.written], is_open(home)) == ([3, 2], False)


@pytest.mark.parametrize("trouble", [Terminal("It is refused."), ValueError("a fault of ours")])
def test_a_bulk_that_is_refused_for_good_leaves_them_to_go_a_few_at_once(
    trouble: Exception, home: House, bulk: Bulk
) -> None:
    bulk.trouble = trouble
    due(home, "ABCDE")
    assert perform(home.connector, home.shop.id) == 5
    assert (is_open(home), wrong(home), set(states(home).values())) == (False, {}, {"done"})


def test_a_start_that_is_in_doubt_is_made_again_by_the_same_name(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    bulk.trouble = Retryable("nobody answers", 7)
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        (name,) = read(tx, table, "name")
    bulk.trouble = None
    later(clock)
    perform(home.connector, home.shop.id)
    assert bulk.started == []
    later(clock)
    perform(home.connector, home.shop.id)
    assert bulk.started == [(name, tuple("ABCDE"))]


def test_a_start_that_never_succeeds_is_given_up_for_a_few_at_once(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    bulk.trouble = Retryable("nobody answers")
    for _ in range(3):
        assert perform(home.connector, home.shop.id) == 0
        clock.move(minutes=2)
    assert perform(home.connector, home.shop.id) == 5
    assert (is_open(home), set(states(home).values())) == (False, {"done"})


def test_a_worker_that_ends_while_it_starts_one_is_followed_by_another(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    bulk.trouble = SystemExit()  # type: ignore[assignment]
    with pytest.raises(SystemExit):
        perform(home.connector, home.shop.id)
    bulk.trouble = None
    assert (perform(home.connector, home.shop.id), bulk.started) == (0, [])
    clock.move(seconds=LEASE.total_seconds())
    take_up_left(home.connector)
    perform(home.connector, home.shop.id)
    assert ([items for _, items in bulk.started], home.stall.written) == ([tuple("ABCDE")], [])


def test_listings_of_a_bulk_are_nobody_elses_however_long_it_takes(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    clock.move(hours=3)
    take_up_left(home.connector)
    assert set(states(home).values()) == {"sending"}
    assert perform(home.connector, home.shop.id) == 0
    assert home.stall.written == []


def test_looks_become_rarer_and_are_never_more_than_a_minute_apart(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    times = []
    for second in range(400):
        before = bulk.looks
        perform(home.connector, home.shop.id)
        times += [second] if bulk.looks > before else []
        clock.move(seconds=1)
    assert times == [5, 10, 15, 20, 25, 32, 40, 50, 63, 79, 99, 124, 155, 194, 243, 303, 363]


def test_word_of_an_end_has_it_looked_at_at_once(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    bulk.says = said("ABCDE")
    home.deliver(b"ended", Refetch("bulk", ""))
    absorb(home.connector, home.shop.id)
    assert found(home, "status")[0] == (BULK_ENDED.key, "due")
    assert perform(home.connector, home.shop.id) == 6
    assert not is_open(home)
    assert ("fetch", ("bulk", "")) not in home.stall.asked


def test_word_of_an_end_where_nothing_is_under_way_does_no_harm(home: House, bulk: Bulk) -> None:
    put(home, BULK_ENDED)
    assert (perform(home.connector, home.shop.id), bulk.looks, wrong(home)) == (1, 0, {})


def test_the_sweep_wakes_a_store_whose_bulk_is_to_be_looked_at(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    woken: list[tuple[str, str]] = []
    sweep.run(home.connector, lambda *one: woken.append(one), "")
    assert woken == []
    later(clock)
    sweep.run(home.connector, lambda *one: woken.append(one), "")
    assert woken == [("perform", home.shop.id)]


def test_a_look_that_fails_is_made_again(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    bulk.trouble = Retryable("busy", 30)
    later(clock)
    perform(home.connector, home.shop.id)
    bulk.trouble, bulk.says = None, said("ABCDE")
    later(clock)
    assert perform(home.connector, home.shop.id) == 0
    clock.move(seconds=30)
    assert perform(home.connector, home.shop.id) == 5


def test_a_store_that_refuses_us_meanwhile_is_paused_and_gets_them_when_it_is_back(
    home: House, bulk: Bulk, clock: Clock
) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    bulk.trouble = REVOKED
    later(clock)
    perform(home.connector, home.shop.id)
    assert (status(home), is_open(home), set(states(home).values())) == ("paused", False, {"due"})
    bulk.trouble, bulk.says = None, said("ABCDE")
    with home.connector.db.begin() as tx:
        shops.resume(tx, home.shop.id)
    perform(home.connector, home.shop.id)
    later(clock)
    assert perform(home.connector, home.shop.id) == 5


def test_a_store_is_let_go_only_when_it_writes_nothing_of_ours_any_more(
    home: House, bulk: Bulk, clock: Clock
) -> None:
    home.tell(*(ItemSnapshot(name, name, name, name, NOW) for name in "ABCDE"))
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    with pytest.raises(Retryable, match="still writing listings in bulk"):
        remove(home.connector, home.shop.id)
    bulk.says = ()
    remove(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, table, "name") == []


def test_a_store_that_is_abandoned_is_not_asked(home: House, bulk: Bulk) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    remove(home.connector, home.shop.id, abandon=True)
    assert (is_open(home), bulk.looks) == (False, 0)


@pytest.mark.parametrize("trouble", [NeedsMerchant("no"), Retryable("later")])
def test_a_store_that_cannot_be_asked_while_it_is_let_go_says_so(
    trouble: ConnectorError, home: House, bulk: Bulk
) -> None:
    due(home, "ABCDE")
    perform(home.connector, home.shop.id)
    bulk.trouble = trouble
    with pytest.raises(type(trouble)):
        remove(home.connector, home.shop.id)


def test_one_that_has_to_be_taken_alone_holds_off_the_bulk(home: House, bulk: Bulk, clock: Clock) -> None:
    due(home, "A")
    home.stall.trouble = SystemExit()  # type: ignore[assignment]
    with pytest.raises(SystemExit):
        perform(home.connector, home.shop.id)
    home.stall.trouble = None
    clock.move(minutes=5)
    take_up_left(home.connector)
    due(home, "BCDE")
    assert perform(home.connector, home.shop.id) == 5
    assert (bulk.started, [len(some) for some in home.stall.written]) == ([], [1, 3, 1])
