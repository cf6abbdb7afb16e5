"""Customers who want no mail of ours: none goes out to them, and the merchant is told so, order by order."""

from collections.abc import Sequence
from datetime import datetime

from connector.domain.board import OrderBefore
from connector.store import problems
from connector.store.engine import Tx
from connector.store.shops import Shop

UNWANTED = "unwanted"
WANTS_NONE = "the customer wants no mail of this store"


def tell(tx: Tx, shop: Shop, news: Sequence[OrderBefore], now: datetime) -> None:
    """Show the orders of such customers among those that something is new of, as long as something of them waits."""
    texts = {one.order: _text(one) for one in news if one.unwanted and one.lines and not one.cancelled}
    for order, text in texts.items():
        problems.state(tx, shop.id, UNWANTED, order, text, now)
    over = [one.order for one in news if one.order not in texts]
    if over:
        problems.solve_these(tx, shop.id, UNWANTED, over, now)


def _text(order: OrderBefore) -> str:
    return (
        f"The customer of order {order.number} has reported a mail of this store as spam or unsubscribed, so that"
        " none goes out any more. What the law asks for becomes a task: tell it by telephone or letter."
    )
