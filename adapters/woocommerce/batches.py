"""Products and variations are changed in batches, by parent; each entry has its own end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from adapters.woocommerce.payloads import Id, Refusal, each
from adapters.woocommerce.rest import Rest
from connector.domain.effects import SwitchBackorders, WriteListing
from connector.domain.errors import Terminal
from connector.ports import Written

S = TypeVar("S", WriteListing, SwitchBackorders)
NO_PRODUCT = "This is no product of a WooCommerce store."
GONE = "The product is no longer in the store."


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a batch: what is left out stays as it is; a meta value of null is deleted."""

    id: int
    short_description: str | None = None
    description: str | None = None
    backorders: str | None = None
    meta_data: list[dict[str, str | None]] = []


class Outcome(msgspec.Struct, frozen=True):
    """What became of one entry of a batch."""

    id: Id
    error: Refusal | None = None


class Batch(msgspec.Struct, frozen=True):
    """The answer to a batch."""

    update: list[msgspec.Raw] = []


def by_parent(
    states: Sequence[S], fault: Callable[[S], str], write: Callable[[str, Sequence[S]], Mapping[str, Written]]
) -> tuple[Written, ...]:
    """Write states in groups below their paths; one result for each, in their order. One with a fault is not sent."""
    groups: dict[str | None, list[S]] = {}
    for one in states:
        groups.setdefault(one.parent, []).append(one)
    results: dict[str, Written] = {}
    for parent, group in groups.items():
        wrong = {one.item: Written(one.item, error) for one in group if (error := _no_product(one) or fault(one))}
        sound = [one for one in group if one.item not in wrong]
        try:
            path = "products" if parent is None else f"products/{parent}/variations"
            results |= {**wrong, **(write(path, sound) if sound else {})}
        except Terminal as error:
            results |= wrong | {one.item: Written(one.item, str(error)) for one in sound}
    return tuple(results[one.item] for one in states)


def _no_product(state: WriteListing | SwitchBackorders) -> str:
    fine = state.item.isdecimal() and (state.parent is None or state.parent.isdecimal())
    return "" if fine else NO_PRODUCT


def send(rest: Rest, path: str, changes: Sequence[Change], so_far: Mapping[str, Written]) -> dict[str, Written]:
    """Send changes, if any, and say what became of each; `so_far` is what to say of one that the store has taken."""
    if not changes:
        return {}
    batch = rest.send("POST", f"{path}/batch", {"update": changes}, Batch)
    told = (outcome for outcome in each(batch.update, Outcome) if isinstance(outcome, Outcome))
    errors = {str(outcome.id): outcome.error for outcome in told}
    return {item: _end(item, errors, so_far[item]) for item in (str(change.id) for change in changes)}


def _end(item: str, errors: Mapping[str, Refusal | None], well: Written) -> Written:
    if item not in errors:
        return Written(item, "The store did not say what became of it.", retry=True)
    error = errors[item]
    return well if error is None else Written(item, f"{error.message} ({error.code})", retry=error.status >= 500)
