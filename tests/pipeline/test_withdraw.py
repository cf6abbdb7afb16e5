"""A letter that waited is looked at again before it goes: what is not true any more is not said."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from connector.domain.errors import Ambiguous, NeedsMerchant
from connector.domain.facts import NoticeEvent, NoticeOutcome, OrderGone, OrderState, SupplyRow
from connector.domain.notices import FRESH, NOTICES, idle
from connector.domain.record import NoticeWithdrawn
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import outbox, shops, supplies
from connector.store.tables import ledger, orders
from connector.store.tables import outbox as table
from tests.conftest import NOW, Clock
from tests.pipeline.given import House, subjects
from tests.store.given import at, item, level, line, notice, order, read, supply

ANN = "ann@example.com"
AWAY = NeedsMerchant("The mail service refuses the key.")
SOON, LATER = date(2026, 12, 1), date(2026, 12, 20)
COURTESY = ("backordered", "eta_changed", "filled")


def coming(home: House, expected: date) -> None:
    with home.connector.db.begin() as tx:
        said = supply(SupplyRow("SKU-A", 10, expected, "PO-1"))
        supplies.fold_supply(tx, home.shop.id, said, home.connector.clock())


def turn(home: House) -> None:
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)


def letters(home: House) -> list[tuple[str, str]]:
    """Template and state of every letter, oldest first."""
    with home.connector.db.begin() as tx:
        rows = tx.execute(
            sa.select(table.c.effect, table.c.status).where(table.c.kind == "notice").order_by(table.c.id)
        )
        return [(row.effect["template"], row.status) for row in rows]


def known(home: House) -> list[object]:
    """Stage and date that each customer knows."""
    with home.connector.db.begin() as tx:
        return read(tx, orders, "stage", "told_eta")


def entries(home: House) -> list[object]:
    """Entries of the ledger about letters that were withdrawn."""
    with home.connector.db.begin() as tx:
        return read(tx, ledger, "entry", kind=NoticeWithdrawn.__name__)


@pytest.fixture
def waiting(home: House) -> House:
    """An order waits, and the letter that says so has not gone: the mail service takes none."""
    home.post.trouble[ANN] = AWAY
    home.tell(item(), level(available=-1, seen=1), order("1", line()))
    coming(home, SOON)
    turn(home)
    assert letters(home) == [("backordered", "due")]
    home.post.trouble.clear()
    return home


@pytest.mark.parametrize(
    ("end", "word"),
    [
        (order("1", line(), seen=2, state=OrderState.CANCELLED), "cancelled"),
        (order("1", line(shipped=1), seen=2, state=OrderState.COMPLETED), "completed"),
        (OrderGone("1", at(2)), "deleted"),
    ],
)
def test_who_waits_for_nothing_any_more_is_not_told_to_wait(
    waiting: House, clock: Clock, end: object, word: str
) -> None:
    waiting.tell(end)  # type: ignore[arg-type]
    clock.move(minutes=2)
    turn(waiting)
    assert waiting.post.sent == []
    assert letters(waiting) == [("backordered", "withdrawn")]
    said = f"its order was {word} before it could go"
    assert entries(waiting) == [{"order": "1", "notice": "notice:1:1", "template": "backordered", "reason": said}]


def test_an_order_that_comes_back_is_told_for_the_first_time(waiting: House, clock: Clock) -> None:
    waiting.tell(OrderGone("1", at(2)))
    clock.move(minutes=2)
    turn(waiting)
    assert known(waiting) == [("", None)]
    waiting.tell(order("1", line(), seen=3))
    turn(waiting)
    assert subjects(waiting.post.sent) == ["Your order #1 is on backorder, expected by 1 December 2026"]


def test_a_new_date_that_was_never_told_is_not_known(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=-1, seen=1), order("1", line()))
    coming(home, SOON)
    turn(home)
    home.post.trouble[ANN] = AWAY
    coming(home, LATER)
    turn(home)
    assert known(home) == [("waiting", LATER)]
    home.tell(order("1", line(), seen=2, state=OrderState.CANCELLED))
    clock.move(minutes=2)
    turn(home)
    assert letters(home) == [("backordered", "done"), ("eta_changed", "withdrawn")]
    assert known(home)[0][1] == SOON  # type: ignore[index]


def test_letters_that_waited_for_more_than_a_day_are_written_anew(waiting: House, clock: Clock) -> None:
    waiting.post.trouble[ANN] = AWAY
    coming(waiting, LATER)
    turn(waiting)
    assert letters(waiting) == [("backordered", "due"), ("eta_changed", "due")]
    waiting.post.trouble.clear()
    clock.now = NOW + FRESH + timedelta(seconds=1)
    turn(waiting)
    assert waiting.post.sent == []
    turn(waiting)
    assert letters(waiting) == [("backordered", "withdrawn"), ("eta_changed", "withdrawn"), ("backordered", "done")]
    assert subjects(waiting.post.sent) == ["Your order #1 is on backorder, expected by 20 December 2026"]
    assert known(waiting) == [("waiting", LATER)]


def test_a_letter_goes_as_it_is_for_a_day(waiting: House, clock: Clock) -> None:
    clock.now = NOW + FRESH
    turn(waiting)
    assert letters(waiting) == [("backordered", "done")]


def test_whose_order_was_filled_before_any_letter_went_need_not_be_told_of_a_wait(
    waiting: House, clock: Clock
) -> None:
    fill(waiting, clock, 0)
    assert letters(waiting) == [("backordered", "due"), ("filled", "due")]
    waiting.post.trouble.clear()
    clock.now = NOW + FRESH + timedelta(minutes=20)
    turn(waiting)
    turn(waiting)
    assert letters(waiting) == [("backordered", "withdrawn"), ("filled", "withdrawn")]
    assert (waiting.post.sent, known(waiting)) == ([], [("", None)])


def fill(home: House, clock: Clock, available: int) -> None:
    """The store counts so many; no letter goes out."""
    home.post.trouble[ANN] = AWAY
    clock.move(minutes=5)
    home.tell(level(available=available, seen=4))
    turn(home)
    clock.move(minutes=5)
    turn(home)


def test_whose_units_came_while_no_letter_went_is_told_that_they_are_there(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=-1, seen=1), order("1", line()))
    turn(home)
    fill(home, clock, 0)
    assert letters(home) == [("backordered", "done"), ("filled", "due")]
    home.post.trouble.clear()
    clock.now += FRESH + timedelta(minutes=2)
    turn(home)
    turn(home)
    assert letters(home) == [("backordered", "done"), ("filled", "withdrawn"), ("filled", "done")]


def test_a_new_date_that_waited_for_more_than_a_day_is_told_anew(home: House, clock: Clock) -> None:
    home.tell(item(), level(available=-1, seen=1), order("1", line()))
    coming(home, SOON)
    turn(home)
    home.post.trouble[ANN] = AWAY
    coming(home, LATER)
    turn(home)
    home.post.trouble.clear()
    clock.now = NOW + FRESH + timedelta(minutes=2)
    turn(home)
    turn(home)
    assert letters(home) == [("backordered", "done"), ("eta_changed", "withdrawn"), ("eta_changed", "done")]
    assert home.post.sent[-1].subject == "Your order #1: new date 20 December 2026"
    assert known(home) == [("waiting", LATER)]


def test_a_letter_that_may_have_gone_goes_again_however_old_it_is(waiting: House, clock: Clock) -> None:
    waiting.post.trouble[ANN] = Ambiguous("no answer")
    clock.move(minutes=1)
    turn(waiting)
    clock.now = NOW + FRESH * 2
    with waiting.connector.db.begin() as tx:
        outbox.recover(tx, clock(), timedelta(minutes=10))
    waiting.post.trouble.clear()
    turn(waiting)
    assert letters(waiting) == [("backordered", "done")]


def test_who_may_have_been_told_is_not_told_again_after_the_end(waiting: House, clock: Clock) -> None:
    waiting.post.trouble[ANN] = Ambiguous("no answer")
    clock.move(minutes=1)
    turn(waiting)
    waiting.tell(order("1", line(), seen=2, state=OrderState.CANCELLED))
    clock.move(minutes=11)
    with waiting.connector.db.begin() as tx:
        outbox.recover(tx, clock(), timedelta(minutes=10))
    waiting.post.trouble.clear()
    turn(waiting)
    assert (waiting.post.sent, letters(waiting)) == ([], [("backordered", "withdrawn")])
    assert known(waiting)[0][1] == SOON  # type: ignore[index]
    word = NoticeEvent("e1", f"{waiting.shop.id}/notice:1:1", NoticeOutcome.DELIVERED, clock())
    with waiting.connector.db.begin() as tx:
        outbox.fold_events(tx, [word])
    assert letters(waiting) == [("backordered", "done")]


def test_nobody_is_told_while_a_store_that_let_us_in_is_read(waiting: House, clock: Clock) -> None:
    with waiting.connector.db.begin() as tx:
        shops.set_importing(tx, waiting.shop.id, clock() + timedelta(minutes=5))
        tx.execute(sa.text("update stores set admitted_at = :now"), {"now": clock()})
    clock.move(minutes=2)
    turn(waiting)
    assert (waiting.post.sent, letters(waiting)) == ([], [("backordered", "due")])
    with waiting.connector.db.begin() as tx:
        shops.set_importing(tx, waiting.shop.id, None)
    turn(waiting)
    assert letters(waiting) == [("backordered", "done")]


def test_a_reading_that_comes_to_no_end_holds_no_letter_for_more_than_a_day(waiting: House, clock: Clock) -> None:
    with waiting.connector.db.begin() as tx:
        outbox.put_messages(tx, waiting.shop.id, [notice("7", template="option_first")], NOW)
        shops.set_importing(tx, waiting.shop.id, NOW)
        tx.execute(sa.text("update stores set admitted_at = :now"), {"now": NOW})
    clock.now = NOW + timedelta(days=1)
    turn(waiting)
    assert ("option_first", "done") in letters(waiting)


@pytest.mark.parametrize("name", [one.name for one in NOTICES])
@pytest.mark.parametrize("state", list(OrderState))
def test_only_courtesy_is_ever_withdrawn(name: str, state: OrderState) -> None:
    ended = state in (OrderState.COMPLETED, OrderState.CANCELLED, OrderState.GONE)
    late = ended and name in COURTESY and (name, state) != ("filled", OrderState.COMPLETED)
    assert bool(idle(name, state, timedelta(0))) is late
    assert bool(idle(name, state, FRESH * 2)) is (late or (name in COURTESY and state is OrderState.OPEN))


def test_who_gets_an_option_with_the_last_date_is_not_written_of_that_date_again(home: House, clock: Clock) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1, seen=1), order("1", line()))
    coming(home, SOON)
    turn(home)
    home.post.trouble[ANN] = AWAY
    for expected in (LATER, date(2027, 1, 10)):
        coming(home, expected)
        turn(home)
    assert letters(home) == [("backordered", "done"), ("eta_changed", "due"), ("option_first", "due")]
    home.post.trouble.clear()
    clock.now = NOW + FRESH + timedelta(minutes=2)
    turn(home)
    turn(home)
    assert letters(home) == [("backordered", "done"), ("eta_changed", "withdrawn"), ("option_first", "done")]
    assert known(home) == [("waiting", date(2027, 1, 10))]
