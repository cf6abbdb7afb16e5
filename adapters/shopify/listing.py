"""Listings go out as metafields of the variant, in the app's own namespace; nothing else of a product is written."""

from collections.abc import Sequence

from adapters.shopify.client import Client
from adapters.shopify.metafields import Entry, bring
from connector.domain.effects import ListingState, WriteListing
from connector.ports import StoreAccess, Written

TYPES = {
    "state": "single_line_text_field",
    "eta": "date",
    "available": "number_integer",
    "notice": "single_line_text_field",
}


def write_listings(client: Client, access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
    """Bring the listings to their state; what Shopify refuses of one does not hold back the others."""
    failed = bring(client, access, [entry for listing in listings for entry in entries_of(listing)])
    return tuple(failed.get(listing.item, Written(listing.item)) for listing in listings)


def entries_of(listing: WriteListing) -> tuple[Entry, ...]:
    """The metafields of a listing; only a backorder has a number of units to show."""
    backorder = listing.state is ListingState.BACKORDER
    values: dict[str, str | None] = {
        "state": listing.state.value if listing.state is not ListingState.WITHDRAWN else None,
        "eta": listing.eta.isoformat() if listing.eta else None,
        "available": str(listing.available) if backorder else None,
        # The type of the field allows no line breaks.
        "notice": " ".join(listing.notice.split()) or None,
    }
    return tuple(Entry(listing.item, key, TYPES[key], value) for key, value in values.items())
