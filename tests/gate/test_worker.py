"""Over real sockets: whoever is slow or silent keeps nobody else waiting, and comes to an end."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.gate.arriving import LARGEST_BODY

ROOT = Path(__file__).parents[2]
WHOLE = b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
POST = b"POST /hello HTTP/1.1\r\nHost: a\r\n"
MANY = 30


@dataclass(frozen=True)
class Gate:
    """A web process with two threads."""

    process: subprocess.Popen[bytes]
    port: int

    def knock(self, said: bytes = b"") -> socket.socket:
        """A connection on which something was said."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        with contextlib.suppress(ConnectionError):
            link.sendall(said)
        return link

    def ask(self, said: bytes = WHOLE) -> bytes:
        """All that is answered."""
        with self.knock(said) as link:
            return all_of(link)


def all_of(link: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := link.recv(65536):
            found += piece
    return found


def some_of(link: socket.socket, until: bytes) -> bytes:
    """What comes until something was said."""
    found = b""
    while until not in found:
        piece = link.recv(65536)
        assert piece, found
        found += piece
    return found


def started(conf: str) -> Iterator[Gate]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--config", str(ROOT / conf), "--threads", "2", "--bind", f"127.0.0.1:{port}", "tests.gate.echo:app"]
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", *words], cwd=ROOT, stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if b"Listening at" in line:
                break
        yield Gate(process, port)
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    yield from started("gunicorn.conf.py")


@pytest.fixture(scope="module")
def hasty() -> Iterator[Gate]:
    yield from started("tests/gate/hasty.py")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"G",
        b"GET /hello HTTP/1.1\r\nHost:",
        POST + b"Content-Length: 10\r\n\r\nhalf",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ],
    ids=["nothing", "a byte", "half a head", "half a body", "half a chunk", "no end"],
)
def test_many_who_do_not_come_to_an_end_keep_nobody_waiting(gate: Gate, said: bytes) -> None:
    with contextlib.ExitStack() as kept:
        for _ in range(MANY):
            kept.enter_context(gate.knock(said))
        assert gate.ask().endswith(b"\r\n\r\n/hello 0")


@pytest.mark.parametrize("said", [WHOLE, b"nonsense\r\n\r\n"])
def test_many_who_stay_when_they_were_answered_keep_nobody_waiting(gate: Gate, said: bytes) -> None:
    answered = [gate.knock(said) for _ in range(MANY)]
    assert gate.ask().endswith(b"\r\n\r\n/hello 0")
    for link in answered:
        assert all_of(link).startswith(b"HTTP/1.1 ")
        link.close()


def test_who_speaks_slowly_is_heard(gate: Gate) -> None:
    with gate.knock() as slow:
        for one in POST + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello":
            slow.sendall(bytes([one]))
            assert gate.ask().endswith(b"/hello 0") or one % 20
        assert all_of(slow).endswith(b"/hello 5")


@pytest.mark.parametrize("said", [b"", b"G", POST + b"Content-Length: 10\r\n\r\nhalf"])
def test_who_never_comes_to_an_end_is_hung_up_on(hasty: Gate, said: bytes) -> None:
    with hasty.knock(said) as link:
        assert all_of(link) == b""


def test_two_requests_at_once_are_two_answers(gate: Gate) -> None:
    answers = gate.ask(POST + b"Content-Length: 3\r\n\r\none" + WHOLE)
    assert [answers.count(said) for said in (b"HTTP/1.1 200 OK", b"/hello 3", b"/hello 0")] == [2, 1, 1]


def test_a_line_that_is_kept_is_used_again(gate: Gate) -> None:
    with gate.knock() as link:
        for size in (1, 70_000, 3):
            link.sendall(POST + b"Content-Length: %d\r\n\r\n" % size + b"x" * size)
            assert some_of(link, b"/hello %d" % size).startswith(b"HTTP/1.1 200 OK")


def test_chunks_are_one_body(gate: Gate) -> None:
    chunks = b"1\r\nx\r\n" * 5 + b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n0\r\n\r\n"
    answer = gate.ask(POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert answer.endswith(b"/hello 100005")


def test_who_waits_for_word_gets_it(gate: Gate) -> None:
    head = POST + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    with gate.knock(head) as link:
        assert some_of(link, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        link.sendall(b"hello")
        assert all_of(link).endswith(b"/hello 5")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (POST + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), b"413 Content Too Large"),
        (
            POST + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1) + b"x" * (LARGEST_BODY + 1),
            b"413 Content Too Large",
        ),
        (
            POST
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 81
            + b"0\r\n\r\n",
            b"413 Content Too Large",
        ),
        (POST + b"X: y\r\n" * 20_000, b"431 Request Header Fields Too Large"),
    ],
    ids=["announced", "sent", "in chunks", "a long head"],
)
def test_what_is_too_large_is_refused_and_the_sender_hears_it(gate: Gate, said: bytes, status: bytes) -> None:
    assert gate.ask(said).startswith(b"HTTP/1.1 " + status + b"\r\n")


def test_a_body_as_large_as_it_may_be_is_taken(gate: Gate) -> None:
    head = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % LARGEST_BODY
    assert gate.ask(head + b"x" * LARGEST_BODY).endswith(b"/hello %d" % LARGEST_BODY)


@pytest.mark.parametrize(
    "said",
    [b"nonsense\r\n\r\n", POST + b"Content-Length: x\r\n\r\n", POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
)
def test_what_is_malformed_is_refused_at_once(gate: Gate, said: bytes) -> None:
    assert gate.ask(said).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 500 "))


def test_where_too_much_is_held_the_largest_part_goes(hasty: Gate) -> None:
    with contextlib.ExitStack() as kept:
        small = kept.enter_context(hasty.knock(POST + b"Connection: close\r\nContent-Length: 5\r\n\r\n"))
        large = [kept.enter_context(hasty.knock()) for _ in range(3)]
        for link in large:
            with contextlib.suppress(ConnectionError):
                link.sendall(POST + b"Content-Length: 1000000\r\n\r\n" + b"x" * 600_000)
        small.sendall(b"hello")
        assert all_of(small).endswith(b"/hello 5")


def test_silent_clients_do_not_keep_the_house_from_ending() -> None:
    for gate in started("gunicorn.conf.py"):
        with gate.knock(b"GET /"), gate.knock():
            assert gate.ask().endswith(b"/hello 0")
            gate.process.send_signal(signal.SIGTERM)
            assert gate.process.wait(20) == 0
