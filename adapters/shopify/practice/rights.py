"""What an app may do in a shop, and the order that it means."""

from graphql import GraphQLError

from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import Order
from adapters.shopify.practice.shop import Shop


def needs(shop: Shop, right: str, field: str) -> None:
    """Refuse a mutation to an app that has not got the right to it."""
    if right not in shop.scopes:
        raise GraphQLError(f"Access denied for {field} field.", extensions={"code": "ACCESS_DENIED"})


def order_of(shop: Shop, order_id: str) -> Order | None:
    """An order by its global id."""
    return next((order for order in shop.orders.kept.values() if gid("Order", order.id) == order_id), None)
