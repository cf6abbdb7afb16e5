"""A worker that ends of the same thing again and again: it is given up after as many tries as any other."""

from datetime import date
from typing import Any

import pytest

from connector.domain.effects import EVERY_ITEM, AlertStaff, CancelLines, FetchFact, GrantOffer, Offer
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.pipeline.left import take_up_left
from connector.pipeline.perform import perform
from connector.ports import Page
from connector.store import outbox, problems, proposals
from connector.store.ledger import chain
from connector.store.tables import outbox as table
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import listing, notice, read


class Killed(BaseException):
    """What no code of ours gets to see."""


def kill(*_: object, **__: object) -> Any:
    raise Killed


def put(home: House, *effects: Any) -> None:
    """Effects that are due."""
    now = home.connector.clock()
    with home.connector.db.begin() as tx:
        for effect in effects:
            if isinstance(effect, AlertStaff):
                outbox.put_once(tx, home.shop.id, effect, now)
            elif isinstance(effect, CancelLines):
                proposals.put(tx, home.shop.id, [effect], now)
            elif hasattr(effect, "order"):
                outbox.put_messages(tx, home.shop.id, [effect], now)
            else:
                outbox.put_state(tx, home.shop.id, effect, now)


def found(home: House, *names: str) -> list[Any]:
    with home.connector.db.begin() as tx:
        return read(tx, table, "key", *names)


def wrong(home: House) -> dict[str, str]:
    """The store's open problems: kind and text."""
    with home.connector.db.begin() as tx:
        return {one.kind: one.text for one in problems.open_problems(tx, home.shop.id)}


def dies(home: House, clock: Clock, times: int) -> int:
    """Workers come and go, and the sweep takes up what they left; how many of them ended."""
    deaths = 0
    for _ in range(times):
        try:
            perform(home.connector, home.shop.id)
        except Killed:
            deaths += 1
        for wait in (outbox.LEASE, home.connector.config.doubt):
            clock.now += wait
            take_up_left(home.connector)
    return deaths


LISTING, LOOK = listing("A"), FetchFact("order", "1001")
ALERT = AlertStaff("alert:1", "staff@example.com", "Goods are late", ("They are.",))
OFFER = GrantOffer("offer:1001", "1001", "#1001", "ann@example.com", Offer(10, date(2026, 12, 24)))
REFUND = CancelLines("cancel:1001:1", "1001", "#1001", (("1", 1),), "Not shipped in time", at_once=True)
GIVEN_UP = "Given up after 8 tries: the worker ended in the middle of it"


@pytest.mark.parametrize(
    ("effect", "where", "problem"),
    [
        (LISTING, ("stall", "write"), {"dead_letter": GIVEN_UP}),
        (
            LOOK,
            ("stall", "fetch"),
            {"unusable": f"1 look at the store was given up: order 1001: {outbox.LOST}."},
        ),
        (OFFER, ("stall", "grant"), {"dead_letter": GIVEN_UP}),
    ],
    ids=["listing", "look", "offer"],
)
def test_what_workers_end_of_is_given_up_after_eight_tries(
    home: House,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    effect: Any,
    where: tuple[str, str],
    problem: dict[str, str],
) -> None:
    monkeypatch.setattr(getattr(home, where[0]), where[1], kill)
    put(home, effect)
    assert dies(home, clock, outbox.TRIES + 3) == outbox.TRIES
    assert [row[1:] for row in found(home, "status", "attempts")] == [("dead", outbox.TRIES)]
    assert wrong(home) == problem


@pytest.mark.parametrize("effect", [notice(), ALERT], ids=["notice", "alert"])
def test_a_letter_that_workers_end_of_is_given_up_after_the_second_time(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch, effect: Any
) -> None:
    monkeypatch.setattr(home.post, "send", kill)
    put(home, effect)
    assert dies(home, clock, 5) == 2
    assert [row[1:] for row in found(home, "status", "attempts")] == [("dead", 2)]
    said = "Given up after 2 tries: the worker ended in the middle of it"
    assert wrong(home) == {"dead_letter": f"A message may have gone out more than once. {said}"}


def test_a_refund_that_workers_end_of_is_left_to_the_merchant(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home.stall, "refund", kill)
    put(home, REFUND)
    assert dies(home, clock, outbox.TRIES + 3) == outbox.TRIES
    said = f"{GIVEN_UP}. See in the store what has been done."
    assert wrong(home) == {"refund": f"Order #1001: {said}"}
    with home.connector.db.begin() as tx:
        assert [one.kind for one in chain(tx, home.shop.id, "1001")] == ["RefundRefused"]
        assert [(one.status, one.said) for one in proposals.of_order(tx, home.shop.id, CancelLines, "1001")] == [
            ("dead", outbox.LOST)
        ]


def test_what_was_at_work_with_it_goes_out_and_only_what_workers_end_of_is_given_up(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = home.stall.write

    def deadly(access: Any, listings: Any) -> Any:
        return kill() if any(one.item == "B" for one in listings) else write(access, listings)

    monkeypatch.setattr(home.stall, "write", deadly)
    put(home, *(listing(name) for name in "ABCDE"))
    assert dies(home, clock, 12) == outbox.TRIES
    assert found(home, "status") == [
        ("listing:A", "done"),
        ("listing:B", "dead"),
        ("listing:C", "done"),
        ("listing:D", "done"),
        ("listing:E", "done"),
    ]
    assert wrong(home) == {"dead_letter": GIVEN_UP}


def test_a_letter_that_was_given_up_so_is_done_when_there_is_word_of_it(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home.post, "send", kill)
    put(home, notice())
    dies(home, clock, outbox.TRIES)
    word = NoticeEvent("e1", f"{home.shop.id}/notice:1001:1", NoticeOutcome.DELIVERED, clock.now)
    with home.connector.db.begin() as tx:
        outbox.fold_events(tx, [word])
    assert (found(home, "status"), wrong(home)) == ([("notice:1001:1", "done")], {})


def test_what_was_given_up_so_can_be_tried_again(home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as deadly:
        deadly.setattr(home.stall, "write", kill)
        put(home, LISTING)
        dies(home, clock, outbox.TRIES)
    with home.connector.db.begin() as tx:
        assert outbox.replay(tx, home.shop.id, clock.now) == 1
    assert perform(home.connector, home.shop.id) == 1
    assert (found(home, "status"), wrong(home)) == ([("listing:A", "done")], {})


def test_a_reading_of_many_pages_is_nobody_elses_while_it_goes_on(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {None: "1", "1": "2", "2": "3", "3": None}
    seen: list[list[Any]] = []

    def read_on(access: object, cursor: str | None) -> Page:
        clock.move(seconds=100)
        take_up_left(home.connector)
        seen.append(found(home, "status", "attempts"))
        return Page((), pages[cursor])

    monkeypatch.setattr(home.stall, "items", read_on)
    home.stall.there = {("order", "7"): ()}
    put(home, EVERY_ITEM, FetchFact("order", "7"))
    perform(home.connector, home.shop.id)
    assert seen == [[("fetch:items:", "sending", 1), ("fetch:order:7", "sending", 1)]] * 4
    assert found(home, "status", "attempts")[0] == ("fetch:items:", "done", 1)
