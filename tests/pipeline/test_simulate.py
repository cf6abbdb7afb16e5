"""A scenario is played through the real pipeline on a clock of its own, and comes to exactly these lines."""

import json

import pytest

from connector.domain.errors import BadInput
from connector.pipeline.connector import Connector
from connector.pipeline.simulate import read_scenario
from tests.pipeline.scenes import (
    LAMP,
    brief,
    cancel,
    kinds,
    order,
    played,
    receipt,
    scenario,
    shipment,
    supply,
)

NEW_YORK = {"timezone": "America/New_York"}


def test_the_whole_life_of_an_order(connector: Connector) -> None:
    text = scenario(
        order("2026-03-01T10:00:00Z"),
        supply("2026-03-01T11:00:00Z", ("PO-1", 10, "2026-03-20")),
        receipt("2026-03-19T09:00:00Z", 4),
        shipment("2026-03-20T09:00:00Z", 3),
        until="2026-06-01T00:00:00Z",
        settings=NEW_YORK | {"fill_order": "first_come"},
    )
    waits = {"order": "1001", "line": "1", "quantity": 1}
    told = {"order": "1001", "to": "ann@example.com", "silence_means": None}
    assert played(connector, text) == [
        listing("2026-03-01T10:00:00Z", "in_stock", None, 2),
        {
            "at": "2026-03-01T10:00:00Z",
            "kind": "promise",
            **waits,
            "eta": None,
            "previous": None,
            "reason": "new",
        },
        {"at": "2026-03-01T10:00:00Z", "kind": "filled", "order": "1001", "line": "1", "quantity": 2},
        listing("2026-03-01T10:00:00Z", "backorder", None, 0),
        {"at": "2026-03-01T10:00:00Z", "kind": "notice", **told, "template": "backordered", "eta": None},
        {
            "at": "2026-03-01T11:00:00Z",
            "kind": "promise",
            **waits,
            "eta": "2026-03-20",
            "previous": None,
            "reason": "supplier_earlier",
        },
        listing("2026-03-01T11:00:00Z", "backorder", "2026-03-20", 9),
        {"at": "2026-03-01T11:00:00Z", "kind": "notice", **told, "template": "eta_changed", "eta": "2026-03-20"},
        {"at": "2026-03-19T09:00:00Z", "kind": "filled", "order": "1001", "line": "1", "quantity": 3},
        listing("2026-03-19T09:00:00Z", "in_stock", None, 3),
        {"at": "2026-03-19T09:00:00Z", "kind": "notice", **told, "template": "filled", "eta": None},
        {
            "at": "2026-06-01T00:00:00Z",
            "kind": "summary",
            "orders": 1,
            "lines": 1,
            "units_backordered": 0,
            "units_backlog": 0,
            "units_out_of_stock": 0,
            "promises": 1,
            "promises_kept": 1,
            "promises_changed": 1,
            "notices": 3,
            "obligations_breached": 0,
        },
    ]


def listing(at: str, state: str, eta: str | None, available: int) -> dict[str, object]:
    """A line about the lamp's listing."""
    return {"at": at, "kind": "listing", "sku": "LAMP", "state": state, "eta": eta, "available": available}


def test_a_supplier_that_says_later_then_earlier_then_nothing(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-20")),
        order("2026-03-01T10:00:00Z"),
        supply("2026-03-02T08:00:00Z", ("PO-1", 10, "2026-03-25")),
        supply("2026-03-03T08:00:00Z", ("PO-1", 10, "2026-03-19")),
        supply("2026-03-04T08:00:00Z", ("PO-1", 10, "2026-03-18")),
        supply("2026-03-05T08:00:00Z"),
        supply("2026-03-06T08:00:00Z", ("PO-2", 10, "2026-04-01")),
    )
    lines = played(connector, text)
    assert brief(lines) == [
        "2026-03-01T10:00:00Z 1001 x1 None -> 2026-03-20 new",
        "2026-03-01T10:00:00Z 1001 filled x2",
        "2026-03-01T10:00:00Z 1001 backordered 2026-03-20",
        "2026-03-02T08:00:00Z 1001 x1 2026-03-20 -> 2026-03-25 supplier_later",
        "2026-03-02T08:00:00Z 1001 eta_changed 2026-03-25",
        "2026-03-04T08:00:00Z 1001 x1 2026-03-25 -> 2026-03-18 supplier_earlier",
        "2026-03-04T08:00:00Z 1001 eta_changed 2026-03-18",
        "2026-03-05T08:00:00Z 1001 x1 2026-03-18 -> None supply_gone",
        "2026-03-05T08:00:00Z 1001 eta_changed None",
        "2026-03-06T08:00:00Z 1001 x1 None -> 2026-04-01 supplier_earlier",
        "2026-03-06T08:00:00Z 1001 eta_changed 2026-04-01",
    ]
    (summary,) = kinds(lines, "summary")
    assert (summary["promises"], summary["promises_kept"], summary["promises_changed"]) == (1, 0, 4)
    assert (summary["units_backordered"], summary["units_backlog"], summary["notices"]) == (1, 3, 5)


def test_listings_are_printed_whenever_state_date_or_units_change(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 3, "2026-03-20"), ("PO-2", 5, "2026-04-01")),
        order("2026-03-01T10:00:00Z", "1", 2),
        order("2026-03-01T11:00:00Z", "2", 2),
        order("2026-03-01T12:00:00Z", "3", 1),
        cancel("2026-03-02T08:00:00Z", "1"),
        supply("2026-03-03T08:00:00Z"),
    )
    listings = kinds(played(connector, text), "listing")
    assert [(line["at"][5:13], line["state"], line["eta"], line["available"]) for line in listings] == [
        ("03-01T08", "in_stock", None, 2),
        ("03-01T10", "backorder", "2026-03-20", 3),
        ("03-01T11", "backorder", "2026-03-20", 1),
        ("03-01T12", "backorder", "2026-04-01", 5),
        ("03-02T08", "backorder", "2026-03-20", 2),
        ("03-03T08", "backorder", None, 0),
    ]


def test_what_is_not_sold_beyond_its_stock_is_out_of_stock_and_counted_so(connector: Connector) -> None:
    bulb = LAMP | {"sku": "BULB", "on_hand": 0, "backorders": False}
    lines = played(connector, scenario(order("2026-03-01T10:00:00Z", quantity=1), products=[LAMP, bulb]))
    assert [(line["sku"], line["state"]) for line in kinds(lines, "listing")] == [
        ("BULB", "out_of_stock"),
        ("LAMP", "in_stock"),
        ("LAMP", "in_stock"),
    ]
    assert kinds(lines, "summary")[0]["units_out_of_stock"] == 1


def test_a_cancelled_order_leaves_its_units_to_who_waits(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 2, "2026-03-20"), ("PO-2", 9, "2026-04-01")),
        order("2026-03-01T10:00:00Z", "1", 3),
        order("2026-03-01T11:00:00Z", "2", 2),
        cancel("2026-03-02T08:00:00Z", "1"),
    )
    assert brief(played(connector, text)) == [
        "2026-03-01T10:00:00Z 1 x1 None -> 2026-03-20 new",
        "2026-03-01T10:00:00Z 1 filled x2",
        "2026-03-01T10:00:00Z 1 backordered 2026-03-20",
        "2026-03-01T11:00:00Z 2 x2 None -> 2026-04-01 new",
        "2026-03-01T11:00:00Z 2 backordered 2026-04-01",
        "2026-03-02T08:00:00Z 2 filled x2",
        "2026-03-02T08:00:00Z 2 filled None",
    ]


def test_a_promised_day_that_passes_is_missed_at_the_stores_own_midnight(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-05")),
        order("2026-03-01T10:00:00Z"),
        receipt("2026-03-07T01:00:00Z", 1),
        settings=NEW_YORK,
    )
    lines = played(connector, text)
    assert brief(lines)[3:] == [
        "2026-03-06T05:00:00Z 1001 x1 2026-03-05 -> 2026-03-06 missed",
        "2026-03-06T05:00:00Z 1001 eta_changed 2026-03-06",
        "2026-03-07T01:00:00Z 1001 filled x3",
        "2026-03-07T01:00:00Z 1001 filled None",
    ]
    assert kinds(lines, "summary")[0]["promises_kept"] == 1


def test_clocks_that_are_put_forward_move_the_midnight(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-08")),
        order("2026-03-01T10:00:00Z"),
        until="2026-03-09T12:00:00Z",
        settings=NEW_YORK,
    )
    assert brief(played(connector, text))[3] == "2026-03-09T04:00:00Z 1001 x1 2026-03-08 -> 2026-03-09 missed"


def test_shipping_a_part_leaves_the_rest_waiting_under_its_promise(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-20")),
        order("2026-03-01T10:00:00Z", quantity=5),
        shipment("2026-03-02T10:00:00Z", 2),
        receipt("2026-03-03T10:00:00Z", 2),
        shipment("2026-03-04T10:00:00Z", 1),
    )
    lines = played(connector, text)
    assert brief(lines)[3:] == ["2026-03-03T10:00:00Z 1001 filled x2"]
    (summary,) = kinds(lines, "summary")
    assert (summary["units_backordered"], summary["units_backlog"]) == (1, 2)


def test_units_that_are_shipped_to_another_are_missing_at_once(connector: Connector) -> None:
    text = scenario(
        order("2026-03-01T10:00:00Z", "1", 2),
        order("2026-03-01T11:00:00Z", "2", 2),
        shipment("2026-03-02T10:00:00Z", 2, "2"),
    )
    lines = played(connector, text)
    assert brief(lines)[-2:] == [
        "2026-03-02T10:00:00Z 1 x2 None -> None new",
        "2026-03-02T10:00:00Z 1 backordered None",
    ]
    assert kinds(lines, "summary")[0]["units_backordered"] == 2


def test_a_window_that_is_set_is_waited_for_to_the_second(connector: Connector) -> None:
    text = scenario(
        order("2026-03-01T10:00:00Z", "1", 2),
        order("2026-03-01T11:00:00Z", "2", 2),
        shipment("2026-03-02T10:00:00Z", 2, "2"),
        settings={"settle_seconds": 90},
    )
    assert brief(played(connector, text))[-1] == "2026-03-02T10:01:30Z 1 backordered None"


def test_events_of_one_instant_happen_in_the_order_of_the_file(connector: Connector) -> None:
    first, second = order("2026-03-01T10:00:00Z", "b", 2), order("2026-03-01T10:00:00Z", "a", 2)
    assert [line["order"] for line in kinds(played(connector, scenario(first, second)), "filled")] == ["b"]
    assert [line["order"] for line in kinds(played(connector, scenario(second, first)), "filled")] == ["a"]


def test_events_are_taken_by_their_time_wherever_they_stand(connector: Connector) -> None:
    events = [
        supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-20")),
        order("2026-03-01T10:00:00Z"),
        cancel("2026-03-02T10:00:00Z"),
    ]
    assert played(connector, scenario(*events)) == played(connector, scenario(*events[::-1]))


def test_the_order_of_service_is_the_one_that_is_set(connector: Connector) -> None:
    text = scenario(
        order("2026-03-01T10:00:00Z", "plain", 3),
        order("2026-03-01T11:00:00Z", "vip", 1, priority=9),
        receipt("2026-03-02T10:00:00Z", 1),
        settings={"fill_order": "priority"},
    )
    assert [line["order"] for line in kinds(played(connector, text), "filled")] == ["plain", "vip"]


def test_an_order_of_two_products_gets_one_notice_with_its_latest_date(connector: Connector) -> None:
    bulb = LAMP | {"sku": "BULB", "on_hand": 0}
    both = [{"id": "1", "sku": "LAMP", "quantity": 3}, {"id": "2", "sku": "BULB", "quantity": 1}]
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 5, "2026-03-20")),
        {
            "at": "2026-03-01T09:00:00Z",
            "type": "supply",
            "supplier": "zeta",
            "rows": [{"reference": "Z-1", "sku": "BULB", "quantity": 5, "expected": "2026-03-28"}],
        },
        order("2026-03-01T10:00:00Z", lines=both),
        products=[LAMP, bulb],
    )
    lines = played(connector, text)
    assert [line["eta"] for line in kinds(lines, "promise")] == ["2026-03-28", "2026-03-20"]
    assert [(line["template"], line["eta"]) for line in kinds(lines, "notice")] == [("backordered", "2026-03-28")]
    assert kinds(lines, "summary")[0]["lines"] == 2


def test_who_gave_no_address_is_promised_and_not_written_to(connector: Connector) -> None:
    lines = played(connector, scenario(order("2026-03-01T10:00:00Z") | {"email": ""}))
    assert len(kinds(lines, "promise")) == 1
    assert kinds(lines, "notice") == []
    assert kinds(lines, "summary")[0]["notices"] == 0


def test_goods_beyond_what_was_announced_are_on_hand_all_the_same(connector: Connector) -> None:
    text = scenario(
        supply("2026-03-01T08:00:00Z", ("PO-1", 1, "2026-03-20")),
        receipt("2026-03-02T10:00:00Z", 7),
        receipt("2026-03-03T10:00:00Z", 2, "nobody's"),
    )
    assert [line["available"] for line in kinds(played(connector, text), "listing")] == [2, 9, 11]


def test_a_scenario_without_events_is_a_listing_and_a_summary(connector: Connector) -> None:
    assert [line["kind"] for line in played(connector, scenario())] == ["listing", "summary"]


def test_times_are_printed_in_utc_whatever_they_were_written_in(connector: Connector) -> None:
    lines = played(connector, scenario(order("2026-03-01T10:00:00+05:30"), until="2026-03-02T00:00:00-08:00"))
    assert {line["at"] for line in lines} == {"2026-03-01T04:30:00Z", "2026-03-02T08:00:00Z"}


@pytest.mark.parametrize("key", ["price", "backorders"])
def test_what_need_not_be_said_has_a_default(connector: Connector, key: str) -> None:
    product = {name: value for name, value in LAMP.items() if name != key}
    text = scenario(order("2026-03-01T10:00:00Z"))
    assert played(connector, scenario(order("2026-03-01T10:00:00Z"), products=[product])) == played(connector, text)


def test_every_line_is_plain_json(connector: Connector) -> None:
    lines = played(connector, scenario(order("2026-03-01T10:00:00Z")))
    assert [json.loads(json.dumps(line)) for line in lines] == lines


@pytest.mark.parametrize(
    ("partial", "expected"),
    [
        (True, [("1", "1", "2026-03-15"), ("1", "2", "2026-03-20"), ("2", "1", "2026-03-15")]),
        (False, [("1", "1", "2026-03-20"), ("1", "2", "2026-03-20"), ("2", "1", "2026-03-15")]),
        ("ask", [("1", "1", "2026-03-20"), ("1", "2", "2026-03-20"), ("2", "1", "2026-03-15")]),
    ],
)
def test_the_lines_of_an_order_wait_for_each_other_where_no_part_is_shipped(
    connector: Connector, partial: object, expected: list[tuple[str, str, str]]
) -> None:
    rows = [
        {"reference": f"PO-{sku}", "sku": sku, "quantity": 9, "expected": day}
        for sku, day in (("LAMP", "2026-03-15"), ("SOFA", "2026-03-20"))
    ]
    both = [{"id": "1", "sku": "LAMP", "quantity": 1}, {"id": "2", "sku": "SOFA", "quantity": 1}]
    text = scenario(
        {"at": "2026-03-01T10:00:00Z", "type": "supply", "supplier": "acme", "rows": rows},
        order("2026-03-01T11:00:00Z", "1", lines=both),
        order("2026-03-01T12:00:00Z", "2", 1),
        products=[LAMP | {"on_hand": 0}, {"sku": "SOFA", "title": "Sofa", "on_hand": 0}],
        settings={"partial_shipments": partial},
    )
    promised = kinds(played(connector, text), "promise")
    assert [(one["order"], one["line"], one["eta"]) for one in promised] == expected


def test_a_way_of_shipping_that_there_is_not_is_refused_by_name(connector: Connector) -> None:
    with pytest.raises(BadInput, match=r"settings.partial_shipments: must be one of yes, no, ask"):
        read_scenario(scenario(settings={"partial_shipments": "perhaps"}))
