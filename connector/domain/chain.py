"""Entries that cannot be changed unseen: each is sealed over what it says and over the seal before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEGINNING = ""
HOW_TO_CHECK = (
    "Each seal is the SHA-256, in hexadecimal, of the JSON array [seal of the entry before or an empty text, number,"
    " at, kind, order, line, entry], written in UTF-8 with sorted keys and no spaces. What was said to or by a person"
    " stands in `personal`; `entry.personal` is the SHA-256 of it, written the same way, so that it can be erased"
    " without breaking the chain. `backorder check-proof FILE` does the sum."
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of an order's chain, as it is kept; `personal` is None where nothing personal was said or is left."""

    number: int
    at: str
    kind: str
    order: str
    line: str | None
    entry: Mapping[str, Any]
    personal: Mapping[str, Any] | None
    seal: str


def stamp(at: datetime) -> str:
    """A time as it is sealed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(value: object) -> str:
    """The SHA-256 of a JSON value in its one form."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(
    previous: str, number: int, at: str, kind: str, order: str, line: str | None, entry: Mapping[str, Any]
) -> str:
    """The seal of an entry behind another."""
    return digest([previous, number, at, kind, order, line, entry])


def broken_at(links: Iterable[Link]) -> int | None:
    """The place, counted from 1, of the first entry that is not what was sealed; None where all are."""
    previous = BEGINNING
    for place, link in enumerate(links, 1):
        made = seal(previous, place, link.at, link.kind, link.order, link.line, link.entry)
        personal_fits = link.personal is None or digest(link.personal) == link.entry.get("personal")
        if link.number != place or link.seal != made or not personal_fits:
            return place
        previous = link.seal
    return None
