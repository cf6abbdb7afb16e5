"""Dates and sentences as people read them."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connector.domain.chain import stamp

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """A date without doubt about day and month: 20 March 2027."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime, zone: ZoneInfo) -> str:
    """A time in a zone, with the zone's name: 20 March 2027, 14:05 CET."""
    try:
        local = when.astimezone(zone)
    except OverflowError:  # the first or the last day that there is: a store may say anything
        local, zone = when, ZoneInfo("UTC")
    short = local.tzname() or zone.key
    return f"{day(local.date())}, {local:%H:%M} {short if short.isalpha() else zone.key}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number of something: 1 order, 3 orders; 1 try, 3 tries where `many` is given."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def units(count: int) -> str:
    """A number of units: 1 unit, 3 units."""
    return counted(count, "unit")


def in_json(value: object) -> str:
    """What JSON has no form for: a time in UTC with a Z, anything else as a text."""
    return stamp(value) if isinstance(value, datetime) else str(value)


ESTIMATE = "an estimate, as our supplier has named no date"


def listing_notice(eta: date | None, available: int, estimated: bool = False) -> str:
    """The sentence on a product that is sold beyond its stock."""
    if eta is None:
        return "Available on backorder. We do not have a delivery date for new orders yet."
    guess = f" ({ESTIMATE})" if estimated else ""
    return f"Available on backorder: {units(available)} can ship by {day(eta)}{guess}."


def named_few(names: Sequence[str], most: int) -> str:
    """Names by commas, of many the first: A, B and 3 more."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def one_in(chance: float) -> str:
    """A probability as people say it: 34 %, less than 1 %."""
    percent = round(chance * 100)
    if percent == 0:
        return "less than 1 %"
    return "more than 99 %" if percent == 100 else f"{percent} %"


def runs_out(title: str, sku: str, free: int, risk: float, until: date, order_by: date | None, today: date) -> str:
    """One sentence about a product that is about to run out."""
    name = f"{title} ({sku})" if sku else title
    left = f"{units(free)} left" if free >= 0 else f"{units(-free)} owed"
    late = order_by is not None and order_by <= today
    when = " Order today." if late else f" Order by {day(order_by)}." if order_by else ""
    return f"{name}: {left}; {one_in(risk)} likely to run out by {day(until)}, when more can come.{when}"


def place(url: str) -> str:
    """An address without what may be secret in it: user, password, query."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"
