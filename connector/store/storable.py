"""What PostgreSQL takes of texts and JSON: no NUL, no half of a character; done once, where they leave for it."""

import json
from typing import Any

from psycopg.adapt import AdaptersMap
from psycopg.types.string import StrDumperUnknown

TEXT, SUBJECT = 4_000, 200
HALVES = "\\u0000", "\\ud"  # as JSON writes them; the second also begins whole characters


def storable(text: str) -> str:
    """A text as it can be stored: without NUL, and with a mark in the place of half a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def short(text: str, limit: int = TEXT) -> str:
    """The beginning of a text that somebody outside wrote."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def dumps(value: Any) -> str:
    """JSON as PostgreSQL takes it."""
    text = json.dumps(value)
    return json.dumps(_cleaned(value)) if any(half in text for half in HALVES) else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(inner) for key, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, list | tuple) else value


class _Storable(StrDumperUnknown):
    def dump(self, obj: str) -> Any:
        return super().dump(obj if obj.isascii() and "\x00" not in obj else storable(obj))


def register(adapters: AdaptersMap) -> None:
    """Have every text that goes over a connection pass here."""
    adapters.register_dumper(str, _Storable)
