"""What is coming: how two files of a supplier differ, which one to believe, and what lots it makes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.allocation import Lot
from connector.domain.facts import SupplyRow
from connector.domain.settings import Settings
from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, Histogram, Key, Measure, learned
from connector.domain.supply import (
    Dated,
    SupplyChange,
    calibrated,
    diff,
    kept_where_unreadable,
    lot_id,
    lots_of,
)

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT_ITS_WORD = calibrated({}, Settings(cold_start_days=0), NOW)
SOON, LATER = date(2026, 3, 20), date(2026, 4, 20)


def row(sku: str = "A", quantity: int = 5, expected: date | None = SOON, reference: str = "PO-1") -> SupplyRow:
    """A row of Acme's."""
    return SupplyRow(sku, quantity, expected, reference)


def skus(count: int, start: int = 0) -> list[SupplyRow]:
    """Rows of so many SKUs."""
    return [row(f"SKU-{number}") for number in range(start, start + count)]


def test_the_same_rows_in_another_order_are_no_change() -> None:
    rows = [row("A"), row("B"), row("A", 7, LATER, "PO-2")]
    assert diff(rows, reversed(rows)) == SupplyChange(frozenset(), frozenset())


@pytest.mark.parametrize(
    "fresh", [row(quantity=6), row(expected=LATER), row(expected=None), row(reference="PO-9")]
)
def test_any_other_word_about_a_sku_is_a_change(fresh: SupplyRow) -> None:
    assert diff([row(), row("B")], [fresh, row("B")]) == SupplyChange(frozenset({"A"}), frozenset())


def test_a_sku_that_is_new_is_changed_and_one_that_is_missing_is_gone() -> None:
    assert diff([row("A"), row("B")], [row("B"), row("C")]) == SupplyChange(frozenset({"A", "C"}), frozenset({"A"}))


def test_the_same_row_twice_is_twice_the_units() -> None:
    assert diff([row()], [row(), row()]).changed == {"A"}


def test_what_cannot_be_read_is_as_it_was_said_last() -> None:
    before = [row("A"), row("A", 7, LATER, "PO-2"), row("B"), row("C"), row("C", 2, LATER, "PO-2")]
    after = [row("A", 6), row("C", 9), row("D")]
    assert kept_where_unreadable(before, after, {("A", "PO-2"), ("B", "PO-1"), ("C", None), ("E", "PO-1")}) == (
        row("A", 6),
        row("D"),
        row("A", 7, LATER, "PO-2"),
        row("B"),
        row("C"),
        row("C", 2, LATER, "PO-2"),
    )


def test_rows_become_lots_that_are_named_by_supplier_and_reference() -> None:
    assert lots_of("acme", [row(), row(quantity=2, expected=LATER, reference="PO-2")], AT_ITS_WORD) == (
        Lot("acme/PO-1", 5, SOON, earliest=SOON),
        Lot("acme/PO-2", 2, LATER, earliest=LATER),
    )


def test_a_row_without_reference_is_named_by_its_sku() -> None:
    assert lot_id("acme", row(reference="")) == "acme/A"


def test_rows_of_one_reference_are_told_apart_by_number() -> None:
    rows = [row(expected=LATER), row(expected=SOON), row(expected=LATER, quantity=9)]
    assert [(lot.id, lot.ready, lot.quantity) for lot in lots_of("acme", rows, AT_ITS_WORD)] == [
        ("acme/PO-1", SOON, 5),
        ("acme/PO-1#1", LATER, 5),
        ("acme/PO-1#2", LATER, 9),
    ]


def test_two_skus_of_one_stock_without_references_keep_their_names_apart() -> None:
    both = lots_of("acme", [row("A", reference=""), row("B", reference="")], AT_ITS_WORD)
    assert [lot.id for lot in both] == ["acme/A", "acme/B"]
    assert [lot.id for lot in lots_of("acme", [row("B", reference="")], AT_ITS_WORD)] == ["acme/B"]


def test_a_lot_keeps_its_name_whatever_date_it_gets() -> None:
    names = {lots_of("acme", [row(expected=expected)], AT_ITS_WORD)[0].id for expected in (SOON, LATER, None)}
    assert names == {"acme/PO-1"}


def test_a_date_that_passed_yesterday_counts_as_today_and_no_date_as_none() -> None:
    past, none = row(expected=date(2026, 3, 9)), row(expected=None, reference="PO-2")
    assert [lot.ready for lot in lots_of("acme", [past, none], AT_ITS_WORD)] == [TODAY, None]


def test_an_unknown_suppliers_date_is_promised_a_week_later_and_its_own_day_stays_the_earliest() -> None:
    dated = calibrated({}, Settings(), NOW)
    assert dated("acme", row())[:2] == (date(2026, 3, 27), SOON)


def test_a_date_that_has_passed_is_followed_by_one_that_is_still_likely() -> None:
    ready, earliest = calibrated({}, Settings(), NOW)("acme", row(expected=date(2026, 3, 1)))[:2]
    assert earliest == TODAY
    assert ready is not None
    assert ready > TODAY


def test_a_supplier_who_is_always_nine_days_late_is_promised_nine_days_late() -> None:
    known: dict[tuple[str, ...], Histogram] = {}
    for _ in range(30):
        known |= learned(known, "acme", "", 9, TODAY)
    assert calibrated(known, Settings(), NOW)("acme", row())[0] == date(2026, 3, 29)


def test_buffer_and_handling_come_on_top_in_calendar_and_in_working_days() -> None:
    friday = row(expected=date(2026, 3, 20))
    settings = Settings(cold_start_days=0, buffer_days=1, handling_days=2)
    assert calibrated({}, settings, NOW)("acme", friday)[:2] == (date(2026, 3, 24), date(2026, 3, 24))


def test_what_arrives_on_a_weekend_leaves_when_the_carrier_comes_again() -> None:
    settings = Settings(cold_start_days=0, cut_off="16:00")
    saturday = row(expected=date(2026, 3, 21))
    assert calibrated({}, settings, NOW)("acme", saturday).ready == date(2026, 3, 23)


@pytest.mark.parametrize(("minute", "expected"), [(59, date(2026, 3, 10)), (60, date(2026, 3, 11))])
def test_what_arrives_today_leaves_today_until_the_cut_off_of_the_store(minute: int, expected: date) -> None:
    settings = Settings(cold_start_days=0, cut_off="16:00", timezone="America/New_York")
    before_four = datetime(2026, 3, 10, 19, tzinfo=UTC) + timedelta(minutes=minute)
    assert calibrated({}, settings, before_four)("acme", row(expected=TODAY)).ready == expected


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        (Settings(), 0),
        (Settings(reserve_percent=50), 3),
        (Settings(reserve_percent=100), 5),
        (Settings(reserved_references="PO-7, PO-1"), 5),
        (Settings(reserved_references="PO-7"), 0),
    ],
)
def test_a_share_of_a_lot_or_a_named_one_is_kept_for_those_who_wait(settings: Settings, kept: int) -> None:
    (lot,) = lots_of("acme", [row()], calibrated({}, settings, NOW))
    assert (lot.quantity, lot.reserved) == (5, kept)


def remembered(measure: Measure, days: int) -> dict[str, dict[Key, Histogram]]:
    """A history of Acme's in which everything took so many days, by measure."""
    known: dict[Key, Histogram] = {}
    for _ in range(20):
        known |= learned(known, "acme", "", days, TODAY, measure)
    return {measure.name: known}


def undated(**more: date) -> SupplyRow:
    """A row of Acme's without a date."""
    return replace(row(expected=None), **more)


def test_supply_without_a_date_is_estimated_from_the_day_it_was_announced() -> None:
    history = remembered(SINCE_ORDER, 30)
    found = calibrated({}, Settings(), NOW, history)("acme", undated(since=date(2026, 3, 1)))
    assert found == Dated(date(2026, 3, 31), date(2026, 3, 1), 0, estimated=True)


def test_where_that_tells_nothing_it_is_estimated_from_the_last_receipt() -> None:
    history = remembered(BETWEEN_RECEIPTS, 21)
    found = calibrated({}, Settings(), NOW, history)("acme", undated(since=TODAY, last=date(2026, 3, 5)))
    assert found == Dated(date(2026, 3, 26), date(2026, 3, 5), 0, estimated=True)


def test_without_any_history_there_is_no_ground_for_an_estimate() -> None:
    dated = calibrated({}, Settings(), NOW, {SINCE_ORDER.name: {}, BETWEEN_RECEIPTS.name: {}})
    assert dated("acme", undated(since=TODAY)) == Dated(None, None)
    assert calibrated({}, Settings(), NOW, remembered(BETWEEN_RECEIPTS, 9))("acme", undated()) == Dated(None, None)


ROWS = st.lists(
    st.builds(
        SupplyRow,
        st.sampled_from("ABC"),
        st.integers(1, 9),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 6, 1))),
        st.sampled_from(["", "PO-1", "PO-2"]),
        st.sampled_from(["", "east"]),
    ),
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_lots_have_names_of_their_own_and_do_not_depend_on_the_order_of_rows(
    rows: list[SupplyRow], random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    lots = lots_of("acme", rows, AT_ITS_WORD)
    assert lots_of("acme", shuffled, AT_ITS_WORD) == lots
    assert len({lot.id for lot in lots}) == len(rows)
    assert sum(lot.quantity for lot in lots) == sum(row.quantity for row in rows)


@given(ROWS, ROWS)
def test_what_differs_one_way_differs_the_other_way_too(before: list[SupplyRow], after: list[SupplyRow]) -> None:
    there, back = diff(before, after), diff(after, before)
    assert there.changed == back.changed
    assert there.gone == {row.sku for row in before} - {row.sku for row in after}
