"""Scenarios in few words, and what running them prints."""

import json
from typing import Any

from connector.pipeline.connector import Connector
from connector.pipeline.simulate import read_scenario, simulate
from connector.store.scratch import scratch

Printed = list[dict[str, Any]]
AT_ITS_WORD = {"timezone": "America/New_York", "jurisdiction": "us_ftc", "cold_start_days": 0}


def run(connector: Connector, *events: dict[str, Any], on_hand: int = 0, **more: Any) -> Printed:
    """What a scenario prints; `settings`, `deliveries` and `until` may be given."""
    scenario = {
        "settings": AT_ITS_WORD | more.get("settings", {}),
        "deliveries": more.get("deliveries", []),
        "products": [{"sku": "TREAD", "title": "Treadmill", "on_hand": on_hand, "backorders": True}],
        "events": list(events),
        "until": more.get("until", "2026-07-01T00:00:00Z"),
    }
    with scratch(connector.db) as database:
        return list(simulate(connector, database, read_scenario(json.dumps(scenario).encode())))


def order(at: str, order_id: str = "1001", quantity: int = 1, **more: Any) -> dict[str, Any]:
    line = {"id": "1", "sku": "TREAD", "quantity": quantity}
    fixed = {"type": "order", "id": order_id, "email": "ann@example.com", "country": "US"}
    return fixed | {"at": at, "lines": [line]} | more


def supply(at: str, expected: str | None, quantity: int = 10) -> dict[str, Any]:
    rows = [{"reference": "PO-1", "sku": "TREAD", "quantity": quantity, "expected": expected}]
    return {"at": at, "type": "supply", "supplier": "acme", "rows": rows}


def event(at: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"at": at, "type": kind, "order": "1001"} | more


def of(printed: Printed, kind: str, *names: str) -> list[tuple[Any, ...]]:
    """The lines of one kind, as tuples of these entries."""
    return [tuple(line[name] for name in names) for line in printed if line["kind"] == kind]


def notices(printed: Printed) -> list[tuple[Any, ...]]:
    return of(printed, "notice", "at", "template", "eta", "silence_means")
