"""The GraphQL client: paced by Shopify's own figures, and explicit about what was withheld."""

import logging
import math
import time
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Generic, Self, TypeVar

import msgspec
from msgspec import Raw, Struct

from adapters.http import Answer, Http, outcomes
from adapters.http.outcomes import outcome_of
from adapters.shopify.documents import document
from adapters.shopify.pace import LONGEST_WAIT, Cost, Pace
from adapters.shopify.problems import THROTTLED, Problem, check_status, withheld_fields
from connector.domain.errors import Retryable, Unreadable
from connector.ports import StoreAccess

T = TypeVar("T")

VERSION = "2026-10"
ROUNDS = 5
TRIES = 3
# All requests of one errand together; less than the lease of what is performed (connector.store.outbox).
ERRAND_SECONDS = 100.0
SECONDS = 30.0
# Where Shopify throttles and does not say how long.
BLIND_PAUSE = 1.0
LONGEST_REFUSAL = 5_000
NULL = Raw(b"null")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """An answer's data; `withheld` names fields that are null for want of a right, `read_at` is Shopify's clock."""

    data: T
    version: str
    withheld: tuple[str, ...] = ()
    read_at: datetime | None = None


class Extensions(Struct, frozen=True):
    """What an answer says about itself."""

    cost: Cost | None = None


class Envelope(Struct, frozen=True):
    """A GraphQL answer before its data is read."""

    data: Raw = NULL
    errors: tuple[Problem, ...] = ()
    extensions: Extensions = Extensions()

    @property
    def throttled(self) -> bool:
        """Whether the bucket was too empty; this comes with status 200."""
        return any(problem.extensions.code == THROTTLED for problem in self.errors)


class Client:
    """Sends operations by name. Knows no shop: address and token come with every call."""

    def __init__(
        self,
        http: Http,
        origin: str | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`origin`, such as "http://127.0.0.1:8090", takes the place of every shop's own address."""
        self._http = http
        self._origin = origin
        self._sleep = sleep
        self._monotonic = monotonic
        self._ends = math.inf
        self._pace = Pace(monotonic)
        self._versions: dict[str, str] = {}

    def errand(self) -> Self:
        """The same client for one errand, which has its time: a shop that hangs holds nobody."""
        one = copy(self)
        one._ends = self._monotonic() + ERRAND_SECONDS
        return one

    def rest(self, seconds: float) -> None:
        """Let time go by between two looks at the same thing."""
        self._sleep(seconds)

    def storefront(self, shop: str) -> str:
        """Where buyers find a shop."""
        return self._origin or f"https://{shop}"

    def call(
        self,
        access: StoreAccess,
        operation: str,
        variables: Mapping[str, object],
        shape: type[T],
        *,
        tries: int = TRIES,
    ) -> Reply[T]:
        """Send an operation and read its data as `shape`; `tries=1` for a mutation that must not be repeated.

        Raises Retryable, Terminal or NeedsMerchant, Ambiguous only with `tries=1`.
        """
        shop = access.address
        for _ in range(ROUNDS):
            self._take_turn(shop, operation)
            answer = self._send(access, operation, variables, tries)
            check_status(shop, answer)
            envelope = answer.json(Envelope)
            self._pace.heard(shop, operation, envelope.extensions.cost)
            if not envelope.throttled:
                return self._reply(shop, answer, envelope, shape)
            if envelope.extensions.cost is None:
                self._sleep(BLIND_PAUSE)
        raise Retryable(f"Shopify throttles the app ({shop})")

    def _take_turn(self, shop: str, operation: str) -> None:
        left = self._ends - self._monotonic()
        if left <= 0:
            raise Retryable(f"Shopify takes too long to answer ({shop})")
        wait = self._pace.spend(shop, operation)
        if wait > min(LONGEST_WAIT, left):
            raise Retryable(f"Shopify throttles the app ({shop})", wait)
        if wait > 0:
            self._sleep(wait)

    def _send(self, access: StoreAccess, operation: str, variables: Mapping[str, object], tries: int) -> Answer:
        headers = {"Content-Type": "application/json", "X-Shopify-Access-Token": access.credentials["token"]}
        if self._origin:
            headers["X-Forwarded-Host"] = access.address
        url = f"{self.storefront(access.address)}/admin/api/{VERSION}/graphql.json"
        body = msgspec.json.encode({"query": document(operation), "operationName": operation, "variables": variables})
        seconds = min(SECONDS, max(self._ends - self._monotonic(), 1.0) / tries)
        return self._http.request("POST", url, headers=headers, body=body, timeout=seconds, tries=tries)

    def _reply(self, shop: str, answer: Answer, envelope: Envelope, shape: type[T]) -> Reply[T]:
        has_data = bytes(envelope.data) != bytes(NULL)
        withheld = withheld_fields(shop, envelope.errors, has_data)
        try:
            data = msgspec.json.decode(envelope.data, type=shape)
        except msgspec.DecodeError as failure:
            raise Unreadable(f"Shopify's answer is not what was asked for ({shop}): {failure}") from None
        return Reply(data, self._version(shop, answer), withheld, _date(answer))

    def _version(self, shop: str, answer: Answer) -> str:
        # A version that has expired is answered by the oldest one that lives: https://shopify.dev/docs/api/usage/versioning
        version = answer.headers.get("x-shopify-api-version", VERSION)
        if version != self._versions.get(shop, VERSION):
            self._versions[shop] = version
            if version != VERSION:
                log.warning("Shopify answers %s by API version %s instead of %s", shop, version, VERSION)
        return version

    def other_version(self, shop: str) -> str | None:
        """The API version that a shop answered by last; None where it is the one that was asked for."""
        version = self._versions.get(shop, VERSION)
        return None if version == VERSION else version


def outcome(answer: Answer) -> str:
    """What came of a call; an answer that throttles has status 200 and little else in it."""
    throttled = len(answer.body) < LONGEST_REFUSAL and THROTTLED.encode() in answer.body
    return outcomes.THROTTLED if throttled else outcome_of(answer)


def _date(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return None
