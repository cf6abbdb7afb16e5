"""The state of the practice store and what may happen to it, one thing at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from adapters.woocommerce.practice.model import (
    OPEN_STATUSES,
    ORDER_STATUSES,
    Customer,
    Hook,
    Line,
    Meta,
    Note,
    Order,
    Product,
    Refund,
    Refused,
)

INVALID_ORDER = ("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
INVALID_PRODUCT = ("woocommerce_rest_product_invalid_id", "Invalid ID.", 404)
LATER = ("cod",)  # whose orders are packed before the money is there, and paid once they are completed
UNPACKED = ("pending", "failed", "on-hold", "cancelled")
CARD = "card"  # a gateway that can send money back


class Shop:
    """Products, orders and webhooks behind one lock; every change is told to `changed(topic, id)`."""

    def __init__(self, clock: Callable[[], datetime], changed: Callable[[str, int], None]) -> None:
        self.lock = RLock()
        self.products: dict[int, Product] = {}
        self.orders: dict[int, Order] = {}
        self.hooks: dict[int, Hook] = {}
        self.customers: dict[int, Customer] = {}
        self.coupons: dict[str, dict[str, Any]] = {}
        self.companion = False  # whether the companion plugin is active
        self._clock = clock
        self._changed = changed
        self._ids = iter(range(10, 10**9))

    def now(self) -> datetime:
        """The store's clock, in whole seconds as WordPress keeps them."""
        return self._clock().replace(microsecond=0)

    def next_id(self) -> int:
        """An id; WordPress numbers everything in one row."""
        return next(self._ids)

    def product(self, known_as: int) -> Product:
        """A product or variation; Refused where there is none."""
        if known_as not in self.products:
            raise Refused(*INVALID_PRODUCT)
        return self.products[known_as]

    def by_sku(self, sku: str) -> Product:
        """The product or variation with this SKU; Refused where there is none."""
        found = next((product for product in self.products.values() if product.sku == sku), None)
        if found is None:
            raise Refused(*INVALID_PRODUCT)
        return found

    def order(self, known_as: int) -> Order:
        """An order; Refused where there is none."""
        if known_as not in self.orders:
            raise Refused(*INVALID_ORDER)
        return self.orders[known_as]

    def variations(self, parent: int) -> list[Product]:
        """The variations of a product, oldest first."""
        return [product for product in self.products.values() if product.parent == parent]

    def stock_holder(self, product: Product) -> Product:
        """The product whose units are sold: itself, or its parent."""
        return self.products[product.parent] if product.parent_stock else product

    # Products

    def add_product(self, product: Product) -> Product:
        """Put a new product into the shop."""
        with self.lock:
            self.products[product.id] = product
            self._changed("product.created", product.id)
        return product

    def touch(self, product: Product) -> None:
        """Every change of a product moves its date and is told, even one that changes nothing."""
        product.modified = self.now()
        self._changed("product.updated", product.id)

    def set_meta(self, of: Product | Order | Customer, key: str, value: object) -> None:
        """Set one entry of meta data; None takes it away."""
        entry = next((meta for meta in of.meta if meta.key == key), None)
        if value is None:
            of.meta = [meta for meta in of.meta if meta.key != key]
        elif entry is None:
            of.meta.append(Meta(self.next_id(), key, value))
        else:
            entry.value = value

    def book_in(self, sku: str, units: int) -> None:
        """Goods have come in (or, below zero, were lost)."""
        with self.lock:
            self._move_stock(self.by_sku(sku), units)

    def delete_product(self, known_as: int, *, force: bool) -> Product:
        """To the trash, or with `force` for good, which nobody is told of."""
        with self.lock:
            product = self.product(known_as)
            product.modified = self.now()
            if force:
                del self.products[known_as]
            elif product.status != "trash":
                product.status = "trash"
                self._changed("product.deleted", known_as)
            return product

    def _move_stock(self, product: Product, units: int) -> None:
        holder = self.stock_holder(product)
        if holder.stock is not None:
            holder.stock += units
            self.touch(holder)

    # Orders

    def new_line(self, product: Product, quantity: int) -> Line:
        """A line of an order, not yet taken from the stock."""
        parent = self.products.get(product.parent)
        return Line(
            id=self.next_id(),
            product=product.parent or product.id,
            variation=product.id if product.parent else 0,
            name=product.name,
            parent_name=parent.name if parent else None,
            sku=product.sku,
            price=product.price,
            quantity=quantity,
            total=product.price * quantity,
            option=product.option,
        )

    def add_order(
        self,
        status: str,
        lines: Sequence[Line],
        billing: Mapping[str, str],
        shipping: Mapping[str, str],
        via: str,
        parent: int = 0,
        gateway: str = "bacs",
    ) -> Order:
        """A new order; its update is told before its creation, as happens in real stores."""
        with self.lock:
            now = self.now()
            key = f"wc_order_{secrets.token_hex(7)}"
            order = Order(self.next_id(), key, "pending", now, now, dict(billing), dict(shipping), list(lines), via)
            order.parent, order.gateway = parent, gateway
            self.orders[order.id] = order
            self._enter(order, status)
            self._changed("order.updated", order.id)
            self._changed("order.created", order.id)
            return order

    def put_beside(self, order: Order, made: Order) -> None:
        """Put an order beside the one that it was split off; nothing else happens to either."""
        with self.lock:
            self.orders[made.id] = made
            order.modified = made.modified
            self._changed("order.updated", order.id)
            self._changed("order.created", made.id)

    def complete_payment(self, order: Order) -> None:
        """The money is there (`set_paid` of REST); an order that is packed already stays as it is."""
        with self.lock:
            if order.status in UNPACKED:
                self.set_status(order, "completed" if order.gateway in LATER else "processing")
                order.paid = order.paid or self.now()

    def set_status(self, order: Order, status: str) -> None:
        """Bring an order into another status, with what that does to the stock."""
        with self.lock:
            if status not in ORDER_STATUSES:
                raise Refused("rest_invalid_param", "Invalid parameter(s): status")
            silent = order.status == "trash"
            self._enter(order, status)
            order.modified = self.now()
            if not silent:
                self._changed("order.updated", order.id)

    def set_quantity(self, order: Order, line: Line, quantity: int) -> None:
        """Change a line: stock and reduced units follow, the line's total and Backordered do not."""
        with self.lock:
            product = self.products.get(line.variation or line.product)
            if line.reduced is not None and product is not None:
                self._move_stock(product, line.quantity - quantity)
                line.reduced = quantity
            line.quantity = quantity
            order.modified = self.now()

    def pay_by_card(self, order: Order) -> None:
        """The buyer has paid, by a gateway that can send the money back."""
        with self.lock:
            order.gateway, order.paid = CARD, self.now()

    def refund(
        self,
        order: Order,
        amount: Decimal,
        reason: str,
        lines: Sequence[tuple[Line, int, Decimal]],
        *,
        restock: bool,
        send: bool = False,
    ) -> Refund:
        """Give money and units back; the quantity of the lines stays as it was."""
        with self.lock:
            units = {line.id: quantity for line, quantity, _ in lines}
            totals = {line.id: total for line, _, total in lines}
            refund = Refund(self.next_id(), self.now(), amount, reason, units, totals, send)
            for line, quantity, _ in lines if restock else ():
                self._restock(line, quantity)
            order.refunds.append(refund)
            if sum(given.amount for given in order.refunds) >= order.total:
                order.status = "refunded"
            order.modified = self.now()
            self._changed("order.updated", order.id)
            return refund

    def add_note(self, order: Order, text: str, *, for_customer: bool) -> Note:
        """A note, of which no webhook tells."""
        with self.lock:
            note = Note(self.next_id(), self.now(), text, for_customer)
            order.notes.append(note)
            return note

    def delete_order(self, known_as: int, *, force: bool) -> Order:
        """To the trash (the stock is not given back), or with `force` for good, which nobody is told of.

        What has it for a parent goes with it for good.
        """
        with self.lock:
            order = self.order(known_as)
            if force:
                self.orders = {one.id: one for one in self.orders.values() if known_as not in (one.id, one.parent)}
            elif order.status != "trash":
                order.before_trash, order.status, order.modified = order.status, "trash", self.now()
                self._changed("order.deleted", known_as)
            return order

    def restore_order(self, known_as: int) -> Order:
        """Out of the trash, as the shop's own pages do it."""
        with self.lock:
            order = self.order(known_as)
            order.status, order.modified = order.before_trash, self.now()
            self._changed("order.restored", known_as)
            return order

    def _enter(self, order: Order, status: str) -> None:
        order.status = status
        if status in OPEN_STATUSES and not order.holds_stock:
            self._take(order)
        elif status in ("cancelled", "pending") and order.holds_stock:
            self._give_back(order)
        if status == "completed":
            order.completed = self.now()
        if status == "completed" or (status == "processing" and order.gateway not in LATER):
            order.paid = order.paid or self.now()

    def _take(self, order: Order) -> None:
        order.holds_stock = True
        for line in order.lines:
            product = self.products.get(line.variation or line.product)
            if product is not None and self.stock_holder(product).stock is not None:
                self.stock_holder(product).sold += line.quantity
                self._move_stock(product, -line.quantity)
                line.reduced = line.quantity

    def _give_back(self, order: Order) -> None:
        order.holds_stock = False
        for line in order.lines:
            product = self.products.get(line.variation or line.product)
            if product is not None and line.reduced is not None:
                self._move_stock(product, line.reduced)
            line.reduced = None

    def _restock(self, line: Line, quantity: int) -> None:
        product = self.products.get(line.variation or line.product)
        if product is not None and line.reduced is not None:
            self._move_stock(product, quantity)
            line.reduced -= quantity
            line.restocked += quantity
