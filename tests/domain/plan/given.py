"""Stocks, lines and orders as the tests of the plan write them, and what the store would keep of a plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connector.domain.allocation import Claim, Lot
from connector.domain.board import LineAfter, LineBefore, OrderBefore, OrderLine, Sold, StockAfter, StockBefore
from connector.domain.promise import Promise
from connector.domain.settings import Settings

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
PLAIN = Settings()


def march(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)


def line(order: str, quantity: int = 1, hour: int = 0, **more: Any) -> LineBefore:
    """An order's line "1", placed `hour` hours after the day before; `eta`, `lot` and `ready` are its promise."""
    filled, waiting = more.pop("filled", 0), more.pop("waiting", 0)
    promise = None
    if "eta" in more:
        promise = Promise(more.pop("eta"), more.pop("lot", "acme/PO-1"), more.pop("ready", None))
    placed = NOW - timedelta(days=1) + timedelta(hours=hour)
    claim = Claim(order, more.pop("line", "1"), quantity, placed, held=min(filled, quantity), **more)
    return LineBefore(claim, promise, filled, waiting)


def lot(quantity: int, day: int | None, name: str = "acme/PO-1") -> Lot:
    """A lot that is ready on a day of March 2026 (None: no date)."""
    return Lot(name, quantity, None if day is None else march(day))


def sold(item: str = "A", **more: Any) -> Sold:
    """An item that is sold beyond its stock, nothing written for it yet."""
    return Sold(
        item,
        more.get("parent"),
        more.get("sku", f"SKU-{item}"),
        more.get("sells_beyond", True),
        more.get("on_sale", True),
        more.get("written"),
    )


def stock(*lines: LineBefore, on_hand: int | None = 0, **more: Any) -> StockBefore:
    """A stock with these open lines."""
    return StockBefore(
        "S",
        on_hand,
        lines,
        tuple(more.get("lots", ())),
        tuple(more.get("items", ())),
        more.get("balance"),
        switches=tuple(more.get("switches", ())),
    )


def kept(before: StockBefore, after: StockAfter) -> StockBefore:
    """The stock as it is loaded again after this plan was saved, all else being the same."""
    new = {(one.order, one.line): one for one in after.lines}
    written = {one.item: one for one in after.listings}
    return replace(
        before,
        lines=tuple(_kept(one, new.get((one.claim.order, one.claim.line))) for one in before.lines),
        items=tuple(replace(one, written=written.get(one.item, one.written)) for one in before.items),
        balance=after.balance,
    )


def _kept(before: LineBefore, after: LineAfter | None) -> LineBefore:
    if after is None:
        return before
    claim = replace(before.claim, held=min(after.filled, before.claim.quantity))
    return LineBefore(claim, after.promise, after.filled, after.waiting)


def told(line: str = "1", quantity: int = 1, waiting: int = 0, **more: Any) -> OrderLine:
    """A line of an order after the plan."""
    return OrderLine(line, more.get("title", "Lamp"), quantity, waiting, more.get("eta"), more.get("changed", False))


def order(*lines: OrderLine, **more: Any) -> OrderBefore:
    """Order 1001 of Ann's."""
    return OrderBefore(
        "1001",
        more.get("number", "#1001"),
        more.get("email", "ann@example.com"),
        more.get("name", "Ann"),
        more.get("locale", "en"),
        more.get("stage", ""),
        more.get("told_eta"),
        more.get("notices", 0),
        more.get("silent", False),
        lines,
        NOW,
    )
