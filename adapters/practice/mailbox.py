"""Letters that a demonstration kept as files, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from connector.ports import Letter


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter, the name of its file, and when it came."""

    name: str
    at: datetime
    letter: Letter


def letters(directory: Path) -> list[Kept]:
    """What is in the mailbox, newest first."""
    files = sorted(directory.glob("*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    return [
        Kept(
            file.stem,
            datetime.fromtimestamp(file.stat().st_mtime, UTC),
            msgspec.json.decode(file.read_bytes(), type=Letter),
        )
        for file in files
    ]


def routes(directory: Path) -> Blueprint:
    """/mailbox/ and /mailbox/<name>/."""
    part = Blueprint("mailbox", __name__, url_prefix="/mailbox", template_folder="templates")

    @part.get("/")
    def mailbox() -> str:
        return render_template("mailbox.html", letters=letters(directory))

    @part.get("/<name>/")
    def letter(name: str) -> str:
        found = next((kept for kept in letters(directory) if kept.name == name), None)
        if found is None:
            raise NotFound
        return render_template("letter.html", kept=found)

    return part
