"""A supplier who is late and of whom nothing is known: customers are not written to every day."""

import pytest

from connector.pipeline.connector import Connector
from tests.pipeline.scenes import kinds, order, played, scenario, supply

AGREED = supply("2026-03-01T09:00:00Z", ("PO-1", 10, "2026-03-05"))


@pytest.mark.parametrize("cold_start_days", [0, 7])
def test_in_fourteen_days_that_a_supplier_is_late_there_are_few_mails(
    connector: Connector, cold_start_days: int
) -> None:
    text = scenario(
        AGREED,
        order("2026-03-01T10:00:00Z"),
        until="2026-03-19T23:00:00Z",
        settings={"cold_start_days": cold_start_days},
    )
    told = [notice["eta"] for notice in kinds(played(connector, text), "notice")]
    expected = {
        0: ["2026-03-05", "2026-03-06", "2026-03-08", "2026-03-12", "2026-03-20"],
        7: ["2026-03-12", "2026-03-22"],
    }
    assert told == expected[cold_start_days]


def test_who_orders_while_it_is_late_is_given_the_same_date_as_those_who_wait(connector: Connector) -> None:
    text = scenario(
        AGREED,
        order("2026-03-01T10:00:00Z"),
        order("2026-03-10T10:00:00Z", "1002", 1),
        until="2026-03-11T00:00:00Z",
    )
    told = [(notice["order"], notice["eta"]) for notice in kinds(played(connector, text), "notice")]
    assert told[-1] == ("1002", "2026-03-12")
    assert ("1001", "2026-03-12") in told
