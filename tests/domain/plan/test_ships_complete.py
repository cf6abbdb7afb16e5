"""Orders that leave when all of it is there: one date for all their lines, and early units for those who wait."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.board import LineBefore, StockAfter, StockBefore
from connector.domain.decide import decide_stocks
from connector.domain.promise import PromiseMade, Reason
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, TODAY, kept, line, lot, march, stock

WHOLE = Settings(partial_shipments="no", settle_seconds=0)


def named(name: str, before: StockBefore) -> StockBefore:
    """The stock by another name."""
    return replace(before, stock=name)


def lamp_and_sofa(**more: object) -> list[StockBefore]:
    """A lamp on the shelf and one on its way; a sofa on its way; the first order wants both, the second a lamp."""
    first, second = line("first", **more), line("second", hour=1)
    lamps = stock(first, second, on_hand=1, lots=[lot(5, 15)])
    return [named("lamp", lamps), named("sofa", stock(line("first", line="2", **more), lots=[lot(1, 20)]))]


def given_to(after: tuple[StockAfter, ...]) -> dict[str, list[tuple[str, int, object]]]:
    """Units on hand and the promised date of each line, by stock."""
    return {
        one.stock: [(got.order, got.filled, got.promise.eta if got.promise else None) for got in one.lines]
        for one in after
    }


def test_an_order_that_waits_for_its_sofa_leaves_the_lamp_to_the_next() -> None:
    after = decide_stocks(lamp_and_sofa(ship_complete=True), PLAIN, NOW)
    assert given_to(after) == {
        "lamp": [("first", 0, march(20)), ("second", 1, None)],
        "sofa": [("first", 0, march(20))],
    }


def test_the_setting_makes_every_order_wait_that_says_nothing_else() -> None:
    apart = {"lamp": [("first", 1, None), ("second", 0, march(15))], "sofa": [("first", 0, march(20))]}
    assert given_to(decide_stocks(lamp_and_sofa(ship_complete=None), PLAIN, NOW)) == apart
    assert given_to(decide_stocks(lamp_and_sofa(ship_complete=False), WHOLE, NOW)) == apart
    together = given_to(decide_stocks(lamp_and_sofa(ship_complete=None), WHOLE, NOW))
    assert together["lamp"] == [("first", 0, march(20)), ("second", 1, None)]


def test_stocks_that_are_only_looked_at_are_not_decided() -> None:
    lamps, sofas = lamp_and_sofa(ship_complete=True)
    assert given_to(decide_stocks([lamps], PLAIN, NOW, [sofas])) == {
        "lamp": [("first", 0, march(20)), ("second", 1, None)]
    }


def test_the_date_of_every_line_moves_with_the_last_one() -> None:
    lamps, sofas = lamp_and_sofa(ship_complete=True)
    first = decide_stocks([lamps, sofas], PLAIN, NOW)
    later = replace(sofas, lots=(lot(1, 25),))
    before = [kept(one, after) for one, after in zip([lamps, later], first, strict=True)]
    made = [entry for one in decide_stocks(before, PLAIN, NOW) for entry in one.entries]
    assert [(one.line, one.previous, one.eta, one.reason) for one in made if isinstance(one, PromiseMade)] == [
        ("1", march(20), march(25), Reason.SUPPLIER_LATER),
        ("2", march(20), march(25), Reason.SUPPLIER_LATER),
    ]


def test_with_one_line_of_unknown_date_the_order_has_none_and_keeps_what_is_there() -> None:
    lamps, sofas = lamp_and_sofa(ship_complete=True)
    after = decide_stocks([lamps, replace(sofas, lots=())], PLAIN, NOW)
    assert given_to(after) == {
        "lamp": [("first", 1, None), ("second", 0, march(15))],
        "sofa": [("first", 0, None)],
    }


@st.composite
def shops(draw: st.DrawFn) -> list[StockBefore]:
    """Two or three stocks that up to five orders claim, some of which ship complete."""
    wholes = draw(st.lists(st.sampled_from([True, False, None]), min_size=5, max_size=5))
    found = []
    for name in "ABC"[: draw(st.integers(2, 3))]:
        wanted: list[LineBefore] = []
        for number, whole in enumerate(wholes):
            units = draw(st.integers(0, 3))
            filled = draw(st.integers(0, units))
            if units:
                wanted.append(
                    line(f"{number}", units, number % 3, line=name, ship_complete=whole, filled=filled)
                )
        days = draw(st.lists(st.one_of(st.none(), st.integers(10, 28)), max_size=3))
        lots = [lot(draw(st.integers(1, 5)), day, f"L{number}") for number, day in enumerate(days)]
        found.append(named(name, stock(*wanted, on_hand=draw(st.integers(0, 8)), lots=lots)))
    return found


def again(before: list[StockBefore], after: tuple[StockAfter, ...]) -> list[StockBefore]:
    """The stocks as they are loaded after this plan."""
    return [kept(one, done) for one, done in zip(before, after, strict=True)]


@given(shops(), st.sampled_from([PLAIN, WHOLE]))
def test_all_waiting_lines_of_an_order_that_ships_complete_have_one_date(
    before: list[StockBefore], settings: Settings
) -> None:
    planned = again(before, decide_stocks(before, settings, NOW))
    dates: dict[str, set[object]] = {}
    for one in (each for shelf in planned for each in shelf.lines if each.waiting and each.promise):
        if one.claim.ship_complete or (one.claim.ship_complete is None and settings.ships_whole):
            dates.setdefault(one.claim.order, set()).add(one.promise.eta if one.promise else None)
    assert [order for order, days in dates.items() if len(days) > 1] == []
    assert all(day is None or day >= TODAY for days in dates.values() for day in days)  # type: ignore[operator]


@given(shops(), st.sampled_from([PLAIN, WHOLE]))
def test_planning_whole_orders_again_without_news_moves_no_date_and_no_unit(
    before: list[StockBefore], settings: Settings
) -> None:
    planned = again(before, decide_stocks(before, settings, NOW))
    after = decide_stocks(planned, settings, NOW)
    assert [(one.stock, one.lines, one.entries) for one in after] == [(one.stock, (), ()) for one in before]
