"""Metafields in the app's own namespace: set and deleted in calls that are filled to the brim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.shopify.client import Client
from adapters.shopify.ids import gid
from adapters.shopify.shapes import Shape, UserError
from connector.ports import StoreAccess, Written

# Shopify takes at most 25 metafields in one call, and all of them or none.
AT_ONCE = 25
NAMESPACE = "$app"
PASSING = frozenset({"INTERNAL_ERROR", "STALE_OBJECT"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One metafield of one item, which is an `owner` at Shopify; a value None: it must not be there."""

    item: str
    key: str
    type: str
    value: str | None
    owner: str = "ProductVariant"

    @property
    def identifier(self) -> dict[str, str]:
        """The metafield that is meant."""
        return {"ownerId": gid(self.owner, self.item), "namespace": NAMESPACE, "key": self.key}


class Value(Shape, frozen=True):
    """A metafield's value."""

    value: str


class Result(Shape, frozen=True):
    """What Shopify refused of one call."""

    user_errors: tuple[UserError, ...]


class Set(Shape, frozen=True):
    """The answer to MetafieldsSet."""

    metafields_set: Result


class Deleted(Shape, frozen=True):
    """The answer to MetafieldsDelete."""

    metafields_delete: Result


def input_of(entry: Entry) -> dict[str, str]:
    """What Shopify is told of a metafield: to be set, or which one is to be deleted."""
    return entry.identifier | ({} if entry.value is None else {"type": entry.type, "value": entry.value})


def bring(client: Client, access: StoreAccess, entries: Sequence[Entry]) -> dict[str, Written]:
    """Bring metafields to their values; the items that failed. One refusal does not hold back the others.

    An item's metafields may go out in two calls; writing again is harmless.
    """
    failed: dict[str, Written] = {}
    _set(client, access, [entry for entry in entries if entry.value is not None], failed)
    _delete(client, access, [entry for entry in entries if entry.value is None], failed)
    return failed


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
    """The items that the errors speak of."""
    return refused([entry.item for entry in batch], errors)


def refused(items: Sequence[str], errors: Sequence[UserError]) -> dict[str, Written]:
    """Those of a call's items that its errors speak of; an error that names no element speaks of all of them."""
    failed: dict[str, Written] = {}
    for error in errors:
        index = _element(error)
        blamed = items if index is None or index >= len(items) else items[index : index + 1]
        for item in blamed:
            failed[item] = Written(item, error.message, retry=error.code in PASSING)
    return failed


def _element(error: UserError) -> int | None:
    if error.element_index is not None:
        return error.element_index
    return next((int(part) for part in error.field or () if part.isdecimal()), None)
