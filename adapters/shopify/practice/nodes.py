"""Things that are asked for by their ids alone."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from graphql import GraphQLError

from adapters.shopify.practice.plans import plan_view
from adapters.shopify.practice.shop import Shop
from adapters.shopify.practice.views import number_of, order_view, variant_view

View = dict[str, Any]


def root(shop: Shop) -> View:
    """What can be queried."""
    return {"nodes": partial(_nodes, shop)}


def _nodes(shop: Shop, ids: Sequence[str]) -> list[View | None]:
    return [_node(shop, one) for one in ids]


def _node(shop: Shop, wanted: str) -> View | None:
    kind = wanted.removeprefix("gid://shopify/").partition("/")[0]
    if kind == "ProductVariant":
        variant = shop.catalogue.variant(number_of(kind, wanted))
        return {"__typename": kind, **variant_view(variant)} if variant else None
    if kind == "Order":
        order = shop.orders.kept.get(number_of(kind, wanted))
        return {"__typename": kind, **order_view(shop, order)} if order else None
    if kind == "SellingPlan":
        plan = plan_view(shop, wanted)
        return {"__typename": kind, **plan} if plan else None
    raise GraphQLError(f"The fake knows no nodes of the kind {kind}")
