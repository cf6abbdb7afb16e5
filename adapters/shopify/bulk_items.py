"""All items of a large shop by one bulk operation, whose result is read part by part."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from msgspec import Raw

from adapters.http import decode
from adapters.shopify import bulk
from adapters.shopify.bulk import COMPLETED, Files
from adapters.shopify.client import Client
from adapters.shopify.documents import document
from adapters.shopify.ids import gid, plain
from adapters.shopify.items import item_of, level_of
from adapters.shopify.paging import Named, gathered
from adapters.shopify.shapes import LevelNode, Shape, VariantNode
from connector.domain.errors import Unreadable
from connector.domain.facts import Fact
from connector.ports import Page, StoreAccess

PREFIX = "bulk:"
PAGES = "pages:"  # the cursor of one who is to read in pages from the start, because bulk has come to nothing
PATIENCE = 20.0  # seconds of looking at an operation before the reader is heard of again
QUERY = "BulkVariants"
_ANEW = Page((), PAGES, anew=True)


class CountedItem(Shape, frozen=True):
    """The inventory item of a level."""

    id: str
    tracked: bool


class LevelLine(LevelNode, frozen=True, kw_only=True):
    """A line that tells of a level: it says itself whose it is, so that it need not stand beside its variant."""

    item: CountedItem


def begin(client: Client, access: StoreAccess, total: int) -> Page | None:
    """Have all items put together, or join an operation that is at it; None where too many are under way."""
    text = document(QUERY)
    newest = bulk.find(client, access, text)
    operation = newest if newest and not newest.ended else bulk.run_query(client, access, text)
    return Page((), _cursor(operation.id, 0), total) if operation else None


def go_on(client: Client, files: Files, access: StoreAccess, cursor: str) -> Page:
    """What follows in an operation's result; nothing as yet while it is under way, with the same cursor.

    Where nothing will come of the operation, or its result is lost, the cursor is PAGES.
    """
    number, _, offset = cursor.removeprefix(PREFIX).partition(":")
    operation = bulk.wait(client, access, gid("BulkOperation", number), PATIENCE)
    if operation is not None and not operation.ended:
        return Page((), cursor)
    if operation is None or operation.status != COMPLETED:
        return _ANEW
    total = int(operation.root_object_count)
    if operation.url is None:
        return Page((), None, 0) if total == 0 else _ANEW
    part = files.read(operation.url, int(offset))
    if part is None:
        return _ANEW
    # What was true when it began may have changed since; nothing in it is older.
    make = partial(_facts, client.storefront(access.address), operation.created_at.astimezone(UTC))
    facts, unusable = gathered(part.lines, Raw, make)
    read = sum(1 for line in part.lines if b'"__parentId"' not in bytes(line))
    after = None if part.after is None else _cursor(operation.id, part.after)
    return Page(facts, after, total, read, unusable)


def _facts(storefront: str, read_at: datetime, line: Raw) -> Iterator[Fact]:
    named, body = decode(bytes(line), Named), bytes(line)
    if "/ProductVariant/" in named.id:
        yield item_of(decode(body, VariantNode), storefront, read_at)
    elif "/InventoryLevel/" in named.id:
        level = decode(body, LevelLine)
        if level.item.tracked:
            yield level_of(plain(level.item.id), level, read_at)
    else:
        raise Unreadable(f"{named.id} was not asked for")


def _cursor(operation_id: str, offset: int) -> str:
    return f"{PREFIX}{plain(operation_id)}:{offset}"
