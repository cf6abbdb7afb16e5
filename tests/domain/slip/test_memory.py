"""What is remembered of deliveries, and how it fades."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given

from connector.domain.slip import (
    NOTHING,
    ON_TIME,
    SINCE_ORDER,
    SLIP,
    Histogram,
    learn,
    learned,
    packed,
    start,
    unpacked,
)
from tests.domain.slip.given import START, Slip, histories, remembered

SUPPLIER = SLIP.levels[1]


def test_a_delivery_adds_one_to_the_bin_of_its_slip() -> None:
    assert learn(NOTHING, 3, START, SLIP, SUPPLIER) == Histogram({3: 1.0}, 1.0, START)


def test_what_was_known_has_half_its_weight_after_the_half_life() -> None:
    first = learn(NOTHING, 3, START, SLIP, SUPPLIER)

    second = learn(first, 0, START + timedelta(days=180), SLIP, SUPPLIER)

    assert second == Histogram({3: 0.5, 0: 1.0}, 1.5, START + timedelta(days=180))
    assert first == Histogram({3: 1.0}, 1.0, START)


def test_a_supplier_never_weighs_more_than_its_cap() -> None:
    histogram = NOTHING
    for _ in range(100):
        histogram = learn(histogram, 2, START, SLIP, SUPPLIER)

    assert histogram.mass == pytest.approx(30.0, abs=1e-9)
    assert histogram.bins == {2: pytest.approx(30.0, abs=1e-9)}


def test_everybody_together_has_no_cap() -> None:
    histogram = start(SLIP)
    for _ in range(100):
        histogram = learn(histogram, 2, START, SLIP, SLIP.levels[0])

    assert histogram == Histogram({0: 1.0, 2: 100.0}, 101.0, START)


def test_slips_beyond_the_ends_count_at_the_ends() -> None:
    early = learn(NOTHING, -400, START, SLIP, SUPPLIER)

    assert learn(early, 900, START, SLIP, SUPPLIER).bins == {-60: 1.0, 200: 1.0}


def test_news_of_an_earlier_day_neither_fades_nor_turns_the_clock_back() -> None:
    now = learn(NOTHING, 1, START, SLIP, SUPPLIER)

    late_news = learn(now, 1, START - timedelta(days=90), SLIP, SUPPLIER)

    assert late_news == Histogram({1: 2.0}, 2.0, START)


def test_weights_that_have_faded_to_nothing_are_forgotten() -> None:
    old = learn(NOTHING, 5, START, SLIP, SUPPLIER)

    assert learn(old, 1, START + timedelta(days=180 * 40), SLIP, SUPPLIER).bins == {1: 1.0}


def test_a_delivery_is_learned_for_everybody_its_supplier_and_its_second_key() -> None:
    changed = learned({}, "acme", "DE", 4, START)

    assert changed == {
        (): Histogram({0: 1.0, 4: 1.0}, 2.0, START),
        ("acme",): Histogram({4: 1.0}, 1.0, START),
        ("acme", "DE"): Histogram({4: 1.0}, 1.0, START),
    }


def test_a_delivery_without_a_second_key_changes_two_histograms_and_no_other_supplier() -> None:
    known = learned({}, "bolt", "DE", 4, START)

    assert learned(known, "acme", "", 9, START).keys() == {(), ("acme",)}


def test_days_since_an_order_start_from_nothing() -> None:
    assert start(SLIP) == ON_TIME
    assert learned({}, "acme", "", 40, START, SINCE_ORDER)[()] == Histogram({40: 1.0}, 1.0, START)


@given(histories())
def test_a_histogram_comes_back_from_json_as_it_went(slips: list[Slip]) -> None:
    for histogram in remembered(slips).values():
        assert unpacked(json.loads(json.dumps(packed(histogram)))) == histogram


def test_the_packed_form_is_the_day_the_mass_and_the_bins() -> None:
    histogram = Histogram({4: 0.5, -3: 2.0}, 2.5, date(2026, 2, 3))

    assert packed(histogram) == {"updated": "2026-02-03", "mass": 2.5, "bins": {"-3": 2.0, "4": 0.5}}
    assert unpacked(packed(ON_TIME)) == ON_TIME
