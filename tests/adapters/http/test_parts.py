"""Large files are read in parts, and no more of one is held than was asked for."""

import gzip
import socket
from collections.abc import Callable

import pytest

from adapters.http import Http
from connector.domain.errors import Retryable, Terminal, Unreadable
from tests.adapters.http.listener import Listener, answer, end

FILE = bytes(range(256)) * 1_000


def test_a_server_that_knows_parts_is_asked_for_one_and_for_it_unpacked(make_http: Callable[..., Http]) -> None:
    with Listener(answer(FILE[300:400], "206 Partial Content")) as server:
        part = make_http(server.address).part(server.url, 300, 100)
    assert (part.status, part.body) == (206, FILE[300:400])
    assert b"Range: bytes=300-399\r\n" in server.requests[0]
    assert b"Accept-Encoding: identity\r\n" in server.requests[0]


@pytest.mark.parametrize(("start", "length"), [(0, 10), (0, 65_536), (65_530, 12), (131_072, 70_000), (255_990, 10)])
def test_of_a_file_that_comes_whole_only_the_part_is_kept(
    start: int, length: int, make_http: Callable[..., Http]
) -> None:
    with Listener(answer(FILE)) as server:
        part = make_http(server.address).part(server.url, start, length)
    assert (part.status, part.body) == (200, FILE[start : start + length])


@pytest.mark.parametrize(("start", "left"), [(255_995, 5), (256_000, 0), (300_000, 0)])
def test_where_the_file_ends_so_does_the_part(start: int, left: int, make_http: Callable[..., Http]) -> None:
    with Listener(answer(FILE)) as server:
        assert make_http(server.address).part(server.url, start, 10).body == FILE[start:]
    assert len(FILE[start:]) == left


def test_a_file_that_is_packed_all_the_same_is_unpacked(make_http: Callable[..., Http]) -> None:
    with Listener(answer(gzip.compress(FILE), Content_Encoding="gzip")) as server:
        assert make_http(server.address).part(server.url, 70_000, 10).body == FILE[70_000:70_010]


def test_no_more_is_skipped_than_was_allowed(make_http: Callable[..., Http]) -> None:
    with Listener(answer(FILE)) as server, pytest.raises(Unreadable, match="larger than 100,000 bytes"):
        make_http(server.address).part(server.url, 200_000, 10, max_bytes=100_000)


def test_a_server_that_fails_is_asked_again(make_http: Callable[..., Http]) -> None:
    with Listener(answer(b"", "503 No"), answer(FILE[:10], "206 Partial Content")) as server:
        assert make_http(server.address).part(server.url, 0, 10, tries=2).body == FILE[:10]


def test_a_connection_that_breaks_is_for_later(make_http: Callable[..., Http]) -> None:
    def half(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\n\r\n12345")
        end(connection)

    with Listener(half) as server, pytest.raises(Retryable, match="broke off"):
        make_http(server.address).part(server.url, 0, 10)


def test_a_part_of_what_may_not_be_dialled_is_not_read(make_http: Callable[..., Http]) -> None:
    with pytest.raises(Terminal, match="cannot be used"):
        make_http().part("http://127.0.0.1:9/file", 0, 10)
