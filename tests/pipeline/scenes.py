"""Scenarios as tests write them, and what they come to."""

import json
from typing import Any

from connector.pipeline.connector import Connector
from connector.pipeline.simulate import read_scenario, simulate
from tests.conftest import empty

LAMP = {"sku": "LAMP", "title": "Lamp", "price": "49.00", "on_hand": 2, "backorders": True}


def order(at: str, id: str = "1001", quantity: int = 3, **more: Any) -> dict[str, Any]:
    """An order of lamps."""
    lines = more.pop("lines", [{"id": "1", "sku": "LAMP", "quantity": quantity}])
    return {"at": at, "type": "order", "id": id, "email": "ann@example.com", "lines": lines, **more}


def supply(at: str, *rows: tuple[str, int, str | None], sku: str = "LAMP") -> dict[str, Any]:
    """What Acme says: reference, units, date."""
    named = [{"reference": ref, "sku": sku, "quantity": units, "expected": day} for ref, units, day in rows]
    return {"at": at, "type": "supply", "supplier": "acme", "rows": named}


def receipt(at: str, quantity: int, reference: str = "PO-1") -> dict[str, Any]:
    """Lamps come in."""
    return {"at": at, "type": "receipt", "reference": reference, "sku": "LAMP", "quantity": quantity}


def shipment(at: str, quantity: int, id: str = "1001") -> dict[str, Any]:
    """The carrier takes lamps."""
    return {"at": at, "type": "shipment", "order": id, "lines": [{"id": "1", "quantity": quantity}]}


def cancel(at: str, id: str = "1001") -> dict[str, Any]:
    """A buyer cancels."""
    return {"at": at, "type": "cancel", "order": id}


def scenario(*events: dict[str, Any], until: str = "2026-03-10T00:00:00Z", **more: Any) -> bytes:
    """A scenario with two lamps on the shelf, in UTC and with suppliers at their word unless its settings differ."""
    settings = {"cold_start_days": 0, **more.pop("settings", {})}
    return json.dumps({"products": [LAMP], "events": events, "until": until, "settings": settings, **more}).encode()


def played(connector: Connector, text: bytes) -> list[dict[str, Any]]:
    """The lines that a scenario comes to, in an empty database."""
    empty(connector.db)
    return list(simulate(connector, connector.db, read_scenario(text)))


def kinds(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The lines of a kind, without what all of them say."""
    return [{name: value for name, value in line.items() if name != "kind"} for line in lines if line["kind"] == kind]


def brief(lines: list[dict[str, Any]]) -> list[str]:
    """Lines in a word each, without the listings and the summary."""
    return [_brief(line) for line in lines if line["kind"] not in ("listing", "summary")]


def _brief(line: dict[str, Any]) -> str:
    at, order = line["at"], line["order"]
    if line["kind"] == "promise":
        moved = f"{line['previous']} -> {line['eta']}"
        return f"{at} {order} x{line['quantity']} {moved} {line['reason']}"
    if line["kind"] == "filled":
        return f"{at} {order} filled x{line['quantity']}"
    return f"{at} {order} {line['template']} {line['eta']}"
