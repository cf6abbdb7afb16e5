"""Lists that GraphQL gives in pages, read to their end."""

from collections.abc import Callable
from typing import TypeVar

from adapters.shopify.shapes import Connection
from connector.domain.errors import Unreadable

T = TypeVar("T")

# GraphQL gives at most 250 of anything at once.
ALL_AT_ONCE = 250


def whole(first: Connection[T], more: Callable[[str], Connection[T] | None]) -> list[T]:
    """All nodes of a list whose first page is here; `more` reads the page after a cursor, None if all is gone.

    Unreadable for a list that would never end.
    """
    nodes, cursor = list(first.nodes), first.page_info.next
    while cursor is not None:
        page = more(cursor)
        if page is None:
            break
        nodes += page.nodes
        if page.page_info.next == cursor:
            raise Unreadable("Shopify's list does not go on after its cursor")
        cursor = page.page_info.next
    return nodes
