"""A platform and a mail service that do what a test tells them, and a store that uses both."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from connector.domain.effects import (
    CancelLines,
    CapturePayment,
    NoteOrder,
    SplitOrder,
    SwitchBackorders,
    WriteListing,
    WriteOrder,
)
from connector.domain.errors import BadInput, BadSignature, ConnectorError, RightWanted, Terminal, Unreadable
from connector.domain.facts import Fact, NoticeEvent, Refetch
from connector.pipeline.connector import Connector
from connector.ports import (
    Accepted,
    App,
    BackorderPolicy,
    BulkListings,
    CheckUp,
    Consent,
    Delivery,
    Discount,
    Fulfilment,
    InfoPages,
    Letter,
    OrderDesk,
    Page,
    PreOrders,
    Refunded,
    Splitting,
    StoreAccess,
    StoreProfile,
    Subscription,
    Taken,
    Written,
)
from connector.store import inbox
from connector.store.fold import fold
from connector.store.shops import Shop

GIVEN_BACK = Refunded(Decimal("40.00"), "EUR", cancelled=True)
Pages = dict[str | None, Page | Exception]


@dataclass
class Stall:
    """A shop system: what it answers is set by the test, what it was asked is kept."""

    name: str = "stall"
    listing_batch: int = 3
    consent: Consent | None = None
    app: App | None = None
    checkup: CheckUp | None = None
    policy: BackorderPolicy | None = None
    bulk: BulkListings | None = None
    desk: OrderDesk | None = None
    splitting: Splitting | None = None
    fulfilment: Fulfilment | None = None
    pages: InfoPages | None = None
    preorders: PreOrders | None = None
    incoming: str | None = None
    item_pages: Pages = field(default_factory=lambda: {None: Page((), None, 0)})
    order_pages: Pages = field(default_factory=lambda: {None: Page((), None, 0)})
    there: dict[tuple[str, str], tuple[Fact, ...] | Exception] = field(default_factory=dict)
    told: dict[bytes, tuple[Fact | Refetch, ...] | Exception] = field(default_factory=dict)
    refusals: dict[str, Written] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    trouble: ConnectorError | None = None
    ungiving: ConnectorError | None = None
    written: list[list[WriteListing]] = field(default_factory=list)
    granted: list[Discount] = field(default_factory=list)
    refunds: list[CancelLines] = field(default_factory=list)
    gives_back: Refunded | Exception = GIVEN_BACK
    asked: list[tuple[str, object]] = field(default_factory=list)

    def access(self, options: Mapping[str, str]) -> StoreAccess:
        if "url" not in options:
            raise BadInput("--url is needed")
        return StoreAccess(options["url"], {"key": options.get("key", "ck")})

    def profile(self, access: StoreAccess) -> StoreProfile:
        self._ask("profile", access.credentials["key"])
        return StoreProfile("Lamps & Co", "UTC", "EUR", "1")

    def subscribe(self, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
        self._ask("subscribe", hook_url)
        return (Subscription("w1", "orders"),)

    def unsubscribe(self, access: StoreAccess, hook_url: str) -> int:
        self._ask("unsubscribe", hook_url)
        return 1

    def items(self, access: StoreAccess, cursor: str | None) -> Page:
        self._ask("items", cursor)
        return _page(self.item_pages[cursor])

    def orders(self, access: StoreAccess, cursor: str | None, since: datetime | None = None) -> Page:
        self._ask("orders", (cursor, since))
        return _page(self.order_pages[cursor])

    def fetch(self, access: StoreAccess, wanted: Refetch) -> tuple[Fact, ...]:
        self._ask("fetch", (wanted.kind, wanted.id))
        found = self.there.get((wanted.kind, wanted.id), Terminal(f"there is no {wanted.kind} {wanted.id}"))
        if isinstance(found, Exception):
            raise found
        return found

    def missing(self, access: StoreAccess, orders: Sequence[str]) -> frozenset[str]:
        self._ask("missing", tuple(orders))
        return frozenset(orders) & self.lost

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> Accepted | None:
        if body == b"ping":
            return None
        if headers.get("x-signature") != signature(body, secret):
            raise BadSignature("nobody of ours has signed this")
        return Accepted(headers.get("x-key", ""), {"x-key": headers.get("x-key", "")})

    def parse(self, delivery: Delivery) -> tuple[Fact | Refetch, ...]:
        found = self.told.get(delivery.body, Unreadable("this is nothing that the stall says"))
        if isinstance(found, Exception):
            raise found
        return found

    def write(self, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
        self._ask("write", tuple(one.item for one in listings))
        self.written.append(list(listings))
        return tuple(self.refusals.get(one.item, Written(one.item)) for one in listings)

    def grant(self, access: StoreAccess, discount: Discount) -> None:
        self._ask("grant", discount.to)
        if self.ungiving is not None:
            raise self.ungiving
        self.granted.append(discount)

    def refund(self, access: StoreAccess, wanted: CancelLines) -> Refunded:
        self._ask("refund", wanted.key)
        self.refunds.append(wanted)
        if isinstance(self.gives_back, Exception):
            raise self.gives_back
        return self.gives_back

    def _ask(self, what: str, about: object) -> None:
        self.asked.append((what, about))
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Switches:
    """How the stall's backorders are switched: what was asked, and what it says instead of doing it."""

    switched: list[SwitchBackorders] = field(default_factory=list)
    answers: dict[str, Written] = field(default_factory=dict)

    def switch(self, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> tuple[Written, ...]:
        self.switched += wanted
        return tuple(self.answers.get(one.item, Written(one.item)) for one in wanted)


@dataclass
class Desk:
    """What is done to the stall's orders: states, notes and payments, and what it says instead of taking money."""

    written: list[WriteOrder] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notes: list[NoteOrder] = field(default_factory=list)
    captured: list[CapturePayment] = field(default_factory=list)
    takes: Taken | Exception = Taken.NOW
    lacks: RightWanted | None = None
    cleared: list[tuple[str, ...]] = field(default_factory=list)

    def write(self, access: StoreAccess, orders: Sequence[tuple[WriteOrder, str]]) -> tuple[Written, ...]:
        if self.lacks:
            raise self.lacks
        self.written += [order for order, _ in orders]
        self.links += [link for _, link in orders]
        return tuple(Written(order.order) for order, _ in orders)

    def clear(self, access: StoreAccess, orders: Sequence[str]) -> tuple[Written, ...]:
        self.cleared.append(tuple(orders))
        return tuple(Written(order) for order in orders)

    def note(self, access: StoreAccess, wanted: NoteOrder) -> None:
        if self.lacks:
            raise self.lacks
        self.notes.append(wanted)

    def capture(self, access: StoreAccess, wanted: CapturePayment) -> Taken:
        self.captured.append(wanted)
        if isinstance(self.takes, Exception):
            raise self.takes
        return self.takes


@dataclass
class Splits:
    """How the stall splits orders: what was asked, and what it says or does instead."""

    asked: list[SplitOrder] = field(default_factory=list)
    does: bool | Exception = True

    def split(self, access: StoreAccess, wanted: SplitOrder) -> bool:
        self.asked.append(wanted)
        if isinstance(self.does, Exception):
            raise self.does
        return self.does


def _page(page: Page | Exception) -> Page:
    if isinstance(page, Exception):
        raise page
    return page


def signature(body: bytes, secret: str = "hook secret") -> str:
    """How the stall signs."""
    return hashlib.sha256(secret.encode() + body).hexdigest()


@dataclass
class Access:
    """The app of a stall: accesses end at a time and are renewed as often as wanted, unless that was taken back."""

    client_id: str = "client"
    renewed: list[str] = field(default_factory=list)
    trouble: ConnectorError | None = None
    says_outdated: str | None = None
    before_answering: Callable[[], None] = lambda: None

    def is_due(self, access: StoreAccess, now: datetime) -> bool:
        return access.credentials.get("ends", now.isoformat()) < now.isoformat()

    def is_over(self, access: StoreAccess, now: datetime) -> bool:
        return self.is_due(access, now - timedelta(minutes=10))

    def outdated(self, address: str) -> str | None:
        return self.says_outdated

    def renew(self, access: StoreAccess, now: datetime) -> StoreAccess:
        self.before_answering()
        self.renewed.append(access.credentials["key"])
        if self.trouble is not None:
            raise self.trouble
        ends = (now + timedelta(hours=1)).isoformat()
        return StoreAccess(access.address, {"key": f"{access.credentials['key']}+", "ends": ends})


@dataclass
class Post:
    """A mail service: letters that went out, and what it says to whom instead."""

    name: str = "post"
    sent: list[Letter] = field(default_factory=list)
    trouble: dict[str, ConnectorError] = field(default_factory=dict)
    happened: tuple[NoticeEvent, ...] | ConnectorError = ()

    def send(self, letter: Letter) -> str:
        if letter.to in self.trouble:
            raise self.trouble[letter.to]
        self.sent.append(letter)
        return f"mail-{len(self.sent)}"

    def events(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[NoticeEvent, ...]:
        if isinstance(self.happened, ConnectorError):
            raise self.happened
        return self.happened


@dataclass(frozen=True)
class House:
    """A connector with a stall for a platform, a post for a mail service, and one connected store."""

    connector: Connector
    shop: Shop
    stall: Stall
    post: Post

    def tell(self, *facts: Fact) -> None:
        """Facts that come some way or other."""
        with self.connector.db.begin() as tx:
            fold(tx, self.shop.id, facts, self.connector.clock())

    def deliver(self, body: bytes, *facts: Fact | Refetch, poison: Exception | None = None) -> None:
        """A delivery in the inbox, known by its body, and what is in it."""
        self.stall.told[body] = poison or facts
        key = hashlib.sha256(body).hexdigest()
        inbox.put(self.connector.db, self.shop.id, key, {"x-key": key}, body, self.connector.clock())


def house(connector: Connector, open_shop: Callable[[Connector], Shop]) -> House:
    """A house around a connector."""
    stall, post = Stall(), Post()
    ours = dataclasses.replace(connector, platforms={"stall": stall}, mailer=post)
    return House(ours, open_shop(ours), stall, post)


def subjects(letters: Iterable[Letter]) -> list[str]:
    """The subjects of letters, sorted: they go side by side."""
    return sorted(letter.subject for letter in letters)
