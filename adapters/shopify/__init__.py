"""Shopify: the shop system behind `connector.ports.Platform`, spoken to by GraphQL only."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from adapters.http import Http
from adapters.shopify import (
    buyer_reading,
    discounts,
    fulfilments,
    item_reading,
    order_reading,
    receiving,
    refunds,
    transfers,
)
from adapters.shopify.access import access_of
from adapters.shopify.arranging import ShopifyFulfilment
from adapters.shopify.bulk import Files
from adapters.shopify.bulk_listings import ShopifyBulk
from adapters.shopify.client import Client, outcome
from adapters.shopify.desk import ShopifyDesk
from adapters.shopify.installing import ShopifyApp
from adapters.shopify.keys import AppKeys
from adapters.shopify.listing import write_listings
from adapters.shopify.pages import ShopifyPages
from adapters.shopify.policies import ShopifyPolicy
from adapters.shopify.preorders import ShopifyPreOrders
from adapters.shopify.profile import look_at_departure, look_at_standing, profile_of
from adapters.shopify.webhooks import subscribe, unsubscribe
from connector.domain.effects import CancelLines, WriteListing
from connector.domain.errors import Unsupported
from connector.domain.facts import Fact, Refetch
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
    OrderDesk,
    Page,
    PreOrders,
    Refunded,
    Splitting,
    StoreAccess,
    StoreProfile,
    Subscription,
    Written,
)

__all__ = ["Shopify"]

READERS: Mapping[str, Callable[[Client, StoreAccess, str], tuple[Fact, ...]]] = {
    "customer": buyer_reading.read_customer,
    "order": order_reading.read_order,
    "assignments": fulfilments.read_assignments,
    "fulfillment_order": fulfilments.read_changed,
    "item": item_reading.read_item,
    "stock": item_reading.read_stock,
    "incoming": transfers.read_incoming,
    "product": item_reading.read_product,
    "standing": look_at_standing,
    "departure": look_at_departure,
}
NO_APP = AppKeys()


class Shopify:
    """A Shopify store, reached as a custom app; implements `Platform`."""

    name = "shopify"
    # Each listing is four metafields to set or delete: so many fill their calls of 25 but for two at the most.
    listing_batch = 100
    consent: Consent | None = None
    checkup: CheckUp | None = None
    splitting: Splitting | None = None
    incoming: str | None = transfers.SUPPLIER

    def __init__(
        self,
        http: Http,
        origin: str | None = None,
        keys: AppKeys = NO_APP,
        *,
        bulk_above: int = item_reading.BULK_ABOVE,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`origin` stands in for every shop's address (never in production).

        `keys` are those of the app that stores without a secret of their own are connected by; more than `bulk_above`
        variants are read by a bulk operation.
        """
        counted = http.of(self.name, outcome)
        self._client = Client(counted, origin, monotonic=monotonic, sleep=sleep)
        self._files = Files(counted, origin)
        self._bulk_above = bulk_above
        self.bulk: BulkListings | None = ShopifyBulk(self._client, self._files)
        self._keys = keys
        self.preorders: PreOrders | None = ShopifyPreOrders(self._client)
        self.desk: OrderDesk | None = ShopifyDesk(self._client)
        self.policy: BackorderPolicy | None = ShopifyPolicy(self._client)
        self.app: App | None = ShopifyApp(counted, keys, origin, self._client)
        self.fulfilment: Fulfilment | None = ShopifyFulfilment(self._client)
        self.pages: InfoPages | None = ShopifyPages(self._client)

    def access(self, options: Mapping[str, str]) -> StoreAccess:
        """The access that `shop`, `token` and `api_secret` mean; BadInput where they do not fit."""
        return access_of(options, self._keys.secret)

    def profile(self, access: StoreAccess) -> StoreProfile:
        """What the shop says about itself; NeedsMerchant where the token or one of its rights is missing."""
        return profile_of(self._client.errand(), access)

    def subscribe(self, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
        """Register what webhooks are missing, take away those to an earlier address; all that are now in force."""
        return subscribe(self._client.errand(), access, hook_url)

    def unsubscribe(self, access: StoreAccess, hook_url: str) -> int:
        """Delete our webhooks, those to an earlier address of ours as well; how many there were."""
        return unsubscribe(self._client, access, hook_url)

    def items(self, access: StoreAccess, cursor: str | None) -> Page:
        """A page of variants with their stock at every location."""
        return item_reading.read_items(self._client.errand(), self._files, access, cursor, self._bulk_above)

    def orders(self, access: StoreAccess, cursor: str | None, since: datetime | None = None) -> Page:
        """A page of open orders, or of all orders changed since then, the oldest change first."""
        return order_reading.read_orders(self._client.errand(), access, cursor, since)

    def fetch(self, access: StoreAccess, wanted: Refetch) -> tuple[Fact, ...]:
        """One "order", "item" or "customer", or all items of a "product", as now; nothing where there is none."""
        reader = READERS.get(wanted.kind)
        if reader is None:
            raise Unsupported(f"Shopify has no {wanted.kind} that could be read")
        return reader(self._client.errand(), access, wanted.id)

    def missing(self, access: StoreAccess, orders: Sequence[str]) -> frozenset[str]:  # noqa: ARG002 - the port's
        """None: an order older than 60 days is hidden from the app, just as one that is gone."""
        return frozenset()

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> Accepted:
        """Accept a genuine delivery; BadSignature for any other. Shopify sends no pings."""
        return receiving.verify(headers, body, "\n".join((secret, *self._keys.secrets)))

    def parse(self, delivery: Delivery) -> tuple[Fact | Refetch, ...]:
        """The facts in a genuine delivery, and what has to be read because it was not told whole."""
        return receiving.parse(delivery)

    def write(self, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
        """Bring up to `listing_batch` listings to their state, one result for each."""
        return write_listings(self._client.errand(), access, listings)

    def grant(self, access: StoreAccess, discount: Discount) -> None:
        """Make a discount code for one use, unless the shop has it already; wants the right write_discounts."""
        discounts.grant(self._client.errand(), access, discount)

    def refund(self, access: StoreAccess, wanted: CancelLines) -> Refunded:
        """Give the money for these lines back the way it came, once by its key; wants the right write_orders."""
        return refunds.refund(self._client.errand(), access, wanted)
