"""The books in a merchant's words: states, reasons, dates, figures, addresses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.store.reports import NoticeRow

THIN = "\u202f"  # narrow and never broken at the end of a line

TEMPLATES = {
    "backordered": "On backorder",
    "eta_changed": "New date",
    "filled": "Ready-to-ship notice",
    "option_first": "Delay: asked to choose",
    "option_renewed": "Further delay: asked to choose",
    "cancelled": "Cancelled",
    "refund_statement": "Refund",
}
ORDER_STATES = {
    "unpaid": "Not paid yet",
    "open": "Open",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "gone": "Deleted in the store",
}
LISTING_STATES = {
    "in_stock": "In stock",
    "backorder": "On backorder",
    "out_of_stock": "Out of stock",
    "withdrawn": "As it was before us",
}
WRITTEN = {
    "due": "waiting to be written",
    "sending": "being written",
    "unknown": "waiting to be written",
    "done": "written",
    "dead": "could not be written",
}
REFUND_STATES = {
    "proposed": "Waits for you",
    "due": "Being carried out",
    "sending": "Being carried out",
    "done": "Carried out",
    "dead": "Not carried out",
}
REQUESTS = {"export": "Their data", "erase": "To be erased", "forget": "The store has left: all of it"}
STORE_STATES = {"active": "Connected", "paused": "Paused", "closed": "Disconnected"}
PLATFORMS = {"woocommerce": "WooCommerce", "shopify": "Shopify"}
PROBLEMS = {
    "access": "Access to the store",
    "import": "Reading the store in",
    "rights": "Rights in the store",
    "leaving": "Disconnecting the store",
    "locations": "Where orders ship from",
    "privacy": "What customers ask of their data",
    "api_version": "The store's interface",
    "mail": "Sending e-mail",
    "clock": "The host's clock",
    "no_law": "Orders that no known law binds",
    "refund": "Refunds that are due",
    "staff": "Customers who have to be told",
    "unwanted": "Customers who want no mail",
    "feed": "Supplier feeds",
    "feed_rows": "Rows in supplier feeds",
    "feed_flaps": "Supplier feeds that contradict themselves",
    "supply_overdue": "Supply whose date has passed",
    "supply_twice": "Supply that is named twice",
    "unmatched_sku": "SKUs without a product",
    "ambiguous_sku": "SKUs of two products",
    "listing": "Listings",
    "policy": "Backorder policies",
    "order": "What orders show in the store",
    "note": "Notes on orders",
    "hold": "Goods that are held back",
    "capture": "Payments to be taken",
    "payment": "Payments that failed",
    "pin": "Lines put first",
    "receipt": "Goods that were not announced",
    "stock_out": "About to run out",
    "dead_letter": "Given up",
    "offer": "Discount code",
    "unusable": "Products and orders that cannot be used",
    "unknown_items": "Orders for products that are not in the store",
    "wiped_notices": "Notices that are taken out again and again",
}
CHOICES = {
    "first_come": "Whoever ordered first",
    "priority": "By priority, then first come",
    "complete_most": "What completes most orders",
    "nearest_deadline": "The nearest deadline",
    "segments": "By segment",
    "none": "None",
    "us": "United States",
    "us_ftc": "US: FTC rule",
    "us_california": "US: California",
    "uk": "United Kingdom",
    "eu": "European Union",
    "auto": "By the customer's address",
    "backordered": "With the first notice",
    "eta_changed": "With the first new date",
}
GIVEN_UP = {
    "delivery": ("message from the store", "messages from the store"),
    "listing": ("listing", "listings"),
    "notice": ("notice to a customer", "notices to customers"),
    "fetch": ("look at the store", "looks at the store"),
    "refund": ("cancellation in the store", "cancellations in the store"),
    "alert": ("message to your staff", "messages to your staff"),
    "offer": ("discount code", "discount codes"),
    "backorders": ("backorder policy", "backorder policies"),
    "order": ("order to be written to", "orders to be written to"),
    "note": ("note on an order", "notes on orders"),
    "arrange": ("order to be held back", "orders to be held back"),
    "capture": ("payment to be taken", "payments to be taken"),
    "split": ("order to be split", "orders to be split"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A state in words; `tone` is "plain", "good", "warn" or "bad"."""

    text: str
    tone: str = "plain"


NOTICE_STATES = {
    "due": Said("Waiting to be sent"),
    "sending": Said("Being sent"),
    "unknown": Said("Not certain", "warn"),
    "done": Said("Sent", "good"),
    "dead": Said("Given up", "bad"),
    "withdrawn": Said("Not needed any more"),
}


def named(name: str) -> str:
    """A name of ours as a label: improve_days -> Improve days."""
    return name.replace("_", " ").capitalize()


def capital(text: str) -> str:
    """A text as a sentence begins."""
    return text[:1].upper() + text[1:]


def things(count: int) -> str:
    """A number of things: 1 thing, 3 things."""
    return counted(count, "thing")


def word(table: dict[str, str], name: str) -> str:
    """A table's word for a name; the name itself, as a label, where the table has none yet."""
    return table.get(name) or named(name)


def figure(count: int) -> str:
    """A number with thin separators: 12 345, −3."""
    return f"{count:,}".replace(",", THIN).replace("-", "−")


def counted(count: int, one: str, many: str = "") -> str:
    """A number of something, with thin separators: 1 order, 12 345 orders."""
    return f"{figure(count)} {one if count == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share in whole hundredths: 90 %."""
    return f"{share * 100:.0f}{THIN}%"


def typed(command: str, text: str) -> str:
    """A command as it is typed here."""
    return f"{command} {text.removeprefix('backorder ')}"


def ago(when: datetime, now: datetime) -> str:
    """How long something is past, in its largest unit: 3 hours ago."""
    past = (now - when).total_seconds()
    return "just now" if past < 60 else f"{_span(past)} ago"


def every(span: timedelta) -> str:
    """How often something happens: every 15 minutes."""
    return f"every {_span(span.total_seconds())}"


def _span(seconds: float) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{int(seconds)} seconds"


def masked(address: str) -> str:
    """An e-mail address that its owner knows again and nobody else learns: a…@example.com."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}" if at else "…"


def notice_state(notice: NoticeRow) -> Said:
    """What became of a notice."""
    if notice.outcome == "failed":
        return Said("Not delivered", "bad")
    if notice.outcome == "unwanted":
        return Said("Unwanted", "warn")
    if notice.outcome == "delivered":
        return Said("Delivered", "good")
    if notice.status == "due" and notice.error:
        return Said("Will be tried again", "warn")
    return NOTICE_STATES.get(notice.status, Said(named(notice.status)))


def given_up(kind: str, count: int) -> str:
    """Dead letters of a kind: 2 notices to customers."""
    one, many = GIVEN_UP.get(kind, (named(kind), named(kind)))
    return counted(count, one, many)
