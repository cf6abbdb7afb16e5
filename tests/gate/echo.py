"""An application that says what it was sent."""

from collections.abc import Iterable
from typing import Any


def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    said = f"{environ['PATH_INFO']} {len(body)}".encode()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said]
