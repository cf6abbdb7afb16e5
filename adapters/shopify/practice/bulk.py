"""Bulk operations: started, looked at, cancelled; what they come to is a file of JSON lines."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.bulk_rules import checked_mutation, checked_query
from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.connections import connection, endless
from adapters.shopify.practice.outgoing import Outgoing
from adapters.shopify.practice.payloads import gid, local
from adapters.shopify.practice.storage import Storage

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
View = dict[str, Any]

AT_ONCE = 5
ACTIVE = ("CREATED", "RUNNING", "CANCELING")
FINISHED = "bulk_operations/finish"


@dataclass(slots=True)
class Operation:
    """One operation; `work` makes its lines when its time has come."""

    id: int
    type: str
    query: str
    created_at: datetime
    work: Callable[[], list[View]]
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    objects: int = 0
    roots: int = 0
    size: int | None = None
    url: str | None = None
    partial_url: str | None = None


@dataclass(slots=True)
class Bulk:
    """A shop's bulk operations. Each takes so many `seconds`; with `failing` set they fail so, half-way."""

    clock: Clock
    outgoing: Outgoing
    storage: Storage
    seconds: float = 0.0
    failing: str = ""
    operations: list[Operation] = field(default_factory=list)

    def settle(self) -> None:
        """Bring every operation to where it is by now."""
        now = self.clock.now()
        for one in self.operations:
            age = now - one.created_at
            if one.status == "CANCELING":
                self._end(one, "CANCELED", [])
            elif one.status in ACTIVE and age >= timedelta(seconds=self.seconds):
                self._carry_out(one)
            elif one.status == "CREATED" and age > timedelta(0):
                one.status = "RUNNING"
            if one.status == "COMPLETED" and one.url and not self.is_kept(one.url):
                one.url = None

    def is_kept(self, url: str) -> bool:
        """Whether a result can still be read."""
        kept = self.storage.files.get(url.removeprefix(self.storage.origin))
        return kept is not None and kept.until > self.clock.now()

    def start(self, kind: str, query: str, work: Callable[[], list[View]]) -> Operation | None:
        """A new operation; None where as many of the kind are under way as may be."""
        self.settle()
        if len([one for one in self.operations if one.type == kind and one.status in ACTIVE]) >= AT_ONCE:
            return None
        number = len(self.operations) + 1
        self.operations.append(Operation(number, kind, query, self.clock.now(), work))
        return self.operations[-1]

    def _carry_out(self, one: Operation) -> None:
        try:
            lines = one.work()
        except GraphQLError:
            one.error_code = "ACCESS_DENIED"
            self._end(one, "FAILED", [])
            return
        if self.failing:
            one.error_code = self.failing
            self._end(one, "FAILED", lines[: len(lines) // 2])
        else:
            self._end(one, "COMPLETED", lines)

    def _end(self, one: Operation, status: str, lines: Sequence[View]) -> None:
        body = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
        one.status, one.completed_at, one.size = status, self.clock.now(), len(body) if body else None
        one.objects, one.roots = len(lines), len([line for line in lines if "__parentId" not in line])
        address = self.storage.keep(str(one.id), body) if body else None
        one.url, one.partial_url = (address, None) if status == "COMPLETED" else (None, address)
        one.work = list
        self.outgoing.tell(self.outgoing.new_id(), FINISHED, finished(one))


def finished(one: Operation) -> View:
    """bulk_operations/finish."""
    return {
        "admin_graphql_api_id": gid("BulkOperation", one.id),
        "completed_at": local(one.completed_at),
        "created_at": local(one.created_at),
        "error_code": one.error_code and one.error_code.lower(),
        "status": one.status.lower(),
        "type": one.type.lower(),
    }


def queries(bulk: Bulk) -> View:
    """What can be asked of operations, by name."""
    return {"bulkOperation": partial(_one, bulk), "bulkOperations": partial(_all, bulk)}


def mutations(bulk: Bulk, run: Run) -> View:
    """What starts and ends operations, by name; `run` carries a document out with the app's rights."""
    return {
        "stagedUploadsCreate": partial(_stage, bulk),
        "bulkOperationRunQuery": partial(_run_query, bulk, run),
        "bulkOperationRunMutation": partial(_run_mutation, bulk, run),
        "bulkOperationCancel": partial(_cancel, bulk),
    }


def _view(one: Operation) -> View:
    return {
        "id": gid("BulkOperation", one.id),
        "status": one.status,
        "type": one.type,
        "query": one.query,
        "errorCode": one.error_code,
        "createdAt": _time(one.created_at),
        "completedAt": _time(one.completed_at),
        "objectCount": str(one.objects),
        "rootObjectCount": str(one.roots),
        "fileSize": None if one.size is None else str(one.size),
        "url": one.url,
        "partialDataUrl": one.partial_url,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _found(bulk: Bulk, id: str) -> Operation | None:
    bulk.settle()
    return next((one for one in bulk.operations if gid("BulkOperation", one.id) == id), None)


def _one(bulk: Bulk, id: str) -> View | None:
    found = _found(bulk, id)
    return _view(found) if found else None


def _all(bulk: Bulk, *, query: str | None = None, sortKey: str = "CREATED_AT", **wanted: Any) -> View:  # noqa: N803
    if query or sortKey != "CREATED_AT":
        raise GraphQLError("The fake lists operations by when they were created, and searches none")
    bulk.settle()
    return connection(bulk.operations, lambda one: (_time(one.created_at) or "", one.id), _view, **wanted)


def _refused(field: str | None, message: str, code: str) -> View:
    return {"bulkOperation": None, "userErrors": [{"field": field and [field], "message": message, "code": code}]}


def _started(one: Operation | None, kind: str) -> View:
    if one is None:
        return _refused(None, f"There are {AT_ONCE} bulk {kind} operations in progress already.", "LIMIT_REACHED")
    return {"bulkOperation": _view(one), "userErrors": []}


def _run_query(bulk: Bulk, run: Run, query: str, groupObjects: bool) -> View:  # noqa: N803 # the schema's name
    problem = checked_query(query)
    if problem:
        return _refused("query", problem, "INVALID")

    def work() -> list[View]:
        with endless():
            answer = run(query, {})
        if answer.get("errors"):
            raise GraphQLError(answer["errors"][0]["message"])
        return lines_of(answer["data"], grouped=groupObjects)

    return _started(bulk.start("QUERY", query, work), "query")


def _run_mutation(
    bulk: Bulk,
    run: Run,
    mutation: str,
    stagedUploadPath: str,  # noqa: N803 # the schema's name
    groupObjects: bool = True,  # noqa: N803
    clientIdentifier: str | None = None,  # noqa: N803
) -> View:
    problem = checked_mutation(mutation)
    if problem:
        return _refused("mutation", problem, "INVALID_MUTATION")
    uploaded = bulk.storage.files.get(stagedUploadPath)
    if uploaded is None:
        return _refused("stagedUploadPath", "The JSONL file could not be found.", "NO_SUCH_FILE")
    inputs = [line for line in uploaded.body.split(b"\n") if line.strip()]

    def work() -> list[View]:
        return [run(mutation, json.loads(line)) | {"__lineNumber": at} for at, line in enumerate(inputs)]

    return _started(bulk.start("MUTATION", mutation, work), "mutation")


def _cancel(bulk: Bulk, id: str) -> View:
    found = _found(bulk, id)
    if found is None or found.status not in ("CREATED", "RUNNING"):
        text = "A bulk operation cannot be canceled when it is completed."
        return {"bulkOperation": _view(found) if found else None, "userErrors": [{"field": ["id"], "message": text}]}
    found.status = "CANCELING"
    return {"bulkOperation": _view(found), "userErrors": []}


def _stage(bulk: Bulk, input: Sequence[View]) -> View:
    if any(one["resource"] != "BULK_MUTATION_VARIABLES" or one.get("httpMethod") != "POST" for one in input):
        raise GraphQLError("The fake stages variables of bulk mutations only, by POST")
    return {"stagedTargets": [bulk.storage.stage(one) for one in input], "userErrors": []}


def lines_of(data: View, *, grouped: bool) -> list[View]:
    """One line for each object of each list, children by `__parentId`; not grouped, they come after all parents."""
    roots = [(line, children) for value in data.values() for line, children in _rows(value, None)]
    if grouped:
        return [one for line, children in roots for one in (line, *children)]
    return [line for line, _ in roots] + [child for _, children in roots for child in children]


def _rows(value: Any, parent: str | None) -> Iterator[tuple[View, list[View]]]:
    """The elements of a list, each without the lists in it, and what is in those."""
    for node in _nodes(value) or ():
        line, lists = _apart(node)
        found = [one for inner in lists for row, more in _rows(inner, line.get("id")) for one in (row, *more)]
        yield (line if parent is None else line | {"__parentId": parent}), found


def _nodes(value: Any) -> list[Any] | None:
    if not isinstance(value, dict):
        return None
    if "edges" in value:
        return [edge["node"] for edge in value["edges"]]
    nodes: list[Any] | None = value.get("nodes")
    return nodes


def _apart(node: View) -> tuple[View, list[Any]]:
    line, lists = {}, []
    for name, value in node.items():
        if _nodes(value) is not None:
            lists.append(value)
        elif isinstance(value, dict):
            line[name], more = _apart(value)
            lists += more
        else:
            line[name] = value
    return line, lists
