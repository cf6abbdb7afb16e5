"""What the plan looks at and what it says: an open stock, an open order, before and after."""

from dataclasses import dataclass
from datetime import date, datetime

from connector.domain import effects
from connector.domain.allocation import Claim, Lot
from connector.domain.balance import NOTHING_MOVED, Balance, Moved
from connector.domain.effects import (
    CancelLines,
    CapturePayment,
    GrantOffer,
    ListingState,
    SendNotice,
    SwitchBackorders,
    WriteListing,
)
from connector.domain.facts import Payment, Reserve
from connector.domain.obligations import Answer, ByHand, DutyEvent, LegalClock
from connector.domain.promise import Filled, Promise, PromiseMade
from connector.domain.selling import Switch
from connector.domain.shelves import Places
from connector.domain.tail import Tail


@dataclass(frozen=True, slots=True)
class LineBefore:
    """An open line as the last plan left it; `promise` is None while it never had to wait.

    `filled` and `waiting` are the units as they were kept then; the line may have been edited or shipped since.
    `by_hand`: the merchant has put it first, given it a lot, or taken that back since.
    """

    claim: Claim
    promise: Promise | None = None
    filled: int = 0
    waiting: int = 0
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class LineAfter:
    """What the plan says of a line: units on hand for it, units that wait, and its standing promise."""

    order: str
    line: str
    filled: int
    waiting: int
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a new buyer is told about a stock."""

    state: ListingState
    eta: date | None
    available: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Sold:
    """An item that draws from a stock, with the listing last written for it."""

    item: str
    parent: str | None
    sku: str
    sells_beyond: bool
    on_sale: bool
    written: WriteListing | None = None


@dataclass(frozen=True, slots=True)
class StockBefore:
    """All that the plan of one stock needs.

    `on_hand` counts physical units (None where the platform counts none and nobody waits for them), `reserved` of
    them for orders that are not paid; `balance` is what was believed of them so far, `moved` what is known to have
    happened since. With a `tail`, `lines` are those behind it, and `lots` what it leaves to them. `places` say how
    the count spreads over locations, where it matters which of them ships a line.
    """

    stock: str
    on_hand: int | None
    lines: tuple[LineBefore, ...]
    lots: tuple[Lot, ...]
    items: tuple[Sold, ...]
    balance: Balance | None = None
    moved: Moved = NOTHING_MOVED
    counted: int | None = None
    reserved: int = 0
    tail: Tail | None = None
    switches: tuple[Switch, ...] = ()
    places: Places = ()


@dataclass(frozen=True, slots=True)
class Released:
    """A line's pin that cannot be kept: its lot is `gone`, or has not enough units."""

    order: str
    line: str
    lot: str
    gone: bool

    def words(self) -> str:
        """A sentence for the merchant."""
        why = "is not announced any more" if self.gone else "has not enough units for it"
        line = f"Line {self.line} of order {self.order}"
        return f"{line} was given {self.lot}, which {why}: it waits in its turn again."


@dataclass(frozen=True, slots=True)
class StockAfter:
    """The plan of one stock: only what differs from before, except `offers`."""

    stock: str
    lines: tuple[LineAfter, ...]
    entries: tuple[PromiseMade | Filled, ...]
    offers: tuple[tuple[Sold, Offer], ...]
    listings: tuple[WriteListing, ...]
    balance: Balance | None
    look_again_at: datetime | None
    released: tuple[Released, ...] = ()
    tail: Tail | None = None
    switched: tuple[SwitchBackorders, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order as the customer is told about it, after the plan."""

    line: str
    title: str
    quantity: int
    waiting: int
    eta: date | None
    changed: bool
    estimated: bool = False
    sku: str = ""
    filled: int = 0


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a customer answered to an option, and when; `until` is a further period that the customer sets."""

    answer: Answer
    at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OrderBefore:
    """An order: `stage` is "" before it ever waited, "waiting" after, "filled" when nothing waits any more.

    `lines` are those with units that have not shipped; `cancelled` that the platform shows the order as such,
    `apart` whether it ships in parts (None: nothing was said), `authorised` who has its money reserved, `reserve`
    what is known of that and `shipped` whether anything has left of an order that has such, `charged` whether any was
    taken, `divided` that a part of it is an order of its own in the store.
    `by_hand` is what the merchant has told the customer since because no mail could, `unwanted` that the customer
    wants no mail of ours, `by_seller` that the merchant has cancelled it, `untold` an offer that no letter tells of,
    `never_paid` that all that was ever seen of it was that its payment had not come, `arranged` that something of
    it may be held back in the store by us.
    """

    order: str
    number: str
    email: str
    name: str
    locale: str
    stage: str
    told_eta: date | None
    notices: int
    silent: bool
    lines: tuple[OrderLine, ...]
    placed_at: datetime
    country: str = ""
    region: str = ""
    stated_days: int | None = None
    cancelled: bool = False
    refunded: bool = False
    answers: tuple[GivenAnswer, ...] = ()
    clock: LegalClock | None = None
    unreached: int | None = None
    bounced: str = ""
    offered: bool = False
    by_hand: ByHand | None = None
    unwanted: bool = False
    segment: str = ""
    payment: Payment = Payment.OTHER
    by_seller: bool = False
    apart: bool | None = None
    authorised: str = ""
    untold: effects.Offer | None = None
    divided: bool = False
    never_paid: bool = False
    arranged: bool = False
    charged: bool = True
    reserve: Reserve | None = None
    shipped: bool = True


@dataclass(frozen=True, slots=True)
class OrderAfter:
    """What follows for one order: what its customer is told and given, what its legal clock says, when it wakes.

    `cancel`: what has to be cancelled and given back in the store; `capture`: the money that is to be taken.
    `unpaid`: what the merchant has to know of money that is about to be lost, or was.
    """

    order: str
    stage: str
    told_eta: date | None
    notices: int
    send: tuple[SendNotice, ...] = ()
    clock: LegalClock | None = None
    wake_at: datetime | None = None
    duties: tuple[DutyEvent, ...] = ()
    grants: tuple[GrantOffer, ...] = ()
    cancel: CancelLines | None = None
    capture: CapturePayment | None = None
    unpaid: str = ""
