"""What Shopify tells the app as a whole: customers' rights over their data, and changes of its standing in a shop.

Only the body is signed. Which shop is meant and what is asked is therefore read from it; the headers must agree.
"""

from collections.abc import Mapping

from msgspec import Struct

from adapters.http import decode
from adapters.shopify.access import SHOP
from adapters.shopify.receiving import TOPIC, WEBHOOK_ID, triggered_at, verify
from connector.domain.errors import BadSignature, Unreadable
from connector.ports import DataRequest, LookAgain, RequestKind

SHOP_HEADER = "x-shopify-shop-domain"
UNINSTALLED = "app/uninstalled"
STANDING = frozenset({UNINSTALLED, "app/scopes_update"})


class Person(Struct, frozen=True):
    """Who asks."""

    email: str | None = None


class Named(Struct, frozen=True):
    """A request by its number."""

    id: int


class Asked(Struct, frozen=True):
    """The body of all three compliance topics; which fields it has tells them apart."""

    shop_domain: str
    customer: Person | None = None
    orders_requested: tuple[int, ...] | None = None
    data_request: Named | None = None
    orders_to_redact: tuple[int, ...] | None = None

    @property
    def kind(self) -> RequestKind:
        """What is asked."""
        if self.data_request is not None:
            return RequestKind.EXPORT
        return RequestKind.FORGET if self.customer is None else RequestKind.ERASE


TOPICS = {
    "customers/data_request": RequestKind.EXPORT,
    "customers/redact": RequestKind.ERASE,
    "shop/redact": RequestKind.FORGET,
}


def read_told(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> DataRequest | LookAgain | None:
    """What a delivery to the app's own address asks for; None for what is nothing of ours.

    BadSignature for what Shopify did not sign, or what comes under another topic than its own.
    """
    accepted = verify(headers, body, "\n".join(secrets))
    topic = accepted.headers[TOPIC]
    if topic in STANDING:
        _be_an_object(body)
        shop = accepted.headers.get(SHOP_HEADER, "")
        left_at = triggered_at(accepted.headers) if topic == UNINSTALLED else None
        return LookAgain(shop.lower(), left_at) if SHOP.match(shop) else None
    if topic not in TOPICS:
        return None
    asked = decode(body, Asked)
    if asked.kind is not TOPICS[topic]:
        raise BadSignature("This was signed for another purpose")
    if not SHOP.match(asked.shop_domain):
        raise Unreadable("This names no shop")
    number = asked.data_request.id if asked.data_request else accepted.headers[WEBHOOK_ID]
    orders = (asked.orders_requested or ()) + (asked.orders_to_redact or ())
    email = (asked.customer and asked.customer.email) or ""
    return DataRequest(asked.kind, asked.shop_domain.lower(), str(number), email, tuple(map(str, orders)))


def _be_an_object(body: bytes) -> None:
    """The app's secret signs session tokens and addresses too; none of these is an object in JSON."""
    try:
        decode(body, dict[str, object])
    except Unreadable as error:
        raise BadSignature("This was signed for another purpose") from error
