"""Which of a supplier's files are believed, and what is said of those that are not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connector.domain.doubts import suspicion
from connector.domain.facts import SupplyRow

TODAY = date(2026, 3, 10)
SOON, LATER = date(2026, 3, 20), date(2026, 4, 20)


def skus(count: int, start: int = 0, **said: object) -> list[SupplyRow]:
    """Rows of so many SKUs, from a number on."""
    plain = SupplyRow("", 5, SOON, "PO-1")
    return [replace(plain, sku=f"SKU-{number:03d}", **said) for number in range(start, start + count)]  # type: ignore[arg-type]


def doubt(before: list[SupplyRow], after: list[SupplyRow]) -> str | None:
    return suspicion(before, after, TODAY)


def test_a_first_file_is_believed() -> None:
    assert doubt([], skus(50)) is None
    assert doubt([], []) is None


@pytest.mark.parametrize(("known", "there"), [(10, 6), (100, 51), (100, 99), (10, 10), (9, 1), (1, 1)])
def test_a_file_that_names_more_than_half_of_the_skus_is_believed(known: int, there: int) -> None:
    assert doubt(skus(known), skus(there, known - there)) is None


@pytest.mark.parametrize("there", [1, 20, 50])
def test_a_file_that_names_half_or_less_is_not(there: int) -> None:
    found = doubt(skus(100), skus(there, 100 - there))
    assert found == f"the new file names {there} of the 100 SKUs that the last one had"


@pytest.mark.parametrize(("known", "there"), [(100, 51), (100, 90), (30, 27), (10, 7)])
def test_a_file_that_lacks_only_its_end_is_not(known: int, there: int) -> None:
    lost = known - there
    said = f"the new file is the last one without its last {lost} of {known} SKUs, as if it were cut off"
    assert doubt(skus(known), skus(there)) == said


@pytest.mark.parametrize(
    "after", [skus(91), skus(90, 1), [*skus(90), *skus(1, 500)], skus(8)], ids=["few", "start", "new ones", "small"]
)
def test_a_file_that_lacks_little_or_something_else_is_believed(after: list[SupplyRow]) -> None:
    assert doubt(skus(9 if len(after) == 8 else 100), after) is None


def test_other_skus_do_not_make_up_for_the_missing_ones() -> None:
    assert doubt(skus(10), [*skus(1), *skus(40, 500)]) == "the new file names 1 of the 10 SKUs that the last one had"


def test_a_file_that_names_nothing_is_not_believed_even_of_a_small_supplier() -> None:
    assert doubt(skus(1), []) == "the new file names no SKU, and the last one had 1"


def test_a_small_supplier_may_change_all_that_he_sells() -> None:
    assert doubt(skus(2), skus(1, 7)) is None
    assert doubt(skus(9), skus(9, expected=LATER, quantity=50)) is None


def test_a_file_that_changes_most_of_what_is_known_is_not_believed() -> None:
    said = "6 of 10 known SKUs have other units or dates than before"
    assert doubt(skus(10), [*skus(6, quantity=7), *skus(4, 6)]) == said
    assert doubt(skus(10), [*skus(5, quantity=7), *skus(5, 5)]) is None


def test_dates_that_all_move_by_the_same_days_are_told_so() -> None:
    after = [*skus(8, expected=SOON + timedelta(days=7)), *skus(4, 8)]
    assert doubt(skus(12), after) == "all of 8 dates that moved did so by 7 days, out of 12 known SKUs"


def test_another_reference_for_the_same_units_and_dates_is_no_change() -> None:
    assert doubt(skus(10), skus(10, reference="PO-2")) is None


@pytest.mark.parametrize("known", [1, 3, 30])
def test_units_that_are_a_hundred_times_as_many_are_not_believed(known: int) -> None:
    assert doubt(skus(known), skus(known, quantity=5000)) == (
        "units are 100 times what they were, or more: SKU-000 had 5 and now has 5,000"
    )


def test_units_that_grow_little_or_of_few_skus_are_believed() -> None:
    assert doubt(skus(3), skus(3, quantity=499)) is None
    assert doubt(skus(3), [*skus(1, quantity=5000), *skus(2, 1)]) is None
    assert doubt(skus(1, quantity=1), skus(1, quantity=900)) is None


def test_many_new_dates_in_the_past_are_not_believed_even_in_a_first_file() -> None:
    over = TODAY - timedelta(days=1)
    said = "10 of the 12 dates that are new are in the past, such as 2026-03-09"
    assert doubt([], [*skus(10, expected=over), *skus(2, 10)]) == said
    assert doubt([], [*skus(10, expected=over), *skus(10, 10)]) is None
    assert doubt([], skus(9, expected=over)) is None


def test_dates_that_pass_by_themselves_are_no_news() -> None:
    over = skus(30, expected=TODAY - timedelta(days=1))
    assert doubt(over, over) is None
