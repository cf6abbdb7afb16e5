"""What a shop keeps: products and stock, orders, metafields, webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

Policy = Literal["deny", "continue"]
Restock = Literal["return", "cancel", "no_restock"]

Metafields = tuple[tuple[str, str], ...]  # ("custom.tier", "gold")

ONLY_VARIANT = "Default Title"
MANUAL = ("manual", "Bank Deposit", "Cash on Delivery (COD)")


@dataclass(slots=True)
class Level:
    """Stock at one location."""

    location: int
    available: int
    updated_at: datetime
    active: bool = True


@dataclass(slots=True)
class Metafield:
    """A value that an app keeps on a variant."""

    id: int
    key: str
    type: str
    value: str
    digest: str
    updated_at: datetime


@dataclass(slots=True)
class Variant:
    """What can be bought."""

    id: int
    product: "Product"
    inventory_item: int
    title: str
    sku: str
    price: str
    policy: Policy
    tracked: bool
    created_at: datetime
    updated_at: datetime
    item_updated_at: datetime
    levels: dict[int, Level] = field(default_factory=dict)
    metafields: dict[str, Metafield] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The product's title, with the variant's where there are several."""
        title = self.product.title
        return title if self.title == ONLY_VARIANT else f"{title} - {self.title}"

    @property
    def available(self) -> int:
        """The units that can be sold, over all locations."""
        return sum(level.available for level in self.levels.values() if level.active)


@dataclass(slots=True)
class Product:
    """A product and its variants."""

    id: int
    title: str
    handle: str
    status: str
    created_at: datetime
    updated_at: datetime
    variants: list[Variant] = field(default_factory=list)


@dataclass(slots=True)
class OrderLine:
    """A line: `removed` units are wanted no more, `fulfilled` went out, `returned` of those came back.

    `held` units may not be shipped now, `duty` was paid for each unit.
    """

    id: int
    variant: Variant | None
    sku: str
    name: str
    price: str
    quantity: int
    location: int | None
    removed: int = 0
    fulfilled: int = 0
    returned: int = 0
    held: int = 0
    duty: str = ""
    selling_plan: int = 0
    later: bool = False

    @property
    def current(self) -> int:
        """The units that the buyer still wants."""
        return self.quantity - self.removed

    def worth(self, units: int) -> Decimal:
        """What so many of its units cost."""
        return (Decimal(self.price) + Decimal(self.duty or 0)) * units

    @property
    def unfulfilled(self) -> int:
        """The units that the buyer still waits for."""
        return self.current + self.returned - self.fulfilled


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A parcel: units by line."""

    id: int
    at: datetime
    units: dict[int, int]


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a fulfillment order from being shipped, and whether the app or somebody else did it."""

    id: int
    reason: str
    by_app: bool
    handle: str = ""
    notes: str | None = None


@dataclass(slots=True)
class Piece:
    """Units of a line in a fulfillment order."""

    id: int
    line: OrderLine
    total: int
    remaining: int


@dataclass(slots=True)
class FulfilmentOrder:
    """Units that are to leave together from one location."""

    id: int
    location: int
    status: str
    created_at: datetime
    updated_at: datetime
    fulfil_at: datetime | None = None
    fulfil_by: datetime | None = None
    pieces: list[Piece] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    @property
    def units(self) -> int:
        """Those that have not left."""
        return sum(piece.remaining for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Refund:
    """Units by line that were refunded, what became of the goods, and the money that was to go."""

    id: int
    at: datetime
    units: dict[int, int]
    restock: Restock
    note: str = ""
    money: Decimal = Decimal(0)
    status: str = "SUCCESS"


@dataclass(slots=True)
class Company:
    """A company."""

    id: int
    name: str
    external_id: str | None = None
    metafields: Metafields = ()


@dataclass(slots=True)
class CompanyLocation:
    """A company's location, and the days after which it pays (None: at once)."""

    id: int
    company: Company
    name: str
    external_id: str | None = None
    net_days: int | None = None
    metafields: Metafields = ()


@dataclass(slots=True)
class PlanGroup:
    """A group of one selling plan, in the words that it was made by, and the variants that are offered by it."""

    id: int
    plan: int
    name: str
    code: str
    form: Mapping[str, Any]
    variants: set[str]

    @property
    def later(self) -> bool:
        """Whether its units are taken from the stock only when they ship."""
        return bool(self.form.get("inventoryPolicy", {}).get("reserve") == "ON_FULFILLMENT")

    @property
    def deposit(self) -> Decimal:
        """Percent that is paid at the order."""
        charge = self.form.get("billingPolicy", {}).get("fixed", {}).get("checkoutCharge", {})
        return Decimal(str(charge.get("value", {}).get("percentage", 0)))


@dataclass(frozen=True, slots=True)
class Capture:
    """Money that an app has taken: of what was reserved, or of a method that the buyer had left."""

    id: int
    at: datetime
    money: Decimal
    status: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, on which account (of a company's location, where `company` is one), and where the goods go."""

    email: str = "ann@example.com"
    name: str = "Ann Archer"
    country: str = "US"
    region: str = "CA"
    locale: str = "en"
    company: CompanyLocation | None = None
    account: int = 1
    tags: tuple[str, ...] = ()
    metafields: Metafields = ()


@dataclass(slots=True)
class Order:
    """An order; `payment` is Shopify's financial status in lower case."""

    id: int
    number: int
    buyer: Buyer
    payment: str
    gateway: str
    lines: list[OrderLine]
    created_at: datetime
    updated_at: datetime
    processed_at: datetime
    payment_terms: bool = False
    pay_by: datetime | None = None
    tags: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    test: bool = False
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    fulfilments: list[Fulfilment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    fulfilment_orders: list[FulfilmentOrder] = field(default_factory=list)
    shipping: str = "0.00"
    received: Decimal = Decimal(0)
    reserved_until: datetime | None = None
    multi: bool = False
    mandate: int = 0
    captures: list[Capture] = field(default_factory=list)
    metafields: dict[str, Metafield] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """What the buyer was to pay."""
        return sum((line.worth(line.quantity) for line in self.lines), Decimal(self.shipping))

    @property
    def net(self) -> Decimal:
        """What the buyer has paid and has not got back."""
        return self.received - sum(refund.money for refund in self.refunds)

    def collect(self) -> None:
        """Take the money, where it has been paid."""
        self.received = self.total if self.payment == "paid" else self.received

    @property
    def manual(self) -> bool:
        """Whether the money came by hand."""
        return self.gateway in MANUAL

    @property
    def name(self) -> str:
        """The number as the merchant sees it."""
        return f"#{self.number}"

    @property
    def fulfilment(self) -> str | None:
        """The fulfillment status of webhooks."""
        if not any(line.fulfilled for line in self.lines):
            return None
        return "partial" if any(line.unfulfilled > 0 for line in self.lines) else "fulfilled"

    def line(self, line_id: int) -> OrderLine:
        """One of its lines."""
        return next(line for line in self.lines if line.id == line_id)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook subscription of the app."""

    id: int
    topic: str
    uri: str
    created_at: datetime
