"""The goods of a new practice store, as products of WooCommerce."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from adapters.practice.goods import Goods, Option
from adapters.woocommerce.practice.model import Product
from adapters.woocommerce.practice.shop import Shop


def stock_up(shop: Shop, goods: Sequence[Goods]) -> None:
    """Put the goods on the shelves."""
    for one in goods:
        product = _product(shop, one)
        for option in one.options:
            _variation(shop, one, product, option)


def _product(shop: Shop, goods: Goods) -> Product:
    now = shop.now()
    product = Product(shop.next_id(), goods.sku, goods.name, Decimal(goods.price), now, now, stock=goods.stock)
    product.backorders = goods.backorders if goods.stock is not None else "no"
    product.unmanaged_status = goods.status
    product.short_description, product.variable = goods.text, bool(goods.options)
    return shop.add_product(product)


def _variation(shop: Shop, goods: Goods, parent: Product, option: Option) -> None:
    name = f"{goods.name} - {option.choice}"
    price, now = Decimal(goods.price), shop.now()
    variation = Product(shop.next_id(), option.sku, name, price, now, now, stock=option.stock)
    variation.backorders = goods.backorders if option.stock is not None else "no"
    variation.parent, variation.parent_stock = parent.id, option.stock is None and parent.stock is not None
    variation.option = ("Size", option.choice)
    shop.add_product(variation)
