"""Dates by what a supplier's past is worth, end to end."""

from connector.pipeline.connector import Connector
from connector.pipeline.simulate.compare import Outcome, outcome
from connector.pipeline.simulate.scenario import read_scenario
from tests.simulated.given import notices, of, order, run, supply

CALM = {"jurisdiction": "none"}
SUPPLY = supply("2026-03-01T09:00:00Z", "2026-03-20")
ORDER = order("2026-03-01T10:00:00Z")


def etas(printed: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return of(printed, "promise", "at", "eta", "previous", "reason")


def test_an_unknown_supplier_gets_a_week_at_ninety_percent(connector: Connector) -> None:
    printed = run(connector, SUPPLY, ORDER, settings=CALM | {"cold_start_days": 7}, until="2026-03-02T00:00:00Z")
    assert etas(printed) == [("2026-03-01T10:00:00Z", "2026-03-27", None, "new")]


def test_a_supplier_at_its_word_is_promised_its_word(connector: Connector) -> None:
    printed = run(connector, SUPPLY, ORDER, settings=CALM, until="2026-03-02T00:00:00Z")
    assert etas(printed) == [("2026-03-01T10:00:00Z", "2026-03-20", None, "new")]


def test_a_supplier_that_was_always_late_is_promised_late(connector: Connector) -> None:
    past = [
        {"supplier": "acme", "promised": f"2025-{month:02d}-01", "delivered": f"2025-{month:02d}-13"}
        for month in range(1, 13)
    ]
    printed = run(connector, SUPPLY, ORDER, settings=CALM, deliveries=past * 3, until="2026-03-02T00:00:00Z")
    assert etas(printed) == [("2026-03-01T10:00:00Z", "2026-04-01", None, "new")]


def test_a_small_delay_of_the_supplier_leaves_the_promise_and_a_large_one_moves_it_once(connector: Connector) -> None:
    printed = run(
        connector,
        SUPPLY,
        ORDER,
        supply("2026-03-05T09:00:00Z", "2026-03-24"),
        supply("2026-03-06T09:00:00Z", "2026-04-10"),
        settings=CALM | {"cold_start_days": 7},
        until="2026-03-08T00:00:00Z",
    )
    assert etas(printed) == [
        ("2026-03-01T10:00:00Z", "2026-03-27", None, "new"),
        ("2026-03-06T09:00:00Z", "2026-04-17", "2026-03-27", "supplier_later"),
    ]
    assert len(notices(printed)) == 2


def test_receipts_teach_what_the_next_date_is_worth(connector: Connector) -> None:
    receipts = [
        {"at": "2026-03-30T09:00:00Z", "type": "receipt", "reference": "PO-1", "sku": "TREAD", "quantity": 1}
        for _ in range(10)
    ]
    ten = order("2026-03-01T10:00:00Z", quantity=10)
    following = supply("2026-04-01T09:00:00Z", "2026-05-01", quantity=30)
    printed = run(connector, SUPPLY, ten, *receipts, following, settings=CALM, until="2026-04-02T00:00:00Z")
    assert of(printed, "listing", "state", "eta")[-1] == ("backorder", "2026-05-11")


def test_policies_are_compared_by_days_late_orders_and_notices(connector: Connector) -> None:
    printed = run(connector, SUPPLY, ORDER, settings=CALM, until="2026-03-24T12:00:00Z")
    scenario = read_scenario(
        b'{"settings": {"timezone": "America/New_York"}, "products": [{"sku": "TREAD", "title": "T", "on_hand": 0}],'
        b' "events": [{"at": "2026-03-01T10:00:00Z", "type": "order", "id": "1001", "lines": [{"id": "1",'
        b' "sku": "TREAD", "quantity": 1}]}], "until": "2026-03-24T12:00:00Z"}'
    )
    found = outcome(scenario, printed)
    assert found == Outcome(4.0, 4, 0, len(notices(printed)), 0)
