"""The registration tables: everything of the outside that the connector can speak with."""

from collections.abc import Callable

from adapters.feeds.csv import Csv
from adapters.http import Http
from adapters.shopify import Shopify
from adapters.sources.http import HttpSource
from adapters.woocommerce import WooCommerce
from connector.ports import FeedFormat, FeedSource, Platform

PLATFORMS: tuple[Callable[[Http, str | None], Platform], ...] = (
    lambda http, origin: Shopify(http, origin),
    lambda http, origin: WooCommerce(http),  # noqa: ARG005 - only Shopify has an origin that can be replaced
)
FORMATS: tuple[FeedFormat, ...] = (Csv(),)
SOURCES: tuple[Callable[[Http], FeedSource], ...] = (HttpSource,)
