"""Many listings as bulk operations: their metafields are uploaded, and each line's result is that of its listings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Raw

from adapters.http import decode
from adapters.shopify import bulk
from adapters.shopify.bulk import COMPLETED, Files, Operation
from adapters.shopify.client import Client
from adapters.shopify.documents import document
from adapters.shopify.listing import entries_of
from adapters.shopify.metafields import AT_ONCE, Entry, Result, input_of, refused_of
from adapters.shopify.shapes import Shape, UserError
from connector.domain.effects import WriteListing
from connector.ports import StoreAccess, Written

# Below so many a few dozen calls are sooner done; above so many the upload is too large to be held in memory.
WORTH, MOST = 1_000, 10_000

Lines = tuple[tuple[Entry, ...], ...]


class Refusals(Shape, frozen=True):
    """What one line's mutation came to."""

    metafields_set: Result | None = None
    metafields_delete: Result | None = None


class ResultLine(Shape, frozen=True):
    """One line of a result; without data where the whole line was refused."""

    line: int = msgspec.field(name="__lineNumber")
    data: Refusals | None = None

    @property
    def errors(self) -> tuple[UserError, ...] | None:
        """Why the line was refused; None where nothing is said of it."""
        done = self.data and (self.data.metafields_set or self.data.metafields_delete)
        return done.user_errors if done else None


@dataclass(frozen=True, slots=True)
class ShopifyBulk:
    """Writes listings in bulk: one operation for what is to be there, one for what is not. Fulfils `BulkListings`."""

    client: Client
    files: Files
    worth: int = WORTH
    most: int = MOST

    def start(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> bool:
        """Have them written, by operations of that name; what was started before is left to go on.

        False where Shopify takes nothing in bulk now. Retryable where it may have been started.
        """
        client = self.client.errand()
        started = False
        for kind, lines in _lines_of(listings).items():
            if lines and bulk.find(client, access, f"{kind}_{name}") is None:
                text = _text(kind, name)
                started |= bulk.run_mutation(client, self.files, access, text, _upload(lines)) is not None
            else:
                started |= bool(lines)
        return started

    def look(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> tuple[Written, ...] | None:
        """What became of those listings that something is said of; None while any of it is under way."""
        client = self.client.errand()
        ends: list[tuple[Lines, Operation | None]] = []
        for kind, lines in _lines_of(listings).items():
            operation = bulk.find(client, access, f"{kind}_{name}") if lines else None
            if operation is not None and not operation.ended:
                bulk.look(client, access, operation.id)  # which cancels one that goes on for too long
                return None
            ends.append((lines, operation))
        told: dict[str, list[Written]] = {}
        for lines, operation in ends:
            for result in self._results(lines, operation):
                told.setdefault(result.item, []).append(result)
        counts = Counter(item for lines, _ in ends for line in lines for item in {entry.item for entry in line})
        said = [told.get(listing.item, []) for listing in listings]
        return tuple(_worst(some) for some in said if some and _is_whole(some, counts))

    def _results(self, lines: Lines, operation: Operation | None) -> Iterator[Written]:
        """One for each listing and line that something is said of."""
        if operation is None or operation.status != COMPLETED or operation.url is None:
            return
        for raw in _read(self.files, operation.url):
            result = decode(bytes(raw), ResultLine)
            if result.errors is None or not 0 <= result.line < len(lines):
                continue
            entries = lines[result.line]
            failed = refused_of(entries, result.errors)
            if result.errors:
                yield from failed.values()
            else:
                yield from (Written(item) for item in dict.fromkeys(entry.item for entry in entries))


def _lines_of(listings: Sequence[WriteListing]) -> Mapping[str, Lines]:
    """The metafields to set and to delete, as many on a line as one call takes, a listing's always on one line."""
    entries = [entries_of(listing) for listing in listings]
    wanted = [tuple(entry for entry in some if entry.value is not None) for some in entries]
    unwanted = [tuple(entry for entry in some if entry.value is None) for some in entries]
    return {"MetafieldsSet": _packed(wanted), "MetafieldsDelete": _packed(unwanted)}


def _packed(groups: Sequence[tuple[Entry, ...]]) -> Lines:
    lines: list[tuple[Entry, ...]] = []
    for group in groups:
        if lines and len(lines[-1]) + len(group) <= AT_ONCE:
            lines[-1] += group
        elif group:
            lines.append(group)
    return tuple(lines)


def _text(kind: str, name: str) -> str:
    """The mutation by a name of its own, which it is found again by."""
    return document(kind).replace(f"mutation {kind}(", f"mutation {kind}_{name}(", 1)


def _upload(lines: Lines) -> bytes:
    return b"".join(msgspec.json.encode({"metafields": [input_of(one) for one in line]}) + b"\n" for line in lines)


def _is_whole(results: Sequence[Written], counts: Mapping[str, int]) -> bool:
    """Whether all lines of a listing are told of, or one of them was refused."""
    return len(results) == counts[results[0].item] or any(one.error is not None for one in results)


def _worst(results: Sequence[Written]) -> Written:
    return next((one for one in results if one.error is not None), results[0])


def _read(files: Files, url: str) -> Iterator[Raw]:
    """The lines of a result, as far as they can be read."""
    offset: int | None = 0
    while offset is not None and (part := files.read(url, offset)) is not None:
        yield from part.lines
        offset = part.after
