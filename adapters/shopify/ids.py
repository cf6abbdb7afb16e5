"""Ids: plain numbers in the order model, GIDs on Shopify's wire, and the one place where they meet."""

PREFIX = "gid://shopify/"
PRODUCT = "product:"
LOCATION = "location:"


def gid(kind: str, plain_id: str) -> str:
    """The global id of a plain one: ("Order", "1001") -> "gid://shopify/Order/1001"."""
    return f"{PREFIX}{kind}/{plain_id}"


def plain(global_id: str) -> str:
    """The plain id in a global one: "gid://shopify/Order/1001" -> "1001"."""
    return global_id.rpartition("/")[2]


def parent(product_id: str) -> str:
    """The item id that stands for a whole product.

    Products and variants count separately, so a product's bare number could be that of another product's variant.
    """
    return PRODUCT + product_id


def account(location_id: str) -> str:
    """The customer id that stands for a company's location, beside the bare ones of people."""
    return LOCATION + location_id
