"""What the product needs of the outside, as protocols, and the values that pass through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from connector.domain.effects import (
    CancelLines,
    CapturePayment,
    NoteOrder,
    SwitchBackorders,
    WriteListing,
    WriteOrder,
)
from connector.domain.facts import Fact, NoticeEvent, Refetch, SupplyRow


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """How to reach one store: its address (URL or shop domain), credentials, and the secret of its webhooks."""

    address: str
    credentials: Mapping[str, str] = field(repr=False)
    hook_secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class StoreProfile:
    """What a store says about itself; `timezone` is an IANA name, `currency` ISO 4217."""

    name: str
    timezone: str
    currency: str
    version: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A genuine delivery: the key that tells it from others, and the headers that `parse` will want."""

    dedupe_key: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored delivery: kept headers (names in lower case), raw body, when it arrived."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """One webhook that the store sends us."""

    id: str
    topic: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A product or an order of which no fact can be made, by the platform's id ("" where it shows none), and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of facts; `cursor` continues after it (None: that was all).

    `read` of the `total` on all pages (None: not known) products or orders were on this one, some of them `unusable`.
    """

    facts: tuple[Fact, ...]
    cursor: str | None
    total: int | None = None
    read: int = 0
    unusable: tuple[Unusable, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one write about an item; `error` is None when the store has it, `retry` when later may help.

    `by_hand`: the merchant has changed what we wrote before, and it was left so.
    """

    item: str
    error: str | None = None
    retry: bool = False
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Discount:
    """A code that takes `percent` off one order of the customer with this address, until the end of `until`."""

    code: str
    percent: int
    to: str
    until: date


class Consent(Protocol):
    """How a merchant lets us into a store with a click: asked there, while the store sends us the keys."""

    def address(self, typed: str) -> str:
        """The store that a merchant means; BadInput where it is none."""

    def ask_at(self, address: str, nonce: str, back_to: str, keys_to: str) -> str:
        """Where the store asks its merchant; the browser comes back to `back_to`, keys go to `keys_to`."""

    def granted(self, body: bytes) -> tuple[str, Mapping[str, str]]:
        """The nonce and the keys in what came to `keys_to`; Unreadable or BadInput for anything else."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One point of a check-up: whether it is in order (None: nobody can tell yet), and what was found, in words."""

    point: str
    good: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What a store showed of itself; `asked`: it was made to send us a webhook, by a write that changes nothing."""

    verdicts: tuple[Verdict, ...]
    asked: bool


class BackorderPolicy(Protocol):
    """How it is switched whether a store sells beyond its stock."""

    def switch(self, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> tuple[Written, ...]:
        """Bring up to `listing_batch` items to their policy, one result for each; what is so already is left alone.

        What an item's merchant had is kept with it in the store, and what its merchant has changed since stays.
        """


class OrderDesk(Protocol):
    """What is done to orders in the store itself; all of it may be repeated."""

    def write(self, access: StoreAccess, orders: Sequence[tuple[WriteOrder, str]]) -> tuple[Written, ...]:
        """Show how up to `listing_batch` orders stand, each with its customer's link; one result for each.

        What is so already is left alone, and so are amounts, stock and whatever else is in the order.
        """

    def note(self, access: StoreAccess, wanted: NoteOrder) -> None:
        """Put a note on an order that its customer does not see, unless it is there."""

    def capture(self, access: StoreAccess, wanted: CapturePayment) -> bool:
        """Move an order on that is held, so that its gateway takes the money; False where it is held no more.

        Never one that is paid. NeedsMerchant, in words, where the gateway did not take it.
        """


class CheckUp(Protocol):
    """How the connection to a store is looked over; `lateness` says why webhooks of a sound store may be late."""

    lateness: str

    def examine(self, access: StoreAccess, hook_url: str) -> Examined:
        """Look at every point; what goes wrong is a verdict, no error."""


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a store did for a cancellation: the money that went back (0: none was there to go), in its currency.

    `cancelled`: the whole order has ended in the store.
    """

    amount: Decimal
    currency: str
    cancelled: bool


class Platform(Protocol):
    """A shop system. Calls raise Retryable, Terminal or NeedsMerchant; nothing else leaves an adapter."""

    name: str
    listing_batch: int
    consent: Consent | None
    checkup: CheckUp | None
    policy: BackorderPolicy | None
    desk: OrderDesk | None

    def access(self, options: Mapping[str, str]) -> StoreAccess:
        """The access meant by command-line or form options; BadInput where they do not fit."""

    def profile(self, access: StoreAccess) -> StoreProfile:
        """A real call that proves the credentials."""

    def subscribe(self, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
        """Register the webhooks that are missing; all that are now in force."""

    def unsubscribe(self, access: StoreAccess, hook_url: str) -> int:
        """Delete the webhooks that lead there; how many there were."""

    def items(self, access: StoreAccess, cursor: str | None) -> Page:
        """A page of items with their stock, from the start or from a cursor."""

    def orders(self, access: StoreAccess, cursor: str | None, since: datetime | None = None) -> Page:
        """A page of open orders, or of all orders changed after `since`."""

    def fetch(self, access: StoreAccess, wanted: Refetch) -> tuple[Fact, ...]:
        """One order or item as it is now."""

    def missing(self, access: StoreAccess, orders: Sequence[str]) -> frozenset[str]:
        """Those of these orders that the store lists no more; none where it can't be told from what it hides."""

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> Accepted | None:
        """None for a ping that wants only an answer; BadSignature for what is not genuine."""

    def parse(self, delivery: Delivery) -> tuple[Fact | Refetch, ...]:
        """The facts in a genuine delivery; Unreadable for what cannot be read. Empty: nothing of ours."""

    def grant(self, access: StoreAccess, discount: Discount) -> None:
        """Make a discount code, unless the store has it already; Terminal where the code is taken by another."""

    def write(self, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
        """Bring up to `listing_batch` listings to their state, one result for each."""

    def refund(self, access: StoreAccess, wanted: CancelLines) -> Refunded:
        """Give the money for these lines back the way it came, and end the order where nothing else is left of it.

        Safe to repeat by its key. NeedsMerchant, in words, where a person has to give the money back.
        """


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a feed that cannot be used, by its line number in the file (the header is line 1), and why.

    `unread` is the SKU of a row that means something which cannot be read, and its reference (None: not readable
    either); then what was said of them before still counts.
    """

    line: int
    reason: str
    unread: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class FeedRows:
    """What a format read out of a file."""

    rows: tuple[SupplyRow, ...]
    rejected: tuple[Rejected, ...]


class FeedFormat(Protocol):
    """How to read a supplier's file."""

    name: str

    def read(self, body: bytes, mapping: Mapping[str, str], charset: str | None) -> FeedRows:
        """Rows by the merchant's mapping (our field name -> the file's column); Unreadable for a wrong file."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What lets a source say "nothing new"."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A supplier's file; `charset` where the transport named one."""

    body: bytes
    validators: Validators
    charset: str | None = None


class FeedSource(Protocol):
    """Where a supplier's file comes from."""

    name: str

    def handles(self, url: str) -> bool:
        """Whether this source reads such addresses."""

    def check(self, url: str) -> None:
        """Nothing, for an address that may be read; Terminal or Retryable for another. Nothing is sent."""

    def fetch(self, url: str, validators: Validators) -> Fetched | None:
        """The file, or None where it has not changed."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, ready to go; `notice_id` goes along as an opaque id and comes back in events."""

    notice_id: str
    to: str
    to_name: str
    sender: str
    sender_name: str
    subject: str
    text: str
    html: str
    category: str


class Mailer(Protocol):
    """A mail service. `send` raises Retryable, Terminal, or Ambiguous where it may have been sent.

    Neither errors nor details of events name an address: they are written where nothing can be erased.
    """

    name: str

    def send(self, letter: Letter) -> str:
        """The service's own id of the accepted mail ("" where it gives none)."""

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[NoticeEvent, ...]:
        """The events in a delivery of the service; BadSignature for what is not genuine."""
