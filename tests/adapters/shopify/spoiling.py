"""What can go wrong with the newest bulk operation of a shop."""

from adapters.shopify.practice import Shop


def fail(shop: Shop) -> None:
    """It fails half-way."""
    shop.bulk.failing = "INTERNAL_SERVER_ERROR"


def deny(shop: Shop) -> None:
    """It fails for want of a right."""
    shop.bulk.failing = "ACCESS_DENIED"


def cancel(shop: Shop) -> None:
    """Somebody cancels it."""
    shop.bulk.operations[-1].status = "CANCELING"


def expire(shop: Shop) -> None:
    """It was not fetched in time."""
    shop.bulk.operations[-1].status = "EXPIRED"


def forget(shop: Shop) -> None:
    """Shopify knows it no more."""
    shop.bulk.operations.clear()


def lose(shop: Shop) -> None:
    """It is done, and its file is gone."""
    shop.bulk.settle()
    shop.bulk.storage.files.clear()
