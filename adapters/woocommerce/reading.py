"""Reading a store page by page, so that a list that changes meanwhile loses nothing and an interruption can go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from adapters.woocommerce import divided, items, orders
from adapters.woocommerce.found import Found
from adapters.woocommerce.payloads import Customer, OnlyId, Order, Product, Refund, each, read, utc
from adapters.woocommerce.refusals import Missing
from adapters.woocommerce.rest import PER_PAGE, Params, Reply, Rest
from connector.domain.errors import NeedsMerchant, Terminal, Unreadable, Unsupported
from connector.domain.facts import CustomerSnapshot, Fact, ItemGone, OrderGone, OrderSnapshot, OrderState, Refetch
from connector.ports import Page, Unusable

# Each of these asks for its variations apart; a page of facts should not take minutes.
PARENTS_AT_ONCE = 25
STANDARD_OPEN = ("pending", "processing", "on-hold")
# An abandoned basket or a refused card is no order yet; it is told when it becomes one.
NOT_YET = ("checkout-draft", "auto-draft", "failed")


class Place(msgspec.Struct, frozen=True):
    """Where to go on: after a time, and within it on a page, after `done` entries of that page.

    Pages are counted from the last time seen, not from the start: an order that leaves the list (because it was
    completed, or changed again) would otherwise move the next one onto a page that has been read.
    """

    status: str
    since: str = ""
    after: str = ""
    page: int = 1
    done: int = 0
    total: int | None = None


class Status(msgspec.Struct, frozen=True):
    """One of the statuses that orders of the store can have."""

    slug: str


def read_items(rest: Rest, cursor: str | None) -> Page:
    """A page of products, drafts included, with their variations and the stock of both."""
    place = _at(cursor) or Place("any")
    params = _params(place, "after", Product) | {"orderby": "date"}
    reply = rest.get("products", list[msgspec.Raw], params)
    place = msgspec.structs.replace(place, total=reply.total if cursor is None else place.total)
    rows, found, parents = tuple(each(reply.value, Product)), Found(), 0
    for done, product in enumerate(rows[place.done :], place.done):
        if parents == PARENTS_AT_ONCE or (parents and rest.is_late):
            return found.page(_cursor(msgspec.structs.replace(place, done=done)), place.total)
        found.add(product, lambda one: items.facts(one, reply.at, companion=reply.companion))
        if isinstance(product, Product) and items.has_variations(product):
            parents += 1
            found.add(product, partial(_variations, rest, found), counts=False)
    following = _next(place, _latest(rows, "date_created_gmt")) if len(rows) == PER_PAGE else None
    return found.page(_cursor(following), place.total)


def read_orders(rest: Rest, cursor: str | None, since: datetime | None) -> Page:
    """A page of open orders, or of all orders that changed after `since`, those in the trash last."""
    place = _at(cursor) or _start(rest, since)
    by, field = ("modified", "modified_after") if place.since else ("date", "after")
    reply = rest.get("orders", list[msgspec.Raw], _params(place, field, Order) | {"orderby": by})
    if cursor is None and not place.since:
        place = msgspec.structs.replace(place, total=reply.total)
    rows, found, told = tuple(each(reply.value, Order)), Found(), set[str]()
    for order in rows:
        found.add(order, lambda one: _of_page(rest, one, told))
    following = None
    if len(rows) == PER_PAGE:
        following = _next(place, _latest(rows, "date_modified_gmt" if place.since else "date_created_gmt"))
    elif place.status == "any":
        # WordPress leaves the trash out of "any", also where it is named beside it.
        following = Place("trash", since=place.since, after=place.since)
    return found.page(_cursor(following), place.total)


def fetch(rest: Rest, wanted: Refetch) -> tuple[Fact, ...]:
    """One order, product, variation or customer, as it is now."""
    if wanted.kind == "customer" and wanted.id.isdecimal():
        return _customer(rest, wanted.id)
    if wanted.kind not in ("order", "item") or not wanted.id.isdecimal():
        raise Unsupported(f"WooCommerce has no {wanted.kind} {wanted.id!r}")
    try:
        if wanted.kind == "order":
            return _order(rest, rest.get(f"orders/{wanted.id}", Order))
        reply = rest.get(f"products/{wanted.id}", Product)
    except Missing as error:
        if error.at is None:
            raise Unreadable("the store's answer carries no date") from None
        gone = ItemGone(wanted.id, error.at)
        return (gone if wanted.kind == "item" else OrderGone(wanted.id, error.at, whole=True),)
    return items.facts(reply.value, reply.at, companion=reply.companion)


def _customer(rest: Rest, known_as: str) -> tuple[Fact, ...]:
    """An account; nothing where it was deleted: its orders are a guest's now."""
    try:
        reply = rest.get(f"customers/{known_as}", Customer, {"_fields": ",".join(Customer.__struct_fields__)})
    except Missing:
        return ()
    if reply.at is None:
        raise Unreadable("the store's answer carries no date")
    found = reply.value
    return (CustomerSnapshot(known_as, found.role, orders.marks(found.meta_data), reply.at),)


def missing_orders(rest: Rest, orders: Sequence[str]) -> frozenset[str]:
    """Those of these orders that no list shows; the store sends no webhook when it deletes one for good."""
    listed: set[str] = set()
    for start in range(0, len(orders), PER_PAGE):
        wanted = ",".join(orders[start : start + PER_PAGE])
        params: Params = {"include": wanted, "status": "any", "per_page": PER_PAGE, "_fields": "id"}
        listed |= {str(order.id) for order in rest.get("orders", list[OnlyId], params).value}
    return frozenset(orders) - listed


def _variations(rest: Rest, found: Found, parent: Product) -> tuple[Fact, ...]:
    """They go straight into what was found, so that one bad size leaves the others."""
    for reply in rest.pages(f"products/{parent.id}/variations", msgspec.Raw):
        facts_of = partial(items.facts, read_at=reply.at, parent=parent, companion=reply.companion)
        for variation in each(reply.value, Product):
            found.add(variation, facts_of, counts=False)
    return ()


def _with_refunds(rest: Rest, order: Order) -> OrderSnapshot:
    refunds = tuple(rest.every(f"orders/{order.id}/refunds", Refund)) if order.refunds else ()
    return orders.snapshot(order, refunds)


def _of_page(rest: Rest, order: Order, told: set[str]) -> tuple[Fact, ...]:
    """An order of a list; of one that was split both may be in it, and what they come to is told once."""
    if not divided.is_divided(order):
        return (_with_refunds(rest, order),)
    whole = divided.split_off(order.meta_data) or str(order.id)
    if whole in told:
        return ()
    told.add(whole)
    return fetch(rest, Refetch("order", str(order.id)))


def _order(rest: Rest, reply: Reply[Order]) -> tuple[Fact, ...]:
    """An order; one that was split as the one that it is, as long as the order is there that it was."""
    order = reply.value
    if not divided.is_divided(order):
        return (_with_refunds(rest, order),)
    other = _other(rest, divided.split_off(order.meta_data) or divided.split_into(order.meta_data))
    whole, part = (other, order) if divided.split_off(order.meta_data) else (order, other)
    now = reply.at or utc(order.date_modified_gmt or order.date_created_gmt)
    if whole is None:
        return OrderGone(divided.split_off(order.meta_data), now, whole=True), _with_refunds(rest, order)
    behind = part if part is not None and divided.split_off(part.meta_data) == str(whole.id) else None
    told = None if behind is None else _with_refunds(rest, behind)
    return (divided.joined(_with_refunds(rest, whole), told, divided.moved(behind) if behind else {}, now),)


def _other(rest: Rest, known_as: str) -> Order | None:
    try:
        return rest.get(f"orders/{known_as}", Order).value
    except Missing:
        return None


def _start(rest: Rest, since: datetime | None) -> Place:
    if since is None:
        return Place(",".join(_open_statuses(rest)))
    return Place("any", since=_naive(since), after=_naive(since))


def _open_statuses(rest: Rest) -> tuple[str, ...]:
    """Statuses in which somebody may be waiting, those of plugins included (before 9.x they are not told)."""
    try:
        statuses = rest.get("orders/statuses", list[Status]).value
    except (Terminal, NeedsMerchant):
        return STANDARD_OPEN
    open_states = (OrderState.OPEN, OrderState.UNPAID)
    return tuple(s.slug for s in statuses if s.slug not in NOT_YET and orders.state_of(s.slug) in open_states)


def _params(place: Place, field: str, form: type[msgspec.Struct]) -> dict[str, str | int]:
    params: dict[str, str | int] = {
        "status": place.status,
        "order": "asc",
        "dates_are_gmt": "true",
        "per_page": PER_PAGE,
        "page": place.page,
        # What is not asked for is not computed: prices as HTML, related products, the long text.
        "_fields": ",".join(name for name in form.__struct_fields__ if name != "description"),
    }
    return params | {field: place.after} if place.after else params


def _latest(rows: Sequence[Order | Product | Unusable], field: str) -> datetime | None:
    """When the last row that can be read was created or changed."""
    return next((getattr(row, field) for row in reversed(rows) if not isinstance(row, Unusable)), None)


def _next(place: Place, last: datetime | None) -> Place:
    """The page after a full one that ended at `last`."""
    # `after` means later than, and many may share a second (a CSV import): that second is read again.
    after = "" if last is None else _naive(utc(last) - timedelta(seconds=1))
    if after > place.after:
        return msgspec.structs.replace(place, after=after, page=1, done=0)
    return msgspec.structs.replace(place, page=place.page + 1, done=0)


def _naive(moment: datetime) -> str:
    """A time as WooCommerce takes it together with dates_are_gmt."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _cursor(place: Place | None) -> str | None:
    return None if place is None else msgspec.json.encode(place).decode()


def _at(cursor: str | None) -> Place | None:
    return None if cursor is None else read(cursor.encode(), Place)
