"""Which addresses may be dialled: names are resolved once, and what they resolve to is judged, never the name."""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.domain.errors import BadInput, Retryable, Terminal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

REFUSED_TEXT = "This address cannot be used. Use a public http:// or https:// address on the usual port."
PORTS = {"http": 80, "https": 443}
ALLOCATED_V6 = ipaddress.ip_network("2000::/3")

# `is_global` says True for these, or says it in some versions of Python only (IANA special-purpose registries;
# 168.63.129.16 is the host agent of Azure).
NEVER = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)


def is_public(address: Address) -> bool:
    """Whether anyone on the internet could dial this address; forms that carry another address in them are not."""
    if address.version == 6 and address not in ALLOCATED_V6:
        return False
    return address.is_global and not any(address in block for block in NEVER)


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes: the host for names and certificates, and the only addresses that may be dialled."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Guard:
    """Says where an address leads, or that it may not be dialled."""

    def __init__(self, allow: Collection[str] = ()) -> None:
        """`allow` holds loopback addresses with their port ("127.0.0.1:8089"); BadInput for anything else."""
        self._allowed = frozenset(_loopback(entry) for entry in allow)

    def target(self, url: str) -> Target:
        """Where `url` leads; Terminal where it may not lead, Retryable where the name cannot be resolved now."""
        scheme, host, port = _parts(url)
        addresses = _resolve(host, port)
        if not all(self._may_dial(address, port) for address in addresses):
            raise Terminal(REFUSED_TEXT)
        return Target(scheme, host, port, tuple(str(address) for address in addresses))

    def _may_dial(self, address: Address, port: int) -> bool:
        return (address, port) in self._allowed or (port in PORTS.values() and is_public(address))


def _loopback(entry: str) -> tuple[Address, int]:
    host, _, port = entry.rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        allowed = (address, int(port))
    except ValueError:
        raise BadInput(f"{entry!r} is not an address with a port, such as 127.0.0.1:8089") from None
    if not address.is_loopback:
        raise BadInput(f"{entry!r} is not a loopback address")
    return allowed


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = PORTS.get(parts.scheme) if parts.port is None else parts.port
    except ValueError:
        raise Terminal(REFUSED_TEXT) from None
    if port is None or parts.scheme not in PORTS or not parts.hostname:
        raise Terminal(REFUSED_TEXT)
    return parts.scheme, parts.hostname, port


def _resolve(host: str, port: int) -> tuple[Address, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, ValueError):
        raise Retryable(f"The name {host} cannot be found") from None
    return tuple(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
