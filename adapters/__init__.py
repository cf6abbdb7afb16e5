"""The registration tables: everything of the outside that the connector can speak with."""

from collections.abc import Callable

from adapters.feeds.csv import Csv
from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.keys import AppKeys
from adapters.sources.http import HttpSource
from adapters.woocommerce import WooCommerce
from connector.ports import FeedFormat, FeedSource, Platform

# Only Shopify has an origin that can be replaced, and an app that is the installation's.
PLATFORMS: tuple[Callable[[Http, str | None, AppKeys], Platform], ...] = (
    Shopify,
    lambda http, origin, keys: WooCommerce(http),  # noqa: ARG005
)
FORMATS: tuple[FeedFormat, ...] = (Csv(),)
SOURCES: tuple[Callable[[Http], FeedSource], ...] = (HttpSource,)
