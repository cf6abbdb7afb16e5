"""Lists that GraphQL gives in pages, read to their end."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from msgspec import Raw

from adapters.http import decode
from adapters.shopify.ids import plain
from adapters.shopify.shapes import Connection, Shape
from connector.domain.errors import Terminal, Unreadable
from connector.ports import Unusable

T = TypeVar("T")
N = TypeVar("N")
F = TypeVar("F")

# GraphQL gives at most 250 of anything at once.
ALL_AT_ONCE = 250


class Named(Shape, frozen=True):
    """Anything with an id; in a result of bulk, what is part of something else names that as well."""

    id: str
    parent_id: str | None = msgspec.field(default=None, name="__parentId")


def gathered(
    nodes: Iterable[Raw], shape: type[N], make: Callable[[N], Iterable[F]]
) -> tuple[tuple[F, ...], tuple[Unusable, ...]]:
    """What is made of every node of a page; one of which nothing can be made is told by its id."""
    made: list[F] = []
    unusable: list[Unusable] = []
    for node in nodes:
        try:
            made += make(decode(bytes(node), shape))
        except Terminal as error:
            unusable.append(Unusable(_id_of(node), str(error)))
    return tuple(made), tuple(unusable)


def _id_of(node: Raw) -> str:
    try:
        named = decode(bytes(node), Named)
    except Unreadable:
        return ""
    return plain(named.parent_id or named.id)


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
