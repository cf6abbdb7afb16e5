"""What a simulation prints: promises, fillings, listings, notices, and the summary."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.domain.board import Offer, StockAfter
from connector.domain.effects import ListingState
from connector.domain.obligations import (
    DeemedCancelled,
    DutyEvent,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
)
from connector.domain.promise import Filled, PromiseMade
from connector.pipeline.plan import Planned
from connector.pipeline.simulate.world import World
from connector.store.plans import Totals


def printed(at: datetime) -> str:
    """An instant as it is printed: UTC with Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass
class Report:
    """Collects what the summary needs while lines are printed; days are those of `zone`."""

    zone: ZoneInfo
    offers: dict[str, Offer] = field(default_factory=dict)
    promised: dict[tuple[str, str], date | None] = field(default_factory=dict)
    complete: dict[tuple[str, str], date] = field(default_factory=dict)
    changes: int = 0
    notices: int = 0
    breaches: int = 0

    def planned(self, planned: Planned, now: datetime) -> Iterator[dict[str, Any]]:
        """The lines of one planning."""
        for line in (line for stock in planned.stocks for line in stock.lines):
            if line.waiting:  # also where units that were there went to another
                self.complete.pop((line.order, line.line), None)
            else:
                self.complete.setdefault((line.order, line.line), now.astimezone(self.zone).date())
        entries = [entry for stock in planned.stocks for entry in stock.entries]
        for entry in entries:
            if isinstance(entry, PromiseMade):
                yield self._promise(entry, now)
        for entry in entries:
            if isinstance(entry, Filled):
                yield {
                    "at": printed(now),
                    "kind": "filled",
                    "order": entry.order,
                    "line": entry.line,
                    "quantity": entry.quantity,
                }
        for event in (event for order in planned.orders for event in order.duties):
            yield from self._duty(event)
        for stock in planned.stocks:
            yield from self._listings(stock, now)
        for notice in planned.notices:
            self.notices += 1
            yield {
                "at": printed(now),
                "kind": "notice",
                "order": notice.order,
                "to": notice.to,
                "template": notice.template,
                "eta": _day(notice.eta),
                "silence_means": notice.silence_means,
            }

    def _promise(self, entry: PromiseMade, now: datetime) -> dict[str, Any]:
        self.changes += (entry.order, entry.line) in self.promised
        self.promised[entry.order, entry.line] = entry.eta
        return {
            "at": printed(now),
            "kind": "promise",
            "order": entry.order,
            "line": entry.line,
            "quantity": entry.quantity,
            "eta": _day(entry.eta),
            "previous": _day(entry.previous),
            "reason": entry.reason.value,
        }

    def _duty(self, event: DutyEvent) -> Iterator[dict[str, Any]]:
        if isinstance(event, ObligationOpened | ObligationMet | ObligationBreached):
            self.breaches += isinstance(event, ObligationBreached)
            yield {
                "at": printed(event.at),
                "kind": "obligation",
                "order": event.order,
                "duty": event.duty.value,
                "due": printed(event.due),
                "state": event.state,
            }
        elif isinstance(event, DeemedCancelled):
            yield {
                "at": printed(event.at),
                "kind": "deemed_cancelled",
                "order": event.order,
                "line": event.line,
                "cause": event.cause.value,
            }

    def _listings(self, stock: StockAfter, now: datetime) -> Iterator[dict[str, Any]]:
        for item, offer in stock.offers:
            if self.offers.get(item.sku) != offer:
                self.offers[item.sku] = offer
                yield {
                    "at": printed(now),
                    "kind": "listing",
                    "sku": item.sku,
                    "state": offer.state.value,
                    "eta": _day(offer.eta),
                    "available": offer.available,
                }

    def summary(self, until: datetime, world: World, totals: Totals) -> dict[str, Any]:
        """The last line: counts over the whole run, and the three numbers at its end."""
        return {
            "at": printed(until),
            "kind": "summary",
            "orders": len(world.orders),
            "lines": sum(len(order.lines) for order in world.orders.values()),
            "units_backordered": totals.backordered,
            "units_backlog": totals.backlog,
            "units_out_of_stock": sum(offer.state is ListingState.OUT_OF_STOCK for offer in self.offers.values()),
            "promises": len(self.promised),
            "promises_kept": sum(self._kept(line, eta) for line, eta in self.promised.items()),
            "promises_changed": self.changes,
            "notices": self.notices,
            "obligations_breached": self.breaches,
        }

    def _kept(self, line: tuple[str, str], eta: date | None) -> bool:
        return eta is not None and line in self.complete and self.complete[line] <= eta
