"""Listings go out as metafields of the variant, in the app's own namespace; nothing else of a product is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.shopify.client import Client
from adapters.shopify.ids import gid
from adapters.shopify.shapes import Shape, UserError
from connector.domain.effects import ListingState, WriteListing
from connector.ports import StoreAccess, Written

# Shopify takes at most 25 metafields in one call, and all of them or none.
AT_ONCE = 25
NAMESPACE = "$app"
TYPES = {
    "state": "single_line_text_field",
    "eta": "date",
    "available": "number_integer",
    "notice": "single_line_text_field",
}
PASSING = frozenset({"INTERNAL_ERROR", "STALE_OBJECT"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One metafield of one item; None: it must not be there."""

    item: str
    key: str
    value: str | None

    @property
    def identifier(self) -> dict[str, str]:
        """The metafield that is meant."""
        return {"ownerId": gid("ProductVariant", self.item), "namespace": NAMESPACE, "key": self.key}


class Result(Shape, frozen=True):
    """What Shopify refused of one call."""

    user_errors: tuple[UserError, ...]


class Set(Shape, frozen=True):
    """The answer to MetafieldsSet."""

    metafields_set: Result


class Deleted(Shape, frozen=True):
    """The answer to MetafieldsDelete."""

    metafields_delete: Result


def write_listings(client: Client, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
    """Bring the listings to their state; what Shopify refuses of one does not hold back the others.

    Calls are filled to the brim, so an item's metafields may go out in two of them; writing again is harmless.
    """
    entries = [entry for listing in listings for entry in entries_of(listing)]
    failed: dict[str, Written] = {}
    _set(client, access, [entry for entry in entries if entry.value is not None], failed)
    _delete(client, access, [entry for entry in entries if entry.value is None], failed)
    return tuple(failed.get(listing.item, Written(listing.item)) for listing in listings)


def entries_of(listing: WriteListing) -> tuple[Entry, ...]:
    """The metafields of a listing; only a backorder has a number of units to show."""
    backorder = listing.state is ListingState.BACKORDER
    values: dict[str, str | None] = {
        "state": listing.state.value if listing.state is not ListingState.WITHDRAWN else None,
        "eta": listing.eta.isoformat() if listing.eta else None,
        "available": str(listing.available) if backorder else None,
        # The type of the field allows no line breaks.
        "notice": " ".join(listing.notice.split()) or None,
    }
    return tuple(Entry(listing.item, key, value) for key, value in values.items())


def input_of(entry: Entry) -> dict[str, str]:
    """What Shopify is told of a metafield: to be set, or which one is to be deleted."""
    return entry.identifier | ({} if entry.value is None else {"type": TYPES[entry.key], "value": entry.value})


def _set(client: Client, access: StoreAccess, entries: Sequence[Entry], failed: dict[str, Written]) -> None:
    while entries := [entry for entry in entries if entry.item not in failed]:
        batch = entries[:AT_ONCE]
        inputs = [input_of(entry) for entry in batch]
        result = client.call(access, "MetafieldsSet", {"metafields": inputs}, Set).data.metafields_set
        failed |= refused_of(batch, result.user_errors)
        entries = entries if result.user_errors else entries[AT_ONCE:]


def _delete(client: Client, access: StoreAccess, entries: Sequence[Entry], failed: dict[str, Written]) -> None:
    while entries := [entry for entry in entries if entry.item not in failed]:
        batch = entries[:AT_ONCE]
        inputs = [input_of(entry) for entry in batch]
        result = client.call(access, "MetafieldsDelete", {"metafields": inputs}, Deleted).data.metafields_delete
        failed |= refused_of(batch, result.user_errors)
        entries = entries if result.user_errors else entries[AT_ONCE:]


def refused_of(batch: Sequence[Entry], errors: Sequence[UserError]) -> Mapping[str, Written]:
    """The items that the errors speak of; an error that names no element speaks of all of them."""
    failed: dict[str, Written] = {}
    for error in errors:
        index = _element(error)
        blamed = batch if index is None or index >= len(batch) else batch[index : index + 1]
        for entry in blamed:
            failed[entry.item] = Written(entry.item, error.message, retry=error.code in PASSING)
    return failed


def _element(error: UserError) -> int | None:
    if error.element_index is not None:
        return error.element_index
    return next((int(part) for part in error.field or () if part.isdecimal()), None)
