"""WooCommerce asks its merchant itself (wc-auth), and sends the keys behind the browser's back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

import msgspec

from adapters.http import Http
from adapters.woocommerce.options import address_of, keys_of
from adapters.woocommerce.payloads import read
from connector.domain.errors import BadInput, Terminal

NAME = "Backorder Connector"
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# What people copy from the address bar of their shop's administration.
BEHIND = re.compile(r"/(?:wp-admin|wp-login\.php)(?:[/?#].*)?$")


# The last part of every name that anybody on the internet can look up.
TOP = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
NOWHERE = "url: name the store as its customers do, such as https://shop.example"


class Granted(msgspec.Struct, frozen=True):
    """What the store sends; nothing in it is signed or names the store, and `user_id` is our own number."""

    user_id: str
    consumer_key: str
    consumer_secret: str


class WcAuth:
    """Implements `Consent`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def address(self, typed: str) -> str:
        """The store's address; https where nothing else is said. BadInput where it is none that a shop can have."""
        cut = BEHIND.sub("", typed.strip())
        address = address_of(cut if SCHEME.match(cut) else f"https://{cut}")
        self._check(address)
        return address

    def _check(self, address: str) -> None:
        """Numbers are judged as they would be dialled, names only by their form: nobody is asked for them here."""
        host = (urlsplit(address).hostname or "").removesuffix(".")
        name, _, top = host.rpartition(".")
        if _is_number(host):
            try:
                self._http.check(address)
            except Terminal as error:
                raise BadInput(f"url: {error}") from None
        elif not name or not TOP.fullmatch(top):
            raise BadInput(NOWHERE)

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


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False
