"""What a platform has to do, and what it may do besides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from connector.domain.effects import (
    ArrangeOrder,
    CancelLines,
    CapturePayment,
    NoteOrder,
    SplitOrder,
    SwitchBackorders,
    WriteListing,
    WriteOrder,
)
from connector.domain.facts import Fact, Refetch
from connector.ports.app import App
from connector.ports.values import (
    Accepted,
    Arranged,
    Delivery,
    Discount,
    Examined,
    InfoPage,
    Kept,
    Page,
    PreOrder,
    Refunded,
    StoreAccess,
    StoreProfile,
    Subscription,
    Taken,
    Written,
)


class Consent(Protocol):
    """How a merchant lets us into a store with a click: asked there, while the store sends us the keys."""

    def address(self, typed: str) -> str:
        """The store that a merchant means; BadInput where it is none."""

    def ask_at(self, address: str, nonce: str, back_to: str, keys_to: str) -> str:
        """Where the store asks its merchant; the browser comes back to `back_to`, keys go to `keys_to`."""

    def granted(self, body: bytes) -> tuple[str, Mapping[str, str]]:
        """The nonce and the keys in what came to `keys_to`; Unreadable or BadInput for anything else."""


class BackorderPolicy(Protocol):
    """How it is switched whether a store sells beyond its stock."""

    def switch(self, access: StoreAccess, wanted: Sequence[SwitchBackorders]) -> tuple[Written, ...]:
        """Bring up to `listing_batch` items to their policy, one result for each; what is so already is left alone.

        What an item's merchant had is kept with it in the store, and what its merchant has changed since stays.
        """


class BulkListings(Protocol):
    """How a store writes very many listings by itself, which takes it minutes; all of it may be repeated.

    It is worth it for `worth` listings and more, and is given at most `most` at once.
    """

    @property
    def worth(self) -> int: ...

    @property
    def most(self) -> int: ...

    def start(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> bool:
        """Have the listings written, under a name (letters and digits) by which that is found again, never twice.

        False where the store takes nothing in bulk now.
        """

    def look(self, access: StoreAccess, name: str, listings: Sequence[WriteListing]) -> tuple[Written, ...] | None:
        """What became of the listings that were started so; None while they are being written.

        Those of which nothing is said are left out: they may or may not have been written.
        """


class OrderDesk(Protocol):
    """What is done to orders in the store itself; all of it may be repeated."""

    def write(self, access: StoreAccess, orders: Sequence[tuple[WriteOrder, str]]) -> tuple[Written, ...]:
        """Show how up to `listing_batch` orders stand, each with its customer's link; one result for each.

        What is so already is left alone, and so are amounts, stock and whatever else is in the order.
        """

    def clear(self, access: StoreAccess, orders: Sequence[str]) -> tuple[Written, ...]:
        """Take out of up to `listing_batch` orders what `write` has shown in them; one result for each."""

    def note(self, access: StoreAccess, wanted: NoteOrder) -> None:
        """Put a note on an order that its customer does not see, unless it is there."""

    def capture(self, access: StoreAccess, wanted: CapturePayment) -> Taken:
        """Have the money of an order taken that is reserved, or charged by what its customer has left, as is wanted.

        It looks first, and takes nothing of an order that is paid. NeedsMerchant, in words, where it was not taken.
        """


class Splitting(Protocol):
    """How an order of which only a part is there becomes two in the store."""

    def split(self, access: StoreAccess, wanted: SplitOrder) -> bool:
        """Move what waits of a paid order into an order of its own, with what it has cost and taken from the stock.

        Together they are what the one was, nobody is mailed, and one that was split is left alone. False where the
        order is not as it was wanted; NeedsMerchant, in words, where the store cannot do it.
        """


class Fulfilment(Protocol):
    """What a store does with the goods of an order until they leave: which location ships them, what holds them back.

    Its `fetch` reads the "assignments" of an order too.
    """

    def arrange(self, access: StoreAccess, wanted: ArrangeOrder, before: Kept) -> Arranged:
        """Hold back, release and date what is left of an order; `before` is what this came to the last time.

        What is so already is left alone, and so are the holds of others. NeedsMerchant where a right is missing.
        """


class InfoPages(Protocol):
    """How a page of a store is written that tells its customers something."""

    def find(self, access: StoreAccess, known_as: str, handle: str) -> InfoPage | None:
        """The page with this id, or else the one at this address; None where there is neither."""

    def put(self, access: StoreAccess, known_as: str, handle: str, title: str, body: str) -> InfoPage:
        """Write the page with this id, or a new one at this address (""), and give it as the store has it then."""


class CheckUp(Protocol):
    """How the connection to a store is looked over; `lateness` says why webhooks of a sound store may be late."""

    lateness: str

    def examine(self, access: StoreAccess, hook_url: str) -> Examined:
        """Look at every point; what goes wrong is a verdict, no error."""


class PreOrders(Protocol):
    """How a store sells what is paid later."""

    def offer(self, access: StoreAccess, plan: PreOrder, items: Sequence[str]) -> bool:
        """Offer items by a plan of these terms; True where the plan is new, one that is there is used again.

        NeedsMerchant, in words, where the store cannot.
        """


class Platform(Protocol):
    """A shop system. Calls raise Retryable, Terminal or NeedsMerchant; nothing else leaves an adapter."""

    name: str
    listing_batch: int
    consent: Consent | None
    app: App | None
    checkup: CheckUp | None
    policy: BackorderPolicy | None
    bulk: BulkListings | None
    desk: OrderDesk | None
    splitting: Splitting | None
    fulfilment: Fulfilment | None
    pages: InfoPages | None
    preorders: PreOrders | None
    incoming: str | None
    """Whose the SupplySnapshot is that `fetch` gives of "incoming", goods that the store itself moves; or None."""

    def access(self, options: Mapping[str, str]) -> StoreAccess:
        """The access meant by command-line or form options; BadInput where they do not fit."""

    def profile(self, access: StoreAccess) -> StoreProfile:
        """A real call that proves the credentials."""

    def subscribe(self, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
        """Register what webhooks are missing, take away those to an earlier address; all that are now in force."""

    def unsubscribe(self, access: StoreAccess, hook_url: str) -> int:
        """Delete our webhooks, those to an earlier address of ours as well; how many there were."""

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
