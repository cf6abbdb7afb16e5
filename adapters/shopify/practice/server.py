"""The fake as a server: the Admin API of any number of shops at one address, and their webhooks."""

import json
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from adapters.shopify.practice.clock import Clock, VirtualClock
from adapters.shopify.practice.execution import answer
from adapters.shopify.practice.schema import VERSION
from adapters.shopify.practice.shop import Shop
from adapters.shopify.practice.storage import PREFIX as STORAGE
from adapters.shopify.practice.storage import Storage

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TOKENS, CONSENT = "/admin/oauth/access_token", "/admin/oauth/authorize?"
PATH = re.compile(r"/admin/api/[^/]+/graphql\.json")
DOMAIN = ".myshopify.com"
NOWHERE = 404
WRITTEN = frozenset({"date", "content-length"})  # headers that every answer gets
BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # its words


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that one request gets in place of its own; `hang_up` answers nothing at all.

    `done`: what was asked for is done all the same. `operation`: only the next request for this one.
    """

    status: int = 503
    body: bytes = b"Service Unavailable"
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False
    done: bool = False
    operation: str = ""


class ShopifyFake:
    """Shopify on 127.0.0.1. `origin` is what SHOPIFY_ORIGIN is set to; shops are told apart by X-Forwarded-Host.

    `pages` answer whatever is nothing of Shopify's API: a shop as people see it.
    """

    def __init__(self, clock: Clock | None = None, port: int = 0) -> None:
        self.clock = clock or VirtualClock()
        self.version = VERSION
        self.shops: dict[str, Shop] = {}
        self.faults: deque[Fault] = deque()
        self.get_faults: deque[Fault] = deque()
        self.requests = 0
        self.pages: WSGIApplication | None = None
        fake = self

        class Handler(_Handler):
            shopify = fake

        self._server = _Server(("127.0.0.1", port), Handler)
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._couriers: list[_Courier] = []

    @property
    def authority(self) -> str:
        """Host and port, as a guard wants to be told."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def origin(self) -> str:
        """The address that stands in for every shop's own."""
        return f"http://{self.authority}"

    def open_shop(
        self,
        name: str,
        *,
        token: str = "shpat_token",
        api_secret: str = "shpss_secret",
        rate: float = 100.0,
        automatic: bool = False,
    ) -> Shop:
        """A shop NAME.myshopify.com with the app installed; `automatic` delivers webhooks as they come about."""
        domain = name if name.endswith(DOMAIN) else name + DOMAIN
        shop = self.shops[domain] = Shop(domain, self.clock, token=token, api_secret=api_secret, rate=rate)
        shop.bulk.storage.origin = self.origin
        if automatic:
            self._couriers.append(_Courier(shop))
            self._couriers[-1].start()
        return shop

    def __enter__(self) -> Self:
        self._serving.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for courier in self._couriers:
            courier.stop()
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Courier(threading.Thread):
    """Delivers a shop's webhooks as they come about, and again what failed."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(daemon=True)
        self._shop = shop
        self._stopped = False

    def run(self) -> None:
        outgoing = self._shop.outgoing
        while not self._stopped:
            with self._shop.lock:
                self._shop.bulk.settle()
            if not outgoing.deliver_due():
                with outgoing.queued:
                    outgoing.queued.wait(0.05)

    def stop(self) -> None:
        self._stopped = True
        with self._shop.outgoing.queued:
            self._shop.outgoing.queued.notify_all()
        self.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: else each answer waits 40 ms for an acknowledgement
    shopify: ShopifyFake

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.shopify.requests += 1
        if self.shopify.faults and self.shopify.faults[0].operation.encode() in body:
            fault = self.shopify.faults.popleft()
            if fault.done:
                self._answer(body)
            if fault.hang_up:
                self.close_connection = True
                return
            self._send(fault.status, fault.body, fault.headers)
            return
        if storage := self._storage():
            self._send(*storage.post(dict(self.headers.items()), body))
            return
        status, told = self._answer(body)
        if status == NOWHERE and self.shopify.pages is not None:
            self._page(self.shopify.pages, body)
            return
        self._send(status, json.dumps(told).encode(), {"Content-Type": "application/json; charset=utf-8"})

    def do_GET(self) -> None:
        """A stored file, or the page on which a merchant is asked; this one always agrees."""
        if storage := self._storage():
            self.shopify.requests += 1
            if self.shopify.get_faults:
                fault = self.shopify.get_faults.popleft()
                self._send(fault.status, fault.body, fault.headers)
                return
            self._send(*storage.get(self.path, dict(self.headers.items())))
            return
        shop = self.shopify.shops.get(dict(parse_qsl(urlsplit(self.path).query)).get("shop", ""))
        if shop is not None and self.path.startswith(CONSENT):
            self._send(302, b"", {"Location": shop.app.agree(self.path)})
        elif self.shopify.pages is not None:
            self._page(self.shopify.pages, b"")
        else:
            self._send(NOWHERE, b"", {})

    def _page(self, pages: "WSGIApplication", body: bytes) -> None:
        asked = EnvironBuilder(
            self.path, self.shopify.origin, method=self.command, headers=list(self.headers.items()), data=body
        )
        parts, status, headers = run_wsgi_app(pages, asked.get_environ(), buffered=True)
        kept = {name: value for name, value in headers if name.lower() not in WRITTEN}
        self._send(int(status.partition(" ")[0]), b"".join(parts), kept)

    def _storage(self) -> Storage | None:
        shop = self.shopify.shops.get(self.path.removeprefix(STORAGE).partition("/")[0])
        return shop.bulk.storage if shop and self.path.startswith(STORAGE) else None

    def _answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        domain = (self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or "").lower()
        shop = self.shopify.shops.get(domain)
        if shop is not None and self.path == TOKENS:
            with shop.lock:
                return shop.app.answer(body)
        if shop is None or not PATH.fullmatch(self.path):
            return NOWHERE, {"errors": "Not Found"}
        token = self.headers.get("X-Shopify-Access-Token")
        if not shop.installed or (token != shop.token and not shop.app.accepts(token)):
            return 401, {"errors": BAD_TOKEN}
        try:
            request = json.loads(body)
        except ValueError:
            return 400, {"errors": "Bad Request"}
        return 200, answer(shop, request)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("X-Shopify-API-Version", self.shopify.version)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the fake's own clock."""
        return super().date_time_string(self.shopify.clock.now().timestamp() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read what came of it, not the log."""
