"""The one signature that both platforms use for their webhooks, and how it is compared."""

import base64
import hashlib
import hmac


def hmac_sha256_base64(secret: bytes, body: bytes) -> bytes:
    """The base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha256))


def same(expected: bytes, given: str) -> bool:
    """Whether a header's text is exactly the expected signature, in a time that tells nothing."""
    # A lone surrogate can stand in a header that a WSGI server decoded; it must not raise.
    return hmac.compare_digest(expected, given.encode("utf-8", "surrogatepass"))
