"""Shopify's bulk operations: started, found again, looked at; their results lie in files that are read in parts."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import Raw

from adapters.http import Answer, Http
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
TRIES = 3
FILE_NAME, FILE_TYPE = "variables.jsonl", "text/jsonl"


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


class Parameter(Shape, frozen=True):
    """A field of the form by which a file is uploaded."""

    name: str
    value: str


class Target(Shape, frozen=True):
    """Where and how a file is to be uploaded."""

    url: str
    parameters: tuple[Parameter, ...]


class Staging(Shape, frozen=True):
    """What became of a file's place that was asked for."""

    user_errors: tuple[UserError, ...]
    staged_targets: tuple[Target, ...] | None = None


class Staged(Shape, frozen=True):
    """The answer to StagedUpload."""

    staged_uploads_create: Staging


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a file, and where those after them begin (None: they were the last)."""

    lines: tuple[Raw, ...]
    after: int | None


class Files:
    """Where results lie and uploads go: Shopify names the place, and nothing of ours is told there but the upload."""

    def __init__(self, http: Http, origin: str | None) -> None:
        """`origin` is the only place besides https that files may be at."""
        self._http = http
        self._origin = origin

    def read(self, url: str, start: int) -> Part | None:
        """The lines within PART bytes of a file; None where it is there no more, or holds no lines."""
        self._check(url)
        answer = self._http.part(url, start, PART, tries=TRIES)
        if answer.status == PAST_THE_END:
            return Part((), None)
        if answer.status not in (200, 206):
            _check_status(answer)
            return None
        is_last = len(answer.body) < PART
        end = len(answer.body) if is_last else answer.body.rfind(b"\n") + 1
        if end == 0 and not is_last:
            return None
        lines = tuple(Raw(line) for line in answer.body[:end].split(b"\n") if line.strip())
        return Part(lines, None if is_last else start + end)

    def upload(self, target: Target, body: bytes) -> str:
        """Send a file to its place; the name that it is known by there."""
        self._check(target.url)
        edge = secrets.token_hex(16)
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        answer = self._http.request("POST", target.url, headers=headers, body=_form(target, body, edge), tries=TRIES)
        if answer.status not in (200, 201, 204):
            _check_status(answer)
            raise Terminal(f"Shopify does not take the file of a bulk operation: answered {answer.status}")
        key = next((one.value for one in target.parameters if one.name == "key"), None)
        if key is None:
            raise Unreadable("Shopify does not say what an uploaded file is called")
        return key

    def _check(self, url: str) -> None:
        if not url.startswith("https://") and not (self._origin and url.startswith(f"{self._origin}/")):
            raise Unreadable("Shopify names a place for a file that is not https")


def _check_status(answer: Answer) -> None:
    if answer.status == 429 or answer.status >= 500:
        raise Retryable(f"Shopify's files of bulk operations: answered {answer.status}", answer.retry_after)


def _form(target: Target, body: bytes, edge: str) -> bytes:
    """A form with the fields that are asked for, and the file as the last one."""
    named = '--{}\r\nContent-Disposition: form-data; name="{}"'
    fields = [f"{named.format(edge, one.name)}\r\n\r\n{one.value}\r\n".encode() for one in target.parameters]
    head = f'{named.format(edge, "file")}; filename="{FILE_NAME}"\r\nContent-Type: {FILE_TYPE}\r\n\r\n'
    return b"".join([*fields, head.encode(), body, f"\r\n--{edge}--\r\n".encode()])


def find(client: Client, access: StoreAccess, text: str) -> Operation | None:
    """The newest operation in whose document this text stands, however it goes; None where there is none."""
    wanted = " ".join(text.split())
    newest = client.call(access, "BulkOperations", {}, All).data.bulk_operations.nodes
    return next((one for one in newest if wanted in " ".join(one.query.split())), None)


def run_query(client: Client, access: StoreAccess, text: str) -> Operation | None:
    """Start a query; the operation, or None where too many are under way. One of doubt is found when asked again."""
    with _found_later():
        reply = client.call(access, "BulkRunQuery", {"query": text}, RunQuery, tries=1)
    return _started(access, reply.data.bulk_operation_run_query)


def run_mutation(client: Client, files: Files, access: StoreAccess, text: str, lines: bytes) -> Operation | None:
    """Start a mutation, once for each line of variables; the operation, or None where too many are under way."""
    wanted = {"resource": "BULK_MUTATION_VARIABLES", "httpMethod": "POST", "filename": FILE_NAME}
    sized = wanted | {"mimeType": FILE_TYPE, "fileSize": str(len(lines))}
    staging = client.call(access, "StagedUpload", {"input": [sized]}, Staged).data.staged_uploads_create
    if not staging.staged_targets:
        texts = "; ".join(error.message for error in staging.user_errors)
        raise Terminal(f"Shopify has no place for a file ({access.address}): {texts}")
    path = files.upload(staging.staged_targets[0], lines)
    with _found_later():
        reply = client.call(access, "BulkRunMutation", {"mutation": text, "path": path}, RunMutation, tries=1)
    return _started(access, reply.data.bulk_operation_run_mutation)


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
