"""Over TLS the address is the one that was judged, and the name is the one that was asked for."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from adapters.http import Http
from connector.domain.errors import Ambiguous, Retryable
from tests.adapters.http.listener import Answering, Listener, answer

Certificate = tuple[Path, Path]


class TlsListener(Listener):
    """The same over TLS; remembers the names that it was asked for."""

    def __init__(self, certificate: Certificate, *answers: bytes | Answering) -> None:
        super().__init__(*answers)
        self.names: list[str | None] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)
        self._context.sni_callback = lambda _socket, name, _context: self.names.append(name)

    @property
    def url(self) -> str:
        return f"https://{self.address}"

    def wrap(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True)


def certificate(directory: Path, *names: x509.GeneralName) -> Certificate:
    """A self-signed certificate for `names` and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    built = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, SHA256())
    )
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(built.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


@pytest.fixture
def of_shop(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, x509.DNSName("shop.test"))


def trusting(given: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=given[0])


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
