"""No answer lasts longer or grows larger than was allowed, packed or not."""

import gzip
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable

import pytest

from adapters.http import Http
from connector.domain.errors import Ambiguous, Retryable, Unreadable
from tests.adapters.http.listener import Listener, answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
NEVER_ENDING = b"HTTP/1.1 200 OK\r\nX-Name: "
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def dripping(first: bytes, stopped: threading.Event) -> Callable[[socket.socket], None]:
    """Send `first`, then single bytes, each well within any time-out, until told to stop."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        while not stopped.wait(0.02):
            connection.sendall(b"x")

    return drip


@pytest.mark.parametrize("first", [HEAD, NEVER_ENDING, b"", b"HTTP/1.1 200 OK\r\n\r\n"])
@pytest.mark.parametrize(("method", "error"), [("GET", Retryable), ("POST", Ambiguous)])
def test_a_server_that_drips_is_cut_at_the_deadline(
    first: bytes, method: str, error: type[Exception], make_http: Callable[..., Http]
) -> None:
    stopped = threading.Event()
    with Listener(dripping(first, stopped)) as server:
        with pytest.raises(error, match=r"^127\.0\.0\.1 did not answer in time$"):
            make_http(server.address).request(method, server.url, timeout=0.3)
        stopped.set()
        assert len(server.requests) == 1


def test_endless_provisional_answers_are_cut_at_the_deadline(make_http: Callable[..., Http]) -> None:
    stopped = threading.Event()

    def go_on(connection: socket.socket) -> None:
        while not stopped.wait(0.02):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with Listener(go_on) as server:
        with pytest.raises(Retryable, match="in time"):
            make_http(server.address).request("GET", server.url, timeout=0.3)
        stopped.set()


def test_a_server_that_does_not_read_is_cut_at_the_deadline(make_http: Callable[..., Http]) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        port = silent.getsockname()[1]
        with pytest.raises(Ambiguous):
            make_http(f"127.0.0.1:{port}").request(
                "POST", f"http://127.0.0.1:{port}/", body=b"x" * 30_000_000, timeout=0.3
            )


def test_an_answer_of_exactly_the_allowed_size_is_read(make_http: Callable[..., Http]) -> None:
    with Listener(answer(b"x" * 1000)) as server:
        assert make_http(server.address).request("GET", server.url, max_bytes=1000).body == b"x" * 1000


@pytest.mark.parametrize(
    "given",
    [
        answer(b"x" * 1001),
        answer(gzip.compress(b"x" * 1001, mtime=0), content_encoding="gzip"),
        CHUNKED + b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(11)) + b"0\r\n\r\n",
    ],
)
def test_one_byte_more_is_too_large(given: bytes, make_http: Callable[..., Http]) -> None:
    with (
        Listener(given) as server,
        pytest.raises(Unreadable, match=r"^The file is larger than 1,000 bytes$"),
    ):
        make_http(server.address).request("GET", server.url, max_bytes=1000)


def test_an_endless_answer_ends_at_the_allowed_size(make_http: Callable[..., Http]) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
        for _ in itertools.count():
            connection.sendall(b"x" * 65536)

    with Listener(flood) as server, pytest.raises(Unreadable, match="larger than 500,000 bytes"):
        make_http(server.address).request("GET", server.url, max_bytes=500_000)


def test_a_gzip_bomb_is_not_unpacked_beyond_the_allowed_size(make_http: Callable[..., Http]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    megabyte = bytes(1_000_000)
    bomb = b"".join(packer.compress(megabyte) for _ in range(100)) + packer.flush()
    assert len(bomb) < 1_000_000
    with (
        Listener(answer(bomb, content_encoding="gzip")) as server,
        pytest.raises(Unreadable, match=r"^The file is larger than 2,000,000 bytes$"),
    ):
        make_http(server.address).request("GET", server.url, max_bytes=2_000_000)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])
def test_a_packed_answer_is_unpacked_whole(size: int, make_http: Callable[..., Http]) -> None:
    content = bytes(number % 251 for number in range(size))
    with Listener(answer(gzip.compress(content, mtime=0), content_encoding="gzip")) as server:
        assert make_http(server.address).request("GET", server.url).body == content


def test_gzip_members_that_follow_each_other_are_one_content(make_http: Callable[..., Http]) -> None:
    packed = gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0) + bytes(16)
    with Listener(answer(packed, content_encoding="x-gzip")) as server:
        assert make_http(server.address).request("GET", server.url).body == b"one two"


@pytest.mark.parametrize(
    ("packed", "encoding", "text"),
    [
        (gzip.compress(b"content" * 1000, mtime=0)[:-9], "gzip", "its end is missing"),
        (b"not gzip at all", "gzip", "cannot be unpacked"),
        (gzip.compress(b"one", mtime=0) + b"rubbish", "gzip", "cannot be unpacked"),
        (b"\x1b", "br", "was not asked for"),
    ],
)
def test_an_answer_that_cannot_be_unpacked_is_unreadable(
    packed: bytes, encoding: str, text: str, make_http: Callable[..., Http]
) -> None:
    with Listener(answer(packed, content_encoding=encoding)) as server, pytest.raises(Unreadable, match=text):
        make_http(server.address).request("GET", server.url)


@pytest.mark.parametrize("given", [HEAD + b"half", CHUNKED + b"10\r\nhalf", b"HTTP/1.1 20", b"", b"\x00\x01\x02\r\n"])
@pytest.mark.parametrize(("method", "error"), [("GET", Retryable), ("POST", Ambiguous)])
def test_an_answer_that_breaks_off_is_not_taken_for_whole(
    given: bytes, method: str, error: type[Exception], make_http: Callable[..., Http]
) -> None:
    def break_off(connection: socket.socket) -> None:
        connection.sendall(given)
        connection.shutdown(socket.SHUT_RDWR)

    with (
        Listener(break_off) as server,
        pytest.raises(error, match=r"^127\.0\.0\.1 broke off the connection$"),
    ):
        make_http(server.address).request(method, server.url)


def test_what_all_tries_together_may_last_ends_them(
    make_http: Callable[..., Http], pauses: list[float]
) -> None:
    busy = answer(b"", "503 Service Unavailable", Retry_After="15")
    with Listener(busy, answer(b"well")) as server:
        ends = time.monotonic() + 10
        assert make_http(server.address).request("GET", server.url, tries=3, ends=ends).status == 503
    assert pauses == []


def test_a_try_does_not_begin_after_the_end(make_http: Callable[..., Http], pauses: list[float]) -> None:
    with Listener(answer(b"well")) as server:
        with pytest.raises(Retryable):
            make_http(server.address).request("GET", server.url, tries=3, ends=time.monotonic())
        assert (server.connections, pauses) == (0, [])
