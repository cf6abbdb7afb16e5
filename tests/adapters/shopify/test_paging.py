"""Lists are read to their end, and no further."""

import pytest
from msgspec import Raw

from adapters.shopify.paging import gathered, whole
from adapters.shopify.shapes import Connection, PageInfo, Ref
from connector.domain.errors import Unreadable


def page(*nodes: int, after: str | None = None) -> Connection[int]:
    return Connection(nodes, PageInfo(after is not None, after))


def test_a_list_of_one_page_needs_no_other() -> None:
    def more(cursor: str) -> Connection[int]:
        raise AssertionError(cursor)

    assert whole(page(1, 2), more) == [1, 2]


def test_pages_are_joined_in_their_order() -> None:
    pages = {"a": page(2, 3, after="b"), "b": page(4)}
    assert whole(page(1, after="a"), pages.__getitem__) == [1, 2, 3, 4]


def test_a_cursor_on_the_last_page_is_no_page() -> None:
    assert PageInfo(False, "c").next is None


def test_what_vanishes_meanwhile_ends_the_list() -> None:
    assert whole(page(1, after="a"), lambda cursor: None) == [1]


def test_a_list_that_does_not_go_on_is_an_error() -> None:
    with pytest.raises(Unreadable, match="does not go on"):
        whole(page(1, after="a"), lambda cursor: page(1, after="a"))


def test_a_node_that_cannot_be_read_leaves_the_others() -> None:
    nodes = tuple(Raw(text) for text in (b'{"id":"gid://shopify/X/1"}', b'{"id":7}', b"null", b'{"id":"a/3"}'))
    made, unusable = gathered(nodes, Ref, lambda node: [node.id])
    assert made == ("gid://shopify/X/1", "a/3")
    assert [one.id for one in unusable] == ["", ""]
