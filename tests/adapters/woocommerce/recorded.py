"""What was recorded from a real store."""

import json
from pathlib import Path
from typing import Any

from connector.ports import Delivery

RECORDINGS = Path(__file__).parents[2] / "recordings" / "woocommerce"
SECRET = "sample-webhook-secret"
WEBHOOKS = tuple(sorted(path.stem for path in RECORDINGS.glob("webhook_*.json")))


def recordings(name: str) -> list[dict[str, Any]]:
    """A recording, or the list of them that a file holds."""
    found = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    return found if isinstance(found, list) else [found]


def body(name: str) -> Any:
    """The decoded body of a recording."""
    return json.loads(recordings(name)[0]["body_raw"])


def delivery(recording: dict[str, Any], received_at: Any) -> Delivery:
    """A recorded webhook as it would have been stored."""
    headers = {name.lower(): value for name, value in recording["headers"].items()}
    return Delivery(headers, recording["body_raw"].encode(), received_at)
