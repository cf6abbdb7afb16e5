"""The legal clock's instants as printed, to the second: over changes of the clocks, renewals, answers and refunds."""

from typing import Any

from connector.pipeline.connector import Connector
from tests.pipeline.scenes import LAMP, kinds, order, played, receipt, scenario, shipment, supply

AMERICA = {"timezone": "America/New_York", "jurisdiction": "us_ftc"}
APRIL = supply("2026-03-01T08:00:00Z", ("PO-1", 5, "2026-04-10"))
ONE = order("2026-03-01T10:00:00Z", quantity=1)


def told(connector: Connector, *events: dict[str, Any], until: str) -> list[str]:
    """Duties, cancellations and notices of lamps that are all on backorder, one line each."""
    text = scenario(*events, until=until, settings=AMERICA, products=[LAMP | {"on_hand": 0}])
    lines = [line for line in played(connector, text) if line["kind"] in ("obligation", "deemed_cancelled", "notice")]
    return [_told(line) for line in lines]


def _told(line: dict[str, Any]) -> str:
    if line["kind"] == "obligation":
        return f"{line['at']} {line['duty']} {line['state']} {line['due']}"
    if line["kind"] == "deemed_cancelled":
        return f"{line['at']} line {line['line']} {line['cause']}"
    return f"{line['at']} {line['template']} {line['eta']} {line['silence_means']}"


def answer(at: str, said: str) -> dict[str, Any]:
    return {"at": at, "type": "answer", "order": "1001", "answer": said}


def test_days_end_by_the_stores_clock_before_and_after_it_is_put_back(connector: Connector) -> None:
    late_evening = order("2026-10-02T03:30:00Z", quantity=1)  # the first of October in New York
    assert told(connector, late_evening, until="2026-12-12T00:00:00Z") == [
        "2026-10-02T03:30:00Z first_option open 2026-11-01T03:59:59Z",
        "2026-10-02T03:30:00Z first_option met 2026-11-01T03:59:59Z",
        "2026-10-02T03:30:00Z option_first None cancel",
        "2026-12-01T04:59:59Z line 1 no_consent",
        "2026-12-01T04:59:59Z refund open 2026-12-10T04:59:59Z",
        "2026-12-01T04:59:59Z cancelled None None",
        "2026-12-10T04:59:59Z refund breached 2026-12-10T04:59:59Z",
    ]


def test_the_stated_time_counts_from_the_order_and_silence_on_a_renewal_ends_it(connector: Connector) -> None:
    soon = supply("2026-03-01T08:00:00Z", ("PO-1", 5, "2026-03-12"))
    later = supply("2026-03-10T09:00:00Z", ("PO-1", 5, "2026-03-25"))
    refund = {"at": "2026-03-20T10:00:00Z", "type": "refund", "order": "1001"}
    stated = order("2026-03-01T10:00:00Z", quantity=1, stated_days=10)
    assert told(connector, soon, stated, later, refund, until="2026-03-25T00:00:00Z") == [
        "2026-03-01T10:00:00Z first_option open 2026-03-12T03:59:59Z",
        "2026-03-01T10:00:00Z first_option met 2026-03-12T03:59:59Z",
        "2026-03-01T10:00:00Z option_first 2026-03-12 consent",
        "2026-03-10T09:00:00Z renewed_option open 2026-03-13T03:59:59Z",
        "2026-03-10T09:00:00Z renewed_option met 2026-03-13T03:59:59Z",
        "2026-03-10T09:00:00Z option_renewed 2026-03-25 cancel",
        "2026-03-13T03:59:59Z line 1 renewed_silence",
        "2026-03-13T03:59:59Z refund open 2026-03-24T03:59:59Z",
        "2026-03-13T03:59:59Z cancelled None None",
        "2026-03-20T10:00:00Z refund met 2026-03-24T03:59:59Z",
        "2026-03-20T10:00:00Z refund_statement None None",
    ]


def test_who_waits_is_held_to_the_new_date_and_what_ships_by_then_owes_nothing(connector: Connector) -> None:
    later = supply("2026-04-05T09:00:00Z", ("PO-1", 5, "2026-05-10"))
    ships = shipment("2026-05-03T10:00:00Z", 1)
    waits = answer("2026-04-06T10:00:00Z", "wait")
    events = (APRIL, ONE, later, waits, receipt("2026-05-02T10:00:00Z", 5), ships)
    assert told(connector, *events, until="2026-05-20T00:00:00Z")[3:] == [
        "2026-04-05T09:00:00Z renewed_option open 2026-04-11T03:59:59Z",
        "2026-04-05T09:00:00Z renewed_option met 2026-04-11T03:59:59Z",
        "2026-04-05T09:00:00Z option_renewed 2026-05-10 cancel",
        "2026-05-02T10:00:00Z filled None None",
    ]


def test_what_is_filled_and_not_shipped_by_the_revised_day_is_offered_a_week_more_that_day(
    connector: Connector,
) -> None:
    events = (APRIL, ONE, receipt("2026-04-08T10:00:00Z", 5))
    assert told(connector, *events, until="2026-04-12T00:00:00Z")[4:] == [
        "2026-04-10T04:00:00Z renewed_option open 2026-04-11T03:59:59Z",
        "2026-04-10T04:00:00Z renewed_option met 2026-04-11T03:59:59Z",
        "2026-04-10T04:00:00Z option_renewed 2026-04-17 cancel",
        "2026-04-11T03:59:59Z line 1 renewed_silence",
        "2026-04-11T03:59:59Z refund open 2026-04-22T03:59:59Z",
        "2026-04-11T03:59:59Z cancelled None None",
    ]


def test_a_customer_whom_no_mail_reaches_was_never_offered_anything(connector: Connector) -> None:
    unreached = order("2026-03-01T10:00:00Z", quantity=1, email="")
    assert told(connector, unreached, until="2026-04-02T00:00:00Z") == [
        "2026-03-01T10:00:00Z first_option open 2026-04-01T03:59:59Z",
        "2026-04-01T03:59:59Z first_option breached 2026-04-01T03:59:59Z",
        "2026-04-01T03:59:59Z line 1 no_valid_option",
        "2026-04-01T03:59:59Z refund open 2026-04-10T03:59:59Z",
    ]


def test_two_lines_that_move_at_one_instant_are_one_notice(connector: Connector) -> None:
    shade = LAMP | {"sku": "SHADE", "on_hand": 0}
    both = [{"id": "1", "sku": "LAMP", "quantity": 1}, {"id": "2", "sku": "SHADE", "quantity": 1}]
    said = [supply("2026-03-01T08:00:00Z", ("PO-1", 5, day)) for day in ("2026-03-20", "2026-03-25")]
    for one, day in zip(said, ("2026-03-22", "2026-03-27"), strict=True):
        one["rows"] += supply("", ("PO-2", 5, day), sku="SHADE")["rows"]
    later = said[1] | {"at": "2026-03-02T08:00:00Z"}
    events = (said[0], order("2026-03-01T10:00:00Z", lines=both), later)
    lines = played(connector, scenario(*events, products=[LAMP | {"on_hand": 0}, shade]))
    assert [(line["template"], line["eta"]) for line in kinds(lines, "notice")] == [
        ("backordered", "2026-03-22"),
        ("eta_changed", "2026-03-27"),
    ]
    assert len(kinds(lines, "promise")) == 4
