"""A WSGI application on a real socket, for as long as a test needs it."""

import contextlib
from collections.abc import Iterator
from threading import Thread

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """A test's output is its result."""


@contextlib.contextmanager
def served(app: Flask, port: int = 0) -> Iterator[str]:
    """The address that the application answers at."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
