"""What a simulation came to, in the few figures that policies are compared by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.pipeline.simulate.scenario import Ordered, Scenario, Shipped

LineId = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Days that lines were late against the first date that they were promised, and what else a policy costs.

    A line that is early is 0 days late; one that is not complete at the end is late up to the end.
    """

    mean_days_late: float
    worst_days_late: int
    orders_completed: int
    notices: int
    obligations_breached: int


def outcome(scenario: Scenario, lines: Iterable[Mapping[str, Any]]) -> Outcome:
    """The figures of a simulation's printed lines."""
    printed = tuple(lines)
    zone = scenario.settings.zone
    first = _first_dates(printed)
    complete = _complete(scenario, printed, zone)
    end = scenario.until.astimezone(zone).date()
    late = [max((complete.get(line, end) - eta).days, 0) for line, eta in first.items()]
    orders = [event for event in scenario.events if isinstance(event, Ordered)]
    summary = printed[-1]
    return Outcome(
        sum(late) / len(late) if late else 0.0,
        max(late, default=0),
        sum(all((order.id, line.id) in complete for line in order.lines) for order in orders),
        summary["notices"],
        summary["obligations_breached"],
    )


def _first_dates(printed: Iterable[Mapping[str, Any]]) -> dict[LineId, date]:
    first: dict[LineId, date] = {}
    for line in printed:
        if line["kind"] == "promise" and line["eta"]:
            first.setdefault((line["order"], line["line"]), date.fromisoformat(line["eta"]))
    return first


def _complete(scenario: Scenario, printed: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> dict[LineId, date]:
    """The local day on which nothing of a line waited any more; a line that was cancelled never gets there."""
    wanted = {
        (event.id, line.id): line.quantity
        for event in scenario.events
        if isinstance(event, Ordered)
        for line in event.lines
    }
    complete: dict[LineId, date] = {}
    for line in printed:
        if line["kind"] == "filled":
            key, at = (line["order"], line["line"]), datetime.fromisoformat(line["at"])
            if line["quantity"] + _shipped(scenario, key, at) >= wanted[key]:
                complete.setdefault(key, at.astimezone(zone).date())
        elif line["kind"] == "deemed_cancelled":
            complete.pop((line["order"], line["line"]), None)
    return complete


def _shipped(scenario: Scenario, key: LineId, at: datetime) -> int:
    return sum(
        line.quantity
        for event in scenario.events
        if isinstance(event, Shipped) and event.order == key[0] and event.at <= at
        for line in event.lines
        if line.id == key[1]
    )
