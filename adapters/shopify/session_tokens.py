"""Who opened the app inside Shopify's admin: a short-lived token that Shopify signs with the app's secret."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

from adapters.shopify.access import SHOP
from adapters.shopify.keys import AppKeys
from connector.domain.errors import BadSignature

LEEWAY_SECONDS = 10
WANTED = ["exp", "nbf", "iss", "dest", "aud", "sub"]
# The times are compared here, by the clock that was given; everything else is PyJWT's.
CHECKED: jwt.types.Options = {
    "require": WANTED,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "strict_aud": True,
}


def shop_of(token: str, keys: AppKeys, now: datetime) -> str:
    """The shop whose admin shows the app; BadSignature for a token that is not Shopify's, not ours, or over."""
    claims = _claims(token, keys)
    try:
        begins, ends = int(claims["nbf"]), int(claims["exp"])
    except (TypeError, ValueError, OverflowError):  # JSON as PyJWT reads it knows Infinity
        raise BadSignature("This session token has no times") from None
    if not begins - LEEWAY_SECONDS <= now.timestamp() < ends + LEEWAY_SECONDS:
        raise BadSignature("This session token is not of now")
    shop = _host(claims["dest"])
    if shop != _host(claims["iss"]) or not SHOP.match(shop):
        raise BadSignature("This session token is of no shop")
    return shop


def _claims(token: str, keys: AppKeys) -> dict[str, Any]:
    for secret in keys.secrets:
        try:
            claims: dict[str, Any] = jwt.decode(
                token, secret, algorithms=["HS256"], audience=keys.client_id, options=CHECKED
            )
        except (jwt.PyJWTError, ValueError):
            continue
        return claims
    raise BadSignature("Shopify did not sign this session token for this app")


def _host(address: object) -> str:
    try:
        return (urlsplit(str(address)).hostname or "").lower()
    except ValueError:
        return ""
