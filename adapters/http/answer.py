"""What a server answered, read and unpacked within a limit."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from urllib3 import BaseHTTPResponse

from adapters.http.texts import decode
from connector.domain.errors import Unreadable

T = TypeVar("T")

CHUNK = 64 * 1024
GZIP_WINDOW = 16 + zlib.MAX_WBITS
GZIP = frozenset({"gzip", "x-gzip"})
PLAIN = frozenset({"", "identity"})
PARTIAL = 206


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its status, headers (names in lower case) and unpacked body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self, type_: type[T]) -> T:
        """The body as a value of `type_`; Unreadable where it is not one."""
        try:
            return decode(self.body, type_)
        except Unreadable as failure:
            raise Unreadable(f"The answer is not the JSON that was expected: {failure}") from None

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks us to wait; None where it does not say, or not so that it can be told."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        until, now = _http_date(value), self.date
        return max(0.0, (until - now).total_seconds()) if until and now else None

    @property
    def date(self) -> datetime | None:
        """The server's own clock when it answered."""
        return _http_date(self.headers.get("date", ""))


def _http_date(value: str) -> datetime | None:
    # Both dates are the server's, so that a clock that is wrong here or there does no harm.
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return when if when.tzinfo else None


def read_answer(raw: BaseHTTPResponse, max_bytes: int) -> Answer:
    """Read an answer to its end; Unreadable where its body is larger than `max_bytes`, packed or unpacked."""
    headers = {name.lower(): value for name, value in raw.headers.items()}
    chunks = _capped(raw.stream(CHUNK, decode_content=False), max_bytes)
    packing = headers.get("content-encoding", "").strip().lower()
    if packing in GZIP:
        chunks = gunzip(chunks, max_bytes)
    elif packing not in PLAIN:
        raise Unreadable("The answer is packed in a way that was not asked for")
    return Answer(raw.status, headers, b"".join(chunks))


def read_part(raw: BaseHTTPResponse, start: int, length: int, max_bytes: int) -> Answer:
    """Up to `length` bytes from `start` of a file, also where a server sends all of it whatever was asked for.

    Unreadable where the file is larger than `max_bytes` up to there.
    """
    headers = {name.lower(): value for name, value in raw.headers.items()}
    chunks: Iterable[bytes] = raw.stream(CHUNK, decode_content=False)
    if headers.get("content-encoding", "").strip().lower() in GZIP:
        chunks = _inflated(chunks)
    left, found = (0 if raw.status == PARTIAL else start), bytearray()
    for chunk in _capped(chunks, max_bytes):
        found += chunk[left:]
        left = max(0, left - len(chunk))
        if len(found) >= length:
            break
    return Answer(raw.status, headers, bytes(found[:length]))


def gunzip(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """The content of gzip members that follow each other, up to `max_bytes`; Unreadable for more or for less."""
    return _capped(_inflated(chunks), max_bytes)


def _capped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise Unreadable(f"The file is larger than {max_bytes:,} bytes")
        yield chunk


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    member, whole = zlib.decompressobj(GZIP_WINDOW), True
    for chunk in chunks:
        rest, more = chunk, True
        while more:
            try:
                piece = member.decompress(rest, CHUNK)
            except zlib.error:
                raise Unreadable("The file is packed, but cannot be unpacked") from None
            yield piece
            whole = member.eof
            if whole:
                rest, member = member.unused_data.lstrip(b"\0"), zlib.decompressobj(GZIP_WINDOW)
            else:
                rest = member.unconsumed_tail
            more = bool(rest) or (not whole and len(piece) == CHUNK)
    if not whole:
        raise Unreadable("The file is packed and its end is missing")
