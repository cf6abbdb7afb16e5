"""The practice store as a running server: a WooCommerce store on loopback, for tests and demonstrations."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from adapters.practice import STATIC, mailbox, supplier
from adapters.practice.goods import GOODS, Goods
from adapters.woocommerce.practice import (
    companion,
    consent,
    rest_coupons,
    rest_customers,
    rest_orders,
    rest_products,
    rest_site,
    storefront,
)
from adapters.woocommerce.practice.auth import Keyring
from adapters.woocommerce.practice.checkout import checkout
from adapters.woocommerce.practice.courier import Courier, Delivered
from adapters.woocommerce.practice.forms import Forms
from adapters.woocommerce.practice.model import Order, Refused
from adapters.woocommerce.practice.rest import NO_ROUTE, Api, answer, refused
from adapters.woocommerce.practice.seed import stock_up
from adapters.woocommerce.practice.shop import Shop

REST, BESIDE = "/wp-json/wc/v3", "/wp-json/wc-backorder/v1"
CALLS_OUT = ("site.create", "consent.granted")


class PracticeStore:
    """A store at `url` that takes `key` and `secret`; `start` it before use and `stop` it after.

    With `lag` None nothing is delivered until `deliver_now`; else deliveries go out `lag` seconds after the news.
    """

    def __init__(
        self,
        seed: Sequence[Goods] = GOODS,
        *,
        port: int = 0,
        lag: float | None = None,
        letters: Path | None = None,
        supplier_csv: Path | None = None,
        key: str = "",
        secret: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.key, self.secret = key or f"ck_{secrets.token_hex(20)}", secret or f"cs_{secrets.token_hex(20)}"
        self._own = tempfile.TemporaryDirectory(prefix="practice-store-")
        self._app = _Counter("practice", template_folder=_here("templates"), static_folder=STATIC)
        self._server = make_server("127.0.0.1", port, self._app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.courier = Courier(self.url, lag or 0.0)
        self.shop = Shop(clock, self.courier.changed)
        self.forms = Forms(self.shop, self.url)
        self.courier.attach(self.shop, self.forms)
        self.keyring = Keyring(self.key, self.secret)
        self.supplier_csv = supplier_csv or Path(self._own.name) / "restock.csv"
        self._background = lag is not None
        self._threads: list[Thread] = []
        _furnish(self, letters or Path(self._own.name) / "letters")
        stock_up(self.shop, seed)

    def start(self) -> None:
        """Answer requests, and deliver if that was asked for."""
        thread = Thread(target=self._server.serve_forever, args=(0.05,), name="practice-store", daemon=True)
        thread.start()
        self._threads.append(thread)
        if self._background:
            self._threads.append(self.courier.start())

    def stop(self) -> None:
        """End the server and the deliveries."""
        self.courier.stop()
        if self._threads:
            self._server.shutdown()
        for thread in self._threads:
            thread.join(timeout=10)
        self.courier.close()
        self._server.server_close()
        self._own.cleanup()

    def wait(self) -> None:
        """Until somebody stops the store."""
        for thread in self._threads:
            thread.join()

    def checkout(self, sku: str, units: int, guest: Mapping[str, str] | None = None) -> Order:
        """A guest buys; Refused where the store does not sell that many."""
        return checkout(self.shop, [(sku, units)], guest)

    def ship(self, order: Order) -> None:
        """The merchant hands the whole order to the carrier."""
        self.shop.set_status(order, "completed")

    def cancel(self, order: Order) -> None:
        """The merchant cancels the order; its units go back into the stock."""
        self.shop.set_status(order, "cancelled")

    def goods_in(self, sku: str, units: int) -> None:
        """Goods come in."""
        self.shop.book_in(sku, units)

    def supply(self, rows: Sequence[Mapping[str, str]]) -> None:
        """The supplier's list says this from now on (columns sku, quantity, date, reference)."""
        supplier.save(self.supplier_csv, [dict(row) for row in rows])

    def deliver_now(self) -> list[Delivered]:
        """Deliver the webhooks that wait, and say what became of them."""
        return self.courier.deliver_now()


class _Counter(Flask):
    """One customer at a time; only what calls out must not hold the counter."""

    store_api: Api

    def dispatch_request(self) -> ResponseReturnValue:
        if request.path.startswith((REST, BESIDE)):
            self.store_api.admit()
        if request.endpoint in CALLS_OUT:
            return super().dispatch_request()
        with self.store_api.shop.lock:
            return super().dispatch_request()


class _Quiet(WSGIRequestHandler):
    """Signed addresses do not belong in a log."""

    def log_request(self, *_: object) -> None:
        return


def _furnish(store: PracticeStore, letters: Path) -> None:
    """Hang all routes into the store's app."""
    if not store.supplier_csv.exists():
        supplier.save(store.supplier_csv, [])
    letters.mkdir(parents=True, exist_ok=True)
    app = store._app
    app.store_api = api = Api(store.shop, store.forms, store.keyring, store.url)
    for part in (
        rest_products.routes(api),
        rest_orders.routes(api),
        rest_coupons.routes(api),
        rest_customers.routes(api),
        rest_site.routes(api, store.courier),
    ):
        app.register_blueprint(part, url_prefix=REST)
    app.register_blueprint(companion.routes(api), url_prefix=BESIDE)
    for part in (
        storefront.routes(store.shop),
        supplier.routes(store.supplier_csv),
        mailbox.routes(letters),
        consent.routes(store.keyring, store.courier.send),
    ):
        app.register_blueprint(part)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, _no_route)

    @app.get("/wp-json/")
    def index() -> Response:
        site = {"name": "Practice Store", "url": store.url, "home": store.url}
        return answer(site | {"gmt_offset": "0", "timezone_string": ""})


def _no_route(error: HTTPException) -> HTTPException | Response:
    if request.path.startswith("/wp-json") and error.code in (404, 405):
        return refused(Refused(*NO_ROUTE))
    return error


def _here(name: str) -> str:
    return str(Path(__file__).parent / name)
