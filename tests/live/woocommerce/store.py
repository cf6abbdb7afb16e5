"""A real WooCommerce store as its merchant and its customers use it; what was made in it is taken out again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from woocommerce import API

ADDRESS = {
    "first_name": "Ann",
    "last_name": "Ash",
    "address_1": "1 Elm St",
    "city": "Los Angeles",
    "state": "CA",
    "postcode": "90001",
    "country": "US",
    "phone": "5550100",
}
OFFLINE = ("cod", "bacs", "cheque")
Json = Any


@dataclass
class RealStore:
    """The store at `url`; `key` and `secret` are an administrator's or a shop manager's."""

    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    undo: list[Callable[[], object]] = field(default_factory=list)

    def rest(self, method: str, path: str, body: Json = None, **params: str | int) -> Json:
        """What the store answers to a call below wc/v3; an AssertionError where it refuses."""
        api = API(self.url, self.key, self.secret, version="wc/v3", timeout=60)
        answer = api._API__request(method, path, body, params=params)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        return answer.json()

    def has_companion(self) -> bool:
        """Whether our plugin is active in it."""
        api = API(self.url, self.key, self.secret, version="wc/v3", timeout=60)
        return "x-backorder-notices" in api.get("products", params={"per_page": 1}).headers

    def product(self, name: str, stock: int, **more: Json) -> Json:
        """A product of ours with an SKU that nobody else has."""
        sku = f"{name}-{secrets.token_hex(3)}".upper()
        body = {"name": f"Test {name}", "sku": sku, "regular_price": "10", "virtual": True, "status": "publish"}
        stocked = {"manage_stock": True, "stock_quantity": stock, "backorders": "notify"}
        made = self.rest("POST", "products", body | stocked | {"short_description": "<p>Lights up.</p>"} | more)
        self.undo.append(lambda: self.rest("DELETE", f"products/{made['id']}", force="true"))
        return made

    def variation(self, product: int, colour: str, **more: Json) -> Json:
        """A variation of one of our products."""
        body = {"regular_price": "10", "virtual": True, "attributes": [{"name": "Colour", "option": colour}]}
        return self.rest("POST", f"products/{product}/variations", body | more)

    def checkout(self, cart: dict[int, int], email: str) -> Json:
        """A guest buys over the Store API, as the checkout page does; the order by REST."""
        shop = f"{self.url}/wp-json/wc/store/v1"
        with requests.Session() as browser:
            seen = browser.get(f"{shop}/cart", timeout=60)
            headers = {"Nonce": seen.headers["Nonce"], "Cart-Token": seen.headers["Cart-Token"]}
            for item, units in cart.items():
                body = {"id": item, "quantity": units}
                seen = browser.post(f"{shop}/cart/add-item", json=body, headers=headers, timeout=60)
                assert seen.status_code == 201, seen.text[:200]
            takes = seen.json()["payment_methods"]
            pays = next((one for one in OFFLINE if one in takes), None)
            assert pays, f"the tests need one of {OFFLINE} as a means of payment, the store has {takes}"
            address = ADDRESS | {"email": email}
            wanted = {"billing_address": address, "shipping_address": address, "payment_method": pays}
            done = browser.post(f"{shop}/checkout", json=wanted, headers=headers, timeout=60)
            assert done.status_code == 200, done.text[:200]
        order = int(done.json()["order_id"])
        self.undo.append(lambda: self.drop_order(order))
        return self.rest("GET", f"orders/{order}")

    def drop_order(self, order: int) -> None:
        """Take an order out for good; one that is gone already is fine."""
        api = API(self.url, self.key, self.secret, version="wc/v3", timeout=60)
        assert api.delete(f"orders/{order}", params={"force": True}).status_code in (200, 404)

    def page(self, product: Json) -> str:
        """A product's page, past what caches hold."""
        params = {"fresh": secrets.token_hex(4)}
        answer = requests.get(product["permalink"], params=params, timeout=60)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def description(self, product: Json) -> str:
        """The short description as the merchant sees it in the editor."""
        found = self.rest("GET", f"products/{product['id']}", context="edit")["short_description"]
        return str(found)

    def visit(self) -> None:
        """WordPress does what is due only when somebody comes by."""
        requests.get(f"{self.url}/wp-cron.php", params={"doing_wp_cron": ""}, timeout=60)

    @property
    def authority(self) -> str:
        """Host and port."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"


@contextmanager
def borrowed(url: str, key: str, secret: str) -> Iterator[RealStore]:
    """The store for one test; what was made is taken out again, the latest first, however the test ends."""
    store = RealStore(url.rstrip("/"), key, secret)
    try:
        yield store
    finally:
        failures = [failure for failure in map(_failure, reversed(store.undo)) if failure]
    assert failures == []


def _failure(undo: Callable[[], object]) -> str:
    try:
        undo()
    except (AssertionError, requests.RequestException) as error:
        return str(error)
    return ""
