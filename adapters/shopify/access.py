"""How a store is named and reached: a custom app's token, and the secret that its webhooks are signed with."""

import re
from collections.abc import Mapping

from connector.domain.errors import BadInput
from connector.ports import StoreAccess

# `\Z`, not `$`: `$` lets a newline through. A label of a name has 63 signs at the most (RFC 1035).
SHOP = re.compile(r"\A[a-zA-Z0-9][a-zA-Z0-9\-]{0,62}\.myshopify\.com\Z")
SECRET = re.compile(r"\A[\x21-\x7e]+\Z")

# The rights that the operations and the webhooks need; `write_x` includes `read_x`. Payment terms tell an order that
# was sold on credit from one whose payment has not come.
SCOPES = (
    "read_orders",
    "read_fulfillments",
    "write_products",
    "read_inventory",
    "read_customers",
    "read_payment_terms",
)

# What a merchant may allow later: discount codes; cancellations, captures and what orders show; what ships from where
# and when; charges by a payment method that the buyer has left; the page about backorders; pre-orders;
# transfers as supply.
FULFILMENT = "write_merchant_managed_fulfillment_orders"
READ_FULFILMENT = "read_merchant_managed_fulfillment_orders"
OPTIONAL_SCOPES = (
    "write_discounts",
    "write_orders",
    FULFILMENT,
    "write_payment_mandate",
    "write_online_store_pages",
    "write_purchase_options",
    "read_inventory_transfers",
    "read_inventory_shipments",
)


def shop_named(typed: str) -> str:
    """The shop that somebody means; BadInput where it is none."""
    shop = typed.strip()
    if not SHOP.match(shop):
        raise BadInput("shop: expected a name such as example.myshopify.com")
    return shop.lower()


def access_of(options: Mapping[str, str], client_secret: str) -> StoreAccess:
    """The access that `shop`, `token` and `api_secret` mean; `client_secret` stands in for a secret not given."""
    shop = shop_named(options.get("shop", ""))
    token = _secret(options, "token")
    if not options.get("api_secret") and not client_secret:
        raise BadInput(
            "api_secret: the store's webhooks are signed with the API secret of its app; give --api-secret, or set"
            " SHOPIFY_API_SECRET for all stores"
        )
    api_secret = _secret(options, "api_secret") if options.get("api_secret") else client_secret
    return StoreAccess(shop, {"token": token, "api_secret": api_secret}, api_secret)


def missing_scopes(granted: frozenset[str]) -> tuple[str, ...]:
    """The rights that are wanted and not held."""
    return tuple(scope for scope in SCOPES if not allows(granted, scope))


def allows(granted: frozenset[str], scope: str) -> bool:
    """Whether rights include one; whoever may write may read."""
    return scope in granted | {held.replace("write_", "read_", 1) for held in granted}


def _secret(options: Mapping[str, str], name: str) -> str:
    value = options.get(name, "").strip()
    if not SECRET.match(value):
        raise BadInput(f"{name}: copy it from the app's API credentials in the Shopify admin")
    return value
