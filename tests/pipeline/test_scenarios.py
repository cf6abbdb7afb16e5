"""What cannot be played is refused with one line that names the place."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.domain.errors import BadInput
from connector.domain.settings import Settings
from connector.pipeline.connector import Connector
from connector.pipeline.simulate import read_scenario
from tests.pipeline.scenes import cancel, order, played, receipt, scenario, shipment, supply

Edit = Callable[[dict[str, Any]], object]


def whole() -> dict[str, Any]:
    """A scenario with one event of each kind."""
    made: dict[str, Any] = json.loads(
        scenario(
            order("2026-03-01T10:00:00Z"),
            supply("2026-03-01T11:00:00Z", ("PO-1", 10, "2026-03-20")),
            receipt("2026-03-02T09:00:00Z", 4),
            shipment("2026-03-03T09:00:00Z", 1),
            cancel("2026-03-04T09:00:00Z"),
            settings={"timezone": "Europe/Berlin"},
        )
    )
    return made


def test_a_scenario_is_read_as_it_is_written() -> None:
    read = read_scenario(json.dumps(whole()).encode())
    assert [type(event).__name__ for event in read.events] == [
        "Ordered",
        "Supplied",
        "Received",
        "Shipped",
        "Cancelled",
    ]
    assert read.settings == Settings(timezone="Europe/Berlin", settle_seconds=0, cold_start_days=0)
    assert read.products[0].price == Decimal("49.00")
    assert read.until.utcoffset() == timedelta(0)


REFUSED: dict[str, tuple[Edit, str]] = {
    "unknown key": (lambda s: s.update(colour=1), "scenario: Object contains unknown field `colour`"),
    "unknown key of a product": (
        lambda s: s["products"][0].update(colour="red"),
        "scenario: Object contains unknown field `colour` - at `$.products[0]`",
    ),
    "unknown key of an event": (
        lambda s: s["events"][0].update(colour="red"),
        "scenario: Object contains unknown field `colour` - at `$.events[0]`",
    ),
    "unknown key of a line": (
        lambda s: s["events"][0]["lines"][0].update(colour="red"),
        "scenario: Object contains unknown field `colour` - at `$.events[0].lines[0]`",
    ),
    "unknown event": (
        lambda s: s["events"][0].update(type="theft"),
        "scenario: Invalid value 'theft' - at `$.events[0].type`",
    ),
    "event without a type": (
        lambda s: s["events"][0].pop("type"),
        "scenario: Object missing required field `type` - at `$.events[0]`",
    ),
    "no end": (lambda s: s.pop("until"), "scenario: Object missing required field `until`"),
    "time without offset": (
        lambda s: s["events"][0].update(at="2026-03-01T10:00:00"),
        "scenario: Expected `datetime` with a timezone component - at `$.events[0].at`",
    ),
    "no time": (
        lambda s: s["events"][0].update(at="soon"),
        "scenario: Invalid RFC3339 encoded datetime - at `$.events[0].at`",
    ),
    "no day": (
        lambda s: s["events"][1]["rows"][0].update(expected="March"),
        "scenario: Invalid RFC3339 encoded date - at `$.events[1].rows[0].expected`",
    ),
    "nothing ordered": (
        lambda s: s["events"][0]["lines"][0].update(quantity=0),
        "scenario: Expected `int` >= 1 - at `$.events[0].lines[0].quantity`",
    ),
    "half a lamp": (
        lambda s: s["events"][0]["lines"][0].update(quantity=0.5),
        "scenario: Expected `int`, got `float` - at `$.events[0].lines[0].quantity`",
    ),
    "more than can be counted": (
        lambda s: s["events"][0]["lines"][0].update(quantity=10**30),
        "scenario: Expected `int` <= 10000000 - at `$.events[0].lines[0].quantity`",
    ),
    "more than there are": (
        lambda s: s["products"][0].update(on_hand=10_000_001),
        "scenario: Expected `int` <= 10000000 - at `$.products[0].on_hand`",
    ),
    "less than nothing on hand": (
        lambda s: s["products"][0].update(on_hand=-1),
        "scenario: Expected `int` >= 0 - at `$.products[0].on_hand`",
    ),
    "no lines": (
        lambda s: s["events"][0].update(lines=[]),
        "scenario: Expected `array` of length >= 1 - at `$.events[0].lines`",
    ),
    "no id": (
        lambda s: s["events"][0].update(id=""),
        "scenario: Expected `str` of length >= 1 - at `$.events[0].id`",
    ),
    "email that is none": (
        lambda s: s["events"][0].update(email="ann at example"),
        "scenario: 'ann at example' is no e-mail address - at `$.events[0].email`",
    ),
    "email with two signs": (
        lambda s: s["events"][0].update(email="ann@@example.com"),
        "scenario: 'ann@@example.com' is no e-mail address - at `$.events[0].email`",
    ),
    "country by its name": (
        lambda s: s["events"][0].update(country="Germany"),
        "scenario: the country must be two capital letters such as US - at `$.events[0].country`",
    ),
    "country in small letters": (
        lambda s: s["events"][0].update(country="de"),
        "scenario: the country must be two capital letters such as US - at `$.events[0].country`",
    ),
    "price that is none": (
        lambda s: s["products"][0].update(price="NaN"),
        "scenario: the price must be from 0 to 1000000000 - at `$.products[0].price`",
    ),
    "price that nobody pays": (
        lambda s: s["products"][0].update(price="1e300"),
        "scenario: the price must be from 0 to 1000000000 - at `$.products[0].price`",
    ),
    "unknown setting": (
        lambda s: s["settings"].update(colour="red"),
        "settings.colour: there is no such setting",
    ),
    "bad setting": (
        lambda s: s["settings"].update(improve_days="soon"),
        "settings.improve_days: must be a whole number from 1 to 365",
    ),
    "order of something unknown": (
        lambda s: s["events"][0]["lines"][0].update(sku="BULB"),
        "scenario: there is no product BULB - at `$.events[0].lines`",
    ),
    "receipt of something unknown": (
        lambda s: s["events"][2].update(sku="BULB"),
        "scenario: there is no product BULB - at `$.events[2].sku`",
    ),
    "shipment of an unknown order": (
        lambda s: s["events"][3].update(order="7"),
        "scenario: there is no order 7 - at `$.events[3].order`",
    ),
    "cancellation of an unknown order": (
        lambda s: s["events"][4].update(order="7"),
        "scenario: there is no order 7 - at `$.events[4].order`",
    ),
    "the same order twice": (
        lambda s: s["events"].insert(1, s["events"][0]),
        "scenario: there is an order 1001 already - at `$.events[1].id`",
    ),
    "the same line twice": (
        lambda s: s["events"][0]["lines"].append(s["events"][0]["lines"][0]),
        "scenario: two lines have the same id - at `$.events[0].lines`",
    ),
    "the same product twice": (
        lambda s: s["products"].append(s["products"][0]),
        "scenario: two products have the same SKU - at `$.products`",
    ),
    "an event after the end": (
        lambda s: s["events"][4].update(at="2026-03-10T00:00:01Z"),
        "scenario: the event is after `until` - at `$.events[4].at`",
    ),
    "a year that nobody lives in": (
        lambda s: s.update(until="9999-12-31T23:59:59Z"),
        "scenario: the year must be from 1970 to 2200 - at `$.until`",
    ),
    "a year that nobody remembers": (
        lambda s: s["events"][0].update(at="0001-01-01T00:00:00Z"),
        "scenario: the year must be from 1970 to 2200 - at `$.events[0].at`",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_expected_is_refused_with_its_place(name: str) -> None:
    edit, expected = REFUSED[name]
    written = whole()
    edit(written)
    with pytest.raises(BadInput) as refused:
        read_scenario(json.dumps(written).encode())
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"\xff\xfe", b"<html>", b'{"events":NaN}', b"[" * 100_000], ids=lambda text: text[:9]
)
def test_what_is_no_scenario_at_all_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput, match=r"^scenario: "):
        read_scenario(text)


def test_a_sign_that_nothing_can_keep_is_refused() -> None:
    written = whole()
    written["events"][0]["email"] = "ann\x00@example.com"
    with pytest.raises(BadInput, match=r"matching regex .* - at `\$\.events\[0\]\.email`$"):
        read_scenario(json.dumps(written).encode())


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (
            [shipment("2026-03-01T09:00:00Z", 1), order("2026-03-01T10:00:00Z")],
            "scenario: order 1001 does not exist yet at 2026-03-01T09:00:00+00:00",
        ),
        (
            [order("2026-03-01T10:00:00Z"), shipment("2026-03-01T11:00:00Z", 3)],
            "scenario: order 1001 line 1 ships 3 units at 2026-03-01T11:00:00+00:00, and only 2 can",
        ),
        (
            [order("2026-03-01T10:00:00Z", quantity=1), shipment("2026-03-01T11:00:00Z", 2)],
            "scenario: order 1001 line 1 ships 2 units at 2026-03-01T11:00:00+00:00, and only 1 can",
        ),
        (
            [
                order("2026-03-01T10:00:00Z"),
                shipment("2026-03-01T11:00:00Z", 1) | {"lines": [{"id": "9", "quantity": 1}]},
            ],
            "scenario: order 1001 has no line 9",
        ),
    ],
)
def test_what_cannot_happen_in_the_world_is_refused_when_it_would(
    connector: Connector, events: list[dict[str, Any]], expected: str
) -> None:
    with pytest.raises(BadInput) as refused:
        played(connector, scenario(*events))
    assert str(refused.value) == expected
