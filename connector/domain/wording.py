"""Dates and sentences as people read them."""

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """A date without doubt about day and month: 20 March 2027."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def units(count: int) -> str:
    """A number of units: 1 unit, 3 units."""
    return f"{count} unit" if count == 1 else f"{count} units"


def listing_notice(eta: date | None, available: int) -> str:
    """The sentence on a product that is sold beyond its stock."""
    if eta is None:
        return "Available on backorder. We do not have a delivery date for new orders yet."
    return f"Available on backorder: {units(available)} can ship by {day(eta)}."
