"""Selling plans: groups that an app makes, and the products that are offered by them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import PlanGroup
from adapters.shopify.practice.rights import needs
from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
Input = Mapping[str, Any]


def root(shop: Shop) -> View:
    """Queries and mutations by name."""
    return {
        "sellingPlanGroups": lambda **wanted: connection(
            shop.plan_groups, lambda group: ("", group.id), group_view, **wanted
        ),
        "sellingPlanGroupCreate": partial(_create, shop),
        "sellingPlanGroupAddProductVariants": partial(_add, shop),
    }


def plan_view(shop: Shop, plan_id: str) -> View | None:
    """A selling plan by its global id."""
    group = next((one for one in shop.plan_groups if gid("SellingPlan", one.plan) == plan_id), None)
    return _plan(group) if group else None


def group_view(group: PlanGroup) -> View:
    """A group with its one plan."""
    return {
        "id": gid("SellingPlanGroup", group.id),
        "name": group.name,
        "merchantCode": group.code,
        "sellingPlans": lambda **wanted: connection([group], lambda one: ("", one.plan), _plan, **wanted),
    }


def _plan(group: PlanGroup) -> View:
    reserve = "ON_FULFILLMENT" if group.later else "ON_SALE"
    return {
        "id": gid("SellingPlan", group.plan),
        "name": group.form["name"],
        "category": group.form["category"],
        "inventoryPolicy": {"reserve": reserve},
    }


def _create(shop: Shop, input: Input, resources: Input | None = None) -> View:
    _may(shop, "sellingPlanGroupCreate")
    problem = _problem(input)
    if problem:
        return {"sellingPlanGroup": None, "userErrors": [problem]}
    (form,) = input["sellingPlansToCreate"]
    variants = set((resources or {}).get("productVariantIds", ()))
    if problem := _unknown(shop, variants):
        return {"sellingPlanGroup": None, "userErrors": [problem]}
    number, plan = shop.catalogue.new_id(), shop.catalogue.new_id()
    group = PlanGroup(number, plan, input["name"], input["merchantCode"], form, variants)
    shop.plan_groups.append(group)
    return {"sellingPlanGroup": group_view(group), "userErrors": []}


def _add(shop: Shop, id: str, productVariantIds: Sequence[str]) -> View:  # noqa: N803 # the schema's names
    _may(shop, "sellingPlanGroupAddProductVariants")
    group = next((one for one in shop.plan_groups if gid("SellingPlanGroup", one.id) == id), None)
    problem = _error("id", "Selling plan group does not exist", "GROUP_DOES_NOT_EXIST") if group is None else None
    problem = problem or _unknown(shop, productVariantIds)
    if group is None or problem:
        return {"sellingPlanGroup": None, "userErrors": [problem]}
    group.variants |= set(productVariantIds)
    return {"sellingPlanGroup": group_view(group), "userErrors": []}


def _may(shop: Shop, field: str) -> None:
    needs(shop, "write_products", field)
    needs(shop, "write_purchase_options", field)


def _problem(wanted: Input) -> View | None:
    """What Shopify would refuse of a plan that is paid later."""
    (form,) = wanted["sellingPlansToCreate"]
    billing = form["billingPolicy"]["fixed"]
    charge, trigger = billing["checkoutCharge"], billing["remainingBalanceChargeTrigger"]
    whole = charge["type"] == "PERCENTAGE" and charge["value"]["percentage"] >= 100
    if whole != (trigger == "NO_REMAINING_BALANCE"):
        return _error("remainingBalanceChargeTrigger", "does not fit the checkout charge", "INVALID")
    delivery = form["deliveryPolicy"]["fixed"]
    exact = delivery["fulfillmentTrigger"] == "EXACT_TIME"
    if exact and not delivery.get("fulfillmentExactTime"):
        return _error("fulfillmentExactTime", "is required", "FULFILLMENT_EXACT_TIME_REQUIRED")
    if not exact and delivery.get("fulfillmentExactTime"):
        return _error("fulfillmentExactTime", "is not allowed", "FULFILLMENT_EXACT_TIME_NOT_ALLOWED")
    return None


def _unknown(shop: Shop, variants: Iterable[str]) -> View | None:
    known = {gid("ProductVariant", one.id) for one in shop.catalogue.variants}
    if set(variants) <= known:
        return None
    return _error("productVariantIds", "Product variant does not exist", "NOT_FOUND")


def _error(field: str, message: str, code: str) -> View:
    return {"field": ["input", field], "message": message, "code": code}
