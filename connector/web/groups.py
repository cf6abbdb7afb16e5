"""The settings as the page shows them: in groups, each under the name that a merchant would give it."""

from collections.abc import Iterable
from dataclasses import dataclass

from connector.web.words import named


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together: `labels` by the settings' names, in the order of the page."""

    name: str
    title: str
    labels: dict[str, str]


GROUPS = (
    Group(
        "dates",
        "Dates",
        {
            "timezone": "Time zone",
            "promise_quantile": "How sure a date is",
            "cold_start_days": "Extra days for an unknown supplier",
            "buffer_days": "Extra days on every date",
            "handling_days": "Days to make parcels ready",
            "holidays": "Public holidays",
            "cut_off": "Carrier's cut-off time",
            "improve_days": "When an earlier date is told",
            "settle_seconds": "Wait before a count is believed",
            "approve_above": "Ask before a file moves many orders",
            "follow_transfers": "Count the shop's own transfers",
            "location_names": "Locations by suppliers' names",
        },
    ),
    Group(
        "allocation",
        "Who gets which units",
        {
            "fill_order": "Who comes first",
            "partial_shipments": "Ship orders in parts",
            "segment_of": "What puts an order into a segment",
            "segments": "How segments are treated",
            "classes": "Class of each segment",
            "sla_days": "Days to ship, by segment",
            "reserve_percent": "Kept for orders that wait",
            "reserved_references": "Deliveries kept for orders that wait",
        },
    ),
    Group(
        "law",
        "Law",
        {
            "jurisdiction": "Law that delays are measured by",
            "exempt_segments": "Segments that are businesses",
            "exempt_skus": "SKUs that the law leaves out",
            "terms_are_credit": "Payment terms are credit",
            "listings_state_time": "Buyers see the date before they buy",
        },
    ),
    Group(
        "mail",
        "Customers' mail",
        {
            "notify_customers": "Write to customers",
            "tell_imported": "Write about earlier orders, too",
            "sender_name": "Sender's name",
            "sender_email": "Sender's address",
        },
    ),
    Group(
        "listings",
        "Listings and orders in the store",
        {
            "write_listings": "Write notices into listings",
            "dates_ahead": "Dates for more than is in stock",
            "backorder_rule": "Switch backorders on and off",
            "backorder_limit": "Most units that may wait",
            "write_orders": "Show dates in the shop's own mails",
            "order_notes": "Notes on orders that can ship in part",
            "split_orders": "Split orders that can ship in part",
            "hold_waiting": "Hold back what waits",
            "fulfil_by": "Give orders a day to be fulfilled by",
        },
    ),
    Group(
        "money",
        "Money",
        {
            "cancellations": "Cancelling and refunding",
            "captures": "Taking reserved payments",
            "capture_days": "Days of warning before they lapse",
            "capture_filled": "Payment methods that reserve",
            "offer_with": "Discount code for waiting",
            "offer_percent": "What a code takes off",
            "offer_days": "Days a code is good for",
        },
    ),
    Group(
        "staff",
        "Stock-out watch and staff",
        {
            "watch": "Watch stock",
            "watch_above": "Warn above this risk",
            "lead_days": "Days until ordered goods are here",
            "staff_email": "Address of your staff",
        },
    ),
)


def groups_of(settings: Iterable[str]) -> list[Group]:
    """The groups of the page; a setting that none of them names stands in one more, under its own name."""
    placed = {name for group in GROUPS for name in group.labels}
    rest = {name: named(name) for name in settings if name not in placed}
    return [*GROUPS, *([Group("rest", "Everything else", rest)] if rest else [])]
