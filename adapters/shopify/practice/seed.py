"""The goods of a new practice shop, as products of Shopify."""

from collections.abc import Sequence

from adapters.practice.goods import Goods
from adapters.shopify.practice.records import Company, CompanyLocation, Policy
from adapters.shopify.practice.shop import Shop


def stock_up(shop: Shop, goods: Sequence[Goods]) -> None:
    """Put the goods on the shelves; every option is a variant with units of its own."""
    for one in goods:
        policy: Policy = "deny" if one.backorders == "no" else "continue"
        tracked = one.stock is not None or bool(one.options)
        first, *further = one.options or (None,)
        sku, stock = (first.sku, first.stock) if first else (one.sku, one.stock)
        variant = shop.add_product(one.name, sku, _units(stock, one), price=one.price, policy=policy, tracked=tracked)
        if first:
            shop.change_variant(variant, title=first.choice)
        for option in further:
            units = _units(option.stock, one)
            shop.add_variant(variant.product, option.choice, option.sku, units, price=one.price, policy=policy)


def open_accounts(shop: Shop) -> None:
    """A company that buys on terms."""
    company = Company(shop.catalogue.new_id(), "Northgate Workshops", "NW-1", (("custom.tier", "gold"),))
    shop.companies.add(CompanyLocation(shop.catalogue.new_id(), company, "Main Depot", net_days=30))


def _units(own: int | None, goods: Goods) -> int:
    return own if own is not None else goods.stock or 0
