"""Orders in the store: how they stand as meta data, notes for who packs, and the status that takes the money."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from adapters.http import Http
from adapters.woocommerce.batches import Change, send
from adapters.woocommerce.orders import HELD
from adapters.woocommerce.payloads import Id, Meta, Moment, OnlyId, each
from adapters.woocommerce.rest import PER_PAGE, Params, Rest
from connector.domain.effects import CapturePayment, NoteOrder, WriteOrder
from connector.domain.errors import NeedsMerchant
from connector.ports import StoreAccess, Taken, Unusable, Written

LINES, LINK = "_backorder_lines", "_backorder_link"
MOVED_ON = "processing"
PAID = (MOVED_ON, "completed")


class Shown(msgspec.Struct, frozen=True):
    """What an order shows of us."""

    id: Id
    meta_data: list[Meta] = []


class Noted(msgspec.Struct, frozen=True):
    """A note on an order."""

    note: str


class Payment(msgspec.Struct, frozen=True):
    """How an order stands with its money."""

    status: str
    payment_method: str = ""
    date_paid_gmt: Moment | None = None


class WooDesk:
    """Implements `OrderDesk`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def write(self, access: StoreAccess, orders: Sequence[tuple[WriteOrder, str]]) -> tuple[Written, ...]:
        """Show how orders stand; one result for each. One that the store lists no more shows nothing to anybody."""
        links = {order.order: link for order, link in orders}
        states = {order.order: order for order, _ in orders}
        return self._change(access, list(states), lambda now: _shown(states[str(now.id)], links[str(now.id)], now))

    def clear(self, access: StoreAccess, orders: Sequence[str]) -> tuple[Written, ...]:
        """Take out of orders what we show; one result for each."""
        return self._change(access, orders, _cleared)

    def _change(
        self, access: StoreAccess, orders: Sequence[str], change_of: Callable[[Shown], Change | None]
    ) -> tuple[Written, ...]:
        rest = Rest(self._http, access)
        params: Params = {
            "include": ",".join(orders),
            "status": "any",
            "per_page": PER_PAGE,
            "_fields": "id,meta_data",
        }
        rows = tuple(each(rest.get("orders", list[msgspec.Raw], params).value, Shown))
        odd = {row.id: row.reason for row in rows if isinstance(row, Unusable)}
        results = {order: Written(order, odd.get(order)) for order in orders}
        changes = [change for row in rows if isinstance(row, Shown) and (change := change_of(row)) is not None]
        # Meta data of the order, not of its lines: a write of lines has the store calculate the order's taxes anew
        # (WC_REST_Orders_Controller::save_object), by the rates of today.
        results |= send(rest, "orders", changes, results)
        return tuple(results[order] for order in orders)

    def note(self, access: StoreAccess, wanted: NoteOrder) -> None:
        """Put a private note on an order, unless it is there; the store tells nobody of notes."""
        rest, path = Rest(self._http, access), f"orders/{wanted.order}/notes"
        there = rest.get(path, list[Noted], {"_fields": "note"}).value
        if all(one.note != wanted.text for one in there):
            rest.send("POST", path, {"note": wanted.text, "customer_note": False}, OnlyId)

    def capture(self, access: StoreAccess, wanted: CapturePayment) -> Taken:
        """Move an order on from on-hold, at which its gateway takes the money; never one that is paid."""
        rest, path = Rest(self._http, access), f"orders/{wanted.order}"
        now = rest.get(path, Payment).value
        if now.payment_method != wanted.gateway:
            return Taken.NOTHING
        if now.status != HELD or now.date_paid_gmt is not None:
            return Taken.BEFORE if now.date_paid_gmt is not None else Taken.NOTHING
        after = rest.send("PUT", path, {"status": MOVED_ON}, Payment)
        if after.status not in PAID:
            raise NeedsMerchant(
                f"All of it is there, but {wanted.gateway} did not take the money: the order is now {after.status}. "
                "Its notes in the store say why."
            )
        return Taken.NOW


def _cleared(now: Shown) -> Change | None:
    has = [entry.key for entry in now.meta_data if entry.key in (LINES, LINK)]
    return Change(now.id, meta_data=[{"key": key, "value": None} for key in has]) if has else None


def _shown(order: WriteOrder, link: str, now: Shown) -> Change | None:
    """What to send (None: nothing); a link is signed anew each time, and the one that is there is as good."""
    lines = {part.line: {"waiting": part.waiting, "ready": part.ready, "eta": part.eta} for part in order.parts}
    wanted = msgspec.json.encode(lines).decode()
    has = {entry.key: entry.value for entry in now.meta_data}
    if has.get(LINES) == wanted and has.get(LINK):
        return None
    return Change(now.id, meta_data=[{"key": LINES, "value": wanted}, {"key": LINK, "value": link}])
