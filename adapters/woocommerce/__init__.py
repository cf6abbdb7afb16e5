"""WooCommerce: orders, items and webhooks of a store read as facts, listings written to it."""

from adapters.woocommerce.platform import WooCommerce

__all__ = ["WooCommerce"]
