"""A Shopify to test against: the published Admin schema over shops in memory, rate limits, rights and webhooks."""

from tests.fakes.shopify.catalogue import SoldOut
from tests.fakes.shopify.clock import RealClock, VirtualClock
from tests.fakes.shopify.outgoing import Delivery, Outcome, send
from tests.fakes.shopify.records import Buyer, Order, OrderLine, Product, Variant
from tests.fakes.shopify.schema import VERSION, schema
from tests.fakes.shopify.server import Fault, ShopifyFake
from tests.fakes.shopify.shop import Shop

__all__ = [
    "VERSION",
    "Buyer",
    "Delivery",
    "Fault",
    "Order",
    "OrderLine",
    "Outcome",
    "Product",
    "RealClock",
    "Shop",
    "ShopifyFake",
    "SoldOut",
    "Variant",
    "VirtualClock",
    "schema",
    "send",
]
