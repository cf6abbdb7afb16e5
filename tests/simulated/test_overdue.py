"""A supplier who is late and of whom nothing is known: what is promised on each day that passes."""

import pytest

from connector.pipeline.connector import Connector
from tests.pipeline.scenes import kinds, order, played, scenario, supply

AGREED = supply("2026-03-01T09:00:00Z", ("PO-1", 10, "2026-03-05"))


@pytest.mark.parametrize("quantile", [0.5, 0.9, 0.95])
def test_a_date_taken_at_its_word_is_that_day_and_once_it_has_passed_the_day_it_is(
    connector: Connector, quantile: float
) -> None:
    text = scenario(
        AGREED,
        order("2026-03-01T10:00:00Z"),
        until="2026-03-08T12:00:00Z",
        settings={"cold_start_days": 0, "promise_quantile": quantile, "timezone": "America/New_York"},
    )
    printed = played(connector, text)
    promised = [(one["at"], one["eta"], one["previous"], one["reason"]) for one in kinds(printed, "promise")]
    assert promised == [
        ("2026-03-01T10:00:00Z", "2026-03-05", None, "new"),
        ("2026-03-06T05:00:00Z", "2026-03-06", "2026-03-05", "missed"),
        ("2026-03-07T05:00:00Z", "2026-03-07", "2026-03-06", "missed"),
        ("2026-03-08T05:00:00Z", "2026-03-08", "2026-03-07", "missed"),
    ]
    told = [(one["at"], one["template"], one["eta"]) for one in kinds(printed, "notice")]
    assert told == [
        (at, "backordered" if previous is None else "eta_changed", eta) for at, eta, previous, _ in promised
    ]


@pytest.mark.parametrize(
    ("quantile", "dates"),
    [
        (0.5, ["2026-03-06", "2026-03-09", "2026-03-12", "2026-03-15", "2026-03-18", "2026-03-21"]),
        (0.9, ["2026-03-12", "2026-03-22"]),
    ],
)
def test_a_date_that_is_not_taken_at_its_word_moves_by_what_may_follow_so_many_days_late(
    connector: Connector, quantile: float, dates: list[str]
) -> None:
    text = scenario(
        AGREED,
        order("2026-03-01T10:00:00Z"),
        until="2026-03-19T23:00:00Z",
        settings={"cold_start_days": 7, "promise_quantile": quantile},
    )
    assert [notice["eta"] for notice in kinds(played(connector, text), "notice")] == dates


def test_who_orders_while_it_is_late_is_given_the_same_date_as_those_who_wait(connector: Connector) -> None:
    text = scenario(
        AGREED,
        order("2026-03-01T10:00:00Z"),
        order("2026-03-10T10:00:00Z", "1002", 1),
        until="2026-03-11T00:00:00Z",
    )
    told = [(notice["order"], notice["eta"]) for notice in kinds(played(connector, text), "notice")]
    assert told[-2:] == [("1001", "2026-03-10"), ("1002", "2026-03-10")]
