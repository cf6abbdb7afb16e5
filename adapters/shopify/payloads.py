"""What webhooks deliver, in just the fields that are read.

Fields of protected customer data are absent where the app is not approved for them.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Moment = Annotated[datetime, Meta(tz=True)]
Units = Annotated[int, Meta(ge=-(10**9), le=10**9)]


class Payload(Struct, frozen=True):
    """Base: unknown fields are ignored."""


class Address(Payload, frozen=True):
    """Where somebody is."""

    name: str | None = None
    country_code: str | None = None
    province_code: str | None = None


class Customer(Payload, frozen=True):
    """Who bought."""

    id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    default_address: Address | None = None


class OrderLine(Payload, frozen=True):
    """A line of an order. `current_quantity` is the ordered `quantity` less what was refunded and removed."""

    id: int
    name: str
    current_quantity: Units
    fulfillable_quantity: Units = 0
    sku: str | None = None
    variant_id: int | None = None
    variant_inventory_management: str | None = None
    selling_plan_id: int | None = None


class FulfilledLine(Payload, frozen=True):
    """A line of a fulfillment: the order line's id, and the units that went."""

    id: int
    quantity: Units


class Fulfillment(Payload, frozen=True):
    """A parcel, as part of an order."""

    status: str
    line_items: tuple[FulfilledLine, ...] = ()


class RefundLine(Payload, frozen=True):
    """Units of an order's line that were refunded, and what became of the goods."""

    line_item_id: int
    quantity: Units
    restock_type: str = ""


class Refund(Payload, frozen=True):
    """A refund, as part of an order."""

    refund_line_items: tuple[RefundLine, ...] = ()


class Company(Payload, frozen=True):
    """Which company bought, at which of its locations."""

    id: int | None = None
    location_id: int | None = None


class Schedule(Payload, frozen=True):
    """One payment of an order that was sold on terms."""

    due_at: Moment | None = None
    completed_at: Moment | None = None


class Terms(Payload, frozen=True):
    """What was agreed about payment."""

    payment_schedules: tuple[Schedule, ...] = ()


class Attribute(Payload, frozen=True):
    """A name and a value that an order carries."""

    name: str
    value: str | None = None


class Order(Payload, frozen=True):
    """orders/create, orders/updated, orders/cancelled: the whole order."""

    id: int
    name: str
    created_at: Moment
    updated_at: Moment
    line_items: tuple[OrderLine, ...]
    processed_at: Moment | None = None
    cancelled_at: Moment | None = None
    cancel_reason: str | None = None
    closed_at: Moment | None = None
    email: str | None = None
    customer_locale: str | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    payment_gateway_names: tuple[str, ...] = ()
    payment_terms: Terms | None = None
    company: Company | None = None
    tags: str | None = None
    note_attributes: tuple[Attribute, ...] = ()
    billing_address: Address | None = None
    shipping_address: Address | None = None
    customer: Customer | None = None
    fulfillments: tuple[Fulfillment, ...] = ()
    refunds: tuple[Refund, ...] = ()


class Identified(Payload, frozen=True):
    """Of which only the id is read: orders/delete and products/* ."""

    id: int


class OfOrder(Payload, frozen=True):
    """refunds/create and fulfillments/*: about an order."""

    order_id: int


class OrderEdited(Payload, frozen=True):
    """orders/edited: what changed, without what the order is now."""

    order_edit: OfOrder


class BulkEnded(Payload, frozen=True):
    """bulk_operations/finish; how it ended is asked."""

    admin_graphql_api_id: str


class Work(Payload, frozen=True):
    """A fulfillment order, by its global id."""

    id: str


class OfWork(Payload, frozen=True):
    """fulfillment_orders/*: the one that something has happened to; one that was moved is told under other names."""

    fulfillment_order: Work | None = None
    moved_fulfillment_order: Work | None = None
    original_fulfillment_order: Work | None = None

    @property
    def work(self) -> Work | None:
        """Whichever was told."""
        return self.fulfillment_order or self.moved_fulfillment_order or self.original_fulfillment_order


class StockAt(Payload, frozen=True):
    """inventory_levels/*: the stock of an inventory item at a location."""

    inventory_item_id: int
    location_id: int


class Level(StockAt, frozen=True):
    """inventory_levels/update and connect; `available` is null where the location does not stock the item."""

    available: Units | None
    updated_at: Moment
