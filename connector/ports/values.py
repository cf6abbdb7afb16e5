"""What passes between a store and the connector, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from connector.domain.facts import Fact


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
    `anew`: the way of reading has come to nothing, and what follows begins at the start.
    """

    facts: tuple[Fact, ...]
    cursor: str | None
    total: int | None = None
    read: int = 0
    unusable: tuple[Unusable, ...] = ()
    anew: bool = False


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
class Kept:
    """What arranging an order came to, to go by the next time: units by line.

    `asked` were to be held, `held` are, `free` were and somebody has released them by hand. `put_off` are times that
    scheduled goods were put off to, each with the time before; `deadlines` those that we have set. `again`: it is
    looked at again when the store tells that something happened to it.
    """

    asked: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)
    put_off: Mapping[str, datetime] = field(default_factory=dict)
    deadlines: tuple[datetime, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """What became of an order's goods; `lacking` says in words what could not be held (None: nothing)."""

    kept: Kept
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """A code that takes `percent` off one order of the customer with this address, until the end of `until`."""

    code: str
    percent: int
    to: str
    until: date


@dataclass(frozen=True, slots=True)
class InfoPage:
    """A page of a store's own about anything: the store's id of it, title, HTML, and where it is."""

    id: str
    title: str
    body: str
    url: str


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


class Taken(StrEnum):
    """What became of money that a store was asked to take.

    It took it now; it shows it as taken before; or nothing is reserved any more that could be.
    """

    NOW = "now"
    BEFORE = "before"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class PreOrder:
    """How something is sold before it is there: `deposit` percent of it are paid at once, the rest once it is there.

    `ships_on` is the day from which it ships (None: not known).
    """

    name: str
    deposit: int
    ships_on: date | None


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a store did for a cancellation: the money that went back (0: none was there to go), in its currency.

    `cancelled`: the whole order has ended in the store.
    """

    amount: Decimal
    currency: str
    cancelled: bool
