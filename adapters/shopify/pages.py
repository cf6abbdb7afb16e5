"""Pages of a shop's online store, looked for before they are made."""

from adapters.shopify.client import Client, Reply
from adapters.shopify.ids import gid, plain
from adapters.shopify.problems import Withheld
from adapters.shopify.shapes import Shape, UserError
from connector.domain.errors import Ambiguous, NeedsMerchant, Retryable, Terminal
from connector.ports import InfoPage, StoreAccess

RIGHT = (
    "The app of {} may not write pages: open it in Shopify's admin and allow what it asks for there"
    " (write_online_store_pages), or copy the text into a page of yours."
)


class PageNode(Shape, frozen=True):
    """A page."""

    id: str
    handle: str
    title: str
    body: str


class Listed(Shape, frozen=True):
    """Some pages."""

    nodes: tuple[PageNode, ...]


class Pages(Shape, frozen=True):
    """The answer to Pages."""

    pages: Listed


class OnePage(Shape, frozen=True):
    """The answer to Page."""

    page: PageNode | None


class Writing(Shape, frozen=True):
    """What became of a page."""

    user_errors: tuple[UserError, ...]
    page: PageNode | None = None


class Created(Shape, frozen=True):
    """The answer to PageCreate."""

    page_create: Writing


class Updated(Shape, frozen=True):
    """The answer to PageUpdate."""

    page_update: Writing


class ShopifyPages:
    """Implements `InfoPages`; wants the right write_online_store_pages."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def find(self, access: StoreAccess, known_as: str, handle: str) -> InfoPage | None:
        """The page with this id, or else the one at this address."""
        try:
            found = self._by_id(access, known_as) if known_as else None
            return self._seen(access, found or self._by_handle(access, handle))
        except Withheld as error:
            raise NeedsMerchant(RIGHT.format(access.address)) from error

    def put(self, access: StoreAccess, known_as: str, handle: str, title: str, body: str) -> InfoPage:
        """Write a page; one whose making nobody knows of is found by the next try."""
        page: dict[str, object] = {"title": title, "body": body}
        errand = self._client.errand()
        try:
            if known_as:
                variables = {"id": gid("Page", known_as), "page": page}
                done = errand.call(access, "PageUpdate", variables, Updated).data.page_update
            else:
                variables = {"page": page | {"handle": handle, "isPublished": True}}
                done = errand.call(access, "PageCreate", variables, Created, tries=1).data.page_create
        except Ambiguous as unknown:
            raise Retryable(str(unknown)) from unknown
        except Withheld as error:
            raise NeedsMerchant(RIGHT.format(access.address)) from error
        written = self._seen(access, done.page)
        if written is None or done.user_errors:
            texts = "; ".join(error.message for error in done.user_errors)
            raise Terminal(f"Shopify does not write the page ({access.address}): {texts}")
        return written

    def _by_id(self, access: StoreAccess, known_as: str) -> PageNode | None:
        return self._client.errand().call(access, "Page", {"id": gid("Page", known_as)}, OnePage).data.page

    def _by_handle(self, access: StoreAccess, handle: str) -> PageNode | None:
        variables = {"first": 10, "query": f"handle:{handle}"}
        reply: Reply[Pages] = self._client.errand().call(access, "Pages", variables, Pages)
        return next((page for page in reply.data.pages.nodes if page.handle == handle), None)

    def _seen(self, access: StoreAccess, page: PageNode | None) -> InfoPage | None:
        if page is None:
            return None
        url = f"{self._client.storefront(access.address)}/pages/{page.handle}"
        return InfoPage(plain(page.id), page.title, page.body, url)
