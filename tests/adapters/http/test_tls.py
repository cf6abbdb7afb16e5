"""Over TLS the address is the one that was judged, and the name is the one that was asked for."""

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from adapters.http import Http
from connector.domain.errors import Ambiguous, Retryable
from tests.adapters.http.listener import Listener, answer
from tests.adapters.http.tls_listener import Certificate, TlsListener, certificate, trusting


@pytest.fixture
def of_shop(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, x509.DNSName("shop.test"))


def test_the_name_is_in_sni_and_in_the_certificate_while_the_address_is_the_judged_one(
    of_shop: Certificate,
    make_http: Callable[..., Http],
    resolve: Callable[..., list[str]],
    dialled: list[tuple[str, int]],
) -> None:
    asked = resolve("shop.test", ["127.0.0.1"])
    with TlsListener(of_shop, answer(b"one"), answer(b"two")) as server:
        http = make_http(server.address, tls=trusting(of_shop))
        url = f"https://shop.test:{server.port}/"
        assert [http.request("GET", url).body for _ in range(2)] == [b"one", b"two"]
        assert server.names == ["shop.test"]
        assert f"Host: shop.test:{server.port}\r\n".encode() in server.requests[0]
        assert dialled == [("127.0.0.1", server.port)]
        assert asked == ["shop.test", "shop.test"]


def test_a_certificate_for_another_name_is_refused_before_anything_is_sent(
    of_shop: Certificate, make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    resolve("other.test", ["127.0.0.1"])
    with TlsListener(of_shop, answer(b"secret")) as server:
        with pytest.raises(Retryable, match=r"^other\.test did not prove its name with a valid certificate$"):
            make_http(server.address, tls=trusting(of_shop)).request("POST", f"https://other.test:{server.port}/")
        assert server.requests == []


def test_a_connection_of_one_name_is_not_used_for_another_at_the_same_address(
    of_shop: Certificate, make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    with TlsListener(of_shop, answer(b"secret")) as server:
        http = make_http(server.address, tls=trusting(of_shop))
        resolve("shop.test", ["127.0.0.1"])
        http.request("GET", f"https://shop.test:{server.port}/")
        resolve("other.test", ["127.0.0.1"])
        with pytest.raises(Retryable):
            http.request("GET", f"https://other.test:{server.port}/")
        assert len(server.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(
    of_shop: Certificate, make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    resolve("shop.test", ["127.0.0.1"])
    with TlsListener(of_shop, answer(b"secret")) as server:
        with pytest.raises(Retryable, match="certificate"):
            make_http(server.address).request("GET", f"https://shop.test:{server.port}/")
        assert server.requests == []


def test_an_address_can_have_a_certificate_of_its_own(tmp_path: Path, make_http: Callable[..., Http]) -> None:
    given = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    with TlsListener(given, answer(b"yes")) as server:
        assert make_http(server.address, tls=trusting(given)).request("GET", server.url).body == b"yes"


def test_a_server_that_speaks_no_tls_is_not_reached(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    with Listener(answer(b"plain")) as server:
        with pytest.raises(Retryable, match=r"certificate|reached"):
            make_http(server.address).request("POST", f"https://{server.address}/", timeout=0.5)
        assert server.requests == []


def test_a_connection_that_breaks_after_the_request_leaves_us_in_doubt(
    of_shop: Certificate, make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    resolve("shop.test", ["127.0.0.1"])

    def cut(connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    with TlsListener(of_shop, cut) as server:
        with pytest.raises(Ambiguous, match="broke off"):
            make_http(server.address, tls=trusting(of_shop)).request("POST", f"https://shop.test:{server.port}/")
        assert len(server.requests) == 1


def test_a_server_that_drips_over_tls_is_cut_at_the_deadline(
    of_shop: Certificate, make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    resolve("shop.test", ["127.0.0.1"])
    with TlsListener(of_shop, b"") as server:

        def drip(connection: socket.socket) -> None:
            while not server.stopped.wait(0.02):
                connection.sendall(b"x")

        server._answers[0] = drip
        with pytest.raises(Ambiguous, match="in time"):
            make_http(server.address, tls=trusting(of_shop)).request(
                "POST", f"https://shop.test:{server.port}/", timeout=0.5
            )
        assert len(server.requests) == 1
