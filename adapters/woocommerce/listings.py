"""Writing listings: a notice in the text that buyers read, and the figures behind it as meta data.

Where our plugin shows the notice, the texts are left to the merchant, and a block from before is taken out.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from adapters.woocommerce.batches import GONE, Change, by_parent, send
from adapters.woocommerce.block import is_in, placed, plain
from adapters.woocommerce.keeping import lost
from adapters.woocommerce.payloads import Id, Meta, each
from adapters.woocommerce.refusals import Missing
from adapters.woocommerce.rest import PER_PAGE, Params, Rest
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Terminal
from connector.ports import Unusable, Written

ETA, NOTICE, AVAILABLE = "_backorder_eta", "_backorder_notice", "_backorder_available"
RAW: Params = {"context": "edit", "_fields": "id,description"}


class Text(msgspec.Struct, frozen=True):
    """What a listing says now; products are described in the one field, variations in the other."""

    id: Id
    sku: str | None = ""
    short_description: str = ""
    description: str = ""
    meta_data: list[Meta] = []


def write(rest: Rest, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
    """Bring the listings to their state; one result for each, in their order. What is right already is left alone."""
    return by_parent(listings, _fault, lambda path, group: _write(rest, path, group))


def _write(rest: Rest, path: str, group: Sequence[WriteListing]) -> dict[str, Written]:
    now, odd, companion = _read(rest, path, group)
    results = {listing.item: Written(listing.item, odd.get(listing.item, GONE)) for listing in group}
    changes: list[Change] = []
    there = [listing for listing in group if listing.item in now]
    blocks = {listing.item: "" if companion else plain(listing.notice) for listing in there}
    written = [
        now[one.item] for one in there if path != "products" and not _stays(one, now[one.item], blocks[one.item])
    ]
    words = _own_words(rest, written)
    for listing in there:
        try:
            text = now[listing.item].short_description if path == "products" else words.get(listing.item, "")
            change, error = _change(path, listing, now[listing.item], blocks[listing.item], text)
        except Terminal as refused:
            change, error = None, str(refused)
        results[listing.item] = Written(listing.item, error or None)
        if change is not None:
            changes.append(change)
    return results | send(rest, path, changes, results)


def _fault(listing: WriteListing) -> str:
    """Why a listing cannot be sent; batches are not validated by the store, it would store anything."""
    return "A number of units below zero cannot be shown." if listing.available < 0 else ""


def _read(rest: Rest, path: str, group: Sequence[WriteListing]) -> tuple[dict[str, Text], dict[str, str], bool]:
    """What the listings say now; why one of them cannot be read; whether our plugin is there."""
    # Without context=edit texts come as the shop shows them: with paragraphs, curly quotes, short codes carried out.
    params: Params = {
        "include": ",".join(listing.item for listing in group),
        "per_page": PER_PAGE,
        "context": "edit",
        "_fields": "id,sku,short_description,description,meta_data",
    }
    reply = rest.get(path, list[msgspec.Raw], params)
    rows = tuple(each(reply.value, Text))
    texts = {str(row.id): row for row in rows if isinstance(row, Text)}
    return texts, {row.id: row.reason for row in rows if isinstance(row, Unusable)}, reply.companion


def _stays(listing: WriteListing, now: Text, notice: str) -> bool:
    """Whether a variation's description is left alone, of which its list shows no more than whether we are in it."""
    return is_in(now.description) == bool(notice) and not (notice and _meta(listing, now))


def _change(
    path: str, listing: WriteListing, now: Text, notice: str, text: str | Terminal
) -> tuple[Change | None, str]:
    """What to send for one listing (None: nothing) whose `text` is to say `notice`, and what cannot be done."""
    number, meta = int(listing.item), _meta(listing, now)
    if path != "products" and _stays(listing, now, notice):
        return (Change(number, meta_data=meta) if meta else None), ""
    if isinstance(text, Terminal):
        raise text
    wanted = placed(text, notice)
    if wanted == text:
        return (Change(number, meta_data=meta) if meta else None), ""
    if gone := lost(text):
        refused = f"The notice is not in the description: WooCommerce would take {gone} out of it."
        return (Change(number, meta_data=meta) if meta else None), refused
    # WordPress takes one layer of backslashes off what REST brings.
    sent = wanted.replace("\\", "\\\\")
    if path == "products":
        return Change(number, short_description=sent, meta_data=meta), ""
    return Change(number, description=sent, meta_data=meta), ""


def _own_words(rest: Rest, variations: Sequence[Text]) -> dict[str, str | Terminal]:
    """Descriptions of variations as the merchant wrote them, by id, or why one cannot be read.

    The list of variations never shows them. That of products does, and has variations in it where it is asked for
    SKUs; what has none of its own, or one with a comma, is read by itself.
    """
    wanted = {str(one.id) for one in variations}
    skus = sorted({one.sku for one in variations if one.sku and "," not in one.sku})
    rows: tuple[Text | Unusable, ...] = ()
    if len(skus) > 1:
        params: Params = {"sku": ",".join(skus), "status": "any", "per_page": PER_PAGE, **RAW}
        rows = tuple(each(rest.get("products", list[msgspec.Raw], params).value, Text))
    texts = {str(row.id): row.description for row in rows if isinstance(row, Text)}
    return {one: texts[one] if one in texts else _own_words_of(rest, one) for one in sorted(wanted)}


def _own_words_of(rest: Rest, variation: str) -> str | Terminal:
    try:
        return rest.get(f"products/{variation}", Text, RAW).value.description
    except Missing:
        return Terminal(GONE)
    except Terminal as error:
        return error


def _meta(listing: WriteListing, now: Text) -> list[dict[str, str | None]]:
    """The meta entries that are not as they should be."""
    waiting = listing.state is ListingState.BACKORDER
    wanted = {
        ETA: listing.eta.isoformat() if listing.eta else None,
        NOTICE: plain(listing.notice) or None,
        AVAILABLE: str(listing.available) if waiting else None,
    }
    has = {entry.key: str(entry.value) for entry in now.meta_data if isinstance(entry.value, str | int)}
    return [{"key": key, "value": value} for key, value in wanted.items() if has.get(key) != value]
