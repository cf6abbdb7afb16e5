"""A shop's orders, and what every step of theirs does to the stock."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import count

from adapters.shopify.practice.catalogue import Catalogue
from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.records import Buyer, Fulfilment, Order, OrderLine, Refund, Restock, Variant

Changed = dict[int, tuple[Variant, int]]


class OrderBook:
    """Orders by id. A step returns the stock that it changed: variant and location, by inventory item."""

    def __init__(self, clock: Clock, catalogue: Catalogue) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._numbers = count(1001)
        self.kept: dict[int, Order] = {}

    def checkout(
        self, wanted: Mapping[str, int], buyer: Buyer, payment: str, gateway: str, *, later: bool = False
    ) -> tuple[Order, Changed]:
        """Place an order, which takes its units from what is available; `later`: only when they ship."""
        now = self._clock.now()
        lines = [self._new_line(sku, units) for sku, units in wanted.items()]
        number = next(self._numbers)
        order = Order(
            self._catalogue.new_id(), number, buyer, payment, gateway, lines, now, updated_at=now, processed_at=now
        )
        self.kept[order.id] = order
        for line in lines:
            line.later = later
        return order, self._take([(line, line.quantity) for line in lines if not later])

    def fulfil(self, order: Order, units: Mapping[int, int] | None) -> tuple[Fulfilment, Changed]:
        """Ship; what is available does not change, unless the units are taken only now."""
        going = dict(units or {line.id: line.unfulfilled for line in order.lines if line.unfulfilled > 0})
        for line_id, quantity in going.items():
            order.line(line_id).fulfilled += quantity
        parcel = Fulfilment(self._catalogue.new_id(), self._clock.now(), going)
        order.fulfilments.append(parcel)
        self.touch(order)
        late = [(order.line(line_id), quantity) for line_id, quantity in going.items() if order.line(line_id).later]
        return parcel, self._take(late)

    def refund(self, order: Order, units: Mapping[int, int], restock: Restock) -> tuple[Refund, Changed]:
        """Give money back for units that are wanted no more."""
        money = min(
            order.net, sum((order.line(line_id).worth(count) for line_id, count in units.items()), Decimal(0))
        )
        refund, changed = self.take_off(order, units, restock, money=money)
        self.touch(order, payment="partially_refunded" if any(line.current for line in order.lines) else "refunded")
        return refund, changed

    def take_off(
        self,
        order: Order,
        units: Mapping[int, int],
        restock: Restock,
        *,
        money: Decimal,
        note: str = "",
        status: str = "SUCCESS",
    ) -> tuple[Refund, Changed]:
        """Units are wanted no more, and so much money goes back."""
        back = [(order.line(line_id), quantity) for line_id, quantity in units.items()]
        for line, quantity in back:
            line.removed += quantity
            line.returned += quantity if restock == "return" else 0
        refund = Refund(self._catalogue.new_id(), self._clock.now(), dict(units), restock, note, money, status)
        order.refunds.append(refund)
        self.touch(order)
        return refund, {} if restock == "no_restock" else self._take(
            [(line, -units) for line, units in back if restock == "return" or not line.later]
        )

    def cancel(self, order: Order, reason: str) -> Changed:
        """Cancel: every unit that was not shipped is refunded and goes back."""
        left = {line.id: line.unfulfilled for line in order.lines if line.unfulfilled > 0}
        _, changed = self.refund(order, left, "cancel")
        order.cancelled_at, order.cancel_reason = self._clock.now(), reason
        return changed

    def edit(self, order: Order, wanted: Mapping[str, int]) -> tuple[dict[int, int], dict[int, int], Changed]:
        """Change units by SKU; units added and removed by line, and the stock that changed."""
        more: dict[int, int] = {}
        fewer: dict[int, int] = {}
        for sku, quantity in wanted.items():
            line = next((line for line in order.lines if line.sku == sku), None)
            if line is None:
                line = self._new_line(sku, 0)
                order.lines.append(line)
            delta = quantity - line.current
            line.quantity += max(delta, 0)
            line.removed += max(-delta, 0)
            (more if delta > 0 else fewer)[line.id] = abs(delta)
        self.touch(order)
        steps = [(order.line(line_id), units) for line_id, units in more.items()]
        steps += [(order.line(line_id), -units) for line_id, units in fewer.items()]
        return more, fewer, self._take(steps)

    def touch(self, order: Order, *, payment: str = "", closed: bool = False) -> None:
        """Move the order's time, and what else is given."""
        now = self._clock.now()
        order.updated_at = now
        order.payment = payment or order.payment
        order.closed_at = now if closed else order.closed_at

    def forget(self, variants: set[int]) -> None:
        """Lines of variants that are deleted lose them."""
        for order in self.kept.values():
            for line in order.lines:
                if line.variant is not None and line.variant.id in variants:
                    line.variant = None

    def _new_line(self, sku: str, units: int) -> OrderLine:
        variant = self._catalogue.by_sku(sku)
        place = self._catalogue.place_for(variant, units)
        return OrderLine(self._catalogue.new_id(), variant, sku, variant.name, variant.price, units, place)

    def _take(self, steps: list[tuple[OrderLine, int]]) -> Changed:
        changed: Changed = {}
        for line, units in steps:
            if line.variant is not None and line.location is not None:
                self._catalogue.add_to_level(line.variant, line.location, -units)
                changed[line.variant.inventory_item] = (line.variant, line.location)
        return changed
