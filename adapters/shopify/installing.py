"""The installation's own app at Shopify, behind `connector.ports.App`."""

from collections.abc import Mapping
from datetime import datetime

from adapters.http import Http
from adapters.shopify.access import OPTIONAL_SCOPES, shop_named
from adapters.shopify.client import VERSION, Client
from adapters.shopify.keys import AppKeys
from adapters.shopify.oauth import OAuth
from adapters.shopify.session_tokens import shop_of
from adapters.shopify.told_app import read_told
from connector.ports import DataRequest, LookAgain, StoreAccess

ADMIN = "https://admin.shopify.com"
OUTDATED = (
    "Shopify no longer answers by version {} of its API but by {}: something may be read wrongly or not at all."
    " Whoever runs this installation has to update it."
)


class ShopifyApp:
    """What merchants install; implements `App`."""

    def __init__(self, http: Http, keys: AppKeys, origin: str | None, client: Client) -> None:
        self._keys = keys
        self._client = client
        self._oauth = OAuth(http, keys, origin)

    @property
    def client_id(self) -> str:
        """Its public name; "" where the installation has no app."""
        return self._keys.client_id if self._keys.secret else ""

    @property
    def optional_rights(self) -> tuple[str, ...]:
        """What it does more with."""
        return OPTIONAL_SCOPES

    def address(self, typed: str) -> str:
        """The shop that a merchant means."""
        return shop_named(typed)

    def framed_by(self, address: str) -> tuple[str, ...]:
        """Whose pages may show ours inside of them."""
        return (f"https://{address}", ADMIN)

    def visitor(self, token: str, now: datetime) -> str:
        """The shop whose admin shows the app."""
        return shop_of(token, self._keys, now)

    def exchange(self, address: str, token: str, now: datetime) -> StoreAccess:
        """The access that a visitor's token is worth."""
        return self._oauth.by_session(address, token, now)

    def ask_at(self, address: str, nonce: str, back_to: str) -> str:
        """Where the shop asks its merchant."""
        return self._oauth.consent_at(address, nonce, back_to)

    def came_back(self, query: Mapping[str, str], now: datetime) -> tuple[str, str, str]:
        """Shop, nonce and code of a merchant who is back."""
        return self._oauth.came_back(query, now)

    def redeem(self, address: str, code: str, now: datetime) -> StoreAccess:
        """The access that a code is worth."""
        return self._oauth.by_code(address, code, now)

    def is_due(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access has to be renewed."""
        return self._oauth.is_due(access, now)

    def is_over(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access has ended."""
        return self._oauth.is_over(access, now)

    def renew(self, access: StoreAccess, now: datetime) -> StoreAccess:
        """The access that follows."""
        return self._oauth.refresh(access, now)

    def outdated(self, address: str) -> str | None:
        """That Shopify has given up the version of its API that is spoken here."""
        version = self._client.other_version(address)
        return None if version is None else OUTDATED.format(VERSION, version)

    def hear(self, headers: Mapping[str, str], body: bytes) -> DataRequest | LookAgain | None:
        """What Shopify tells the app as a whole."""
        return read_told(headers, body, self._keys.secrets)
