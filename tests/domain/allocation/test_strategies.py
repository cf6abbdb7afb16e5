"""The orders of service that a merchant can choose."""

from collections.abc import Mapping

import pytest

from connector.domain.allocation import STRATEGIES, Claim, allocate
from connector.domain.errors import BadInput
from connector.domain.strategies import NO_STANCES, in_order
from tests.domain.allocation.given import claim, march


def served(claims: list[Claim], strategy: str, stances: Mapping[str, str] = NO_STANCES) -> list[str]:
    """Orders in the order of service."""
    return [one.order for one in in_order(claims, strategy, stances)]


def test_first_come_goes_by_the_time_of_the_order() -> None:
    assert served([claim("c", hour=3), claim("a", hour=2), claim("b", hour=1)], "first_come") == ["b", "a", "c"]


def test_what_the_merchant_pinned_comes_first_under_every_strategy() -> None:
    claims = [claim("old", rank=9, deadline=march(1), segment="vip"), claim("pinned", 5, hour=9, pinned=True)]

    assert {name: served(claims, name, {"vip": "win"})[0] for name in STRATEGIES} == dict.fromkeys(
        STRATEGIES, "pinned"
    )


def test_priority_goes_by_class_and_within_it_by_time() -> None:
    claims = [claim("a", rank=0), claim("b", hour=2, rank=5), claim("c", hour=1, rank=5)]

    assert served(claims, "priority") == ["c", "b", "a"]


def test_complete_most_serves_first_who_needs_least_beyond_what_it_holds() -> None:
    claims = [claim("needs 5", 5), claim("needs 1", 4, hour=1, held=3), claim("needs 2", 2, hour=2)]

    assert served(claims, "complete_most") == ["needs 1", "needs 2", "needs 5"]


def test_nearest_deadline_serves_who_has_none_last() -> None:
    claims = [claim("none"), claim("late", hour=1, deadline=march(20)), claim("near", hour=2, deadline=march(3))]

    assert served(claims, "nearest_deadline") == ["near", "late", "none"]


def test_segments_take_their_turns_and_an_unnamed_one_comes_after_the_winners() -> None:
    stances = {"e": "lose", "d": "fill", "c": "redistribute", "a": "win"}
    claims = [claim(name, segment=name) for name in "edcba"]

    assert served(claims, "segments", stances) == ["a", "b", "c", "d", "e"]


def test_only_redistributing_and_losing_segments_give_up_what_they_hold() -> None:
    stances = {name: name for name in ("win", "gain", "redistribute", "fill", "lose")}
    claims = [claim(name, 2, segment=name, held=1) for name in stances]

    ranked = in_order(claims, "segments", stances)

    assert [(one.order, one.held) for one in ranked] == [
        ("win", 1),
        ("gain", 1),
        ("redistribute", 0),
        ("fill", 1),
        ("lose", 0),
    ]


def test_a_losing_segments_units_go_to_those_before_it() -> None:
    claims = [claim("lost", 1, segment="marketplace", held=1), claim("kept", 1, hour=5)]

    got = allocate(claims, 1, [], "segments", {"marketplace": "lose"})

    assert [(one.order, one.on_hand, one.waiting) for one in got] == [("kept", 1, 0), ("lost", 0, 1)]


def test_stances_mean_nothing_to_another_strategy() -> None:
    got = allocate([claim("lost", 1, segment="marketplace", held=1)], 1, [], "first_come", {"marketplace": "lose"})

    assert [(one.order, one.on_hand) for one in got] == [("lost", 1)]


def test_a_strategy_that_is_none_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput) as refusal:
        allocate([], 0, [], "fairest")

    assert str(refusal.value) == (
        "fill order 'fairest' is not one of first_come, priority, complete_most, nearest_deadline, segments"
    )


def test_a_stance_that_is_none_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput) as refusal:
        in_order([], "segments", {"dtc": "draw"})

    assert str(refusal.value) == "stance 'draw' is not one of win, gain, redistribute, fill, lose"
