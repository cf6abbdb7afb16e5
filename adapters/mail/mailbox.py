"""Letters kept as files, for a demonstration: a page can show what would have been sent."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import msgspec

from connector.domain.errors import BadSignature
from connector.ports import Letter


class Mailbox:
    """One JSON file for each notice; the same notice again changes nothing."""

    name = "mailbox"

    def __init__(self, directory: Path) -> None:
        """`directory` is made when the first letter comes."""
        self._directory = directory

    def send(self, letter: Letter) -> str:
        """Keep the letter; its id is the name of its file, and only its notice decides it."""
        id_ = hashlib.sha256(letter.notice_id.encode()).hexdigest()[:32]
        kept = self._directory / f"{id_}.json"
        if not kept.exists():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(kept, msgspec.json.format(msgspec.json.encode(letter)))
        return id_

    def letters(self) -> tuple[Letter, ...]:
        """What was kept, the latest first."""
        files = sorted(self._directory.glob("*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return tuple(msgspec.json.decode(file.read_bytes(), type=Letter) for file in reversed(files))

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> NoReturn:
        """A mailbox has no events, so no delivery can be genuine."""
        del headers, body, now
        raise BadSignature("This mail service sends no events")


def _write(target: Path, content: bytes) -> None:
    handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(part).replace(target)
