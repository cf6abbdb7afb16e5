"""WooCommerce's REST interface: signing, sending, and errors in words."""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from woocommerce.oauth import OAuth

from adapters.http import Answer, Http
from adapters.woocommerce.payloads import read
from adapters.woocommerce.refusals import answered_at, refusal
from connector.domain.errors import Ambiguous, Retryable
from connector.ports import StoreAccess

T = TypeVar("T")
Params = Mapping[str, str | int]

PREFIX = "/wp-json/wc/v3/"
PER_PAGE = 100
TRIES = 3
TRANSIENT = frozenset({429, 502, 503, 504})
COMPANION = "x-backorder-notices"
READ_SECONDS = 30.0
WRITE_SECONDS = 60.0
# All requests of one errand together; less than the lease of what is performed (connector.store.outbox).
ERRAND_SECONDS = 100.0


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A decoded answer, when the store gave it (its own clock), and the total of a list where it is told.

    `companion`: the store has our plugin, which shows notices by itself, from their meta data.
    """

    value: T
    at: datetime | None
    total: int | None
    companion: bool = False


class _Signed(OAuth):  # type: ignore[misc] # the package has no annotations
    """One-legged OAuth 1.0a as the package does it, with nonces that do not repeat.

    The package draws one of 10⁸ nonces; the store refuses one that it has seen within 15 minutes.
    """

    @staticmethod
    def generate_nonce() -> str:
        return secrets.token_hex(20)


class Rest:
    """The REST interface of one store; raises Retryable, NeedsMerchant, Terminal (Missing for a 404) or Unreadable.

    Every write through it may be repeated: it sets a state, or is looked for before it is made. So an ambiguous
    end comes out as Retryable too. It is made for one errand, which has its time: a store that hangs holds nobody.
    """

    def __init__(self, http: Http, access: StoreAccess, pause: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self._access = access
        self._pause = pause
        self._ends = time.monotonic() + ERRAND_SECONDS

    @property
    def is_late(self) -> bool:
        """Whether half of the time is over, so that whoever can go on later should."""
        return self._left() < ERRAND_SECONDS / 2

    def _left(self) -> float:
        return self._ends - time.monotonic()

    def get(self, path: str, form: type[T], params: Params | None = None) -> Reply[T]:
        """Read `path` below wc/v3; tried again when the store is busy."""
        return _reply(self._call("GET", PREFIX + path, params or {}, None), form)

    def pages(self, path: str, form: type[T]) -> Iterator[Reply[list[T]]]:
        """All pages of a list below wc/v3, oldest entries first."""
        for page in count(1):
            params: Params = {"per_page": PER_PAGE, "page": page, "orderby": "id", "order": "asc"}
            reply = self.get(path, list[form], params)  # type: ignore[valid-type] # a type at run time
            yield reply
            if len(reply.value) < PER_PAGE:
                return

    def every(self, path: str, form: type[T]) -> Iterator[T]:
        """All entries of a list below wc/v3."""
        for reply in self.pages(path, form):
            yield from reply.value

    def send(
        self, method: str, path: str, body: object, form: type[T], params: Params | None = None, below: str = PREFIX
    ) -> T:
        """Write to `path` below wc/v3, or what else is said, once."""
        return _reply(self._call(method, below + path, params or {}, msgspec.json.encode(body)), form).value

    def index(self, form: type[T], params: Params) -> T:
        """What the site says of itself to everybody."""
        return _reply(self._call("GET", "/wp-json/", params, None), form).value

    def _call(self, method: str, path: str, params: Params, body: bytes | None) -> Answer:
        try:
            answer = self._tried(method, path, params, body)
        except Ambiguous as error:
            raise Retryable(str(error)) from None
        if not 200 <= answer.status < 300:
            raise refusal(answer)
        return answer

    def _tried(self, method: str, path: str, params: Params, body: bytes | None) -> Answer:
        tries = TRIES if method == "GET" else 1
        for attempt in range(tries - 1):
            wait = None
            try:
                answer = self._once(method, path, params, body)
            except Retryable as error:
                wait = error.after
            else:
                if answer.status not in TRANSIENT or (answer.retry_after or 0) > READ_SECONDS:
                    return answer
                wait = answer.retry_after
            self._pause(min(2.0**attempt if wait is None else wait, max(self._left(), 0.0)))
        return self._once(method, path, params, body)

    def _once(self, method: str, path: str, params: Params, body: bytes | None) -> Answer:
        """One try, signed afresh: a nonce that went out twice is refused."""
        left = self._left()
        if left <= 0:
            raise Retryable("The store takes too long to answer")
        url = self._access.address + path + (f"?{urlencode(params)}" if params else "")
        key, secret = self._access.credentials["key"], self._access.credentials["secret"]
        headers = {"Accept": "application/json"}
        if url.startswith("https:"):
            headers["Authorization"] = f"Basic {b64encode(f'{key}:{secret}'.encode()).decode()}"
        else:
            url = _Signed(url, key, secret, method=method).get_oauth_url()
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        seconds = READ_SECONDS if body is None else WRITE_SECONDS
        return self._http.request(method, url, headers=headers, body=body, timeout=min(seconds, left))


def _reply(answer: Answer, form: type[T]) -> Reply[T]:
    total = answer.headers.get("x-wp-total", "")
    count = int(total) if total.isdecimal() else None
    return Reply(read(answer.body, form), answered_at(answer), count, COMPANION in answer.headers)
