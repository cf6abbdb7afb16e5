"""What holds of every plan, whatever is on the shelves, on its way and wanted."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connector.domain.allocation import STRATEGIES, Lot
from connector.domain.board import LineBefore, StockBefore
from connector.domain.decide import decide_stock
from connector.domain.promise import Filled, PromiseMade
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, TODAY, kept, line, march, sold, stock

DAYS = st.one_of(st.none(), st.integers(10, 28).map(march))
AT_ONCE = Settings(settle_seconds=0)


@st.composite
def open_lines(draw: st.DrawFn) -> tuple[LineBefore, ...]:
    """Lines of up to six orders, some with units, some with a promise, some edited since."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        more: dict[str, object] = {"rank": draw(st.integers(0, 2)), "filled": draw(st.integers(0, 4))}
        if draw(st.booleans()):
            more |= {"eta": draw(DAYS), "ready": draw(DAYS), "lot": draw(st.sampled_from(["L0", "L1", None]))}
        found.append(line(f"{number}", draw(st.integers(1, 5)), draw(st.integers(0, 3)), **more))
    return tuple(found)


@st.composite
def stocks(draw: st.DrawFn) -> StockBefore:
    """A stock as it may be found."""
    lots = [Lot(f"L{number}", draw(st.integers(1, 6)), draw(DAYS)) for number in range(draw(st.integers(0, 3)))]
    items = [sold("A", sells_beyond=draw(st.booleans()), on_sale=draw(st.booleans()))]
    return stock(*draw(open_lines()), on_hand=draw(st.integers(-3, 12)), lots=lots, items=items)


SETTINGS = st.builds(
    Settings,
    fill_order=st.sampled_from(STRATEGIES),
    settle_seconds=st.sampled_from([0, 90]),
    improve_days=st.integers(1, 9),
)


@given(stocks(), SETTINGS)
def test_a_plan_without_news_says_nothing(before: StockBefore, settings: Settings) -> None:
    first = decide_stock(before, settings, NOW)
    again = decide_stock(kept(before, first), settings, NOW)
    assert (again.lines, again.entries, again.listings) == ((), (), ())
    assert again.offers == tuple(
        (replace(item, written=now.written), offer)
        for (item, offer), now in zip(first.offers, kept(before, first).items, strict=True)
    )


@given(stocks(), SETTINGS)
def test_the_same_state_gives_the_same_plan_whatever_the_order_of_its_parts(
    before: StockBefore, settings: Settings
) -> None:
    turned = replace(before, lines=before.lines[::-1], lots=before.lots[::-1])
    assert decide_stock(turned, settings, NOW) == decide_stock(before, settings, NOW)


@given(stocks())
def test_no_more_units_are_filled_than_are_there(before: StockBefore) -> None:
    lines = kept(before, decide_stock(before, AT_ONCE, NOW)).lines
    assert sum(one.filled for one in lines) <= max(before.on_hand or 0, 0)


@given(stocks(), SETTINGS)
def test_every_unit_of_a_line_is_filled_or_waits(before: StockBefore, settings: Settings) -> None:
    lines = kept(before, decide_stock(before, settings, NOW)).lines
    assert all(one.filled + one.waiting == one.claim.quantity for one in lines)
    assert all(one.promise is not None for one in lines if one.waiting)


@given(stocks(), SETTINGS)
def test_the_ledger_tells_every_new_promise_and_every_unit_gained(before: StockBefore, settings: Settings) -> None:
    after = decide_stock(before, settings, NOW)
    old = {one.claim.order: one for one in before.lines}
    new = {one.claim.order: one for one in kept(before, after).lines}
    moved = {order for order in old if new[order].promise != old[order].promise}
    gained = {order for order in old if new[order].filled > old[order].claim.held}
    assert moved == {entry.order for entry in after.entries if isinstance(entry, PromiseMade)}
    assert gained == {entry.order for entry in after.entries if isinstance(entry, Filled)}


@given(stocks(), SETTINGS)
def test_no_new_promise_lies_in_the_past_or_before_its_lot(before: StockBefore, settings: Settings) -> None:
    lots = {lot.id: lot.ready for lot in before.lots}
    for entry in decide_stock(before, settings, NOW).entries:
        if isinstance(entry, PromiseMade):
            assert entry.eta is None or entry.eta >= TODAY
            assert entry.eta == entry.lot_ready == (lots[entry.lot] if entry.lot else None)


@given(stocks(), st.integers(1, 40))
def test_a_day_that_passes_only_moves_dates_that_were_missed(before: StockBefore, days: int) -> None:
    planned = kept(before, decide_stock(before, AT_ONCE, NOW))
    later = NOW + timedelta(days=days)
    today = later.date()
    lots = tuple(replace(lot, ready=max(lot.ready, today) if lot.ready else None) for lot in planned.lots)
    etas: dict[str, date | None] = {
        one.claim.order: one.promise.eta for one in planned.lines if one.promise and one.waiting
    }
    for entry in decide_stock(replace(planned, lots=lots), AT_ONCE, later).entries:
        assert isinstance(entry, PromiseMade)
        shown = etas[entry.order]
        assert shown is not None
        assert shown < today
