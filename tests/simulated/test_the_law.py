"""The legal clock, end to end: real plan, real books, a clock that only the scenario moves."""

from connector.pipeline.connector import Connector
from tests.simulated.given import event, notices, of, order, run, supply

EARLY = supply("2026-03-01T09:00:00Z", "2026-03-20")
LATE = supply("2026-03-10T11:00:00Z", "2026-04-20")
T_DAY = "2026-04-01T03:59:59Z"


def duties(printed: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return of(printed, "obligation", "at", "duty", "due", "state")


def test_a_date_within_thirty_days_of_the_t_day_is_consented_to_by_silence(connector: Connector) -> None:
    printed = run(connector, EARLY, order("2026-03-01T10:00:00Z"), LATE, until="2026-04-15T00:00:00Z")
    assert duties(printed) == [
        ("2026-03-10T11:00:00Z", "first_option", T_DAY, "open"),
        ("2026-03-10T11:00:00Z", "first_option", T_DAY, "met"),
    ]
    assert notices(printed) == [
        ("2026-03-01T10:00:00Z", "backordered", "2026-03-20", None),
        ("2026-03-10T11:00:00Z", "option_first", "2026-04-20", "consent"),
    ]
    assert of(printed, "deemed_cancelled", "line") == []


def test_an_unknown_date_lapses_thirty_days_after_the_t_day_and_the_refund_is_breached(connector: Connector) -> None:
    printed = run(connector, order("2026-03-01T10:00:00Z"))
    assert notices(printed) == [
        ("2026-03-01T10:00:00Z", "option_first", None, "cancel"),
        ("2026-05-01T03:59:59Z", "cancelled", None, None),
    ]
    assert of(printed, "deemed_cancelled", "at", "order", "line", "cause") == [
        ("2026-05-01T03:59:59Z", "1001", "1", "no_consent")
    ]
    assert duties(printed)[2:] == [
        ("2026-05-01T03:59:59Z", "refund", "2026-05-12T03:59:59Z", "open"),
        ("2026-05-12T03:59:59Z", "refund", "2026-05-12T03:59:59Z", "breached"),
    ]
    assert printed[-1]["obligations_breached"] == 1


def test_an_express_wait_without_a_date_is_standing_consent(connector: Connector) -> None:
    printed = run(
        connector, order("2026-03-01T10:00:00Z"), event("2026-03-05T10:00:00Z", "answer", answer="wait")
    )
    assert of(printed, "deemed_cancelled", "line") == []
    assert printed[-1]["obligations_breached"] == 0


def test_a_cancellation_frees_its_supply_for_the_next(connector: Connector) -> None:
    printed = run(
        connector,
        supply("2026-03-01T09:00:00Z", "2026-03-20", quantity=1),
        order("2026-03-01T10:00:00Z"),
        order("2026-03-02T10:00:00Z", "1002", email="bob@example.com"),
        event("2026-03-05T10:00:00Z", "answer", answer="cancel"),
        event("2026-03-06T10:00:00Z", "refund"),
        until="2026-03-10T00:00:00Z",
    )
    assert of(printed, "deemed_cancelled", "at", "order", "cause") == [("2026-03-05T10:00:00Z", "1001", "buyer")]
    assert of(printed, "promise", "at", "order", "eta", "previous") == [
        ("2026-03-01T10:00:00Z", "1001", "2026-03-20", None),
        ("2026-03-02T10:00:00Z", "1002", None, None),
        ("2026-03-05T10:00:00Z", "1002", "2026-03-20", None),
    ]
    assert ("2026-03-06T10:00:00Z", "refund", "2026-03-17T03:59:59Z", "met") in duties(printed)
    assert [line[1] for line in notices(printed)][-1] == "refund_statement"


def test_what_ships_in_time_owes_nothing(connector: Connector) -> None:
    shipped = event("2026-03-03T10:00:00Z", "shipment", lines=[{"id": "1", "quantity": 1}])
    printed = run(connector, order("2026-03-01T10:00:00Z"), shipped, on_hand=1)
    assert duties(printed) == []
    assert notices(printed) == []


def test_a_filled_order_that_nobody_ships_is_warned_of_a_day_before_the_t_day_ends(connector: Connector) -> None:
    printed = run(connector, order("2026-03-01T10:00:00Z"), on_hand=1, until="2026-04-01T12:00:00Z")
    assert notices(printed) == [("2026-03-31T03:59:59Z", "option_first", "2026-04-07", "consent")]


def test_where_no_law_is_chosen_nothing_is_owed(connector: Connector) -> None:
    printed = run(connector, order("2026-03-01T10:00:00Z"), settings={"jurisdiction": "none"})
    assert duties(printed) == []
    assert [line[1] for line in notices(printed)] == ["backordered"]
