"""The world of a scenario: shelves and orders as a store would show them, in facts."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connector.domain.errors import BadInput
from connector.domain.facts import Fact, ItemSnapshot, Line, OrderSnapshot, OrderState, StockLevel
from connector.domain.wording import counted
from connector.pipeline.simulate.scenario import Cancelled, Ordered, Product, Received, Refunded, Shipped


@dataclass
class World:
    """What is on the shelves and what was ordered; tells what a store would tell after each event."""

    on_hand: dict[str, int] = field(default_factory=dict)
    orders: dict[str, OrderSnapshot] = field(default_factory=dict)
    told: int = 0

    def open_shop(self, products: tuple[Product, ...], at: datetime) -> list[Fact]:
        """The store as it is before the first event."""
        facts: list[Fact] = []
        for product in products:
            self.on_hand[product.sku] = product.on_hand
            facts.append(
                ItemSnapshot(
                    product.sku,
                    product.sku,
                    product.title,
                    product.sku,
                    self._seen(at),
                    sells_beyond=product.backorders,
                    price=product.price,
                )
            )
            facts.append(self._level(product.sku, at))
        return facts

    def order(self, event: Ordered, titles: dict[str, str]) -> list[Fact]:
        """A new order takes its units from what is available."""
        lines = tuple(
            Line(line.id, line.sku, line.sku, titles[line.sku], line.quantity, 0, line.quantity)
            for line in event.lines
        )
        self.orders[event.id] = OrderSnapshot(
            event.id,
            event.id,
            OrderState.OPEN,
            event.at,
            self._seen(event.at),
            lines,
            email=event.email,
            country=event.country,
            segment=event.segment,
            priority=event.priority,
            ship_complete=event.ship_complete,
            stated_days=event.stated_days,
        )
        return [self.orders[event.id], *self._levels(self.orders[event.id], event.at)]

    def receive(self, event: Received) -> list[Fact]:
        """Units come onto the shelf."""
        self.on_hand[event.sku] += event.quantity
        return [self._level(event.sku, event.at)]

    def ship(self, event: Shipped) -> list[Fact]:
        """Units leave the shelf with the carrier."""
        order = self._order(event.order, event.at)
        units = {line.id: line.quantity for line in event.lines}
        unknown = units.keys() - {line.id for line in order.lines}
        if unknown:
            raise BadInput(f"scenario: order {event.order} has no line {min(unknown)}")
        for line in order.lines:
            left = min(line.quantity - line.shipped, self.on_hand[line.sku])
            if units.get(line.id, 0) > left:
                raise BadInput(
                    f"scenario: order {event.order} line {line.id} ships {counted(units[line.id], 'unit')} at"
                    f" {event.at.isoformat()}, and only {left} can"
                )
            self.on_hand[line.sku] -= units.get(line.id, 0)
        lines = tuple(
            replace(line, shipped=line.shipped + units.get(line.id, 0), taken=line.taken - units.get(line.id, 0))
            for line in order.lines
        )
        whole = all(line.shipped == line.quantity for line in lines)
        state = OrderState.COMPLETED if whole else order.state
        return self._tell(replace(order, lines=lines, state=state), event.at)

    def cancel(self, event: Cancelled) -> list[Fact]:
        """What has not shipped is available again."""
        order = self._order(event.order, event.at)
        lines = tuple(replace(line, taken=0) for line in order.lines)
        return self._tell(replace(order, lines=lines, state=OrderState.CANCELLED), event.at)

    def refund(self, event: Refunded) -> list[Fact]:
        """The money has gone back."""
        return self._tell(replace(self._order(event.order, event.at), refunded=True), event.at)

    def _order(self, order: str, at: datetime) -> OrderSnapshot:
        if order not in self.orders:
            raise BadInput(f"scenario: order {order} does not exist yet at {at.isoformat()}")
        return self.orders[order]

    def _tell(self, order: OrderSnapshot, at: datetime) -> list[Fact]:
        self.orders[order.order] = replace(order, seen_at=self._seen(at))
        return [self.orders[order.order], *self._levels(order, at)]

    def _levels(self, order: OrderSnapshot, at: datetime) -> list[Fact]:
        return [self._level(sku, at) for sku in sorted({line.sku for line in order.lines})]

    def _level(self, sku: str, at: datetime) -> StockLevel:
        taken = sum(line.taken for order in self.orders.values() for line in order.lines if line.sku == sku)
        return StockLevel(sku, self.on_hand[sku] - taken, self._seen(at))

    def _seen(self, at: datetime) -> datetime:
        """Events of one instant happen one after the other."""
        self.told += 1
        return at + timedelta(microseconds=self.told)
