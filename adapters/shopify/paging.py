"""Lists that GraphQL gives in pages, read to their end."""

from collections.abc import Callable
from typing import TypeVar

from adapters.shopify.shapes import Connection

T = TypeVar("T")

# GraphQL gives at most 250 of anything at once.
ALL_AT_ONCE = 250


def whole(first: Connection[T], more: Callable[[str], Connection[T] | None]) -> list[T]:
    """All nodes of a list whose first page is here; `more` reads the page after a cursor, None if all is gone."""
    nodes, cursor = list(first.nodes), first.page_info.next
    while cursor is not None:
        page = more(cursor)
        if page is None:
            break
        nodes += page.nodes
        cursor = page.page_info.next
    return nodes
