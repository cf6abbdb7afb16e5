"""A supplier's file is fetched when it has changed; what stands in the way is told to whoever can mend it."""

import gzip
import ipaddress
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from adapters.http import Http
from adapters.sources.http import MOST_HOPS, SECONDS, HttpSource
from connector.domain.errors import NeedsMerchant, Retryable, Terminal, Unreadable
from connector.ports import Fetched, Validators
from tests.adapters.http.listener import Listener, answer
from tests.adapters.http.tls_listener import TlsListener, certificate, trusting

NOTHING = Validators()
FILE = b"SKU,Quantity\nA,5\n"
Make = Callable[..., HttpSource]


@pytest.fixture
def source() -> Iterator[Make]:
    made: list[Http] = []

    def make(*servers: Listener, seconds: float = SECONDS) -> HttpSource:
        made.append(Http([server.address for server in servers], sleep=lambda _: None))
        return HttpSource(made[-1], seconds)

    yield make
    for http in made:
        http.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://shop.test/feed.csv", True),
        ("https://shop.test/feed.csv", True),
        (" HTTPS://shop.test ", True),
        ("ftp://shop.test/feed.csv", False),
        ("sftp://shop.test/feed.csv", False),
        ("httpx://shop.test", False),
        ("file:///etc/passwd", False),
        ("shop.test/http://", False),
        ("", False),
    ],
)
def test_web_addresses_are_handled_and_no_others(url: str, expected: bool, source: Make) -> None:
    assert source().handles(url) is expected


def test_a_file_comes_with_what_tells_whether_it_changed_and_how_it_is_written(source: Make) -> None:
    given = answer(
        FILE,
        ETag='"v1"',
        Last_Modified="Mon, 23 Nov 2026 12:00:00 GMT",
        Content_Type='text/csv; charset="Windows-1252"',
    )
    with Listener(given) as server:
        fetched = source(server).fetch(f"{server.url}/feed.csv", NOTHING)
        assert fetched == Fetched(FILE, Validators('"v1"', "Mon, 23 Nov 2026 12:00:00 GMT"), "windows-1252")
        assert b"If-" not in server.requests[0]


@pytest.mark.parametrize("content_type", ["text/csv", "text/csv; charset=", "", ";;;"])
def test_a_server_that_names_no_character_set_is_not_given_one(content_type: str, source: Make) -> None:
    with Listener(answer(FILE, Content_Type=content_type)) as server:
        fetched = source(server).fetch(server.url, NOTHING)
        assert fetched is not None
        assert (fetched.charset or None, fetched.validators) == (None, NOTHING)


def test_a_file_that_has_not_changed_is_not_fetched_again(source: Make) -> None:
    with Listener(answer(b"", "304 Not Modified")) as server:
        known = Validators('"v1"', "Mon, 23 Nov 2026 12:00:00 GMT")
        assert source(server).fetch(server.url, known) is None
        assert b'\r\nIf-None-Match: "v1"\r\n' in server.requests[0]
        assert b"\r\nIf-Modified-Since: Mon, 23 Nov 2026 12:00:00 GMT\r\n" in server.requests[0]


@pytest.mark.parametrize(
    "given",
    [
        answer(gzip.compress(FILE, mtime=0), Content_Type="application/gzip"),
        answer(gzip.compress(FILE, mtime=0), Content_Encoding="gzip"),
    ],
    ids=["a packed file", "a packed answer"],
)
def test_a_packed_file_is_unpacked(given: bytes, source: Make) -> None:
    with Listener(given) as server:
        fetched = source(server).fetch(f"{server.url}/feed.csv.gz", NOTHING)
        assert fetched is not None
        assert fetched.body == FILE


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_packed_file_that_grows_too_large_is_refused(
    encoding: str, source: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.sources.http.MOST_BYTES", 100_000)
    with (
        Listener(answer(gzip.compress(bytes(100_001), mtime=0), Content_Encoding=encoding)) as server,
        pytest.raises(Unreadable, match=r"^The file is larger than 100,000 bytes$"),
    ):
        source(server).fetch(server.url, NOTHING)


def test_a_file_whose_end_is_missing_is_not_taken_for_whole(source: Make) -> None:
    def break_off(connection: socket.socket) -> None:
        connection.sendall(answer(FILE * 100)[:-5])
        connection.shutdown(socket.SHUT_RDWR)

    with Listener(break_off) as server, pytest.raises(Retryable, match="broke off"):
        source(server).fetch(server.url, NOTHING)


def test_a_server_that_fails_and_recovers_is_asked_again(source: Make) -> None:
    with Listener(answer(b"", "503 Away"), answer(FILE)) as server:
        fetched = source(server).fetch(server.url, NOTHING)
        assert fetched is not None
        assert fetched.body == FILE
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "after"),
    [("408 Late", None), ("429 Slow", 90.0), ("500 Error", None), ("503 Away", 90.0), ("520 Odd", None)],
)
def test_what_passes_by_itself_is_retryable(status: str, after: float | None, source: Make) -> None:
    headers = {"Retry_After": "90"} if after else {}
    with Listener(answer(b"", status, **headers)) as server:
        with pytest.raises(Retryable) as failure:
            source(server).fetch(server.url, NOTHING)
        assert str(failure.value) == f"The supplier's server cannot answer now ({status[:3]})"
        assert failure.value.after == after


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("401 Unauthorized", "The supplier's server wants a login."),
        ("403 Forbidden", "The supplier's server refuses us the file."),
        ("404 Not Found", "There is no file at this address."),
        ("410 Gone", "The supplier has removed the file from this address."),
        ("418 Teapot", "The supplier's server answers 418 instead of sending a file."),
        ("204 No Content", "The supplier's server answers 204 instead of sending a file."),
        ("206 Partial Content", "The supplier's server answers 206 instead of sending a file."),
        ("300 Choices", "The supplier's server answers 300 instead of sending a file."),
    ],
)
def test_what_a_person_has_to_mend_is_told_to_the_merchant(status: str, text: str, source: Make) -> None:
    with Listener(answer(b"", status)) as server:
        with pytest.raises(NeedsMerchant) as refusal:
            source(server).fetch(server.url, NOTHING)
        assert str(refusal.value).startswith(text)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Moved", "308 Moved"])
def test_a_redirect_is_followed_to_another_allowed_server_without_the_login(status: str, source: Make) -> None:
    with Listener(answer(FILE)) as there:
        moved = answer(b"", status, Location=f"{there.url}/real.csv")
        with Listener(moved) as here:
            fetched = source(here, there).fetch(f"http://me:secret@{here.address}/feed.csv", NOTHING)
            assert fetched is not None
            assert fetched.body == FILE
            assert there.requests[0].startswith(b"GET /real.csv ")
            assert b"Authorization" in here.requests[0]
            assert b"Authorization" not in there.requests[0]


def test_a_redirect_may_be_relative(source: Make) -> None:
    with Listener(answer(b"", "302 Found", Location="../real.csv?x=1"), answer(FILE)) as server:
        assert source(server).fetch(f"{server.url}/a/b/feed.csv", NOTHING) is not None
        assert server.requests[1].startswith(b"GET /a/real.csv?x=1 ")


def test_a_redirect_inward_is_refused_like_any_address(source: Make) -> None:
    with Listener(answer(b"internal")) as inner:
        moved = answer(b"", "302 Found", Location=f"{inner.url}/admin")
        with Listener(moved) as server, pytest.raises(Terminal, match=r"^This address cannot be used\."):
            source(server).fetch(server.url, NOTHING)
        assert inner.connections == 0


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_kind_of_address_is_refused(location: str, source: Make) -> None:
    with (
        Listener(answer(b"", "302 Found", Location=location)) as server,
        pytest.raises(Terminal, match=r"^This address cannot be used\."),
    ):
        source(server).fetch(server.url, NOTHING)


@pytest.mark.parametrize("headers", [{}, {"Location": ""}, {"Location": "http://[broken/"}])
def test_a_redirect_to_nowhere_is_told_to_the_merchant(headers: dict[str, str], source: Make) -> None:
    with (
        Listener(answer(b"", "302 Found", **headers)) as server,
        pytest.raises(NeedsMerchant, match="cannot be used"),
    ):
        source(server).fetch(server.url, NOTHING)


def test_a_redirect_from_https_to_http_is_refused_so_that_nobody_can_change_the_file(tmp_path: Path) -> None:
    given = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    with Listener(answer(FILE)) as plain:
        moved = answer(b"", "302 Found", Location=f"{plain.url}/feed.csv")
        with TlsListener(given, moved) as server:
            http = Http([server.address, plain.address], tls=trusting(given))
            with pytest.raises(NeedsMerchant, match="cannot be used"):
                HttpSource(http).fetch(server.url, NOTHING)
            http.close()
        assert (len(server.requests), plain.connections) == (1, 0)


def test_redirects_end(source: Make) -> None:
    hops = itertools.count(1)

    def on(connection: socket.socket) -> None:
        connection.sendall(answer(b"", "302 Found", Location=f"/{next(hops)}"))

    with Listener(on) as server:
        with pytest.raises(NeedsMerchant, match="leads on and on"):
            source(server).fetch(server.url, NOTHING)
        assert len(server.requests) == 1 + MOST_HOPS


def test_a_file_that_comes_byte_by_byte_ends_with_the_time_that_a_file_may_take(source: Make) -> None:
    with Listener(trickling) as server:
        with pytest.raises(Retryable, match=r"^127\.0\.0\.1 did not answer in time$"):
            source(server, seconds=0.3).fetch(server.url, NOTHING)
        assert server.connections == 1


def test_redirects_do_not_give_more_time(source: Make) -> None:
    def slowly(connection: socket.socket) -> None:
        server.stopped.wait(0.2)
        connection.sendall(answer(b"", "302 Found", Location="/on"))

    with Listener(slowly) as server:
        with pytest.raises(Retryable):
            source(server, seconds=0.3).fetch(server.url, NOTHING)
        assert len(server.requests) == 2


def trickling(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    pause = threading.Event()
    while not pause.wait(0.01):
        connection.sendall(b"x")


def test_what_suppliers_are_asked_for_is_counted_as_feeds() -> None:
    heard: list[tuple[str, str]] = []
    with Listener(answer(FILE)) as server:
        http = Http([server.address], heard=lambda *call: heard.append(call))
        HttpSource(http).fetch(server.url, NOTHING)
        http.close()
    assert heard == [("feeds", "ok")]
