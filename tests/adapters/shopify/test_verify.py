"""Only what Shopify signed with this store's secret is accepted, and every delivery has a key of its own."""

import base64
import hashlib
import hmac

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.keys import AppKeys
from connector.domain.errors import BadSignature
from connector.ports import Accepted

SECRET = "shpss_5b0c71f4"
BODY = b'{"id": 1001, "name":"#1001"}'
HEADERS = {
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Webhook-Id": "b54557e4",
    "X-Shopify-Triggered-At": "2026-11-02T14:00:01.500000Z",
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-Event-Id": "98880550",
    "X-Shopify-API-Version": "2026-10",
    "User-Agent": "Ruby",
}


def digest(body: bytes = BODY, secret: str = SECRET) -> bytes:
    return hmac.digest(secret.encode(), body, hashlib.sha256)


def signed(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return HEADERS | {"X-Shopify-Hmac-Sha256": base64.b64encode(digest(body, secret)).decode()}


def verify(headers: dict[str, str], body: bytes = BODY, secret: str = SECRET) -> Accepted:
    return Shopify(Http()).verify(headers, body, secret)


def test_a_genuine_delivery_is_accepted_with_the_headers_that_are_needed_later() -> None:
    assert verify(signed()) == Accepted(
        "orders/create:b54557e4",
        {
            "x-shopify-topic": "orders/create",
            "x-shopify-webhook-id": "b54557e4",
            "x-shopify-triggered-at": "2026-11-02T14:00:01.500000Z",
            "x-shopify-shop-domain": "acme.myshopify.com",
            "x-shopify-event-id": "98880550",
            "x-shopify-api-version": "2026-10",
        },
    )


def test_names_of_headers_may_come_in_lower_case() -> None:
    lower = {name.lower(): value for name, value in signed().items()}
    assert verify(lower) == verify(signed())


def test_one_event_on_two_topics_gives_two_keys() -> None:
    first = verify(signed())
    second = verify(signed() | {"X-Shopify-Topic": "orders/updated", "X-Shopify-Webhook-Id": "c6b2aa10"})
    assert first.headers["x-shopify-event-id"] == second.headers["x-shopify-event-id"]
    assert (first.dedupe_key, second.dedupe_key) == ("orders/create:b54557e4", "orders/updated:c6b2aa10")


def test_a_retry_has_the_key_of_the_first_attempt() -> None:
    assert verify(signed()).dedupe_key == verify(signed()).dedupe_key


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
def test_compliance_topics_are_accepted(topic: str) -> None:
    assert verify(signed() | {"X-Shopify-Topic": topic}).dedupe_key == f"{topic}:b54557e4"


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x",
        digest().hex(),
        base64.b64encode(digest()).decode()[:-1],
        base64.b64encode(digest()[:16]).decode(),
        base64.b64encode(digest()).decode() + "\n",
        base64.b64encode(digest()).decode().lower(),
        base64.b64encode(digest(b"")).decode(),
        "ü" * 44,
    ],
)
def test_a_signature_that_is_not_exactly_the_bodys_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        verify(HEADERS | {"X-Shopify-Hmac-Sha256": signature})


def test_a_delivery_without_a_signature_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(HEADERS)


def test_a_delivery_signed_with_another_stores_secret_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(signed(secret="shpss_other"))


def test_a_body_that_was_written_anew_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(signed(), b'{"id":1001,"name":"#1001"}')


def test_while_a_secret_is_rotated_both_are_accepted() -> None:
    both = f"shpss_new\n{SECRET}"
    assert verify(signed(), secret=both) == verify(signed(secret="shpss_new"), secret=both)


def test_the_two_secrets_together_are_no_secret() -> None:
    both = f"shpss_new\n{SECRET}"
    with pytest.raises(BadSignature):
        verify(signed(secret=both), secret=both)


@pytest.mark.parametrize("secret", ["", "\n", "\n\n"])
def test_a_store_without_a_secret_accepts_nothing(secret: str) -> None:
    with pytest.raises(BadSignature):
        verify(signed(secret=""), secret=secret)


@pytest.mark.parametrize("name", ["X-Shopify-Topic", "X-Shopify-Webhook-Id"])
def test_a_delivery_that_cannot_be_told_from_others_is_refused(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(BadSignature, match="names its topic and its id"):
        verify(headers)


@pytest.mark.parametrize("secret", ["shpss_new", "shpss_old"])
def test_the_secrets_of_the_installations_app_are_good_for_every_store_while_they_change(secret: str) -> None:
    shopify = Shopify(Http(), keys=AppKeys("client", "shpss_new", "shpss_old"))
    assert shopify.verify(signed(secret=secret), BODY, "kept when the store was added").dedupe_key
    with pytest.raises(BadSignature):
        shopify.verify(signed(secret="shpss_older"), BODY, "kept when the store was added")
