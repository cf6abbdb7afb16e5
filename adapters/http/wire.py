"""Connections that lead to one given address, end in time, and tell "never sent" from "maybe done"."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from adapters.http.guard import Target
from connector.domain.errors import Retryable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

HOSTS_KEPT = 64
CONNECTIONS_KEPT = 16
IDLE_SECONDS = 15.0


class Unreached(Retryable):
    """No connection was made, so nothing was sent."""


class BudgetSocket(socket.socket):
    """A socket whose time-out is for all that follows together: one byte a second does not last for ever."""

    _ends = inf
    _used = -inf

    def settimeout(self, value: float | None) -> None:
        """Start a budget of `value` seconds."""
        self._ends = inf if value is None else monotonic() + value
        super().settimeout(value)

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = 0, flags: int = 0) -> int:
        """Receive within what is left of the budget."""
        self._spend()
        return super().recv_into(buffer, nbytes or memoryview(buffer).nbytes, flags)

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        """Send within what is left of the budget."""
        self._spend()
        return super().send(data, flags)

    def rested(self) -> float:
        """Seconds since it was last read from or written to."""
        return monotonic() - self._used

    def _spend(self) -> None:
        self._used = monotonic()
        if self._ends == inf:
            return
        if self._used >= self._ends:
            raise TimeoutError("timed out")
        super().settimeout(self._ends - self._used)


class BudgetTlsSocket(BudgetSocket, ssl.SSLSocket):
    """The same over TLS."""


def tls_context(context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """A context (verifying certificates and names, unless one is given) whose sockets keep to a budget."""
    context = context or ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context.sslsocket_class = BudgetTlsSocket
    return context


def _dial(connection: HTTPConnection) -> socket.socket:
    address = ipaddress.ip_address(connection.host)
    made = BudgetSocket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        for option in connection.socket_options or ():
            made.setsockopt(*option)
        made.settimeout(connection.timeout)
        made.connect((str(address), connection.port))
    except OSError:
        made.close()
        raise
    return made


@contextmanager
def _nothing_sent() -> Iterator[None]:
    try:
        yield
    except ssl.SSLError:
        raise Unreached("did not prove its name with a valid certificate") from None
    except (OSError, HTTPError):
        raise Unreached("could not be reached") from None


class _Pinned(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _dial(self)

    def connect(self) -> None:
        with _nothing_sent():
            super().connect()

    @property
    def is_connected(self) -> bool:
        # A server may close an idle connection at the moment that we send on it, and leave us in doubt.
        fresh = isinstance(self.sock, BudgetSocket) and self.sock.rested() < IDLE_SECONDS
        return fresh and super().is_connected


class _TlsPinned(_Pinned, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsPinned


def pools(context: ssl.SSLContext) -> PoolManager:
    """Keep-alive pools, one per address (and name, over TLS)."""
    manager = PoolManager(HOSTS_KEPT, maxsize=CONNECTIONS_KEPT, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager


class PinnedAdapter(HTTPAdapter):
    """Sends one request to one address of its target, whatever the request's own URL says."""

    def __init__(self, manager: PoolManager, target: Target, address: str) -> None:
        super().__init__()
        self._target = target
        self._address = address
        self.poolmanager = manager

    def init_poolmanager(self, *_args: object, **_kwargs: object) -> None:
        """Nothing: the pools are given."""

    def cert_verify(self, *_args: object, **_kwargs: object) -> None:
        """Nothing: the pools' TLS context verifies."""

    def get_connection_with_tls_context(self, *_args: object, **_kwargs: object) -> HTTPConnectionPool:
        """The pool of the address; the host's name stays in SNI and in the check of the certificate."""
        named = {"server_hostname": self._target.host.rstrip(".")} if self._target.scheme == "https" else {}
        pool: HTTPConnectionPool = self.poolmanager.connection_from_host(
            self._address, self._target.port, self._target.scheme, pool_kwargs=named
        )
        return pool
