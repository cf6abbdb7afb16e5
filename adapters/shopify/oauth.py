"""How the app gets into a shop: by a session token, by the merchant's consent, and on by refreshing what it has."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from adapters.http import Answer, Http
from adapters.shopify.access import SCOPES, SHOP
from adapters.shopify.keys import AppKeys
from adapters.shopify.problems import check_status
from connector.domain.errors import BadSignature, NeedsMerchant, Unauthorised, Unreadable
from connector.ports import StoreAccess

PATH = "/admin/oauth/access_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
SESSION_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - its name, no secret
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
# Public apps have to take tokens that expire: https://shopify.dev/docs/apps/build/authentication-authorization
EXPIRING = {"expiring": "1"}
EARLY = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
SECONDS = 15.0
UNKNOWN_APP = "invalid_client"
UNKNOWN = "Shopify does not know the app: whoever runs this installation has to check its client id and secret"
REFUSED = frozenset({400, 401, 403})
DIGITS = 12


class Tokens(Struct, frozen=True):
    """What Shopify grants; without `expires_in` the token lasts until the app is removed."""

    access_token: str
    expires_in: int | None = None
    refresh_token: str = ""
    refresh_token_expires_in: int | None = None


class Refusal(Struct, frozen=True):
    """Why Shopify grants nothing."""

    error: str = ""


class OAuth:
    """The token endpoint of every shop, and the way to its merchant's consent; knows no shop itself."""

    def __init__(self, http: Http, keys: AppKeys, origin: str | None) -> None:
        self._http = http
        self._keys = keys
        self._origin = origin

    def by_session(self, shop: str, token: str, now: datetime) -> StoreAccess:
        """Exchange the session token of somebody who has the app open in a shop's admin."""
        asked = {"grant_type": EXCHANGE, "subject_token": token, "subject_token_type": SESSION_TOKEN}
        return self._granted(shop, {**asked, "requested_token_type": OFFLINE, **EXPIRING}, now)

    def by_code(self, shop: str, code: str, now: datetime) -> StoreAccess:
        """Redeem the code that a merchant came back with."""
        return self._granted(shop, {"code": code, **EXPIRING}, now)

    def is_due(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access ends within ten minutes."""
        return self.is_over(access, now + EARLY)

    def is_over(self, access: StoreAccess, now: datetime) -> bool:
        """Whether an access has ended; one without an end never has."""
        ends = access.credentials.get("expires_at")
        return ends is not None and datetime.fromisoformat(ends) <= now

    def refresh(self, access: StoreAccess, now: datetime) -> StoreAccess:
        """The access that follows; until it has been used, Shopify grants it again for the same refresh token."""
        ends = access.credentials.get("refresh_expires_at")
        if ends is not None and datetime.fromisoformat(ends) <= now:
            raise Unauthorised(_let_in_again(access.address))
        asked = {"grant_type": "refresh_token", "refresh_token": access.credentials.get("refresh_token", "")}
        return self._granted(access.address, asked, now)

    def consent_at(self, shop: str, state: str, back_to: str) -> str:
        """Where a shop asks its merchant whether the app may come in."""
        ours = _session(api_key=self._keys.client_id)
        url: str = ours(shop, "unstable").create_permission_url(SCOPES, back_to, state)
        return url if self._origin is None else _moved(url, shop, self._origin)

    def came_back(self, query: Mapping[str, str], now: datetime) -> tuple[str, str, str]:
        """Shop, state and code of a merchant who is back; BadSignature for what Shopify did not send just now."""
        signed = (_session(secret=one).validate_hmac(query) for one in self._keys.secrets)
        sent_at, shop = query.get("timestamp", ""), query.get("shop", "")
        if not any(signed) or not SHOP.match(shop) or not _is_recent(sent_at, now):
            raise BadSignature("Shopify did not send this")
        return shop.lower(), query.get("state", ""), query.get("code", "")

    def _granted(self, shop: str, asked: Mapping[str, str], now: datetime) -> StoreAccess:
        form = {"client_id": self._keys.client_id, "client_secret": self._keys.secret, **asked}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self._origin:
            headers["X-Forwarded-Host"] = shop
        url = f"{self._origin or f'https://{shop}'}{PATH}"
        body = urlencode(form).encode()
        answer = self._http.request("POST", url, headers=headers, body=body, timeout=SECONDS, tries=2)
        if answer.status in REFUSED:
            raise _refusal(shop, answer)
        check_status(shop, answer)
        tokens = answer.json(Tokens)
        return StoreAccess(shop, {"token": tokens.access_token, **_lasting(tokens, now)})


def _session(**known: str) -> Any:
    """Shopify's own Session, made for these values: setting them up would set them for every thread."""
    from shopify.session import Session  # 14 MiB that only this needs

    return type("_Session", (Session,), known)


def _lasting(tokens: Tokens, now: datetime) -> dict[str, str]:
    """When the tokens end, as credentials are kept."""
    if tokens.expires_in is None:
        return {}
    kept = {"refresh_token": tokens.refresh_token, "expires_at": _after(now, tokens.expires_in)}
    if tokens.refresh_token_expires_in is not None:
        kept["refresh_expires_at"] = _after(now, tokens.refresh_token_expires_in)
    return kept


def _after(now: datetime, seconds: int) -> str:
    try:
        return (now + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        raise Unreadable("Shopify grants a token for longer than there are days") from None


def _refusal(shop: str, answer: Answer) -> NeedsMerchant:
    try:
        why = answer.json(Refusal).error
    except Unreadable:
        why = ""
    if why == UNKNOWN_APP:
        return NeedsMerchant(UNKNOWN)
    return (NeedsMerchant if answer.status == 403 else Unauthorised)(_let_in_again(shop))


def _let_in_again(shop: str) -> str:
    return f"Shopify no longer lets the app in ({shop}): open the app in the Shopify admin, and it connects again"


def _is_recent(sent_at: str, now: datetime) -> bool:
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= DIGITS):
        return False
    return abs(now.timestamp() - int(sent_at)) <= FRESH.total_seconds()


def _moved(url: str, shop: str, origin: str) -> str:
    """The same place at the address that stands for every shop's."""
    return f"{origin}{url.removeprefix(f'https://{shop}')}&{urlencode({'shop': shop})}"
