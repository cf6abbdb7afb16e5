"""A practice Shopify: the published Admin schema over shops in memory, with rate limits, rights and webhooks."""

from adapters.shopify.practice.catalogue import SoldOut
from adapters.shopify.practice.clock import RealClock, VirtualClock
from adapters.shopify.practice.outgoing import Delivery, Outcome, send
from adapters.shopify.practice.records import Buyer, Order, OrderLine, Product, Variant
from adapters.shopify.practice.schema import VERSION, schema
from adapters.shopify.practice.server import Fault, ShopifyFake
from adapters.shopify.practice.shop import Shop

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
