"""An order is split by the companion plugin, in the store itself: REST would calculate its taxes anew."""

from __future__ import annotations

from adapters.http import Http
from adapters.woocommerce.payloads import OnlyId
from adapters.woocommerce.refusals import Declined, Missing, Unrouted
from adapters.woocommerce.rest import Rest
from connector.domain.effects import SplitOrder
from connector.domain.errors import NeedsMerchant
from connector.ports import StoreAccess

BELOW = "/wp-json/wc-backorder/v1/"  # WooCommerce lets its keys in where the name begins so
NOT_NOW = "backorder_not_now"
NO_PLUGIN = (
    "Orders are to be split (split_orders), which takes the companion plugin Backorder Notices, version 1.1 or "
    "later: install or update it in the store, or switch split_orders off."
)


class WooSplitting:
    """Implements `Splitting`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def split(self, access: StoreAccess, wanted: SplitOrder) -> bool:
        """Split a paid order that is being processed and is as it was wanted; one that was split is left alone."""
        lines = [
            {"id": int(line), "quantity": quantity, "waiting": waiting} for line, quantity, waiting in wanted.lines
        ]
        rest = Rest(self._http, access)
        try:
            rest.send("POST", f"orders/{wanted.order}/split", {"lines": lines}, OnlyId, below=BELOW)
        except Unrouted:
            raise NeedsMerchant(NO_PLUGIN) from None
        except Missing:
            return False
        except Declined as error:
            if error.code == NOT_NOW:
                return False
            raise
        return True
