"""One shop, and what merchants and buyers do in it; whatever they do is told to the subscribed webhooks."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters.shopify.practice import payloads
from adapters.shopify.practice.bucket import Bucket
from adapters.shopify.practice.bulk import Bulk
from adapters.shopify.practice.catalogue import Catalogue
from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.companies import Companies
from adapters.shopify.practice.fulfilments import Fulfilments
from adapters.shopify.practice.oauth import Installation
from adapters.shopify.practice.orderbook import OrderBook
from adapters.shopify.practice.outgoing import Outcome, Outgoing
from adapters.shopify.practice.pages import InfoPages
from adapters.shopify.practice.records import (
    ONLY_VARIANT,
    Buyer,
    Capture,
    Order,
    PlanGroup,
    Policy,
    Product,
    Refund,
    Restock,
    Variant,
)
from adapters.shopify.practice.storage import Storage
from adapters.shopify.practice.transfers import Transfers

SCOPES = frozenset(
    {
        "read_orders",
        "read_fulfillments",
        "write_products",
        "read_inventory",
        "read_customers",
        "read_payment_terms",
    }
)


class Shop:
    """A shop with the app installed. Scopes and hidden fields ("Order.email") can be changed at any time."""

    def __init__(self, domain: str, clock: Clock, *, token: str, api_secret: str, rate: float = 100.0) -> None:
        self.domain = domain
        self.name = domain.partition(".")[0].replace("-", " ").title()
        self.timezone = "America/New_York"
        self.currency = "USD"
        self.clock = clock
        self.token = token
        self.app = Installation(domain, clock)
        self.scopes: set[str] = set(SCOPES)
        self.hidden: set[str] = set()
        self.installed = True
        self.lock = threading.RLock()
        self.bucket = Bucket(clock, rate)
        self.catalogue = Catalogue(clock)
        self.orders = OrderBook(clock, self.catalogue)
        self.companies = Companies()
        self.fulfilments = Fulfilments(clock, self.catalogue)
        self.pages = InfoPages()
        self.transfers = Transfers(self)
        self.outgoing = Outgoing(domain, clock, api_secret)
        self.bulk = Bulk(clock, self.outgoing, Storage(domain, clock))
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: dict[int, str] = {}
        self.discounts: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, int] = {}
        self.answered: dict[str, tuple[dict[str, Any], Any]] = {}
        self.provider = "SUCCESS"
        self.slow = False
        self.uncancellable = ""
        self.plus = False
        self.defers = True
        self.plan_groups: list[PlanGroup] = []

    # What the app is told

    def deliver(self) -> list[Outcome]:
        """Send the queued webhooks once; see Outgoing.deliver."""
        return self.outgoing.deliver()

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Every topic and payload so far, whether or not there was a webhook for it."""
        return self.outgoing.told

    @contextmanager
    def _event(self) -> Iterator[str]:
        with self.lock:
            self.clock.tick()
            yield self.outgoing.new_id()

    def _tell_order(self, event: str, topic: str, order: Order) -> None:
        for one in self.fulfilments.settle(order):
            told = {"fulfillment_order": payloads.work(one), "replacement_fulfillment_order": None}
            self.outgoing.tell(event, "fulfillment_orders/cancelled", told)
        self.outgoing.tell(event, topic, payloads.order(order))

    def _tell_levels(self, event: str, changed: Mapping[int, tuple[Variant, int]]) -> None:
        for variant, location in changed.values():
            self.outgoing.tell(event, "inventory_levels/update", payloads.level(variant, location))

    # Products and stock

    def add_product(
        self,
        title: str,
        sku: str = "",
        available: int = 0,
        *,
        price: str = "10.00",
        policy: Policy = "deny",
        tracked: bool = True,
        status: str = "active",
    ) -> Variant:
        """A product with one variant, stocked at the shop's first location."""
        with self._event() as event:
            product = self.catalogue.add_product(title, status)
            variant = self.catalogue.add_variant(product, ONLY_VARIANT, sku, available, price, policy, tracked)
            self.outgoing.tell(event, "products/create", payloads.product(product))
            return variant

    def add_variant(
        self,
        product: Product,
        title: str,
        sku: str,
        available: int = 0,
        *,
        price: str = "10.00",
        policy: Policy = "deny",
        tracked: bool = True,
    ) -> Variant:
        """One more variant of a product."""
        with self._event() as event:
            variant = self.catalogue.add_variant(product, title, sku, available, price, policy, tracked)
            self.outgoing.tell(event, "products/update", payloads.product(product))
            return variant

    def change_product(self, product: Product, *, title: str = "", status: str = "") -> None:
        """Give a product another title or status."""
        with self._event() as event:
            product.title, product.status = title or product.title, status or product.status
            product.updated_at = self.clock.now()
            self.outgoing.tell(event, "products/update", payloads.product(product))

    def change_variant(
        self, variant: Variant, *, policy: Policy | None = None, tracked: bool | None = None, title: str = ""
    ) -> None:
        """Change how a variant is sold."""
        with self._event() as event:
            self.catalogue.change_variant(variant, policy, tracked, title)
            if tracked is not None:
                self.outgoing.tell(event, "inventory_items/update", payloads.inventory_item(variant))
            self.outgoing.tell(event, "products/update", payloads.product(variant.product))

    def delete_product(self, product: Product) -> None:
        """Delete a product; orders keep their lines without it."""
        with self._event() as event:
            self.orders.forget({variant.id for variant in product.variants})
            self.catalogue.delete_product(product)
            self.outgoing.tell(event, "products/delete", {"id": product.id})

    def add_location(self, name: str) -> int:
        """One more location; its id."""
        with self.lock:
            return self.catalogue.add_location(name)

    def set_inventory(self, sku: str, available: int, location: int | None = None) -> None:
        """Set what is available at a location (the first one if none is given)."""
        with self._event() as event:
            variant = self.catalogue.by_sku(sku)
            where = location or self.catalogue.first_location
            topic = "inventory_levels/update" if where in variant.levels else "inventory_levels/connect"
            self.catalogue.set_level(variant, where, available)
            self.outgoing.tell(event, topic, payloads.level(variant, where))

    def disconnect(self, sku: str, location: int) -> None:
        """Stock an item no more at a location."""
        with self._event() as event:
            variant = self.catalogue.by_sku(sku)
            self.catalogue.deactivate(variant, location)
            payload = {"inventory_item_id": variant.inventory_item, "location_id": location}
            self.outgoing.tell(event, "inventory_levels/disconnect", payload)

    def metafields_of(self, sku: str) -> dict[str, str]:
        """What the app keeps on a variant, by key."""
        with self.lock:
            return {key: kept.value for key, kept in self.catalogue.by_sku(sku).metafields.items()}

    # Orders

    def checkout(
        self,
        wanted: Mapping[str, int],
        *,
        buyer: Buyer | None = None,
        payment: str = "paid",
        gateway: str = "shopify_payments",
        payment_terms: bool = False,
        pay_by: datetime | None = None,
        tags: tuple[str, ...] = (),
        attributes: tuple[tuple[str, str], ...] = (),
        processed_at: datetime | None = None,
        shipping: str = "0.00",
        selling_plan: int = 0,
        deposit: Decimal = Decimal(0),
    ) -> Order:
        """Buy units by SKU, `deposit` percent of it paid now. Raises SoldOut where the policy is deny and too little
        is available.
        """
        with self._event() as event:
            later = any(one.plan == selling_plan and one.later for one in self.plan_groups)
            order, changed = self.orders.checkout(wanted, buyer or Buyer(), payment, gateway, later=later)
            order.payment_terms, order.pay_by = payment_terms, pay_by
            order.tags, order.attributes = tags, attributes
            order.processed_at = processed_at or order.processed_at
            order.shipping = shipping
            if selling_plan:  # the buyer leaves a payment method that is charged later
                order.mandate = self.catalogue.new_id()
            for line in order.lines:
                line.selling_plan = selling_plan
            order.received = round(order.total * deposit / 100, 2)
            order.collect()
            self._tell_order(event, "orders/create", order)
            self._tell_levels(event, changed)
            return order

    def fulfil(self, order: Order, units: Mapping[int, int] | None = None) -> None:
        """Ship units by line id, or all that is left; Refused for units that are on hold."""
        with self._event() as event:
            self.fulfilments.ship(order, dict(units or _unfulfilled(order)))
            parcel, changed = self.orders.fulfil(order, units)
            self.outgoing.tell(event, "fulfillments/create", payloads.fulfilment(order, parcel))
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)

    @contextmanager
    def work_at(self, order: Order) -> Iterator[Callable[[str, dict[str, Any]], None]]:
        """Something is done with an order's fulfillment orders, which is told by topic and payload."""
        with self._event() as event:
            told: list[tuple[str, dict[str, Any]]] = []
            yield lambda topic, payload: told.append((f"fulfillment_orders/{topic}", payload))
            for topic, payload in told:
                self.outgoing.tell(event, topic, payload)
            self._tell_order(event, "orders/updated", order)

    def pay(self, order: Order, payment: str = "paid") -> None:
        """Move the order's payment on."""
        with self._event() as event:
            self.orders.touch(order, payment=payment)
            order.collect()
            self._tell_order(event, "orders/updated", order)

    def noted(self, order: Order) -> None:
        """An app's metafields of an order have changed, which moves its time."""
        with self._event() as event:
            self.orders.touch(order)
            self._tell_order(event, "orders/updated", order)

    def take(self, order: Order, taken: Capture) -> None:
        """An app has money taken; what becomes of it is as `provider` says."""
        with self._event() as event:
            order.captures.append(taken)
            if taken.status == "SUCCESS":
                order.received += taken.money
                self.orders.touch(order, payment="paid" if order.received >= order.total else "partially_paid")
                self._tell_order(event, "orders/updated", order)

    def archive(self, order: Order) -> None:
        """Close an order."""
        with self._event() as event:
            self.orders.touch(order, closed=True)
            self._tell_order(event, "orders/updated", order)

    def refund(self, order: Order, units: Mapping[int, int], restock: Restock = "cancel") -> None:
        """Refund units by line id; "cancel" puts unshipped goods back into stock, "return" shipped ones."""
        with self._event() as event:
            refund, changed = self.orders.refund(order, units, restock)
            self.outgoing.tell(event, "refunds/create", payloads.refund(order, refund))
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)

    def cancel(self, order: Order, reason: str = "customer") -> None:
        """Cancel an order; its units go back into stock."""
        with self._event() as event:
            changed = self.orders.cancel(order, reason)
            self._tell_order(event, "orders/cancelled", order)
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)

    def give_back(self, order: Order, units: Mapping[int, int], money: Decimal, note: str) -> Refund:
        """A refund that an app makes; what becomes of its money is as `provider` says."""
        with self._event() as event:
            refund, changed = self.orders.take_off(
                order, units, "cancel", money=money, note=note, status=self.provider if money else "SUCCESS"
            )
            if money:
                self.orders.touch(order, payment="partially_refunded" if order.net else "refunded")
            self.outgoing.tell(event, "refunds/create", payloads.refund(order, refund))
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)
            return refund

    def call_off(self, order: Order, reason: str = "other") -> bool:
        """An app cancels an order and leaves its money alone; False where that is done by and by (`slow`)."""
        with self._event() as event:
            left = _unfulfilled(order)
            changed = self.orders.take_off(order, left, "cancel", money=Decimal(0))[1] if left else {}
            self.orders.touch(order, payment="" if order.received else "voided")
            order.cancelled_at, order.cancel_reason = self.clock.now(), reason
            self._tell_order(event, "orders/cancelled", order)
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)
            return not self.slow

    def edit(self, order: Order, wanted: Mapping[str, int]) -> None:
        """Change how many units of a SKU an order has; a SKU that it had not becomes a new line."""
        with self._event() as event:
            more, fewer, changed = self.orders.edit(order, wanted)
            edited = payloads.order_edited(order, self.catalogue.new_id(), more, fewer)
            self.outgoing.tell(event, "orders/edited", edited)
            self._tell_order(event, "orders/updated", order)
            self._tell_levels(event, changed)

    def move(self, order: Order, country: str, region: str) -> None:
        """Send an order somewhere else."""
        with self._event() as event:
            order.buyer = replace(order.buyer, country=country, region=region)
            self.orders.touch(order)
            self._tell_order(event, "orders/updated", order)

    def delete_order(self, order: Order) -> None:
        """Delete an order."""
        with self._event() as event:
            del self.orders.kept[order.id]
            self.outgoing.tell(event, "orders/delete", {"id": order.id})

    # The app itself

    def change_scopes(self, *scopes: str) -> None:
        """The app has these rights from now on."""
        with self._event() as event:
            before, self.scopes = sorted(self.scopes), set(scopes)
            payload = {"id": 1, "shop_id": "gid://shopify/Shop/1", "previous": before, "current": sorted(scopes)}
            self.outgoing.tell(event, "app/scopes_update", payload)

    def uninstall(self) -> None:
        """Remove the app: its token is worthless from now on, and its webhooks go with it."""
        with self._event() as event:
            self.installed = False
            self.outgoing.tell(event, "app/uninstalled", {"id": 548380009, "name": self.name, "domain": None})
            self.outgoing.webhooks.clear()


def _unfulfilled(order: Order) -> dict[int, int]:
    return {line.id: line.unfulfilled for line in order.lines if line.unfulfilled > 0}
