"""What a merchant may type."""

import pytest

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from connector.domain.errors import BadInput

PLATFORM = WooCommerce(Http())
GOOD = {"url": "https://shop.example", "key": "ck_" + "a" * 40, "secret": "cs_" + "b" * 40}


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("  https://Shop.Example//  ", "https://shop.example"),
        ("https://shop.example/de/laden/", "https://shop.example/de/laden"),
        ("http://127.0.0.1:8089/", "http://127.0.0.1:8089"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_the_address_is_kept_without_what_does_not_count(typed: str, address: str) -> None:
    access = PLATFORM.access(GOOD | {"url": typed})
    assert access.address == address
    assert access.credentials == {"key": GOOD["key"], "secret": GOOD["secret"]}
    assert access.hook_secret == ""


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "shop.example",
        "ftp://shop.example",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@shop.example",
        "https://shop.example?x=1",
        "https://shop.example#top",
        "https://shop.example\nX: y",
        "https://shop example",
        "https://shop.example:99999",
        "https://shop.example:0",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_a_store_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match=r"\Aurl: "):
        PLATFORM.access(GOOD | {"url": typed})


@pytest.mark.parametrize("key", ["", "ck_", "cs_" + "a" * 40, "ck_a\n", "ck_" + "a" * 65, "xck_a"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(BadInput, match=r"\Akey: "):
        PLATFORM.access(GOOD | {"key": key.replace("\n", "\n!")})


def test_what_is_no_secret_is_refused_without_being_repeated() -> None:
    with pytest.raises(BadInput, match=r"\Asecret: ") as refusal:
        PLATFORM.access(GOOD | {"secret": "ck_mistaken"})
    assert "mistaken" not in str(refusal.value)


def test_nothing_given_is_refused() -> None:
    with pytest.raises(BadInput):
        PLATFORM.access({})


def test_an_access_does_not_show_its_secrets() -> None:
    shown = repr(PLATFORM.access(GOOD))
    assert GOOD["key"] not in shown
    assert GOOD["secret"] not in shown
