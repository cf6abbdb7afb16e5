"""A request as it arrives, byte by byte: whether all of it is there, so that no thread has to wait for the rest."""

import re
from enum import Enum

LARGEST_BODY = 5 * 1024 * 1024
LARGEST_HEAD = 64 * 1024
LONGEST_LINE = 8 * 1024
MOST_CHUNKS = 20_000
LENGTH = re.compile(rb"^content-length:[ \t]*0*([0-9]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
MOST_DIGITS = 18
CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)
CHUNK = re.compile(rb"[0-9a-f]+", re.IGNORECASE)


class Verdict(Enum):
    """What there is of a request: a part, all of it, or more than anybody needs.

    What is malformed counts as whole: the server's own parser refuses it without reading on. What that parser would
    take must be read here in the same way, or it waits for the rest in a thread.
    """

    PART = "part"
    WHOLE = "whole"
    HEAD_TOO_LARGE = "head too large"
    BODY_TOO_LARGE = "body too large"


class Arriving:
    """The bytes of one request, and of what may follow it, so far."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.waits_for_word = False  # its sender wants to hear `100 Continue` first
        self._body_at = 0
        self._end: int | None = None  # None: chunked
        self._chunk_at = 0
        self._chunks = 0
        self._chunked_bytes = 0

    def take(self, data: bytes) -> Verdict:
        """More of it."""
        seen = max(0, len(self.data) - 3)
        self.data += data if self.data else data.lstrip(b"\r\n")  # RFC 9112, 2.2: empty lines before it are nothing
        if not self._body_at:
            found = self.data.find(b"\r\n\r\n", seen)
            if found < 0:
                return Verdict.PART if len(self.data) <= LARGEST_HEAD else Verdict.HEAD_TOO_LARGE
            self._read_head(found + 4)
        if self._end is None:
            return self._look_at_chunks()
        if self._end - self._body_at > LARGEST_BODY:
            return Verdict.BODY_TOO_LARGE
        return Verdict.WHOLE if len(self.data) >= self._end else Verdict.PART

    def _read_head(self, body_at: int) -> None:
        head = bytes(self.data[:body_at])
        lengths = [int(found[: MOST_DIGITS + 1]) for found in LENGTH.findall(head)]
        self._body_at = self._chunk_at = body_at
        self._end = None if CHUNKED.search(head) else body_at + max(lengths, default=0)
        self.waits_for_word = EXPECTS.search(head) is not None

    def _look_at_chunks(self) -> Verdict:
        """RFC 9112, 7.1: each chunk is its size in a line, its bytes and a line's end; the last is of size 0."""
        while self._chunk_at <= len(self.data):
            line_end = self.data.find(b"\r\n", self._chunk_at, self._chunk_at + LONGEST_LINE)
            if line_end < 0:
                waits = len(self.data) - self._chunk_at < LONGEST_LINE
                return Verdict.PART if waits else Verdict.HEAD_TOO_LARGE
            size = CHUNK.match(self.data, self._chunk_at, line_end)
            if size is None:
                return Verdict.WHOLE
            if not int(size[0], 16):
                return self._look_at_trailers(line_end)
            self._chunks += 1
            self._chunked_bytes += int(size[0], 16)
            self._chunk_at = line_end + 2 + int(size[0], 16) + 2
            if self._chunked_bytes > LARGEST_BODY or self._chunks > MOST_CHUNKS:
                return Verdict.BODY_TOO_LARGE
        return Verdict.PART

    def _look_at_trailers(self, line_end: int) -> Verdict:
        if self.data.find(b"\r\n\r\n", line_end) >= 0:
            return Verdict.WHOLE
        return Verdict.PART if len(self.data) - line_end <= LARGEST_HEAD else Verdict.HEAD_TOO_LARGE
