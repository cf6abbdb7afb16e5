"""What goes out: states, where only the latest counts, and messages, which go once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class ListingState(StrEnum):
    """How a listing can be bought."""

    IN_STOCK = "in_stock"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    WITHDRAWN = "withdrawn"  # we have nothing to say of it any more


@dataclass(frozen=True, slots=True)
class WriteListing:
    """State of one item's listing.

    `eta` is the date by which a new buyer's unit ships (None: unknown or in stock; in stock, where the merchant wants
    it, the date of units beyond those that are there), `available` the units that a new buyer could have by then,
    `notice` the sentence for the buyer ("" where nothing is to be said).
    """

    item: str
    parent: str | None
    state: ListingState
    eta: date | None
    available: int
    notice: str

    @property
    def key(self) -> str:
        """Subject of the state; a later one replaces an earlier one."""
        return f"listing:{self.item}"


@dataclass(frozen=True, slots=True)
class SwitchBackorders:
    """State: whether an item sells beyond its stock; `allowed` None: as its merchant had it before us."""

    item: str
    parent: str | None
    allowed: bool | None

    @property
    def key(self) -> str:
        """Subject of the state; a later one replaces an earlier one."""
        return f"backorders:{self.item}"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an order: `ready` units are on hand for it, `waiting` are not, and are expected by `eta`."""

    line: str
    ready: int
    waiting: int
    eta: date | None


@dataclass(frozen=True, slots=True)
class WriteOrder:
    """State of an order that waited: how its unshipped lines stand, for whoever shows it in the store."""

    order: str
    parts: tuple[Part, ...]

    @property
    def key(self) -> str:
        """Subject of the state; a later one replaces an earlier one."""
        return f"order:{self.order}"


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line with unshipped units, `units` of which are to be held back, until `ready_at` on the day `eta`.

    Both are None where no date is known, or nothing waits. It has to leave by `ship_by` (None: nothing is said).
    """

    line: str
    units: int
    eta: date | None
    ready_at: datetime | None
    ship_by: datetime | None


@dataclass(frozen=True, slots=True)
class ArrangeOrder:
    """State of what is left of an order in the store: what is held back, until when, and by when it has to leave.

    Lines that are not named stay as they are, unless it is `over`: then everything that is ours is released.
    """

    order: str
    number: str
    lines: tuple[HeldLine, ...]
    over: bool = False

    @property
    def key(self) -> str:
        """Subject of the state; a later one replaces an earlier one."""
        return f"arrange:{self.order}"


@dataclass(frozen=True, slots=True)
class NoteOrder:
    """A note for the merchant's people on an order; written once per key."""

    key: str
    order: str
    number: str
    text: str


class Means(StrEnum):
    """By what money is taken: what is reserved for the order, or a payment method that its customer has left."""

    RESERVED = "reserved"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class CapturePayment:
    """The money of an order is to be taken, such as by its `gateway`, which has reserved it; once per key.

    `reason` says why now. `at_once` is false where the merchant wants to be asked first, `asked` counts how often the
    merchant has answered that it is to be taken.
    """

    key: str
    order: str
    number: str
    gateway: str
    means: Means = Means.RESERVED
    reason: str = ""
    at_once: bool = True
    asked: int = 0


@dataclass(frozen=True, slots=True)
class SplitOrder:
    """What waits of an order is to become an order of its own in the store; once per key.

    `lines` are (line, units that are still wanted of it, units of those that wait).
    """

    key: str
    order: str
    number: str
    lines: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line as a notice shows it: `waiting` of `quantity` units are not on hand yet.

    `estimated`: the supplier has named no date for them.
    """

    title: str
    quantity: int
    waiting: int
    eta: date | None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a customer is given for waiting: percent off the next order, until the end of a day."""

    percent: int
    until: date


@dataclass(frozen=True, slots=True)
class SendNotice:
    """One message to one customer about one order; sent once per key.

    `silence_means` is what no answer by the end of `answer_by` stands for: "consent", "cancel", or nothing (None).
    `delay_days` is how many days later than could be expected `eta` is; `withdrawal`: the buyer may withdraw from the
    contract, and is told so. `charged`: money was taken for the order. `serial` numbers an order's options (None: it
    is none). `offer` is told of where its code has been made.
    """

    key: str
    template: str
    order: str
    number: str
    to: str
    name: str
    locale: str
    eta: date | None
    previous: date | None
    lines: tuple[NoticeLine, ...]
    silence_means: str | None = None
    answer_by: date | None = None
    charged: bool = True
    serial: int | None = None
    offer: Offer | None = None
    delay_days: int | None = None
    withdrawal: bool = False


@dataclass(frozen=True, slots=True)
class CancelLines:
    """Units that count as cancelled are to be taken off an order in the store and paid back; once per key.

    `lines` are (line, units), `reason` a short sentence for the store's own record. `at_once` is false where the
    merchant wants to be asked first.
    """

    key: str
    order: str
    number: str
    lines: tuple[tuple[str, int], ...]
    reason: str
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class AlertStaff:
    """One message to the merchant's own people; sent once per key. `lines` are its sentences."""

    template: ClassVar[str] = "staff_alert"
    key: str
    to: str
    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantOffer:
    """A discount code for one customer and one use, made once per key."""

    key: str
    order: str
    number: str
    to: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class FetchFact:
    """Read one order, item or customer again, because a delivery had no whole state of it.

    `kind` "items": all of them; "doubts": whatever may explain counts that are not believed; "bulk": what the store
    writes in bulk, of which something has ended; "incoming": goods that the store itself knows to be on their way.
    """

    kind: str
    id: str

    @property
    def key(self) -> str:
        """Subject: reading twice is as good as once."""
        return f"fetch:{self.kind}:{self.id}"


EVERY_ITEM = FetchFact("items", "")
DOUBTS = FetchFact("doubts", "")
BULK_ENDED = FetchFact("bulk", "")
INCOMING = FetchFact("incoming", "")
STANDING = FetchFact("standing", "")  # whether the store still lets us in, with the rights that are needed

Desk = WriteOrder | ArrangeOrder | NoteOrder | CapturePayment | SplitOrder
Effect = Desk | WriteListing | SwitchBackorders | SendNotice | GrantOffer | CancelLines | AlertStaff | FetchFact
