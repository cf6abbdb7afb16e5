"""A practice WooCommerce store on loopback that behaves as recorded from a real one."""

from adapters.practice.goods import GOODS, Goods, Option
from adapters.woocommerce.practice.server import PracticeStore

__all__ = ["GOODS", "Goods", "Option", "PracticeStore"]
