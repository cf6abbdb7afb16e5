"""Orders at Shopify: how they stand and what is noted as the app's own metafields, and their money.

The order's own note is the merchant's: to write it is to replace it, so that nothing of ours ever goes there.
"""

from collections.abc import Sequence

import msgspec

from adapters.shopify.client import Client
from adapters.shopify.ids import gid, plain
from adapters.shopify.metafields import Entry, Value, bring
from adapters.shopify.payments import take
from adapters.shopify.profile import Installation
from adapters.shopify.shapes import Shape
from connector.domain.effects import CapturePayment, NoteOrder, WriteOrder
from connector.domain.errors import RightWanted, Terminal
from connector.ports import StoreAccess, Taken, Written

OWNER, RIGHT = "Order", "write_orders"
TYPES = {"lines": "json", "link": "url", "note": "multi_line_text_field"}
MISSING = (
    "What is known of orders that wait is not shown in Shopify, because the app lacks the right write_orders: allow"
    " it on the app's page in the Shopify admin, or switch write_orders and order_notes off."
)


class Shown(Shape, frozen=True):
    """What an order shows of us."""

    id: str
    lines: Value | None = None
    link: Value | None = None
    note: Value | None = None


class OrdersShown(Shape, frozen=True):
    """The answer to OrdersShown."""

    current_app_installation: Installation
    nodes: tuple[Shown | None, ...]


class ShopifyDesk:
    """Implements `OrderDesk`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, access: StoreAccess, orders: Sequence[tuple[WriteOrder, str]]) -> tuple[Written, ...]:
        """Show how orders stand; one result for each. One that the store does not show has nobody to be shown to.

        RightWanted, with words, where the app may not write orders.
        """
        client = self._client.errand()
        now = _look(client, access, [order.order for order, _ in orders])
        entries = [
            entry
            for order, link in orders
            if order.order in now
            for entry in _changed(order, link, now[order.order])
        ]
        failed = bring(client, access, entries)
        return tuple(failed.get(order.order, Written(order.order)) for order, _ in orders)

    def clear(self, access: StoreAccess, orders: Sequence[str]) -> tuple[Written, ...]:
        """Delete what orders show of us; one result for each. Without the right to it, it stays."""
        client = self._client.errand()
        try:
            now = _look(client, access, orders)
        except RightWanted as error:
            return tuple(Written(order, str(error)) for order in orders)
        failed = bring(client, access, [entry for order, shown in now.items() for entry in _shown(order, shown)])
        return tuple(failed.get(order, Written(order)) for order in orders)

    def note(self, access: StoreAccess, wanted: NoteOrder) -> None:
        """Put the last note into a metafield of the order, where the admin shows it and no customer does."""
        client = self._client.errand()
        shown = _look(client, access, [wanted.order]).get(wanted.order)
        if shown is None or _is(shown.note, wanted.text):
            return
        entry = _entry(wanted.order, "note", wanted.text)
        failed = bring(client, access, [entry])
        if failed:
            raise Terminal(f"Shopify does not take a note: {failed[wanted.order].error}")

    def capture(self, access: StoreAccess, wanted: CapturePayment) -> Taken:
        """Have the money of an order taken that is reserved, or charged by what its customer has left."""
        return take(self._client.errand(), access, wanted)


def _look(client: Client, access: StoreAccess, orders: Sequence[str]) -> dict[str, Shown]:
    ids = [gid(OWNER, order) for order in orders]
    answer = client.call(access, "OrdersShown", {"ids": ids}, OrdersShown).data
    if all(scope.handle != RIGHT for scope in answer.current_app_installation.access_scopes):
        raise RightWanted(MISSING)
    return {plain(order.id): order for order in answer.nodes if order is not None}


def _changed(order: WriteOrder, link: str, now: Shown) -> tuple[Entry, ...]:
    """What to write; a link is signed anew each time, and the one that is there is as good.

    A note that a part can ship goes once that is not so any more.
    """
    lines = {part.line: {"waiting": part.waiting, "ready": part.ready, "eta": part.eta} for part in order.parts}
    wanted = msgspec.json.encode(lines).decode()
    apart = any(part.ready for part in order.parts) and any(part.waiting for part in order.parts)
    over = () if apart or now.note is None else (_entry(order.order, "note", None),)
    if now.lines is not None and _same(now.lines.value, lines) and now.link is not None:
        return over
    return (_entry(order.order, "lines", wanted), _entry(order.order, "link", link), *over)


def _shown(order: str, now: Shown) -> tuple[Entry, ...]:
    kept = {"lines": now.lines, "link": now.link, "note": now.note}
    return tuple(_entry(order, key, None) for key, value in kept.items() if value is not None)


def _entry(order: str, key: str, value: str | None) -> Entry:
    return Entry(order, key, TYPES[key], value, OWNER)


def _is(kept: Value | None, text: str) -> bool:
    return kept is not None and kept.value == text


def _same(kept: str, lines: object) -> bool:
    """Whether JSON that Shopify keeps, in whatever layout, says the same."""
    try:
        return bool(msgspec.json.decode(kept) == msgspec.to_builtins(lines))
    except msgspec.DecodeError:
        return False
