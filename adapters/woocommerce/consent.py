"""WooCommerce asks its merchant itself (wc-auth), and sends the keys behind the browser's back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from adapters.woocommerce.options import address_of, keys_of
from adapters.woocommerce.payloads import read

NAME = "Backorder Connector"
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# What people copy from the address bar of their shop's administration.
BEHIND = re.compile(r"/(?:wp-admin|wp-login\.php)(?:[/?#].*)?$")


class Granted(msgspec.Struct, frozen=True):
    """What the store sends; nothing in it is signed or names the store, and `user_id` is our own number."""

    user_id: str
    consumer_key: str
    consumer_secret: str


class WcAuth:
    """Implements `Consent`."""

    def address(self, typed: str) -> str:
        """The store's address; https where nothing else is said. BadInput where it is none."""
        cut = BEHIND.sub("", typed.strip())
        return address_of(cut if SCHEME.match(cut) else f"https://{cut}")

    def ask_at(self, address: str, nonce: str, back_to: str, keys_to: str) -> str:
        """Where the store asks; it sends keys to https addresses only."""
        wanted = {
            "app_name": NAME,
            "scope": "read_write",
            "user_id": nonce,
            "return_url": back_to,
            "callback_url": keys_to,
        }
        return f"{address}/wc-auth/v1/authorize?{urlencode(wanted)}"

    def granted(self, body: bytes) -> tuple[str, Mapping[str, str]]:
        """Our number, and the keys; Unreadable or BadInput for anything else."""
        said = read(body, Granted)
        return said.user_id, keys_of({"key": said.consumer_key, "secret": said.consumer_secret})
