"""Stories: one expected file per event in a shop's life, which every platform's telling must come to.

`<story>.json` holds what happened in one sentence and the facts that must come out, each as one object with the
name of its kind. `<platform>/<story>.json` tells the same story in the platform's own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from connector.domain.facts import Fact

HERE = Path(__file__).parent
STORIES = tuple(sorted(path.stem for path in HERE.glob("*.json")))


def expected(story: str) -> list[dict[str, Any]]:
    """The facts that a story comes to, as plain JSON values."""
    told: dict[str, list[dict[str, Any]]] = msgspec.json.decode((HERE / f"{story}.json").read_bytes())
    return told["facts"]


def as_told(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Facts in the form of the expected files."""
    plain: list[dict[str, Any]] = msgspec.json.decode(
        msgspec.json.encode([{type(fact).__name__: msgspec.to_builtins(fact)} for fact in facts])
    )
    return plain


def telling(platform: str, story: str) -> bytes:
    """A platform's own words for a story; their form is the platform's."""
    return (HERE / platform / f"{story}.json").read_bytes()
