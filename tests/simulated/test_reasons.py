"""Why a promise moves, what a listing offers and what counts as kept, exactly as printed."""

import pytest

from connector.pipeline.connector import Connector
from tests.pipeline.scenes import brief, kinds, order, played, receipt, scenario, shipment, supply

TWO_LOTS = supply("2026-03-01T08:00:00Z", ("PO-1", 5, "2026-03-10"), ("PO-2", 5, "2026-04-10"))
FIRST = order("2026-03-01T10:00:00Z", "1", 7)  # two of them are there
SECOND = order("2026-03-01T11:00:00Z", "2", 5)


def test_units_that_come_before_their_day_move_up_who_waits_for_them(connector: Connector) -> None:
    lines = played(connector, scenario(TWO_LOTS, FIRST, SECOND, receipt("2026-03-02T10:00:00Z", 5, "PO-2")))
    assert brief(lines)[5:] == [
        "2026-03-02T10:00:00Z 2 x5 2026-04-10 -> 2026-03-10 received",
        "2026-03-02T10:00:00Z 1 filled x7",
        "2026-03-02T10:00:00Z 1 filled None",
        "2026-03-02T10:00:00Z 2 eta_changed 2026-03-10",
    ]


@pytest.mark.parametrize("reference", ["PO-2", "nobody announced these"])
def test_the_rest_of_a_line_moves_up_when_a_part_of_it_comes(connector: Connector, reference: str) -> None:
    ten = order("2026-03-01T10:00:00Z", "1", 10)
    lines = played(connector, scenario(TWO_LOTS, ten, receipt("2026-03-02T10:00:00Z", 5, reference)))
    assert brief(lines)[3:] == [
        "2026-03-02T10:00:00Z 1 x3 2026-04-10 -> 2026-03-10 received",
        "2026-03-02T10:00:00Z 1 filled x7",
        "2026-03-02T10:00:00Z 1 eta_changed 2026-03-10",
    ]


def test_a_part_that_comes_leaves_the_date_of_the_rest(connector: Connector) -> None:
    lines = played(connector, scenario(TWO_LOTS, FIRST, receipt("2026-03-02T10:00:00Z", 2)))
    assert brief(lines)[3:] == ["2026-03-02T10:00:00Z 1 filled x4"]


def test_the_next_plan_knows_nothing_of_goods_that_came_before_it(connector: Connector) -> None:
    later = supply("2026-03-03T08:00:00Z", ("PO-1", 3, "2026-03-20"), ("PO-2", 5, "2026-04-10"))
    lines = played(connector, scenario(TWO_LOTS, FIRST, receipt("2026-03-02T10:00:00Z", 2), later))
    assert brief(lines)[4:] == [
        "2026-03-03T08:00:00Z 1 x3 2026-03-10 -> 2026-03-20 supplier_later",
        "2026-03-03T08:00:00Z 1 eta_changed 2026-03-20",
    ]


def test_whoever_comes_first_by_rule_moves_the_others_back(connector: Connector) -> None:
    urgent = order("2026-03-01T12:00:00Z", "3", 5, priority=5)
    lines = played(connector, scenario(TWO_LOTS, FIRST, urgent, settings={"fill_order": "priority"}))
    assert brief(lines)[3:] == [
        "2026-03-01T12:00:00Z 3 x5 None -> 2026-03-10 new",
        "2026-03-01T12:00:00Z 1 x5 2026-03-10 -> 2026-04-10 queue",
        "2026-03-01T12:00:00Z 1 eta_changed 2026-04-10",
        "2026-03-01T12:00:00Z 3 backordered 2026-03-10",
    ]


def test_a_new_buyer_is_offered_all_units_of_the_first_day_that_has_any(connector: Connector) -> None:
    rows = (("PO-1", 3, "2026-03-20"), ("PO-2", 5, "2026-03-20"), ("PO-3", 9, "2026-03-25"))
    lines = played(connector, scenario(supply("2026-03-01T08:00:00Z", *rows), order("2026-03-01T10:00:00Z")))
    shown = [(line["state"], line["eta"], line["available"]) for line in kinds(lines, "listing")]
    assert shown == [("in_stock", None, 2), ("backorder", "2026-03-20", 7)]


def test_a_promise_whose_units_went_to_another_is_not_kept(connector: Connector) -> None:
    takes = shipment("2026-03-02T10:00:00Z", 2, "2")
    two = order("2026-03-01T11:00:00Z", "2", 2)
    lines = played(connector, scenario(TWO_LOTS, order("2026-03-01T10:00:00Z", "1", 2), two, takes))
    (summary,) = kinds(lines, "summary")
    assert (summary["promises"], summary["promises_kept"], summary["units_backordered"]) == (2, 0, 2)
