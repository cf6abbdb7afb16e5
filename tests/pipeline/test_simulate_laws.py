"""What holds of every scenario: units come from somewhere, time goes on, and the same file gives the same lines."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.pipeline.connector import Connector
from tests.pipeline.scenes import kinds, played, scenario

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLAYS = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
SKUS = ("LAMP", "BULB")


@dataclass
class Play:
    """A scenario in the making, and what must be true at its end."""

    shelf: dict[str, int]
    events: list[dict[str, Any]] = field(default_factory=list)
    wanted: dict[str, dict[str, int]] = field(default_factory=dict)
    now: datetime = START

    def at(self) -> str:
        """Now, as it is written."""
        return self.now.isoformat()

    def open_units(self, sku: str) -> int:
        """Units that were ordered and neither shipped nor cancelled."""
        return sum(units.get(sku, 0) for units in self.wanted.values())

    def backordered(self) -> int:
        """Open units that the shelf does not cover."""
        return sum(max(self.open_units(sku) - self.shelf[sku], 0) for sku in SKUS)


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """A few days of a shop with two products, in which everything that happens can happen."""
    play = Play({sku: draw(st.integers(0, 4)) for sku in SKUS})
    steps = {"order": order, "supply": supply, "receipt": receipt, "shipment": shipment, "cancel": cancel}
    play.events += [{"start": dict(play.shelf)}]
    for _ in range(draw(st.integers(1, 7))):
        play.now += timedelta(minutes=draw(st.sampled_from([0, 30, 1500])))
        steps[draw(st.sampled_from([*steps, "order"]))](draw, play)
    return play


def order(draw: st.DrawFn, play: Play) -> None:
    """Somebody orders."""
    number = str(len(play.events))
    lines = {sku: draw(st.integers(1, 4)) for sku in draw(st.sets(st.sampled_from(SKUS), min_size=1))}
    play.wanted[number] = lines
    told = [{"id": sku, "sku": sku, "quantity": units} for sku, units in sorted(lines.items())]
    play.events.append({"at": play.at(), "type": "order", "id": number, "email": "a@example.com", "lines": told})


def supply(draw: st.DrawFn, play: Play) -> None:
    """The supplier says what is coming."""
    days = st.one_of(st.none(), st.integers(0, 9).map(lambda days: str(play.now.date() + timedelta(days=days))))
    rows = [
        {"reference": f"PO-{place}", "sku": sku, "quantity": draw(st.integers(1, 5)), "expected": draw(days)}
        for place, sku in enumerate(draw(st.lists(st.sampled_from(SKUS), max_size=3)))
    ]
    play.events.append({"at": play.at(), "type": "supply", "supplier": "acme", "rows": rows})


def receipt(draw: st.DrawFn, play: Play) -> None:
    """Goods come in, announced or not."""
    sku, units = draw(st.sampled_from(SKUS)), draw(st.integers(1, 5))
    play.shelf[sku] += units
    said = {"reference": draw(st.sampled_from(["PO-0", "PO-1"])), "sku": sku, "quantity": units}
    play.events.append({"at": play.at(), "type": "receipt", **said})


def shipment(draw: st.DrawFn, play: Play) -> None:
    """The carrier takes what is on the shelf."""
    can = [
        (number, sku, min(units, play.shelf[sku]))
        for number, lines in play.wanted.items()
        for sku, units in lines.items()
        if min(units, play.shelf[sku]) > 0
    ]
    if not can:
        return
    number, sku, most = draw(st.sampled_from(can))
    units = draw(st.integers(1, most))
    play.shelf[sku] -= units
    play.wanted[number][sku] -= units
    lines = [{"id": sku, "quantity": units}]
    play.events.append({"at": play.at(), "type": "shipment", "order": number, "lines": lines})


def cancel(draw: st.DrawFn, play: Play) -> None:
    """A buyer cancels what has not been shipped."""
    if play.wanted:
        number = draw(st.sampled_from(sorted(play.wanted)))
        play.wanted[number] = {}
        play.events.append({"at": play.at(), "type": "cancel", "order": number})


def written(play: Play) -> bytes:
    """The scenario of a play; a day of quiet ends it."""
    shelf = play.events[0]["start"]
    products = [{"sku": sku, "title": sku, "on_hand": shelf[sku]} for sku in SKUS]
    until = (play.now + timedelta(days=1)).isoformat()
    return scenario(*play.events[1:], products=products, until=until)


@PLAYS
@given(plays())
def test_at_the_end_every_open_unit_is_on_the_shelf_or_waits(connector: Connector, play: Play) -> None:
    (summary,) = kinds(played(connector, written(play)), "summary")
    assert summary["units_backlog"] == sum(play.open_units(sku) for sku in SKUS)
    assert summary["units_backordered"] == play.backordered()


@PLAYS
@given(plays())
def test_the_same_scenario_gives_the_same_lines_byte_for_byte(connector: Connector, play: Play) -> None:
    text = written(play)
    first = json.dumps(played(connector, text))
    assert json.dumps(played(connector, text)) == first


@PLAYS
@given(plays())
def test_time_goes_on_and_the_summary_adds_up(connector: Connector, play: Play) -> None:
    lines = played(connector, written(play))
    times = [line["at"] for line in lines]
    (summary,) = kinds(lines, "summary")
    promised = {(line["order"], line["line"]) for line in kinds(lines, "promise")}
    assert times == sorted(times)
    assert lines[-1]["kind"] == "summary"
    assert summary["orders"] == sum(event.get("type") == "order" for event in play.events)
    assert summary["notices"] == len(kinds(lines, "notice"))
    assert summary["promises"] == len(promised)
    assert summary["promises_changed"] == len(kinds(lines, "promise")) - len(promised)
    assert summary["promises_kept"] <= len(promised)
