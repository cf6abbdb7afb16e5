"""WooCommerce as a platform of the connector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.http import Http
from adapters.woocommerce import coupons, deliveries, reading
from adapters.woocommerce.checkup import WooCheckUp
from adapters.woocommerce.consent import WcAuth
from adapters.woocommerce.desk import WooDesk
from adapters.woocommerce.listings import write
from adapters.woocommerce.options import access
from adapters.woocommerce.policies import WooPolicy
from adapters.woocommerce.profile import profile
from adapters.woocommerce.refunds import refund
from adapters.woocommerce.rest import PER_PAGE, Rest
from adapters.woocommerce.splitting import WooSplitting
from adapters.woocommerce.subscriptions import subscribe, unsubscribe
from connector.domain.effects import CancelLines, WriteListing
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


class WooCommerce:
    """A WooCommerce store, from version 8.9, reached by its REST interface wc/v3 and its webhooks."""

    name = "woocommerce"
    listing_batch = PER_PAGE
    app: App | None = None

    def __init__(self, http: Http) -> None:
        self._http = http.of(self.name)
        self.consent: Consent | None = WcAuth(self._http)
        self.checkup: CheckUp | None = WooCheckUp(self._http)
        self.bulk: BulkListings | None = None
        self.policy: BackorderPolicy | None = WooPolicy(self._http)
        self.preorders: PreOrders | None = None
        self.desk: OrderDesk | None = WooDesk(self._http)
        self.splitting: Splitting | None = WooSplitting(self._http)
        self.fulfilment: Fulfilment | None = None
        self.pages: InfoPages | None = None
        self.incoming: str | None = None

    def access(self, options: Mapping[str, str]) -> StoreAccess:
        """The access meant by `url`, `key` and `secret`; BadInput where they do not fit."""
        return access(options)

    def profile(self, access: StoreAccess) -> StoreProfile:
        """The store's name, time zone, currency and version; NeedsMerchant where the key cannot read products."""
        return profile(self._rest(access), access.address)

    def subscribe(self, access: StoreAccess, hook_url: str) -> tuple[Subscription, ...]:
        """Make the store send everything to `hook_url`, signed with the access's hook secret (hex digits only)."""
        return subscribe(self._rest(access), hook_url, access.credentials["key"], access.hook_secret)

    def unsubscribe(self, access: StoreAccess, hook_url: str) -> int:
        """Delete our webhooks, those to an earlier address of ours as well; how many there were."""
        return unsubscribe(self._rest(access), hook_url)

    def items(self, access: StoreAccess, cursor: str | None) -> Page:
        """A page of products and variations with their stock, from the start or from a cursor."""
        return reading.read_items(self._rest(access), cursor)

    def orders(self, access: StoreAccess, cursor: str | None, since: datetime | None = None) -> Page:
        """A page of open orders, or of all orders changed after `since`, trashed ones included."""
        return reading.read_orders(self._rest(access), cursor, since)

    def fetch(self, access: StoreAccess, wanted: Refetch) -> tuple[Fact, ...]:
        """One order (with its refunds taken off), item or customer as it is now."""
        return reading.fetch(self._rest(access), wanted)

    def missing(self, access: StoreAccess, orders: Sequence[str]) -> frozenset[str]:
        """Those of these orders that are deleted for good, or in the trash."""
        return reading.missing_orders(self._rest(access), orders)

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> Accepted | None:
        """None for the unsigned ping of a new webhook; BadSignature for what is not genuine."""
        return deliveries.verify(headers, body, secret)

    def parse(self, delivery: Delivery) -> tuple[Fact | Refetch, ...]:
        """The facts in a genuine delivery; Unreadable for what cannot be read."""
        return deliveries.parse(delivery)

    def write(self, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
        """Bring up to 100 listings to their state, one result for each."""
        return write(self._rest(access), listings)

    def grant(self, access: StoreAccess, discount: Discount) -> None:
        """Make a coupon for one use by one customer, unless the store has it already."""
        coupons.grant(self._rest(access), discount)

    def refund(self, access: StoreAccess, wanted: CancelLines) -> Refunded:
        """Give the money for these lines back by the order's gateway; NeedsMerchant where it takes a person."""
        return refund(self._rest(access), wanted)

    def _rest(self, access: StoreAccess) -> Rest:
        return Rest(self._http, access)
