"""What the practice store keeps: products, orders and webhooks, as plain records that change in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

OPEN_STATUSES = ("processing", "on-hold", "completed")
ORDER_STATUSES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}


@dataclass(slots=True)
class Meta:
    """One entry of meta data."""

    id: int
    key: str
    value: object


@dataclass(slots=True)
class Product:
    """A product, a variable product or a variation; `stock` is None where no units are counted.

    A variation with `parent_stock` sells the units of its parent.
    """

    id: int
    sku: str
    name: str
    price: Decimal
    created: datetime
    modified: datetime
    stock: int | None = None
    backorders: str = "no"
    unmanaged_status: str = "instock"
    parent: int = 0
    parent_stock: bool = False
    option: tuple[str, str] | None = None
    variable: bool = False
    short_description: str = ""
    description: str = ""
    status: str = "publish"
    sold: int = 0
    meta: list[Meta] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The name as it stands in addresses."""
        return "-".join(self.name.lower().replace("–", " ").split())

    @property
    def initials(self) -> str:
        """What stands in the picture's place."""
        return "".join(word[0] for word in self.name.replace("-", " ").split())[:2].upper()


@dataclass(slots=True)
class Line:
    """One line of an order; `reduced` are the units that it has taken from the stock (None: never any).

    `moved_from` is the line of another order that it was split off (0: none).
    """

    id: int
    product: int
    variation: int
    name: str
    parent_name: str | None
    sku: str
    price: Decimal
    quantity: int
    total: Decimal
    reduced: int | None = None
    restocked: int = 0
    backordered: int = 0
    option: tuple[str, str] | None = None
    moved_from: int = 0


@dataclass(slots=True)
class Refund:
    """One refund: units by the id of the order's line; `sent` is whether the money went by itself."""

    id: int
    created: datetime
    amount: Decimal
    reason: str
    units: dict[int, int]
    totals: dict[int, Decimal]
    sent: bool = False


@dataclass(slots=True)
class Note:
    """A note on an order."""

    id: int
    created: datetime
    text: str
    for_customer: bool


@dataclass(slots=True)
class Order:
    """An order; `customer` is 0 for a guest, `before_trash` the status that it gets back when it is restored."""

    id: int
    key: str
    status: str
    created: datetime
    modified: datetime
    billing: dict[str, str]
    shipping: dict[str, str]
    lines: list[Line]
    via: str
    parent: int = 0
    gateway: str = "bacs"
    customer: int = 0
    meta: list[Meta] = field(default_factory=list)
    completed: datetime | None = None
    paid: datetime | None = None
    holds_stock: bool = False
    before_trash: str = ""
    refunds: list[Refund] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return sum((line.total for line in self.lines), Decimal(0))


@dataclass(slots=True)
class Customer:
    """An account of the shop."""

    id: int
    created: datetime
    modified: datetime
    email: str
    role: str = "customer"
    meta: list[Meta] = field(default_factory=list)


@dataclass(slots=True)
class Hook:
    """A webhook; `failures` counts deliveries in a row that failed, and REST never shows it."""

    id: int
    name: str
    topic: str
    url: str
    secret: str
    status: str
    created: datetime
    modified: datetime | None = None
    failures: int = 0


class Refused(Exception):
    """What the store answers instead of doing it: WooCommerce's code and words, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data: object = {"status": status} if data is None else data
