"""Pages of the online store: what apps and people may write there, and what Shopify refuses."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import nh3
from graphql import GraphQLError

from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.search import matcher

if TYPE_CHECKING:
    from adapters.shopify.practice.shop import Shop

View = dict[str, Any]
RIGHTS = frozenset({"write_online_store_pages", "write_content"})


@dataclass(slots=True)
class InfoPage:
    """A page; its address within the shop is /pages/<handle>."""

    id: int
    handle: str
    title: str
    body: str
    published: bool = True


@dataclass(slots=True)
class InfoPages:
    """All pages of a shop, by id."""

    kept: dict[int, InfoPage] = field(default_factory=dict)

    def at(self, handle: str) -> InfoPage | None:
        """The page at an address."""
        return next((page for page in self.kept.values() if page.handle == handle), None)


def root(shop: "Shop") -> View:
    """What can be queried of pages."""
    kept = shop.pages.kept
    return {
        "page": lambda id: next((_view(page) for page in kept.values() if gid("Page", page.id) == id), None),
        "pages": lambda *, query="", **wanted: connection(
            [page for page in kept.values() if matcher(query or "")(partial(_holds, page))],
            lambda page: ("", page.id),
            _view,
            **wanted,
        ),
    }


def mutations(shop: "Shop") -> View:
    """The mutations by name."""
    return {"pageCreate": partial(_create, shop), "pageUpdate": partial(_update, shop)}


def _holds(page: InfoPage, field: str, op: str, value: str) -> bool:
    if field != "handle":
        raise GraphQLError(f"The fake cannot search pages by {field}")
    return page.handle == value


def _create(shop: "Shop", page: View) -> View:
    _be_allowed(shop, "pageCreate")
    handle = page.get("handle") or "-".join(page["title"].lower().split())
    if not page["title"].strip():
        return _refused("title", "Title can't be blank", "BLANK")
    if shop.pages.at(handle):
        return _refused("handle", "Handle has already been taken", "TAKEN")
    number = shop.catalogue.new_id()
    made = InfoPage(number, handle, page["title"], _cleaned(page.get("body")), page.get("isPublished", True))
    shop.pages.kept[number] = made
    return {"page": _view(made), "userErrors": []}


def _update(shop: "Shop", id: str, page: View) -> View:
    _be_allowed(shop, "pageUpdate")
    found = next((one for one in shop.pages.kept.values() if gid("Page", one.id) == id), None)
    if found is None:
        return _refused("id", "Page does not exist", "NOT_FOUND")
    if "title" in page and not page["title"].strip():
        return _refused("title", "Title can't be blank", "BLANK")
    found.title = page.get("title", found.title)
    found.body = _cleaned(page["body"]) if "body" in page else found.body
    found.published = page.get("isPublished", found.published)
    return {"page": _view(found), "userErrors": []}


def _be_allowed(shop: "Shop", mutation: str) -> None:
    if not RIGHTS & shop.scopes:
        raise GraphQLError(f"Access denied for {mutation} field.", extensions={"code": "ACCESS_DENIED"})


def _refused(field: str, message: str, code: str) -> View:
    return {"page": None, "userErrors": [{"field": ["page", field], "message": message, "code": code}]}


def _cleaned(body: str | None) -> str:
    """What is kept of a page's HTML; it is not always letter for letter what was sent."""
    return nh3.clean(body or "").strip()


def _view(page: InfoPage) -> View:
    return {
        "id": gid("Page", page.id),
        "handle": page.handle,
        "title": page.title,
        "body": page.body,
        "isPublished": page.published,
    }
