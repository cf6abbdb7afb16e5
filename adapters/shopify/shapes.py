"""What GraphQL answers, in just the fields that are read; `operations/` asks for the same."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

T = TypeVar("T")
Moment = Annotated[datetime, Meta(tz=True)]
Units = Annotated[int, Meta(ge=-(10**9), le=10**9)]  # far above any shop, far below what a column holds


class Shape(Struct, frozen=True, rename="camel"):
    """Base: camel case on the wire, unknown fields ignored."""


class PageInfo(Shape, frozen=True):
    """Whether there is more, and where it goes on."""

    has_next_page: bool
    end_cursor: str | None = None

    @property
    def next(self) -> str | None:
        """The cursor of the next page, None after the last one."""
        return self.end_cursor if self.has_next_page else None


class Connection(Shape, Generic[T], frozen=True):
    """One page of a list."""

    nodes: tuple[T, ...]
    page_info: PageInfo


class Ref(Shape, frozen=True):
    """An object of which only the id is wanted."""

    id: str


class UserError(Shape, frozen=True):
    """Why a mutation refused its input; `element_index` points into the list that was given."""

    message: str
    field: tuple[str, ...] | None = None
    code: str | None = None
    element_index: int | None = None


class Tracked(Shape, frozen=True):
    """Whether an inventory item's units are counted."""

    tracked: bool


class LineVariant(Shape, frozen=True):
    """The variant behind an order's line."""

    id: str
    inventory_item: Tracked


class Plan(Shape, frozen=True):
    """The selling plan that a line was bought by."""

    selling_plan_id: str | None = None


class Authorization(Shape, frozen=True):
    """Money that is reserved and can be taken."""

    gateway: str | None = None
    authorization_expires_at: Moment | None = None
    multi_capturable: bool = False


class LineNode(Shape, frozen=True):
    """A line of an order; `variant` is None for custom items and for variants that were deleted."""

    id: str
    name: str
    current_quantity: Units
    unfulfilled_quantity: Units
    sku: str | None = None
    variant: LineVariant | None = None
    selling_plan: Plan | None = None


class Address(Shape, frozen=True):
    """Where somebody is."""

    name: str | None = None
    country_code: str | None = msgspec.field(default=None, name="countryCodeV2")
    province_code: str | None = None


class Customer(Shape, frozen=True):
    """Who bought."""

    id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    default_address: Address | None = None


class Entity(Shape, frozen=True):
    """Who an order is sold to: a customer, or a company at one of its locations."""

    type_name: str = msgspec.field(name="__typename")
    company: Ref | None = None
    location: Ref | None = None


class Schedule(Shape, frozen=True):
    """One payment of an order that was sold on terms."""

    due_at: Moment | None = None
    completed_at: Moment | None = None


class Schedules(Shape, frozen=True):
    """The payments of an order; there is one of each kind, or a deposit and the rest."""

    nodes: tuple[Schedule, ...] = ()


class Terms(Shape, frozen=True):
    """What was agreed about payment."""

    payment_schedules: Schedules = Schedules()


class Attribute(Shape, frozen=True):
    """A name and a value that an order carries."""

    key: str
    value: str | None = None


class OrderNode(Shape, frozen=True):
    """An order; fields of protected customer data are None where the app is not approved for them."""

    id: str
    name: str
    created_at: Moment
    updated_at: Moment
    line_items: Connection[LineNode]
    processed_at: Moment | None = None
    cancelled_at: Moment | None = None
    cancel_reason: str | None = None
    closed: bool = False
    email: str | None = None
    customer_locale: str | None = None
    display_financial_status: str | None = None
    display_fulfillment_status: str | None = None
    payment_gateway_names: tuple[str, ...] = ()
    payment_terms: Terms | None = None
    tags: tuple[str, ...] = ()
    custom_attributes: tuple[Attribute, ...] = ()
    purchasing_entity: Entity | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    customer: Customer | None = None
    transactions: tuple[Authorization, ...] = ()


class Quantity(Shape, frozen=True):
    """A named figure of an inventory level."""

    name: str
    quantity: Units


class LevelNode(Shape, frozen=True):
    """The stock of one inventory item at one location."""

    is_active: bool
    updated_at: Moment
    location: Ref
    quantities: tuple[Quantity, ...]


class ItemNode(Shape, frozen=True):
    """The inventory item of a variant; a result of bulk has its levels on lines of their own."""

    id: str
    tracked: bool
    updated_at: Moment
    inventory_levels: Connection[LevelNode] = Connection((), PageInfo(has_next_page=False))


class ProductNode(Shape, frozen=True):
    """The product of a variant."""

    id: str
    title: str
    handle: str
    status: str
    updated_at: Moment


class VariantNode(Shape, frozen=True):
    """A variant: what can be bought."""

    id: str
    title: str
    price: Decimal
    inventory_policy: str
    updated_at: Moment
    product: ProductNode
    inventory_item: ItemNode
    sku: str | None = None
