"""A practice store, a scripted store, and the adapter that talks to both over real HTTP."""

import dataclasses
import json
from collections.abc import Iterator
from threading import Thread

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.practice import PracticeStore
from connector.ports import StoreAccess

Talking = tuple[WooCommerce, StoreAccess]
KEY, SECRET = "ck_" + "a" * 40, "cs_" + "b" * 40
HOOK_SECRET = "0123456789abcdef" * 4


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        return


class Scripted:
    """A store that answers what the test says: by path below wc/v3, or for everything ("*")."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Response]] = {}
        self.seen: list[Request] = []
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def says(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        """The next answer for `path`; the last one stays. A text is sent as it is, all else as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append(Response(text, status, named))

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ, start_response):  # type: ignore[no-untyped-def]
        request = Request(environ)
        request.get_data()
        self.seen.append(request)
        path = request.path.removeprefix("/wp-json/wc/v3/")
        waiting = self.answers.get(path) or self.answers.get("*") or [Response("no answer was scripted", 500)]
        response = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return response(environ, start_response)


@dataclasses.dataclass
class Shopfront:
    """A store that can be reached: the adapter, the access to it, and the store itself."""

    platform: WooCommerce
    access: StoreAccess
    store: PracticeStore


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    store = Scripted()
    yield store
    store.close()


@pytest.fixture
def talking(scripted: Scripted) -> Iterator[Talking]:
    """The adapter and its access to the scripted store."""
    http = Http([scripted.address], sleep=lambda seconds: None)
    yield WooCommerce(http), StoreAccess(f"http://{scripted.address}", {"key": KEY, "secret": SECRET}, HOOK_SECRET)
    http.close()


@pytest.fixture
def front(practice: PracticeStore) -> Iterator[Shopfront]:
    http = Http([practice.url.removeprefix("http://")])
    platform = WooCommerce(http)
    access = platform.access({"url": practice.url, "key": practice.key, "secret": practice.secret})
    yield Shopfront(platform, dataclasses.replace(access, hook_secret=HOOK_SECRET), practice)
    http.close()
