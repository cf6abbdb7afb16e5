"""Lists as GraphQL gives them: in pages, with cursors that say after which element to go on."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from graphql import GraphQLError

T = TypeVar("T")

MOST_AT_ONCE = 250


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
    if first is None:
        raise GraphQLError("you must provide one of first or last")
    if first > MOST_AT_ONCE:
        raise GraphQLError(f"The requested page size ({first}) exceeds the maximum page size of {MOST_AT_ONCE}.")
    ordered = sorted(elements, key=place, reverse=reverse)
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
