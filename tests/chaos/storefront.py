"""A connected WooCommerce store that only speaks: orders as signed webhooks, true to a recorded one."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connector.domain.facts import Fact, ItemSnapshot, StockLevel, SupplyRow, SupplySnapshot
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.ports import StoreAccess, StoreProfile
from connector.store import shops, supplies
from connector.store.fold import fold

RECORDED = Path(__file__).parent.parent / "recordings" / "woocommerce" / "webhook_order_created_checkout.json"
SECRET = "5ec7e7" * 10
COMING_IN_DAYS = 20


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery: where to, with which headers, and what."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Storefront:
    """A store whose items are "1", "2", … with the SKUs S-1, S-2, …, none in stock, all sold beyond it."""

    id: str
    token: str
    secret: str = field(default=SECRET, repr=False)
    template: dict[str, Any] = field(default_factory=lambda: json.loads(_recorded()["body_raw"]), repr=False)

    def order(self, number: int, item: int = 1, *, units: int = 1, delivery_id: str = "", **more: Any) -> Post:
        """The webhook of a new order; its buyer is buyer-<number>@example.com. `more` replaces fields."""
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat()
        line = self.template["line_items"][0] | {
            "id": number * 10,
            "product_id": item,
            "variation_id": 0,
            "quantity": units,
            "sku": f"S-{item}",
            "meta_data": [{"id": 1, "key": "_reduced_stock", "value": str(units)}],
        }
        body = self.template | {
            "id": number,
            "number": str(number),
            "date_created_gmt": now,
            "date_modified_gmt": now,
            "billing": self.template["billing"] | {"email": f"buyer-{number}@example.com"},
            "line_items": [line],
            **more,
        }
        return self.signed(json.dumps(body, separators=(",", ":")).encode(), "order.created", delivery_id)

    def signed(self, body: bytes, topic: str, delivery_id: str = "") -> Post:
        """A delivery as the store's courier sends it."""
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        resource, _, event = topic.partition(".")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WooCommerce/11.0.1 Hookshot (WordPress/7.0.4)",
            "X-WC-Webhook-Source": "https://shop.example/",
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": signature,
            "X-WC-Webhook-ID": "1",
            "X-WC-Webhook-Delivery-ID": delivery_id or hashlib.md5(body).hexdigest(),
        }
        return Post(f"/webhooks/woocommerce/{self.token}", headers, body)


def _recorded() -> Any:
    return json.loads(RECORDED.read_text())


def open_storefront(connector: Connector, items: int = 1, *, name: str = "shop") -> Storefront:
    """Connect a store with so many items; the supplier has plenty of each, in twenty days. Nobody asks it."""
    access = StoreAccess(f"https://{name}.example", {"key": "ck_0", "secret": "cs_0"}, SECRET)
    now = connector.clock()
    ids = [str(number) for number in range(1, items + 1)]
    facts: list[Fact] = [
        ItemSnapshot(item=id_, sku=f"S-{id_}", title=f"Item {id_}", stock=id_, seen_at=now, sells_beyond=True)
        for id_ in ids
    ]
    facts += [StockLevel(stock=id_, available=0, seen_at=now) for id_ in ids]
    coming = now.date() + timedelta(days=COMING_IN_DAYS)
    rows = tuple(SupplyRow(f"S-{id_}", 1_000_000, coming, "PO-1") for id_ in ids)
    with connector.db.begin() as tx:
        profile = StoreProfile(name, "UTC", "EUR", "11.0.1")
        shop, _ = shops.add(tx, connector.vault, "woocommerce", access, profile, now)
        unwritten = dict.fromkeys(("write_listings", "write_orders", "order_notes"), "no")
        shops.change_settings(tx, shop.id, unwritten | {"settle_seconds": "0"})  # nobody answers there
        fold(tx, shop.id, facts, now)
        supplies.fold_supply(tx, shop.id, SupplySnapshot("Lamps Ltd", rows, now), now)
    plan(connector, shop.id)
    return Storefront(shop.id, shop.hook_token)


def number_of(body: bytes) -> str:
    """The order that a delivery is about."""
    found = re.match(rb'\{"id":(\d+)', body)
    assert found
    return found[1].decode()


def numbers_of(posts: Iterable[Post]) -> set[str]:
    """The orders that some deliveries are about."""
    return {number_of(post.body) for post in posts}
