"""Reading orders by GraphQL: pages of them, and one by its id, each with all of its lines."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Raw

from adapters.shopify.client import Client, Reply
from adapters.shopify.ids import gid
from adapters.shopify.orders import NO_PLANS, Plans, from_graphql
from adapters.shopify.paging import ALL_AT_ONCE, gathered, whole
from adapters.shopify.shapes import Connection, LineNode, OrderNode, Shape
from connector.domain.facts import Fact, OrderSnapshot, RightsLost
from connector.ports import Page, StoreAccess

AT_ONCE = 50
LATER, SUBSCRIPTION = "ON_FULFILLMENT", "SUBSCRIPTION"

# A word that Shopify does not know matches no order. So leaving out both of its words for "all was shipped" can
# bring too many orders, never too few; naming the states that wait could miss some (on hold, scheduled, …).
OPEN = "status:open AND NOT fulfillment_status:shipped AND NOT fulfillment_status:fulfilled"


class Orders(Shape, frozen=True):
    """The answer to Orders."""

    orders: Connection[Raw]


class OneOrder(Shape, frozen=True):
    """The answer to Order."""

    order: OrderNode | None


class Reserving(Shape, frozen=True):
    """When a selling plan takes units from the stock."""

    reserve: str


class SellingPlan(Shape, frozen=True):
    """A selling plan."""

    id: str
    category: str | None = None
    inventory_policy: Reserving | None = None


class SellingPlans(Shape, frozen=True):
    """The answer to SellingPlans."""

    nodes: tuple[SellingPlan | None, ...]


class FurtherLines(Shape, frozen=True):
    """An order, of which only further lines were asked for."""

    line_items: Connection[LineNode]


class OrderLines(Shape, frozen=True):
    """The answer to OrderLines."""

    order: FurtherLines | None


def read_orders(client: Client, access: StoreAccess, cursor: str | None, since: datetime | None) -> Page:
    """A page of the orders that wait for goods, or of all that changed since then; the oldest change first."""
    query = OPEN if since is None else f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    reply = client.call(access, "Orders", {"first": AT_ONCE, "after": cursor, "query": query}, Orders)
    page = reply.data.orders
    orders, unusable = gathered(
        page.nodes, OrderNode, lambda order: [_told(client, access, order)]
    )
    facts: tuple[Fact, ...] = (*orders, *_rights(access.address, reply, orders))
    return Page(facts, page.page_info.next, None, len(page.nodes), unusable)


def read_order(client: Client, access: StoreAccess, order_id: str) -> tuple[Fact, ...]:
    """The order as it is now, or nothing.

    An order that is not shown can be older than 60 days and so hidden from the app: that says nothing about it.
    """
    reply = client.call(access, "Order", {"id": gid("Order", order_id)}, OneOrder)
    order = reply.data.order
    if order is None:
        return ()
    orders = [_told(client, access, order)]
    return (*orders, *_rights(access.address, reply, orders))


def _told(client: Client, access: StoreAccess, order: OrderNode) -> OrderSnapshot:
    lines = _lines(client, access, order)
    ids = {line.selling_plan.selling_plan_id or "" for line in lines if line.selling_plan} - {""}
    return from_graphql(order, lines, _plans(client, access, sorted(ids)) if ids else NO_PLANS)


def _plans(client: Client, access: StoreAccess, ids: Sequence[str]) -> Plans:
    found = [one for one in client.call(access, "SellingPlans", {"ids": ids}, SellingPlans).data.nodes if one]
    later = frozenset(one.id for one in found if one.inventory_policy and one.inventory_policy.reserve == LATER)
    return Plans(later, frozenset(one.id for one in found if one.category == SUBSCRIPTION))


def _lines(client: Client, access: StoreAccess, order: OrderNode) -> list[LineNode]:
    # An order that changes between two pages is told as of its first page; the newer state comes with its own time.
    def more(cursor: str) -> Connection[LineNode] | None:
        variables = {"id": order.id, "first": ALL_AT_ONCE, "after": cursor}
        found = client.call(access, "OrderLines", variables, OrderLines).data.order
        return found.line_items if found else None

    return whole(order.line_items, more)


def _rights(
    shop: str, reply: Reply[Orders] | Reply[OneOrder], orders: Sequence[OrderSnapshot]
) -> tuple[RightsLost, ...]:
    if not reply.withheld:
        return ()
    fields = ", ".join(reply.withheld)
    text = f"Shopify hides data of orders from the connector ({fields}): give the app of {shop} the rights to it"
    seen_at = reply.read_at or max((order.seen_at for order in orders), default=None)
    return (RightsLost(text, seen_at),) if seen_at else ()
