"""Switching whether a variant sells beyond its stock, with a metafield beside it of what its merchant had."""

from collections import defaultdict
from collections.abc import Sequence

from adapters.shopify.client import Client
from adapters.shopify.ids import gid, plain
from adapters.shopify.metafields import NAMESPACE, Entry, Result, Value, bring, refused
from adapters.shopify.shapes import Ref, Shape, Tracked
from connector.domain.beside import Words, resolved
from connector.domain.effects import SwitchBackorders
from connector.ports import StoreAccess, Written

MARK, TYPE = "policy", "single_line_text_field"  # "CONTINUE>DENY": what the merchant had, and what we set
WORDS = Words(stop="DENY", allow="CONTINUE", all=("DENY", "CONTINUE"))
GONE = "The variant is no longer in the store."


class Policy(Shape, frozen=True):
    """Whether a variant sells beyond its stock; an id that is none of a variant brings nothing but nulls."""

    id: str
    inventory_policy: str
    product: Ref
    inventory_item: Tracked
    metafield: Value | None = None


class Policies(Shape, frozen=True):
    """The answer to Policies."""

    nodes: tuple[Policy | None, ...]


class Switched(Shape, frozen=True):
    """The answer to SwitchPolicies."""

    product_variants_bulk_update: Result


class ShopifyPolicy:
    """Implements `BackorderPolicy`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def switch(self, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> tuple[Written, ...]:
        """Bring variants to their policy; one result for each. What is so already is left alone."""
        client = self._client.errand()
        now = _look(client, access, wanted)
        results: dict[str, Written] = {}
        inputs: defaultdict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        over: list[Entry] = []
        for one in wanted:
            policy = now.get(one.item)
            if policy is None:
                results[one.item] = Written(one.item, GONE)
                continue
            note = policy.metafield.value if policy.metafield else ""
            after = resolved(policy.inventory_policy, note, one.allowed, WORDS, counted=policy.inventory_item.tracked)
            results[one.item] = Written(one.item, by_hand=after.by_hand and one.allowed is not None)
            form = _form(policy, note, after.policy, after.note)
            if form:
                inputs[policy.product.id][one.item] = {"id": policy.id, **form}
            if note and after.note is None:
                over.append(Entry(one.item, MARK, TYPE, None))
        for product, variants in inputs.items():
            results |= _switch(client, access, product, variants)
        # The note goes last: whoever stops before it finds what the merchant had, and takes the note away then.
        return _told(wanted, results | bring(client, access, [one for one in over if not results[one.item].error]))


def _look(client: Client, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> dict[str, Policy]:
    ids = [gid("ProductVariant", one.item) for one in wanted if one.item.isdecimal()]
    found = client.call(access, "Policies", {"ids": ids}, Policies).data.nodes if ids else ()
    return {plain(policy.id): policy for policy in found if policy is not None}


def _form(now: Policy, noted: str, policy: str, note: str | None) -> dict[str, object]:
    """What to change of a variant: its policy and the note in one, so that neither is there without the other."""
    form: dict[str, object] = {}
    if policy != now.inventory_policy:
        form["inventoryPolicy"] = policy
    if note is not None and note != noted:
        form["metafields"] = [{"namespace": NAMESPACE, "key": MARK, "type": TYPE, "value": note}]
    return form


def _switch(
    client: Client, access: StoreAccess, product: str, variants: dict[str, dict[str, object]]
) -> dict[str, Written]:
    form = {"product": product, "variants": list(variants.values())}
    result = client.call(access, "SwitchPolicies", form, Switched).data.product_variants_bulk_update
    return refused(list(variants), result.user_errors)


def _told(wanted: Sequence[SwitchBackorders], results: dict[str, Written]) -> tuple[Written, ...]:
    return tuple(results[one.item] for one in wanted)
