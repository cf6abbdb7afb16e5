"""A cell says one thing, or nothing that we would act on."""

from datetime import date

import pytest

from adapters.feeds.cells import DateOrder, Puzzle, date_by_format, date_in, date_order, quantity_in


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("1", 1),
        (" 42 ", 42),
        ("+7", 7),
        ("007", 7),
        ("12.0", 12),
        ("12,00", 12),
        ("1234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1_234_567),
        ("1'234", 1234),
        ("1’234", 1234),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1,234.00", 1234),
        ("1.234,0", 1234),
        ("1000000000", 1_000_000_000),
    ],
)
def test_a_whole_number_is_read_where_it_can_mean_one_thing(cell: str, units: int) -> None:
    assert quantity_in(cell) == units


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "There is no quantity"),
        ("  ", "There is no quantity"),
        ("0", "The quantity is zero: nothing is coming"),
        ("0.00", "The quantity is zero: nothing is coming"),
        ("000", "The quantity is zero: nothing is coming"),
        ("-1", "The quantity “-1” is below zero"),
        ("−1", "The quantity “−1” is below zero"),
        ("(5)", "The quantity “(5)” is below zero"),
        ("5-", "The quantity “5-” is below zero"),
        ("1,234", "The quantity “1,234” can be read in two ways; write it without separators"),
        ("1.000", "The quantity “1.000” can be read in two ways; write it without separators"),
        ("12.5", "The quantity “12.5” is not a whole number"),
        ("12,34,567", "The quantity “12,34,567” is not a whole number"),
        ("many", "The quantity “many” is not a whole number"),
        ("5 pcs", "The quantity “5 pcs” is not a whole number"),
        ("1e3", "The quantity “1e3” is not a whole number"),
        ("0x10", "The quantity “0x10” is not a whole number"),
        ("NaN", "The quantity “NaN” is not a whole number"),
        ("inf", "The quantity “inf” is not a whole number"),
        ("٣", "The quantity “٣” is not a whole number"),
        ("1_000", "The quantity “1_000” is not a whole number"),
        ("=1+1", "The quantity “=1+1” is not a whole number"),
        ("-", "The quantity “-” is not a whole number"),
        ("1000000001", "The quantity “1000000001” is too large to be true"),
        ("9" * 5000, "The quantity “" + "9" * 40 + "…” is too large to be true"),
    ],
)
def test_any_other_quantity_is_a_puzzle_with_its_reason(cell: str, reason: str) -> None:
    with pytest.raises(Puzzle) as puzzle:
        quantity_in(cell)
    assert str(puzzle.value) == reason


@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-03",
        " 2026-04-03 ",
        "2026-04-03T00:00:00Z",
        "2026-04-03 14:30:00+02:00",
        "2026/04/03",
        "2026.04.03",
        "20260403",
        "03.04.2026",
        "3.4.2026",
        "03.04.2026 08:00",
    ],
)
def test_a_date_is_read_where_its_form_tells_its_order(cell: str) -> None:
    assert date_in(cell, DateOrder.UNKNOWN) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("14/04/2026", date(2026, 4, 14)),
        ("04/14/2026", date(2026, 4, 14)),
        ("14-04-2026", date(2026, 4, 14)),
        ("4/14/2026 12:00 AM", date(2026, 4, 14)),
        ("05/05/2026", date(2026, 5, 5)),
    ],
)
def test_a_date_is_read_where_its_own_parts_tell_its_order(cell: str, expected: date) -> None:
    assert {date_in(cell, order) for order in DateOrder} == {expected}


def test_a_date_that_could_be_two_is_read_by_the_order_of_its_column() -> None:
    assert date_in("03/04/2026", DateOrder.DAY_FIRST) == date(2026, 4, 3)
    assert date_in("03/04/2026", DateOrder.MONTH_FIRST) == date(2026, 3, 4)
    with pytest.raises(Puzzle, match="can be two dates"):
        date_in("03/04/2026", DateOrder.UNKNOWN)


@pytest.mark.parametrize("cell", ["", " ", "-", "N/A", "tbd", "TBA", "None", "null", "unknown", "?"])
def test_no_date_is_said_in_many_ways(cell: str) -> None:
    assert date_in(cell, DateOrder.UNKNOWN) is None
    assert date_by_format(cell, "%d.%m.%Y") is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-02-30", "“2026-02-30” is not a date in the calendar"),
        ("2026-13-01", "“2026-13-01” is not a date in the calendar"),
        ("31.04.2026", "“31.04.2026” is not a date in the calendar"),
        ("13/13/2026", "“13/13/2026” is not a date in the calendar"),
        ("00/00/2026", "“00/00/2026” is not a date in the calendar"),
        ("0001-01-01", "The year of “0001-01-01” cannot be right"),
        ("9999-12-31", "The year of “9999-12-31” cannot be right"),
        ("1900-01-01", "The year of “1900-01-01” cannot be right"),
        ("03/04/26", "“03/04/26” is not a date that we can read; write it as 2026-04-30"),
        ("46115", "“46115” is not a date that we can read; write it as 2026-04-30"),
        ("2 weeks", "“2 weeks” is not a date that we can read; write it as 2026-04-30"),
        ("2026-04/03", "“2026-04/03” is not a date that we can read; write it as 2026-04-30"),
    ],
)
def test_any_other_date_is_a_puzzle_with_its_reason(cell: str, reason: str) -> None:
    with pytest.raises(Puzzle) as puzzle:
        date_in(cell, DateOrder.UNKNOWN)
    assert str(puzzle.value) == reason


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], DateOrder.UNKNOWN),
        (["03/04/2026", "05/05/2026"], DateOrder.UNKNOWN),
        (["03/04/2026", "13/04/2026"], DateOrder.DAY_FIRST),
        (["03/04/2026", "04-13-2026"], DateOrder.MONTH_FIRST),
        (["13/04/2026", "04/13/2026"], DateOrder.UNKNOWN),
        (["2026-04-13", "13.04.2026", "", "x"], DateOrder.UNKNOWN),
    ],
)
def test_a_column_shows_its_order_by_a_part_above_twelve(cells: list[str], expected: DateOrder) -> None:
    assert date_order(cells) is expected


def test_a_format_must_fit_the_whole_cell_and_give_a_year_that_can_be() -> None:
    assert date_by_format("3-Apr-2026", "%d-%b-%Y") == date(2026, 4, 3)
    for cell, form in (("3-Apr-2026 x", "%d-%b-%Y"), ("03.04.", "%d.%m."), ("x", "%Q")):
        with pytest.raises(Puzzle):
            date_by_format(cell, form)
