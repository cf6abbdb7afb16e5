"""Shopify's bulk operations: started, found again, looked at; their results lie in files that are read in parts."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.http import Http
from adapters.shopify.client import Client
from adapters.shopify.shapes import Moment, Shape, UserError
from connector.domain.errors import Ambiguous, Retryable, Terminal, Unreadable
from connector.ports import StoreAccess

PART = 1_000_000  # bytes of a result that are held at once
ACTIVE = frozenset({"CREATED", "RUNNING", "CANCELING"})
COMPLETED = "COMPLETED"
BUSY = frozenset({"LIMIT_REACHED", "OPERATION_IN_PROGRESS"})
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
# What has not ended after so long is cancelled: other ways lead there sooner.
LONGEST = timedelta(hours=1)
PAST_THE_END = 416


class Operation(Shape, frozen=True):
    """A bulk operation; `url` is where its whole result lies, None where it has none (or none any more)."""

    id: str
    type: str
    status: str
    created_at: Moment
    error_code: str | None = None
    root_object_count: str = "0"  # Shopify writes large numbers as text
    url: str | None = None
    query: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in ACTIVE


class Started(Shape, frozen=True):
    """What became of an operation that was to start."""

    user_errors: tuple[UserError, ...]
    bulk_operation: Operation | None = None


class RunQuery(Shape, frozen=True):
    """The answer to BulkRunQuery."""

    bulk_operation_run_query: Started


class RunMutation(Shape, frozen=True):
    """The answer to BulkRunMutation."""

    bulk_operation_run_mutation: Started


class One(Shape, frozen=True):
    """The answer to BulkOperation."""

    bulk_operation: Operation | None


class Newest(Shape, frozen=True):
    """Some operations, the newest first."""

    nodes: tuple[Operation, ...]


class All(Shape, frozen=True):
    """The answer to BulkOperations."""

    bulk_operations: Newest


class Cancellation(Shape, frozen=True):
    """What became of an operation that was to be cancelled."""

    user_errors: tuple[UserError, ...]


class Cancelled(Shape, frozen=True):
    """The answer to BulkCancel."""

    bulk_operation_cancel: Cancellation


class Files:
    """Where results lie and uploads go: Shopify names the place, and is told nothing of ours there."""

    def __init__(self, http: Http, origin: str | None) -> None:
        """`origin` is the only place besides https that files may be at."""
        self._http = http
        self._origin = origin

    def read(self, url: str, start: int) -> bytes | None:
        """Up to PART bytes of a file; None where it is there no more."""
        self._check(url)
        answer = self._http.part(url, start, PART, tries=3)
        if answer.status in (200, 206):
            return answer.body
        if answer.status == PAST_THE_END:
            return b""
        if answer.status == 429 or answer.status >= 500:
            raise Retryable(f"Shopify's file of a bulk operation: answered {answer.status}", answer.retry_after)
        return None

    def _check(self, url: str) -> None:
        if not url.startswith("https://") and not (self._origin and url.startswith(f"{self._origin}/")):
            raise Unreadable("Shopify names a place for a file that is not https")


def find(client: Client, access: StoreAccess, kind: str, text: str) -> Operation | None:
    """The newest operation that runs this very text and has not failed; None where there is none."""
    wanted = " ".join(text.split())
    newest = client.call(access, "BulkOperations", {}, All).data.bulk_operations.nodes
    alike = (one for one in newest if one.type == kind and " ".join(one.query.split()) == wanted)
    return next((one for one in alike if not one.ended or one.status == COMPLETED), None)


def run_query(client: Client, access: StoreAccess, text: str) -> Operation | None:
    """Start a query; the operation, or None where too many are under way. One of doubt is found when asked again."""
    with _found_later():
        reply = client.call(access, "BulkRunQuery", {"query": text}, RunQuery, tries=1)
    return _started(access, reply.data.bulk_operation_run_query)


def look(client: Client, access: StoreAccess, operation_id: str) -> Operation | None:
    """How an operation stands; None where Shopify knows it no more. One that goes on for too long is cancelled."""
    reply = client.call(access, "BulkOperation", {"id": operation_id}, One)
    found = reply.data.bulk_operation
    if found is not None and not found.ended and reply.read_at and _is_stuck(found, reply.read_at):
        with contextlib.suppress(Terminal):  # it has just ended
            client.call(access, "BulkCancel", {"id": operation_id}, Cancelled)
    return found


def wait(client: Client, access: StoreAccess, operation_id: str, seconds: float) -> Operation | None:
    """How an operation stands when it has ended, or after so many seconds."""
    pause = FIRST_PAUSE
    found = look(client, access, operation_id)
    while found is not None and not found.ended and seconds > 0:
        client.rest(pause)
        seconds, pause = seconds - pause, min(pause * 2, LONGEST_PAUSE)
        found = look(client, access, operation_id)
    return found


@contextlib.contextmanager
def _found_later() -> Iterator[None]:
    """Whoever comes again looks first for what may have been started."""
    try:
        yield
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown


def _is_stuck(operation: Operation, now: datetime) -> bool:
    return operation.status != "CANCELING" and now - operation.created_at > LONGEST


def _started(access: StoreAccess, started: Started) -> Operation | None:
    if started.bulk_operation is not None:
        return started.bulk_operation
    if any(error.code in BUSY for error in started.user_errors):
        return None
    texts = "; ".join(error.message for error in started.user_errors)
    raise Terminal(f"Shopify does not start a bulk operation ({access.address}): {texts}")
