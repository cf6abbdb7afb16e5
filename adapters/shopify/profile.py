"""What a shop says about itself, and whether the app may do what it has to."""

from datetime import datetime

from adapters.shopify.access import missing_scopes
from adapters.shopify.client import Client
from adapters.shopify.shapes import Shape
from connector.domain.errors import NeedsMerchant, Unauthorised
from connector.domain.facts import Fact, StoreClosed
from connector.ports import StoreAccess, StoreProfile


class ShopNode(Shape, frozen=True):
    """The shop."""

    name: str
    iana_timezone: str
    currency_code: str


class Scope(Shape, frozen=True):
    """A right that was granted."""

    handle: str


class Installation(Shape, frozen=True):
    """The app in this shop."""

    access_scopes: tuple[Scope, ...]


class Shop(Shape, frozen=True):
    """The answer to Shop."""

    shop: ShopNode
    current_app_installation: Installation


def profile_of(client: Client, access: StoreAccess) -> StoreProfile:
    """The shop's name, timezone, currency and the API version that answered."""
    reply = client.call(access, "Shop", {}, Shop)
    missing = missing_scopes(frozenset(scope.handle for scope in reply.data.current_app_installation.access_scopes))
    if missing:
        raise NeedsMerchant(f"Give the app these rights in the Shopify admin: {', '.join(missing)}")
    shop = reply.data.shop
    return StoreProfile(shop.name, shop.iana_timezone, shop.currency_code, reply.version)


def look_at_standing(client: Client, access: StoreAccess, _: str) -> tuple[Fact, ...]:
    """Nothing, while the shop lets the app in with all its rights; NeedsMerchant where it no longer does."""
    profile_of(client, access)
    return ()


def look_at_departure(client: Client, access: StoreAccess, left_at: str) -> tuple[Fact, ...]:
    """That the merchant left then, where the shop really knows the app no more; nothing where it lets it in.

    NeedsMerchant for a shop that is still there and withholds something.
    """
    try:
        profile_of(client, access)
    except Unauthorised:
        return (StoreClosed(datetime.fromisoformat(left_at)),)
    return ()
