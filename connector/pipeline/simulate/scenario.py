"""A scenario as it is written down; whatever is not expected is an error that names its place."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from connector.domain.errors import BadInput
from connector.domain.obligations import Answer
from connector.domain.settings import Settings, read_settings
from connector.domain.typed import is_address

AT_ONCE = {"settle_seconds": 0}  # counts and orders of a scenario agree at every instant: nothing is on its way
LONGEST = timedelta(days=3660)
FIXED: Mapping[str, Any] = {"offer": None}
YEARS = range(1970, 2201)
COUNTRY = re.compile("[A-Z]{2}")
DEAREST = Decimal(1_000_000_000)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]  # PostgreSQL keeps every sign but this one
Word = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\A[^\x00]*\Z")]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Units = Annotated[int, msgspec.Meta(gt=0, le=10_000_000)]


class Delivered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A delivery of the past, from which a supplier's dates are judged."""

    supplier: Word
    promised: date
    delivered: date


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is sold; `backorders`: beyond its stock too."""

    sku: Word
    title: Text
    on_hand: Count
    price: Decimal = Decimal(0)
    backorders: bool = True


class OrderedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of an order."""

    id: Word
    sku: Word
    quantity: Units


class ShippedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a line that the carrier took."""

    id: Word
    quantity: Units


class ComingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of what a supplier says."""

    reference: Word
    sku: Word
    quantity: Units
    expected: date | None = None


class Ordered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="order"):
    """A customer orders, and pays."""

    at: Moment
    id: Word
    lines: Annotated[tuple[OrderedLine, ...], msgspec.Meta(min_length=1)]
    email: Text = ""
    country: Text = ""
    segment: Text = "dtc"
    priority: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 0
    ship_complete: bool = False
    stated_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None


class Supplied(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="supply"):
    """A supplier says all that is coming."""

    at: Moment
    supplier: Word
    rows: tuple[ComingRow, ...]


class Received(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="receipt"):
    """Goods come in."""

    at: Moment
    reference: Word
    sku: Word
    quantity: Units


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="shipment"):
    """The carrier takes units of an order."""

    at: Moment
    order: Word
    lines: Annotated[tuple[ShippedLine, ...], msgspec.Meta(min_length=1)]


class Cancelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="cancel"):
    """The buyer cancels what has not shipped."""

    at: Moment
    order: Word


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="answer"):
    """The customer answers to an option."""

    at: Moment
    order: Word
    answer: Answer


class Refunded(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="refund"):
    """The money for what was cancelled goes back."""

    at: Moment
    order: Word


Event = Answered | Refunded | Ordered | Supplied | Received | Shipped | Cancelled


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole, its settings still as written."""

    events: tuple[Event, ...]
    until: Moment
    settings: dict[str, Any] = {}
    deliveries: tuple[Delivered, ...] = ()
    products: tuple[Product, ...] = ()


class Scenario(msgspec.Struct, frozen=True):
    """A scenario that can be run."""

    settings: Settings
    deliveries: tuple[Delivered, ...]
    products: tuple[Product, ...]
    events: tuple[Event, ...]
    until: datetime
    sorted_anew: bool = False


def read_scenario(text: bytes) -> Scenario:
    """A scenario from JSON; BadInput says what is wrong and where."""
    try:
        written = msgspec.json.decode(text, type=Written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"scenario: {error}") from error
    _check(written)
    events = tuple(sorted(written.events, key=lambda event: event.at))
    settings = read_settings(AT_ONCE | _without_fixed(written.settings))
    return Scenario(settings, written.deliveries, written.products, events, written.until, events != written.events)


def _without_fixed(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings but for those that have one value so far; BadInput for another value of such a one."""
    for name, only in FIXED.items():
        if name in given and given[name] != only:
            raise BadInput(
                f"scenario: nothing but {msgspec.json.encode(only).decode()} is there yet - at `$.settings.{name}`"
            )
    return {name: value for name, value in given.items() if name not in FIXED}


def _check(written: Written) -> None:
    """What a schema cannot say: everything that is named exists, once, and in time."""
    skus = [product.sku for product in written.products]
    orders: dict[str, set[str]] = {}
    if written.until.year not in YEARS:
        raise BadInput("scenario: the year must be from 1970 to 2200 - at `$.until`")
    for place, product in enumerate(written.products):
        if not product.price.is_finite() or not 0 <= product.price < DEAREST:
            raise BadInput(f"scenario: the price must be from 0 to {DEAREST} - at `$.products[{place}].price`")
    for place, event in enumerate(written.events):
        where = f"$.events[{place}]"
        if event.at.year not in YEARS:
            raise BadInput(f"scenario: the year must be from 1970 to 2200 - at `{where}.at`")
        if event.at > written.until:
            raise BadInput(f"scenario: the event is after `until` - at `{where}.at`")
        if isinstance(event, Ordered):
            if event.id in orders:
                raise BadInput(f"scenario: there is an order {event.id} already - at `{where}.id`")
            _check_customer(event, where)
            orders[event.id] = {line.id for line in event.lines}
            if len(orders[event.id]) < len(event.lines):
                raise BadInput(f"scenario: two lines have the same id - at `{where}.lines`")
            unknown = [line.sku for line in event.lines if line.sku not in skus]
            if unknown:
                raise BadInput(f"scenario: there is no product {unknown[0]} - at `{where}.lines`")
        elif isinstance(event, Received) and event.sku not in skus:
            raise BadInput(f"scenario: there is no product {event.sku} - at `{where}.sku`")
    for place, event in enumerate(written.events):
        if isinstance(event, Shipped | Cancelled | Answered | Refunded) and event.order not in orders:
            raise BadInput(f"scenario: there is no order {event.order} - at `$.events[{place}].order`")
    if len(set(skus)) < len(skus):
        raise BadInput("scenario: two products have the same SKU - at `$.products`")
    start = min((event.at for event in written.events), default=written.until)
    if written.until - start > LONGEST:
        raise BadInput(f"scenario: it lasts longer than {LONGEST.days} days - at `$.until`")


def _check_customer(event: Ordered, where: str) -> None:
    if event.email and not is_address(event.email):
        raise BadInput(f"scenario: {event.email!r} is no e-mail address - at `{where}.email`")
    if event.country and not COUNTRY.fullmatch(event.country):
        raise BadInput(f"scenario: the country must be two capital letters such as US - at `{where}.country`")
