"""Switching whether a product sells beyond its stock, with a note beside it of what its merchant had."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from adapters.http import Http
from adapters.woocommerce.batches import GONE, Change, by_parent, send
from adapters.woocommerce.payloads import Id, Meta, each
from adapters.woocommerce.rest import PER_PAGE, Params, Rest
from connector.domain.beside import Words, resolved
from connector.domain.effects import SwitchBackorders
from connector.ports import StoreAccess, Unusable, Written

MARK = "_backorder_policy"  # "notify>no": what the merchant had, and what we set
WORDS = Words(stop="no", allow="notify", all=("no", "notify", "yes"))


class Policy(msgspec.Struct, frozen=True):
    """Whether a product sells beyond its stock: no, notify (the buyer is told) or yes."""

    id: Id
    backorders: str = "no"
    manage_stock: bool | str = False
    meta_data: list[Meta] = []


class WooPolicy:
    """Implements `BackorderPolicy`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def switch(self, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> tuple[Written, ...]:
        """Bring items to their policy; one result for each, in their order. What is so already is left alone."""
        rest = Rest(self._http, access)
        return by_parent(wanted, lambda _: "", lambda path, group: _switch(rest, path, group))


def _switch(rest: Rest, path: str, group: Sequence[SwitchBackorders]) -> dict[str, Written]:
    params: Params = {
        "include": ",".join(one.item for one in group),
        "per_page": PER_PAGE,
        "context": "edit",
        "_fields": "id,backorders,manage_stock,meta_data",
    }
    rows = tuple(each(rest.get(path, list[msgspec.Raw], params).value, Policy))
    now = {str(row.id): row for row in rows if isinstance(row, Policy)}
    odd = {row.id: row.reason for row in rows if isinstance(row, Unusable)}
    results: dict[str, Written] = {}
    changes: list[Change] = []
    for one in group:
        policy = now.get(one.item)
        if policy is None:
            results[one.item] = Written(one.item, odd.get(one.item, GONE))
            continue
        change, by_hand = _change(policy, one.allowed)
        results[one.item] = Written(one.item, by_hand=by_hand and one.allowed is not None)
        if change is not None:
            changes.append(change)
    return results | send(rest, path, changes, results)


def _change(now: Policy, allowed: bool | None) -> tuple[Change | None, bool]:
    """What to send (None: nothing), and whether the merchant has changed what we set."""
    mark = next((entry.value for entry in now.meta_data if entry.key == MARK), None)
    note = mark if isinstance(mark, str) else ""
    after = resolved(now.backorders, note, allowed, WORDS, counted=now.manage_stock is True)
    meta: list[dict[str, str | None]] = [] if after.note == mark else [{"key": MARK, "value": after.note}]
    if after.policy == now.backorders and not meta:
        return None, after.by_hand
    policy = None if after.policy == now.backorders else after.policy
    return Change(now.id, backorders=policy, meta_data=meta), after.by_hand
