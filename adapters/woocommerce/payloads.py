"""What is read of WooCommerce's JSON: only the fields that count, with the types they really have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from adapters.http import decode
from connector.domain.errors import Unreadable
from connector.ports import Unusable

T = TypeVar("T")

# Far above any shop, far below what a database column holds. PHP writes a whole number as 2.0 once a plugin for
# fractions has touched it (filter woocommerce_stock_amount).
LIMIT = 10**9
Units = Annotated[int, msgspec.Meta(ge=-LIMIT, le=LIMIT)] | Annotated[float, msgspec.Meta(ge=-LIMIT, le=LIMIT)]
Id = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
# `*_gmt` fields are UTC without saying so.
Moment = Annotated[datetime, msgspec.Meta(tz=False)]


class Meta(msgspec.Struct, frozen=True):
    """One entry of `meta_data`; plugins put anything into `value`."""

    key: str
    value: Any = None


class Address(msgspec.Struct, frozen=True):
    """A billing or shipping address; shipping has no e-mail."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    state: str = ""
    country: str = ""
    email: str = ""


class OrderLine(msgspec.Struct, frozen=True):
    """A line of an order, or of a refund (there the quantity is negative); ids are 0 where the product is gone."""

    id: Id
    name: str
    quantity: Units
    product_id: Id = 0
    variation_id: Id = 0
    sku: str | None = None
    meta_data: list[Meta] = []


class OnlyId(msgspec.Struct, frozen=True):
    """A refund as its order shows it, or anything of which no more is asked: that there is one."""

    id: Id


class Order(msgspec.Struct, frozen=True):
    """An order as REST and webhooks show it."""

    id: Id
    status: str
    number: str
    date_created_gmt: Moment
    line_items: list[OrderLine]
    date_modified_gmt: Moment | None = None
    billing: Address = Address()
    shipping: Address = Address()
    meta_data: list[Meta] = []
    refunds: list[OnlyId] = []
    payment_method: str | None = ""
    customer_id: Id = 0
    date_paid_gmt: Moment | None = None


class Customer(msgspec.Struct, frozen=True):
    """An account of the shop."""

    id: Id
    role: str = ""
    meta_data: list[Meta] = []


class Refund(msgspec.Struct, frozen=True):
    """One refund, with the units that it takes back."""

    id: Id
    line_items: list[OrderLine] = []


class Attribute(msgspec.Struct, frozen=True):
    """One attribute; only those of variations have an `option`."""

    name: str = ""
    option: str = ""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product or a variation (the list of variations leaves the type out before 9.x).

    `manage_stock` is "parent" where the parent's stock is sold. It and `stock_status` are in every product and in
    nothing else. Texts may be left out.
    """

    id: Id
    manage_stock: bool | str
    stock_status: str
    name: str = ""
    type: str = "variation"
    status: str = "publish"
    parent_id: Id = 0
    sku: str | None = ""
    price: str | float | None = ""
    permalink: str = ""
    purchasable: bool = True
    stock_quantity: Units | None = None
    backorders: str = "no"
    attributes: list[Attribute] = []
    date_created_gmt: Moment | None = None
    date_modified_gmt: Moment | None = None
    short_description: Any = None
    description: Any = None


class Webhook(msgspec.Struct, frozen=True):
    """A webhook as the store lists it; its secret is never shown."""

    id: Id
    topic: str
    status: str
    delivery_url: str
    name: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """A REST error; `data` is an object with the status, a bare number, or nothing."""

    code: str
    message: str = ""
    data: Any = None

    @property
    def status(self) -> int:
        """The HTTP status that the error stands for; 0 where it names none."""
        found = self.data.get("status") if isinstance(self.data, dict) else self.data
        return found if isinstance(found, int) else 0


def read(body: bytes, form: type[T]) -> T:
    """The JSON of `body` as `form`; Unreadable for anything else, however wrong."""
    try:
        return decode(body, form)
    except Unreadable as error:
        raise Unreadable(f"not the JSON that WooCommerce sends: {error}") from None


def each(rows: Sequence[msgspec.Raw], form: type[T]) -> Iterator[T | Unusable]:
    """Every row of a list as `form`; one that cannot be read is told by its id, and leaves the others."""
    for row in rows:
        try:
            yield read(bytes(row), form)
        except Unreadable as error:
            yield Unusable(_id_of(row), str(error))


def _id_of(row: msgspec.Raw) -> str:
    try:
        return str(read(bytes(row), OnlyId).id)
    except Unreadable:
        return ""


def whole(units: int | float) -> int:
    """Units as a whole number; Unreadable for a part of one, which the connector cannot promise."""
    if units != int(units):
        raise Unreadable(f"a quantity of {units}: only whole units can be read")
    return int(units)


def utc(moment: datetime) -> datetime:
    """A `*_gmt` time as what it is."""
    return moment.replace(tzinfo=UTC)
