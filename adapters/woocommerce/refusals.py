"""What a store's refusal means, and who can mend it."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from adapters.http import Answer
from adapters.woocommerce.payloads import Refusal, read
from connector.domain.errors import ConnectorError, NeedsMerchant, Retryable, ShutOut, Terminal, Unreadable

# WooCommerce answers with one code for all of these and tells them apart in English only
# (includes/class-wc-rest-authentication.php); translated stores get the general words.
AUTHENTICATION = (
    (
        "consumer key is invalid",
        "The store does not know this consumer key: it was mistyped, or revoked in the store. "
        "Make a new one under WooCommerce → Settings → Advanced → REST API.",
    ),
    ("consumer secret is invalid", "The consumer secret does not belong to the consumer key."),
    (
        "signature",
        "The store does not accept our signature: the consumer secret does not belong to the key, or the store "
        "stands behind a proxy and knows itself under another address. An https address avoids the second.",
    ),
    ("timestamp", "The clock of the store and ours are more than 15 minutes apart."),
    (
        "permissions",
        "The consumer key may not do this: give it Read/Write under WooCommerce → Settings → Advanced → REST API.",
    ),
)
NOT_ACCEPTED = "The store did not accept the consumer key and secret."
NO_RIGHTS = (
    "The user whose consumer key this is may not do this: the user has to be a shop manager or an administrator, "
    "and the key needs Read/Write."
)
NO_ROUTE = (
    "The WooCommerce REST interface was not found at this address: check the address, that WooCommerce is active, "
    "and that Settings → Permalinks is anything but Plain."
)
NO_REFUND = "woocommerce_rest_cannot_create_order_refund"
BARRED = "Something in front of the store (a firewall, a password, a coming-soon page) turned the connector away."


class Unrouted(NeedsMerchant):
    """The store's REST interface is not where it has to be."""

    def __init__(self) -> None:
        super().__init__(NO_ROUTE)


class NotRefunded(Terminal):
    """The payment gateway of an order would not send money back; the text is the store's own."""


class Missing(Terminal):
    """The store says that this order, product or webhook does not exist; `at` is its own time of saying so."""

    def __init__(self, text: str, at: datetime | None) -> None:
        super().__init__(text)
        self.at = at


class Declined(Terminal):
    """The store understood and does not do it; `code` is WooCommerce's name for the reason."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


def answered_at(answer: Answer) -> datetime | None:
    """When the store gave this answer, by its own clock."""
    try:
        when = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return when if when.tzinfo else None


def refusal(answer: Answer) -> ConnectorError:
    """The error that stands for an answer other than 2xx."""
    declined = _declined(answer)
    if declined is not None:
        return declined
    if answer.status == 429 or (answer.status >= 500 and answer.status != 501):
        return Retryable(f"The store answered {answer.status}", answer.retry_after)
    if 300 <= answer.status < 400:
        return _moved(answer)
    try:
        said = read(answer.body, Refusal)
    except Unreadable:
        return _page(answer.status)
    if answer.status == 404 and said.code != "rest_no_route":
        return Missing(f"{said.code}: {said.message}", answered_at(answer))
    return _said(answer.status, said)


def _declined(answer: Answer) -> NotRefunded | None:
    """A refund that was not made comes as a failure of the server (500), with words of its own."""
    if answer.status < 500:
        return None
    try:
        said = read(answer.body, Refusal)
    except Unreadable:
        return None
    return NotRefunded(said.message) if said.code == NO_REFUND else None


def _said(status: int, said: Refusal) -> ConnectorError:
    if said.code == "woocommerce_rest_authentication_error":
        return _authentication(said.message)
    if status in (401, 403):
        return NeedsMerchant(NO_RIGHTS)
    if said.code == "rest_no_route":
        return Unrouted()
    return Declined(f"The store refused this with {status}: {said.message} ({said.code})", said.code)


def _authentication(message: str) -> ConnectorError:
    lowered = message.lower()
    if "nonce" in lowered:
        return Retryable("The store had seen this request before")
    return ShutOut(next((words for mark, words in AUTHENTICATION if mark in lowered), NOT_ACCEPTED))


def _moved(answer: Answer) -> ConnectorError:
    # Only scheme and host: the rest may carry OAuth parameters.
    to = urlsplit(answer.headers.get("location", ""))
    where = f"{to.scheme}://{to.netloc.rpartition('@')[2]}" if to.scheme and to.netloc else "another address"
    return ShutOut(f"The store sends us on to {where}: connect it with the address that it really has.")


def _page(status: int) -> ConnectorError:
    """A page for people where JSON was expected."""
    if status == 404:
        return Unrouted()
    if status in (401, 403):
        return NeedsMerchant(BARRED)
    return Terminal(f"The store answered {status} with a page instead of JSON")
