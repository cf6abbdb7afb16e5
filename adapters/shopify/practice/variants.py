"""Many variants of one product changed in one call: how they sell beyond their stock, and the app's metafields."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import Policy, Product, Variant
from adapters.shopify.practice.rights import needs
from adapters.shopify.practice.shop import Shop
from adapters.shopify.practice.views import variant_view

View = dict[str, Any]
Input = Mapping[str, Any]
POLICIES: Mapping[str, Policy] = {"DENY": "deny", "CONTINUE": "continue"}


def root(shop: Shop) -> View:
    """The mutations by name."""
    return {"productVariantsBulkUpdate": partial(_update, shop)}


def _update(
    shop: Shop,
    productId: str,  # noqa: N803 # the schema's names
    variants: Sequence[Input],
    allowPartialUpdates: bool = False,  # noqa: N803
    **unused: Any,
) -> View:
    needs(shop, "write_products", "productVariantsBulkUpdate")
    product = next((one for one in shop.catalogue.products.values() if gid("Product", one.id) == productId), None)
    if product is None:
        none = {"field": ["productId"], "message": "Product does not exist", "code": "PRODUCT_DOES_NOT_EXIST"}
        return {"product": None, "productVariants": None, "userErrors": [none]}
    problems = {at: error for at, one in enumerate(variants) if (error := _problem(shop, product, at, one))}
    changed = (
        [] if problems and not allowPartialUpdates else [at for at in range(len(variants)) if at not in problems]
    )
    done = [_change(shop, product, variants[at]) for at in changed]
    return {
        "productVariants": [variant_view(one) for one in done],
        "userErrors": list(problems.values()),
    }


def _of(product: Product, wanted: Input) -> Variant | None:
    return next((one for one in product.variants if gid("ProductVariant", one.id) == wanted.get("id")), None)


def _problem(shop: Shop, product: Product, at: int, wanted: Input) -> View | None:
    variant = _of(product, wanted)
    if variant is None:
        text, code = "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST"
        return {"field": ["variants", str(at), "id"], "message": text, "code": code}
    if variant.id in shop.refusals:
        return {"field": ["variants", str(at)], "message": shop.refusals[variant.id], "code": "INVALID_INPUT"}
    return None


def _change(shop: Shop, product: Product, wanted: Input) -> Variant:
    variant = _of(product, wanted)
    assert variant is not None
    for one in wanted.get("metafields") or ():
        shop.catalogue.keep(variant, one["key"], one["type"], one["value"])
    if wanted.get("inventoryPolicy"):
        shop.change_variant(variant, policy=POLICIES[wanted["inventoryPolicy"]])
    return variant
