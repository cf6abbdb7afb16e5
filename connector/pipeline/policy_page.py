"""The page about backorders in a store: written when its merchant asks for it, and never over what others wrote."""

import hashlib
from dataclasses import dataclass
from html import escape

from connector.domain.errors import BadInput, Unsupported
from connector.domain.policy_page import TITLE, Section, policy_page
from connector.pipeline.connector import Connector
from connector.pipeline.reaching import reach
from connector.ports import InfoPage
from connector.store import policy_pages, shops
from connector.store.policy_pages import Published
from connector.store.shops import Shop

HANDLE = "backorders"
EDITED = (
    "The page in your store is not as it was last written from here: {}. Nothing was changed; say that it is to be"
    " replaced if you want that."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The page as it would be written now; `published` is None where it has not been written yet.

    `can_publish`: this store can be written to; else its merchant copies the text. `is_current`: what was written
    last is the same.
    """

    title: str
    sections: tuple[Section, ...]
    html: str
    can_publish: bool
    published: Published | None
    is_current: bool


def draft(connector: Connector, shop: Shop) -> Draft:
    """What the page says by the settings as they are; asks nothing of the store."""
    sections = policy_page(shop.settings)
    body = as_html(sections)
    with connector.db.begin() as tx:
        published = policy_pages.get(tx, shop.id)
    is_current = published is not None and published.ours == digest(TITLE, body)
    can_publish = connector.platforms[shop.platform].pages is not None
    return Draft(TITLE, sections, body, can_publish, published, is_current)


def publish(connector: Connector, store: str, *, replace: bool) -> InfoPage:
    """Write the page, or write it again; BadInput where the store's page is another's work and is not to go.

    Safe to repeat: a page at the same address is found before another is made.
    """
    with connector.db.begin() as tx:
        shop = shops.get(tx, store)
    pages = connector.platforms[shop.platform].pages
    if pages is None:
        raise Unsupported("Pages of this store cannot be written from here: copy the text into one of yours")
    if shop.status != "active":
        raise BadInput("the store is not connected at the moment")
    wanted = draft(connector, shop)
    access = reach(connector, shop)
    known = wanted.published
    found = pages.find(access, known.page if known else "", HANDLE)
    if found is not None and not replace and not _is_ours(found, known, wanted):
        raise BadInput(EDITED.format(found.url))
    written = pages.put(access, found.id if found else "", HANDLE, wanted.title, wanted.html)
    ours, theirs = digest(wanted.title, wanted.html), digest(written.title, written.body)
    with connector.db.begin() as tx:
        policy_pages.keep(tx, store, Published(written.id, written.url, ours, theirs), connector.clock())
    return written


def _is_ours(found: InfoPage, known: Published | None, wanted: Draft) -> bool:
    """Whether nobody else's words would be lost."""
    here = digest(found.title, found.body)
    return here == digest(wanted.title, wanted.html) or (known is not None and here == known.theirs)


def as_html(sections: tuple[Section, ...]) -> str:
    """The sections as the body of a page."""
    lines: list[str] = []
    for section in sections:
        lines.append(f"<h2>{escape(section.heading)}</h2>")
        lines += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
    return "\n".join(lines)


def digest(title: str, body: str) -> str:
    """What tells one text from another; how it is laid out between its tags does not count."""
    return hashlib.sha256(" ".join(f"{title}\n{body}".replace("><", "> <").split()).encode()).hexdigest()
