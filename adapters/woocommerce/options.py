"""What a merchant types to connect a store, and what it has to look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from connector.domain.errors import BadInput
from connector.ports import StoreAccess

KEY = re.compile(r"ck_[0-9A-Za-z_]{1,64}")
SECRET = re.compile(r"cs_[0-9A-Za-z_]{1,64}")


def access(options: Mapping[str, str]) -> StoreAccess:
    """The access meant by `url`, `key` and `secret`; BadInput names the one that does not fit."""
    address = address_of(options.get("url", "").strip())
    return StoreAccess(address, keys_of(options))


def keys_of(options: Mapping[str, str]) -> Mapping[str, str]:
    """`key` and `secret`; BadInput names the one that does not fit."""
    key, secret = options.get("key", "").strip(), options.get("secret", "").strip()
    if not KEY.fullmatch(key):
        raise BadInput("key: a WooCommerce consumer key begins with ck_")
    if not SECRET.fullmatch(secret):
        raise BadInput("secret: a WooCommerce consumer secret begins with cs_")
    return {"key": key, "secret": secret}


def address_of(url: str) -> str:
    """The site's address without a slash at its end; a site may live in a sub-directory."""
    parts = _parts(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def _parts(url: str) -> SplitResult:
    if not url.isprintable() or " " in url:
        raise BadInput("url: it has spaces or control characters in it")
    try:
        parts = urlsplit(url)
        well_formed = parts.port is None or parts.port > 0
    except ValueError:
        raise BadInput("url: this is no web address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not well_formed:
        raise BadInput("url: it must begin with https:// (or http://) and name the store")
    if parts.username is not None or parts.query or parts.fragment:
        raise BadInput("url: only the address of the store, without a user, ? or #")
    return parts
