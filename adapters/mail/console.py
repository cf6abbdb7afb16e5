"""Letters written to a stream, for development: nothing leaves the machine."""

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn, TextIO

from adapters.mail.wording import one_line
from connector.domain.errors import BadSignature
from connector.ports import Letter

RULE = "-" * 72


class Console:
    """Shows each letter as text."""

    name = "console"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, letter: Letter) -> str:
        """Write the letter; there is no id."""
        head = (
            f"From: {one_line(letter.sender_name)} <{one_line(letter.sender)}>",
            f"To: {one_line(letter.to_name)} <{one_line(letter.to)}>",
            f"Subject: {one_line(letter.subject)}",
            f"Notice: {one_line(letter.notice_id)} ({one_line(letter.category)})",
        )
        self._stream.write("\n".join((RULE, *head, "", letter.text.rstrip(), RULE, "")))
        self._stream.flush()
        return ""

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> NoReturn:
        """A console has no events, so no delivery can be genuine."""
        del headers, body, now
        raise BadSignature("This mail service sends no events")
