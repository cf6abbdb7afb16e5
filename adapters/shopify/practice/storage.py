"""Where files of bulk operations lie: results to be read, in parts too, and what apps upload by a form."""

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from adapters.shopify.practice.clock import Clock

PREFIX = "/storage/"
KEPT = timedelta(days=7)
MOST = 100_000_000
NAMES = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
RANGE = re.compile(r"bytes=(\d+)-(\d*)")

Reply = tuple[int, bytes, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that can be read until then."""

    body: bytes
    until: datetime


@dataclass(slots=True)
class Storage:
    """One shop's files. `ranges` off: whoever asks for a part is given all; `heard` are the headers of requests."""

    domain: str
    clock: Clock
    origin: str = ""
    ranges: bool = True
    most: int = MOST
    files: dict[str, Kept] = field(default_factory=dict)
    staged: dict[str, dict[str, str]] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def keep(self, name: str, body: bytes) -> str:
        """Keep a result for seven days; its address."""
        path = f"{PREFIX}{self.domain}/{uuid5(NAMES, f'{self.domain}/{name}')}.jsonl"
        self.files[path] = Kept(body, self.clock.now() + KEPT)
        return f"{self.origin}{path}"

    def get(self, path: str, headers: Mapping[str, str]) -> Reply:
        """A file, or the part of it that is asked for."""
        self.heard.append(("GET", {name.lower(): value for name, value in headers.items()}))
        kept = self.files.get(path.partition("?")[0])
        if kept is None or kept.until <= self.clock.now():
            return 403, b"<Error><Code>AccessDenied</Code></Error>", {}
        wanted = RANGE.fullmatch(headers.get("Range") or "")
        if wanted is None or not self.ranges:
            return 200, kept.body, {"Content-Type": "application/jsonl"}
        start, size = int(wanted[1]), len(kept.body)
        if start >= size:
            return 416, b"", {"Content-Range": f"bytes */{size}"}
        end = min(int(wanted[2] or size - 1), size - 1)
        return 206, kept.body[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{size}"}

    def stage(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Where and with which fields a file is to be uploaded."""
        key = f"tmp/{self.domain}/bulk/{len(self.staged) + 1}/{wanted['filename']}"
        fields = {
            "Content-Type": wanted["mimeType"],
            "success_action_status": "201",
            "acl": "private",
            "key": key,
            "x-goog-algorithm": "GOOG4-RSA-SHA256",
            "policy": "cG9saWN5",
            "x-goog-signature": "73696e6564",
        }
        self.staged[key] = fields
        parameters = [{"name": name, "value": value} for name, value in fields.items()]
        return {"url": f"{self.origin}{PREFIX}{self.domain}/", "resourceUrl": None, "parameters": parameters}

    def post(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Take an upload: the fields just as they were given, the file after them."""
        self.heard.append(("POST", {name.lower(): value for name, value in headers.items()}))
        form = email.message_from_bytes(f"Content-Type: {headers.get('Content-Type')}\r\n\r\n".encode() + body)
        parts = [(part.get_param("name", header="content-disposition"), _content(part)) for part in form.walk()][1:]
        given = {str(name): content.decode() for name, content in parts[:-1]}
        key = given.get("key", "")
        if not parts or parts[-1][0] != "file" or given != self.staged.get(key):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", {}
        if len(parts[-1][1]) > self.most:
            return 400, b"<Error><Code>EntityTooLarge</Code></Error>", {}
        self.files[key] = Kept(parts[-1][1], self.clock.now() + KEPT)
        return 201, b"<PostResponse/>", {}


def _content(part: Any) -> bytes:
    content: bytes | None = part.get_payload(decode=True)
    return content or b""
