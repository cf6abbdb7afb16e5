"""A customer asks what is held of them, or that it is taken out: books, mails, and what has not been read yet."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from connector.domain.errors import BadInput, ConnectorError
from connector.domain.facts import Fact, OrderGone, OrderSnapshot, Refetch
from connector.pipeline import found
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.ports import Delivery
from connector.store import erasure, inbox, shops
from connector.store.engine import Tx, wait_for_store
from connector.store.erasure import Whose
from connector.store.shops import Shop

NUMBER = re.compile(rb"[0-9]{1,19}")
LONGEST = 320


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing came to: orders, messages to the customer, deliveries of the store that were not read yet."""

    orders: int
    messages: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that was not read into the books; `told` is what it says, None where it cannot be read."""

    id: int
    body: bytes
    told: tuple[Fact | Refetch, ...] | None


def whose(address: str, orders: Iterable[str] = ()) -> Whose:
    """A customer as somebody typed them; BadInput for what is neither an address nor any order."""
    typed, named = address.strip(), frozenset(one.strip() for one in orders if one.strip())
    if typed and ("@" not in typed or len(typed) > LONGEST or not typed.isprintable()):
        raise BadInput("email: must be an e-mail address")
    if not typed and not named:
        raise BadInput("email: the customer's e-mail address, or an order, is needed")
    return Whose(typed, named)


def export(connector: Connector, store: str, customer: Whose) -> dict[str, Any]:
    """All that is held of a customer, as JSON values."""
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
        waiting = tuple(_waiting(connector, tx, shop))
        customer = _all_orders(tx, shop, customer, waiting)
        books = erasure.held(tx, store, customer)
    unread = [one.body.decode("utf-8", "replace") for one in waiting if _is_of(one, customer)]
    return {
        "made_at": connector.clock(),
        "store": {"id": shop.id, "name": shop.name, "address": shop.address},
        "customer": {"email": customer.address, "orders": sorted(customer.orders)},
        **asdict(books),
        "deliveries": unread,
    }


def erase(connector: Connector, store: str, customer: Whose) -> Erased:
    """Take out all that is held of a customer; Retryable where a mail to them is being sent at the moment."""
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        done = erase_in(connector, tx, shops.get(tx, store), customer)
    plan(connector, store)
    return done


def erase_in(connector: Connector, tx: Tx, shop: Shop, customer: Whose) -> Erased:
    """The same, for whoever is the one writer of the store."""
    now = connector.clock()
    waiting = tuple(_waiting(connector, tx, shop))
    customer = _all_orders(tx, shop, customer, waiting)
    erasure.remember(tx, shop.id, customer.orders, now)
    mine = [one for one in waiting if _is_of(one, customer)]
    for one in mine:
        kept = [fact for fact in one.told or () if isinstance(fact, OrderSnapshot | OrderGone | Refetch)]
        if kept and shop.status != "closed":
            found.take(tx, shop.id, kept, now)
    inbox.done(tx, [one.id for one in mine])
    erasure.drop_letters(tx, shop.id, [f"inbox:{one.id}" for one in mine])
    messages = erasure.erase(tx, shop.id, customer, now)
    return Erased(len(customer.orders), messages, len(mine))


def _waiting(connector: Connector, tx: Tx, shop: Shop) -> Iterator[Waiting]:
    """What is due and what was given up; a batch of bodies at a time."""
    adapter = connector.platforms[shop.platform]
    for row in inbox.unfolded(tx, shop.id):
        yield Waiting(row.id, row.delivery.body, _told(adapter.parse, row.delivery))


def _told(parse: Any, delivery: Delivery) -> tuple[Fact | Refetch, ...] | None:
    try:
        told: tuple[Fact | Refetch, ...] = parse(delivery)
    except ConnectorError:
        return None
    return told


def _all_orders(tx: Tx, shop: Shop, customer: Whose, waiting: Sequence[Waiting]) -> Whose:
    """The customer with every order, those included that are not in the books yet."""
    known = erasure.with_orders(tx, shop.id, customer)
    address = customer.address.lower()
    facts = [fact for one in waiting for fact in one.told or () if isinstance(fact, OrderSnapshot)]
    fresh = frozenset(fact.order for fact in facts if address and fact.email.lower() == address)
    return replace(known, orders=known.orders | fresh)


def _is_of(one: Waiting, customer: Whose) -> bool:
    if customer.address and _holds(one.body, customer.address.lower()):
        return True
    if one.told is None:  # who it is about cannot be read, so every number in it may be an order's
        return not customer.orders.isdisjoint(number.decode() for number in NUMBER.findall(one.body))
    return not customer.orders.isdisjoint(_orders_in(one.told))


def _orders_in(told: Iterable[Fact | Refetch]) -> Iterator[str]:
    for fact in told:
        if isinstance(fact, OrderSnapshot | OrderGone):
            yield fact.order
        elif isinstance(fact, Refetch) and fact.kind == "order":
            yield fact.id


def _holds(body: bytes, address: str) -> bool:
    """Whether a body names an address, as it is or as JSON writes it."""
    text = body.decode("utf-8", "replace").lower()
    return address in text or json.dumps(address)[1:-1].lower() in text
