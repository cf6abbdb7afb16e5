"""Names that resolve to what a test says, and a record of every connection that was tried."""

import socket
from collections.abc import Callable, Iterator

import pytest

from adapters.http import Http
from adapters.http.wire import BudgetSocket

Resolve = Callable[..., list[str]]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """`asked = resolve("shop.test", ["1.1.1.1"], …)`: each look-up gives the next answer; `asked` records them."""
    real = socket.getaddrinfo

    def install(name: str, *answers: list[str]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
            asked.append(host)
            found = answers[min(len(asked), len(answers)) - 1] if host == name else [host]
            return [entry for one in found for entry in real(one, port, type=socket.SOCK_STREAM)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return install


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address that a connection was tried to; only loopback is really dialled."""
    tried: list[tuple[str, int]] = []
    real = BudgetSocket.connect

    def connect(self: BudgetSocket, to: tuple[str, int]) -> None:
        tried.append(to)
        if to[0] != "127.0.0.1":
            raise ConnectionRefusedError
        real(self, to)

    monkeypatch.setattr(BudgetSocket, "connect", connect)
    return tried


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that a client made by `make_http` would have slept."""
    return []


@pytest.fixture
def make_http(pauses: list[float]) -> Iterator[Callable[..., Http]]:
    """Make clients that only note when they would sleep, and close them in the end."""
    made: list[Http] = []

    def make(*allow: str, **more: object) -> Http:
        made.append(Http(allow, sleep=pauses.append, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for http in made:
        http.close()
