"""Lists as GraphQL gives them: in pages, with cursors that say after which element to go on."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from graphql import GraphQLError

T = TypeVar("T")

MOST_AT_ONCE = 250
_ENDLESS: ContextVar[bool] = ContextVar("endless", default=False)


@contextmanager
def endless() -> Iterator[None]:
    """Lists come whole in here, whatever was asked for, as they do in bulk."""
    before = _ENDLESS.set(True)
    try:
        yield
    finally:
        _ENDLESS.reset(before)


def connection(
    elements: Iterable[T],
    place: Callable[[T], tuple[str, int]],
    view: Callable[[T], dict[str, Any]],
    *,
    first: int | None = None,
    after: str | None = None,
    reverse: bool = False,
    **unused: Any,
) -> dict[str, Any]:
    """One page; `place` gives an element's place in the order, its id last, so that cursors outlive changes."""
    ordered = sorted(elements, key=place, reverse=reverse)
    if _ENDLESS.get():
        first, after = len(ordered), None
    elif first is None:
        raise GraphQLError("you must provide one of first or last")
    elif first > MOST_AT_ONCE:
        raise GraphQLError(f"The requested page size ({first}) exceeds the maximum page size of {MOST_AT_ONCE}.")
    if after is not None:
        start = _decoded(after)
        ordered = [element for element in ordered if (place(element) < start if reverse else place(element) > start)]
    page = ordered[:first]
    cursors = [_encoded(place(element)) for element in page]
    nodes = [view(element) for element in page]
    return {
        "nodes": nodes,
        "edges": [{"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)],
        "pageInfo": {
            "hasNextPage": len(ordered) > first,
            "hasPreviousPage": after is not None,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _encoded(place: tuple[str, int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _decoded(cursor: str) -> tuple[str, int]:
    try:
        text, number = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise GraphQLError(f"Invalid cursor for current pagination sort: {cursor}") from None
    return text, number
