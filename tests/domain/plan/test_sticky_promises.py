"""When a shown date stays, when it moves, and why."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connector.domain.allocation import Lot
from connector.domain.balance import Moved
from connector.domain.board import LineBefore, StockAfter
from connector.domain.decide import decide_stock
from connector.domain.promise import Filled, Promise, PromiseMade, Reason, stays, why
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, TODAY, kept, line, lot, march, stock


def moved(before: LineBefore, *lots: Lot, settings: Settings = PLAIN, now: datetime = NOW) -> PromiseMade | None:
    """The one entry that a waiting line gets when these lots are what there is."""
    entries = decide_stock(stock(before, lots=lots), settings, now).entries
    assert len(entries) <= 1
    made = entries[0] if entries else None
    assert made is None or isinstance(made, PromiseMade)
    return made


def waiting(eta: date | None, **more: object) -> LineBefore:
    """A line that was promised a date."""
    return line("a", waiting=1, eta=eta, **more)


def test_a_date_that_can_still_be_met_stays() -> None:
    assert moved(waiting(march(20), ready=march(20)), lot(5, 20)) is None


@pytest.mark.parametrize("better", range(1, 7))
def test_an_improvement_of_less_than_a_week_changes_nothing(better: int) -> None:
    assert moved(waiting(march(20), ready=march(20)), lot(5, 20 - better)) is None


def test_an_improvement_of_a_week_is_told() -> None:
    assert moved(waiting(march(20), ready=march(20)), lot(5, 13)) == PromiseMade(
        "a", "1", 1, march(13), march(20), Reason.SUPPLIER_EARLIER, "acme/PO-1", march(13)
    )


def test_how_much_better_a_date_must_be_is_a_setting() -> None:
    shown = waiting(march(20), ready=march(20))
    assert moved(shown, lot(5, 18), settings=Settings(improve_days=2)) is not None
    assert moved(shown, lot(5, 19), settings=Settings(improve_days=2)) is None


def test_one_day_later_is_told_because_the_shown_date_cannot_be_met() -> None:
    assert moved(waiting(march(20), ready=march(20)), lot(5, 21)) == PromiseMade(
        "a", "1", 1, march(21), march(20), Reason.SUPPLIER_LATER, "acme/PO-1", march(21)
    )


def test_a_date_that_has_passed_was_missed_whatever_the_supplier_says_now() -> None:
    made = moved(waiting(march(9), ready=march(9)), lot(5, 15))
    assert made is not None
    assert (made.eta, made.previous, made.reason) == (march(15), march(9), Reason.MISSED)


def test_today_is_still_in_time() -> None:
    assert moved(waiting(TODAY, ready=TODAY), Lot("acme/PO-1", 5, TODAY)) is None


def test_the_stores_own_midnight_ends_a_day() -> None:
    evening = datetime(2026, 3, 20, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    shown, new_york = waiting(march(20), ready=march(20)), Settings(timezone="America/New_York")
    assert moved(shown, lot(5, 20), settings=new_york, now=evening) is None
    missed = moved(shown, lot(5, 21), settings=new_york, now=evening + timedelta(minutes=31))
    assert missed is not None
    assert missed.reason is Reason.MISSED


def test_a_lot_that_nobody_mentions_any_more_leaves_no_date() -> None:
    assert moved(waiting(march(20), ready=march(20))) == PromiseMade(
        "a", "1", 1, None, march(20), Reason.SUPPLY_GONE, None, None
    )


def test_a_lot_that_is_replaced_by_a_later_one_is_gone_too() -> None:
    made = moved(waiting(march(20), ready=march(20)), lot(5, 25, "acme/PO-2"))
    assert made is not None
    assert (made.eta, made.reason, made.lot) == (march(25), Reason.SUPPLY_GONE, "acme/PO-2")


def test_a_lot_that_is_gone_without_harm_changes_nothing() -> None:
    assert moved(waiting(march(20), ready=march(20)), lot(5, 19, "acme/PO-2")) is None


def test_a_lot_that_loses_its_date_takes_the_promise_with_it() -> None:
    made = moved(waiting(march(20), ready=march(20)), lot(5, None))
    assert made is not None
    assert (made.eta, made.previous, made.reason) == (None, march(20), Reason.SUPPLIER_LATER)


def test_a_first_date_after_none_is_always_told() -> None:
    made = moved(waiting(None, lot="acme/PO-1"), lot(5, 28))
    assert made is not None
    assert (made.eta, made.previous, made.reason) == (march(28), None, Reason.SUPPLIER_EARLIER)


def test_no_date_again_is_no_news() -> None:
    assert moved(waiting(None, lot=None)) is None
    assert moved(waiting(None, lot=None), lot(5, None)) is None


def test_somebody_who_goes_first_moves_the_date_because_of_the_queue() -> None:
    shown = waiting(march(20), ready=march(20), hour=5)
    lots = [lot(1, 20), lot(9, 27, "acme/PO-2")]
    entries = decide_stock(stock(shown, line("first", hour=1), lots=lots), PLAIN, NOW).entries
    assert entries == (
        PromiseMade("first", "1", 1, march(20), None, Reason.NEW, "acme/PO-1", march(20)),
        PromiseMade("a", "1", 1, march(27), march(20), Reason.QUEUE, "acme/PO-2", march(27)),
    )


def test_a_stale_promise_of_a_line_that_holds_all_its_units_is_left_alone() -> None:
    after = decide_stock(stock(line("a", 2, filled=2, eta=march(1)), on_hand=2), PLAIN, NOW)
    assert (after.lines, after.entries) == ((), ())


@pytest.mark.parametrize(
    ("shown", "fresh", "earliest", "expected"),
    [
        (None, None, None, True),
        (None, march(20), march(20), False),
        (march(20), None, None, False),
        (march(20), march(20), march(20), True),
        (march(20), march(21), march(21), False),
        (march(20), march(27), march(20), True),
        (march(20), march(28), march(21), False),
        (march(20), march(14), march(14), True),
        (march(20), march(13), march(13), False),
        (march(9), march(9), march(9), False),
        (march(10), march(10), march(10), True),
    ],
)
def test_a_date_stays_while_it_can_be_met_and_is_not_much_too_late(
    shown: date | None, fresh: date | None, earliest: date | None, expected: bool
) -> None:
    before, after = Promise(shown, "acme/PO-1", march(1)), Promise(fresh, "acme/PO-1", earliest)
    assert stays(before, after, march(10), 7) is expected


def test_a_date_does_not_improve_for_what_others_delivered() -> None:
    before, after = Promise(march(27), "acme/PO-1", march(15)), Promise(march(16), "acme/PO-1", march(15))
    assert stays(before, after, march(10), 7) is True
    assert stays(before, Promise(march(16), "acme/PO-2", march(15)), march(10), 7) is False


def test_a_day_that_goes_by_while_a_lot_is_late_improves_no_date() -> None:
    before = Promise(march(18), "acme/PO-1", march(9))
    assert stays(before, Promise(march(11), "acme/PO-1", march(10)), march(10), 7) is True


@pytest.mark.parametrize(
    ("before", "lots", "expected"),
    [
        (None, {}, Reason.NEW),
        (Promise(march(9), "L", march(9)), {"L": march(30)}, Reason.MISSED),
        (Promise(march(20), "L", march(20)), {}, Reason.SUPPLY_GONE),
        (Promise(None, None, None), {"L": march(20)}, Reason.SUPPLIER_EARLIER),
        (Promise(march(20), "L", march(20)), {"L": march(20)}, Reason.QUEUE),
        (Promise(march(20), "L", march(8)), {"L": march(10)}, Reason.QUEUE),
        (Promise(march(20), "L", march(20)), {"L": march(25)}, Reason.SUPPLIER_LATER),
        (Promise(march(20), "L", march(20)), {"L": None}, Reason.SUPPLIER_LATER),
        (Promise(march(20), "L", march(20)), {"L": march(11)}, Reason.SUPPLIER_EARLIER),
        (Promise(None, "L", None), {"L": march(11)}, Reason.SUPPLIER_EARLIER),
    ],
)
def test_each_change_has_its_reason(
    before: Promise | None, lots: dict[str, date | None], expected: Reason
) -> None:
    assert why(before, march(10), lots) is expected


def test_goods_that_came_in_are_the_reason_unless_the_supplier_moved_the_lot_itself() -> None:
    before = Promise(march(20), "L", march(20))
    came_in = Moved(came_in=True)
    assert why(before, march(10), {}, came_in) is Reason.RECEIVED
    assert why(before, march(10), {"L": march(20)}, came_in) is Reason.RECEIVED
    assert why(before, march(10), {"L": march(25)}, came_in) is Reason.SUPPLIER_LATER
    assert why(Promise(None), march(10), {"L": march(20)}, came_in) is Reason.RECEIVED
    assert why(None, march(10), {}, came_in) is Reason.NEW


def test_what_the_merchant_did_to_a_line_is_the_reason_before_any_other() -> None:
    before = Promise(march(20), "L", march(20))
    assert why(before, march(10), {"L": march(25)}, Moved(came_in=True), by_hand=True) is Reason.MERCHANT
    assert why(Promise(march(9), "L", march(9)), march(10), {}, by_hand=True) is Reason.MERCHANT
    assert why(None, march(10), {}, by_hand=True) is Reason.NEW


def test_new_settings_are_the_reason_unless_the_date_had_passed_by_then() -> None:
    before, anew = Promise(march(20), "L", march(20)), Moved(came_in=True, set_anew=True)
    assert why(before, march(10), {"L": march(20)}, anew) is Reason.MERCHANT
    assert why(before, march(10), {"L": march(25)}, anew) is Reason.MERCHANT
    assert why(before, march(21), {"L": march(20)}, anew) is Reason.MISSED


def test_what_the_merchant_sets_is_news_that_makes_a_date_better() -> None:
    before, after = Promise(march(27), "acme/PO-1", march(15)), Promise(march(16), "acme/PO-1", march(15))
    assert stays(before, after, march(10), 7, set_anew=True) is False
    assert stays(before, after, march(10), 12, set_anew=True) is True
    later = Promise(march(30), "acme/PO-1", march(15))
    assert stays(before, later, march(10), 7, set_anew=True) is True


def test_the_ledger_says_how_many_units_wait() -> None:
    before = replace(line("a", 5, filled=2), waiting=0)
    made = decide_stock(stock(before, on_hand=2, lots=[lot(9, 20)]), PLAIN, NOW).entries
    assert made == (PromiseMade("a", "1", 3, march(20), None, Reason.NEW, "acme/PO-1", march(20)),)


AT_ONCE = Settings(settle_seconds=0)


def queued(on_hand: int) -> StockAfter:
    """Two lines wait for a lot each; then the store counts so many units."""
    lots = [lot(1, 15, "acme/PO-1"), lot(1, 30, "acme/PO-2")]
    before = stock(line("a"), line("b", hour=1), lots=lots)
    planned = kept(before, decide_stock(before, AT_ONCE, NOW))
    return decide_stock(replace(planned, on_hand=on_hand), AT_ONCE, NOW)


def test_a_count_that_rises_is_goods_that_came_in() -> None:
    assert queued(1).entries == (
        Filled("a", "1", 1),
        PromiseMade("b", "1", 1, march(15), march(30), Reason.RECEIVED, "acme/PO-1", march(15)),
    )


def test_a_count_that_stays_moves_nothing() -> None:
    assert queued(0).entries == ()


def test_who_moves_up_because_another_is_gone_was_not_served_by_goods() -> None:
    lots = [lot(1, 15, "acme/PO-1"), lot(1, 30, "acme/PO-2")]
    before = stock(line("a"), line("b", hour=1), lots=lots)
    planned = kept(before, decide_stock(before, AT_ONCE, NOW))
    (made,) = decide_stock(replace(planned, lines=planned.lines[1:]), AT_ONCE, NOW).entries
    assert made == PromiseMade("b", "1", 1, march(15), march(30), Reason.QUEUE, "acme/PO-1", march(15))
