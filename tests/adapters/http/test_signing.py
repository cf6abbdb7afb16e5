"""Signatures are made over raw bytes, and comparing them never fails, whatever a header holds."""

import pytest

from adapters.signing import hmac_sha256_base64, same

FOX = b"The quick brown fox jumps over the lazy dog"
SIGNED = b"97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="


def test_a_signature_is_the_base64_of_hmac_sha256() -> None:
    assert hmac_sha256_base64(b"key", FOX) == SIGNED


def test_a_signature_is_over_bytes_that_need_not_be_text() -> None:
    assert hmac_sha256_base64(b"\xff\x00", b"\x80\x81") != hmac_sha256_base64(b"\xff\x00", b"\x80\x82")


def test_the_same_signature_is_the_same() -> None:
    assert same(SIGNED, SIGNED.decode()) is True


@pytest.mark.parametrize(
    "given",
    [
        "",
        SIGNED.decode()[:-1],
        SIGNED.decode() + " ",
        SIGNED.decode().lower(),
        "é",
        "€",
        "\udcff",
        "\x00",
        "a" * 100_000,
    ],
)
def test_any_other_text_is_not(given: str) -> None:
    assert same(SIGNED, given) is False
