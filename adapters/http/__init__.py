"""The one guarded way out: every request of the connector to the outside passes here."""

import logging
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from copy import copy
from math import inf
from random import SystemRandom
from typing import Self

import requests
from requests import PreparedRequest
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError

from adapters.http.answer import Answer, gunzip, read_answer, read_part
from adapters.http.guard import Guard, Target
from adapters.http.outcomes import UNANSWERED, outcome_of
from adapters.http.texts import decode
from adapters.http.wire import PinnedAdapter, Unreached, pools, tls_context
from connector.domain.errors import Ambiguous, Retryable, Terminal, Unreadable

__all__ = ["Answer", "Http", "decode", "gunzip"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TRANSIENT = frozenset({429, 502, 503, 504})
DEFAULT_HEADERS = {"User-Agent": "backorder-connector", "Accept": "*/*", "Accept-Encoding": "gzip"}
CONNECT_SECONDS = 10.0
ADDRESSES_TRIED = 3
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0

Read = Callable[[BaseHTTPResponse], Answer]

_RANDOM = SystemRandom()


class Http:
    """Sends requests to public addresses only; keeps connections, but no cookies, and knows no proxies."""

    def __init__(
        self,
        allow: Collection[str] = (),
        *,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        heard: Callable[[str, str], None] = lambda platform, outcome: None,  # noqa: ARG005
    ) -> None:
        """`allow` holds loopback addresses that may be dialled all the same, such as "127.0.0.1:8089".

        `heard` is told of every call, whose it was and what came of it (`adapters.http.outcomes`).
        """
        self._guard = Guard(allow)
        self._pools = pools(tls_context(tls))
        self._sleep = sleep
        self._heard = heard
        self._platform = "other"
        self._outcome: Callable[[Answer], str] = outcome_of
        # urllib3 logs whole URLs, and query strings may hold OAuth parameters.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def of(self, platform: str, outcome: Callable[[Answer], str] = outcome_of) -> Self:
        """The same way out for one platform, by whose name its calls are counted."""
        one = copy(self)
        one._platform, one._outcome = platform, outcome
        return one

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
        tries: int = 1,
        ends: float = inf,
    ) -> Answer:
        """Send one request; any status comes back as an Answer, redirects too, which are never followed.

        `timeout` is in seconds for the whole of one try, `max_bytes` counts the unpacked body. `tries` above 1
        is for what is safe to repeat; all of them and the pauses between them are over at `ends`, by the monotonic
        clock. Raises Terminal for an address that may not be dialled, Unreadable for an answer that is too large,
        Retryable where nothing was sent or repeating is safe, else Ambiguous.
        """
        harmless = tries > 1 or method.upper() in SAFE_METHODS
        prepared = _prepare(method, url, headers, body)
        return self._tried(prepared, lambda raw: read_answer(raw, max_bytes), harmless, timeout, tries, ends)

    def part(
        self,
        url: str,
        start: int,
        length: int,
        *,
        timeout: float = 60.0,
        max_bytes: int = 2_000_000_000,
        tries: int = 1,
    ) -> Answer:
        """Up to `length` bytes of a large file from its byte `start` on; nothing but them is held in memory.

        `max_bytes` is how much of the file may have to be skipped and read. Raises as `request` does.
        """
        headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
        prepared = _prepare("GET", url, headers, None)
        return self._tried(prepared, lambda raw: read_part(raw, start, length, max_bytes), True, timeout, tries, inf)

    def check(self, url: str) -> None:
        """Nothing, for an address that may be dialled; Terminal or Retryable for another. Nothing is dialled."""
        self._guard.target(url)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._pools.clear()

    def _tried(
        self, prepared: PreparedRequest, read: Read, harmless: bool, timeout: float, tries: int, ends: float
    ) -> Answer:
        for attempt in range(tries - 1):
            answer, failure = None, None
            try:
                answer = self._counted(prepared, _left(timeout, ends), read, harmless)
            except Retryable as error:
                failure = error
            wait = answer.retry_after if answer else None
            pause = _pause(attempt, wait)
            if answer and (answer.status not in TRANSIENT or (wait or 0) > LONGEST_PAUSE or _over(pause, ends)):
                return answer
            if failure and _over(pause, ends):
                raise failure
            self._sleep(pause)
        return self._counted(prepared, _left(timeout, ends), read, harmless)

    def _counted(self, prepared: PreparedRequest, timeout: float, read: Read, harmless: bool) -> Answer:
        """An address that may not be dialled is no call."""
        try:
            answer = self._once(prepared, timeout, read, harmless)
        except (Retryable, Ambiguous, Unreadable):
            self._heard(self._platform, UNANSWERED)
            raise
        self._heard(self._platform, self._outcome(answer))
        return answer

    def _once(self, prepared: PreparedRequest, timeout: float, read: Read, harmless: bool) -> Answer:
        target = self._guard.target(prepared.url or "")
        prepared.headers["Host"] = target.authority
        ends = time.monotonic() + timeout
        unreached = Unreached(f"{target.host} could not be reached")
        for address in target.addresses[:ADDRESSES_TRIED]:
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                return self._send(prepared, target, address, left, read, harmless)
            except Unreached as failure:
                unreached = Unreached(f"{target.host} {failure}")
        raise unreached

    def _send(
        self, prepared: PreparedRequest, target: Target, address: str, left: float, read: Read, harmless: bool
    ) -> Answer:
        adapter = PinnedAdapter(self._pools, target, address)
        limit = Timeout(connect=min(CONNECT_SECONDS, left), total=left)
        try:
            response = adapter.send(prepared, stream=True, timeout=limit)  # type: ignore[arg-type] # as documented
            try:
                return read(response.raw)
            finally:
                response.raw.close()
        except (OSError, HTTPError) as failure:
            late = isinstance(failure, TimeoutError | requests.Timeout | ReadTimeoutError)
        text = f"{target.host} did not answer in time" if late else f"{target.host} broke off the connection"
        raise Retryable(text) if harmless else Ambiguous(text)


def _prepare(method: str, url: str, headers: Mapping[str, str] | None, body: bytes | None) -> PreparedRequest:
    try:
        prepared = requests.Request(method.upper(), url, DEFAULT_HEADERS | dict(headers or {}), data=body).prepare()
        "".join(prepared.headers.values()).encode("latin-1")
    except (requests.RequestException, ValueError):
        raise Terminal("This address or its headers cannot be sent") from None
    return prepared


def _left(timeout: float, ends: float) -> float:
    return min(timeout, ends - time.monotonic())


def _over(pause: float, ends: float) -> bool:
    return time.monotonic() + pause >= ends


def _pause(attempt: int, asked: float | None) -> float:
    backed_off: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt) * _RANDOM.uniform(0.5, 1.0)
    return backed_off if asked is None else asked + _RANDOM.uniform(0.0, FIRST_PAUSE)
