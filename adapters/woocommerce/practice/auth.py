"""Who may use the practice store's REST interface: one-legged OAuth 1.0a, checked as WooCommerce does over http."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, unquote

from adapters.woocommerce.practice.model import Refused

WINDOW_SECONDS = 15 * 60
NEEDED = ("oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
HASHES = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}


def _wrong(message: str) -> Refused:
    return Refused("woocommerce_rest_authentication_error", message, 401)


class Keyring:
    """The one key of the store, what it may do (`read` or `read_write`), and the nonces seen lately."""

    def __init__(self, key: str, secret: str) -> None:
        self.key = key
        self.secret = secret
        self.permissions = "read_write"
        self._seen: dict[str, float] = {}

    def check(self, method: str, url: str, query: Sequence[tuple[str, str]], now: datetime) -> bool:
        """Whether the request is signed; Refused where it is signed wrongly. `url` is without the query."""
        given = dict(query)  # of a name that comes twice PHP keeps the last, and the signature is over what it keeps
        if not any(name in given for name in NEEDED):
            return False
        missing = [name for name in NEEDED if not given.get(name)]
        if missing:
            text = f"Missing OAuth parameters {', '.join(missing)}"
            raise Refused("woocommerce_rest_authentication_missing_parameter", text, 401)
        if given["oauth_consumer_key"] != self.key:
            raise _wrong("Consumer key is invalid.")
        if not hmac.compare_digest(self._signature(method, url, given).encode(), given["oauth_signature"].encode()):
            raise _wrong("Invalid signature - provided signature does not match.")
        self._check_time(given["oauth_timestamp"], given["oauth_nonce"], now.timestamp())
        if method not in ("GET", "HEAD", "OPTIONS") and self.permissions == "read":
            raise _wrong("The API key provided does not have write permissions.")
        return True

    def _signature(self, method: str, url: str, given: Mapping[str, str]) -> str:
        algorithm = HASHES.get(given["oauth_signature_method"])
        if algorithm is None:
            raise _wrong("Invalid signature - signature method is invalid.")
        pairs = sorted((_twice(name), _twice(value)) for name, value in given.items() if name != "oauth_signature")
        text = "%26".join(f"{name}%3D{value}" for name, value in pairs)
        base = f"{method}&{quote(url, safe='')}&{text}"
        return base64.b64encode(hmac.new(f"{self.secret}&".encode(), base.encode(), algorithm).digest()).decode()

    def _check_time(self, timestamp: str, nonce: str, now: float) -> None:
        if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
            raise _wrong("Invalid timestamp.")
        self._seen = {seen: at for seen, at in self._seen.items() if now - at <= 2 * WINDOW_SECONDS}
        if nonce in self._seen:
            raise _wrong("Invalid nonce - nonce has already been used.")
        self._seen[nonce] = now


def _twice(text: str) -> str:
    """Encoded once for the parameter and once for the base string."""
    return quote(unquote(text), safe="").replace("%", "%25")
