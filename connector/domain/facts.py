"""What the outside tells us, as snapshots: whole states with the time they were true, never verbs."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

PRICE_LIMIT = Decimal(10) ** 10  # what costs more is a mistake; the books have no room for it


class OrderState(StrEnum):
    """Where an order stands; the order of the members is the order in which a tie of times is decided."""

    UNPAID = "unpaid"
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    GONE = "gone"


class Payment(StrEnum):
    """How an order is paid for, as far as a law of delays asks: after the goods, on delivery, or otherwise."""

    OTHER = ""
    TERMS = "terms"
    ON_DELIVERY = "on_delivery"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order, in units.

    `item` is the platform's id of what was bought (variation or product); `quantity` is what the buyer
    still wants (ordered less refunded and removed), `shipped` the part of it that the carrier has, `taken` the
    unshipped units that the platform's available figure no longer counts.
    """

    id: str
    item: str
    sku: str
    title: str
    quantity: int
    shipped: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Reserve:
    """Money of an order that has not been taken, and how the platform says that it can be.

    `held`: it is reserved, `until` then (None: nothing says for how long). `mandate`: its customer has left a payment
    method that may be charged later. `in_parts`: what is reserved may be taken bit by bit.
    """

    held: bool = False
    until: datetime | None = None
    mandate: bool = False
    in_parts: bool = False


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """A whole order as the platform showed it; `seen_at` is the platform's own time of its last change.

    `by_seller`: it was cancelled, and the platform does not say that its buyer did it.
    `customer` is the platform's id of the buyer's account ("": a guest, or not told), `marks` names and values that
    the order carries. `authorised` is the means of payment where its money is only reserved and the order is held
    until somebody takes it ("": anything else). `pay_by` is when its next payment is due, where it was sold on terms.
    `parts` are the ids of orders that were split off it in the store; their units are among its own.
    `charged` is false where no money was taken for it so far;
    `reserve` is what the platform says of money that is still to be taken (None: nothing).
    """

    order: str
    number: str
    state: OrderState
    placed_at: datetime
    seen_at: datetime
    lines: tuple[Line, ...]
    email: str = ""
    name: str = ""
    country: str = ""
    region: str = ""
    locale: str = ""
    segment: str = "dtc"
    priority: int = 0
    ship_complete: bool = False
    stated_days: int | None = None
    refunded: bool = False
    payment: Payment = Payment.OTHER
    by_seller: bool = False
    customer: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    authorised: str = ""
    pay_by: datetime | None = None
    parts: tuple[str, ...] = ()
    charged: bool = True
    reserve: Reserve | None = None


@dataclass(frozen=True, slots=True)
class OrderGone:
    """The platform says that an order exists no more (trashed or deleted); it has nothing else to say.

    `whole`: so is what was split off it, as far as there is such; else that is to be looked at.
    """

    order: str
    seen_at: datetime
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A business that buys from one of its places, on payment terms ("" where it has none).

    `marks` are names and values that it and the place carry, its `id` among them.
    """

    name: str
    place: str
    terms: str
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Assignments:
    """From where a platform means to ship what is left of an order, as it was read at `seen_at`.

    `lines` are (line, location), by the platform's ids, "" for a line that ships from several locations; None where
    the platform does not show it. `names` are (location, what the store calls it).
    """

    order: str
    lines: tuple[tuple[str, str], ...] | None
    names: tuple[tuple[str, str], ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """A buyer's account: its role in the store, names and values that it carries, and when it was read.

    `company` is the business whose account it is; None for a person's.
    """

    customer: str
    role: str
    marks: tuple[tuple[str, str], ...]
    seen_at: datetime
    company: Company | None = None


@dataclass(frozen=True, slots=True)
class ItemSnapshot:
    """One thing that can be bought: a simple product or a variation.

    `stock` is the id of the stock record that it draws from: its own, or its parent's where the parent manages
    the stock. `tracked` is false where the platform counts no units; then `on_backorder` tells whether it is sold
    as waiting. `sells_beyond` is whether it can be bought below zero, `on_sale` whether it can be bought at all.
    A `stock_only` item is a parent that holds stock but is never bought itself. `read_at` is when this was read,
    where that is later than the platform's own time of the last change; it decides between equal times.
    `block_shown` is whether a notice of ours stands in its text (None: not looked at), `block_wanted` false where the
    storefront shows notices by itself, so that none is to stand there (None: a message that does not tell).
    """

    item: str
    sku: str
    title: str
    stock: str
    seen_at: datetime
    read_at: datetime | None = None
    parent: str | None = None
    tracked: bool = True
    on_backorder: bool = False
    sells_beyond: bool = False
    on_sale: bool = True
    stock_only: bool = False
    url: str = ""
    price: Decimal | None = None
    block_shown: bool | None = None
    block_wanted: bool | None = True


@dataclass(frozen=True, slots=True)
class ItemGone:
    """The platform says that an item exists no more, or is nothing that holds stock any more.

    `whole`: what it is the parent of goes with it.
    """

    item: str
    seen_at: datetime
    whole: bool = True


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Units that the platform counts as available at a location ("" where it has only one).

    Negative when more was sold than was there. `seen_at` is the platform's time of the last change, `read_at` when
    it was read, where that is later: until then the figure is known to have been true.
    """

    stock: str
    available: int
    seen_at: datetime
    read_at: datetime | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """One line of what a supplier says is coming: `quantity` units of `sku` on `expected` (None: no date).

    `since` is the day on which it was first announced, `last` the one on which the like last came in, as far as we
    know; both are our own knowledge and make no row another.
    """

    sku: str
    quantity: int
    expected: date | None
    reference: str = ""
    location: str = ""
    since: date | None = field(default=None, compare=False)
    last: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SupplySnapshot:
    """All that a supplier says is coming; it replaces what the same supplier said before."""

    supplier: str
    rows: tuple[SupplyRow, ...]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """Goods that came in against a reference; the stock itself is told by a StockLevel."""

    reference: str
    sku: str
    quantity: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StoreClosed:
    """The merchant has removed the connector from the store."""

    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RightsLost:
    """A delivery that shows that our own subscription has lost its rights; the text is for the merchant."""

    text: str
    seen_at: datetime


class NoticeOutcome(StrEnum):
    """What the mail service says became of a notice."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNWANTED = "unwanted"  # it came, and its customer wants no more


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    """One event about one notice, by the id that went out with it; `event` is the service's own unique id."""

    event: str
    notice: str
    outcome: NoticeOutcome
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refetch:
    """The delivery had no whole state in it: read the `kind` ("order", "item", "customer" …) with this id."""

    kind: str
    id: str


OrderFact = OrderSnapshot | OrderGone | Assignments
ItemFact = ItemSnapshot | ItemGone | StockLevel
Fact = OrderFact | CustomerSnapshot | ItemFact | SupplySnapshot | StoreClosed | RightsLost
