"""What is sent, what comes back, what is tried again, and what stays unsaid in errors."""

import base64
import logging
import socket
import threading
from collections.abc import Callable

import msgspec
import pytest

from adapters.http import Answer, Http, decode
from connector.domain.errors import Ambiguous, Retryable, Terminal, Unreadable
from tests.adapters.http.listener import Listener, answer

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"


class Price(msgspec.Struct):
    amount: int


def cut(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_request_goes_out_as_it_was_given(make_http: Callable[..., Http]) -> None:
    with Listener(answer(b"done", "201 Created", X_Id="7")) as server:
        got = make_http(server.address).request(
            "post", f"{server.url}/a%20b?c=d", headers={"X-Key": "k", "Host": "elsewhere.test"}, body=b"\x00body"
        )
        assert got == Answer(201, {"x-id": "7", "content-length": "4"}, b"done")
        assert server.requests == [
            b"POST /a%20b?c=d HTTP/1.1\r\nUser-Agent: backorder-connector\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
            b"X-Key: k\r\nHost: " + server.address.encode() + b"\r\nContent-Length: 5\r\n\r\n\x00body"
        ]


def test_a_login_in_the_address_becomes_a_header(make_http: Callable[..., Http]) -> None:
    with Listener(answer()) as server:
        make_http(server.address).request("GET", f"http://me:p%40ss@{server.address}/feed.csv")
        assert server.requests[0].startswith(b"GET /feed.csv HTTP/1.1\r\n")
        assert b"Authorization: Basic " + base64.b64encode(b"me:p@ss") in server.requests[0]


def test_cookies_are_not_kept_from_one_request_to_the_next(make_http: Callable[..., Http]) -> None:
    with Listener(answer(Set_Cookie="session=of-one-store")) as server:
        http = make_http(server.address)
        http.request("GET", server.url)
        http.request("GET", server.url)
        assert len(server.requests) == 2
        assert b"cookie" not in server.requests[1].lower()


def test_a_connection_is_kept_for_the_next_request(make_http: Callable[..., Http]) -> None:
    with Listener(answer(b"one"), answer(b"two")) as server:
        http = make_http(server.address)
        assert [http.request("GET", server.url).body for _ in range(2)] == [b"one", b"two"]
        assert server.connections == 1


def test_a_connection_that_has_rested_long_is_not_used_again(
    make_http: Callable[..., Http], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.http.wire.IDLE_SECONDS", 0.0)
    with Listener(answer(b"one"), answer(b"two")) as server:
        http = make_http(server.address)
        assert [http.request("POST", server.url).body for _ in range(2)] == [b"one", b"two"]
        assert server.connections == 2


def test_a_connection_that_the_server_has_closed_is_replaced(make_http: Callable[..., Http]) -> None:
    closed = threading.Event()

    def answer_and_close(connection: socket.socket) -> None:
        connection.sendall(answer(b"one"))
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    with Listener(answer_and_close, answer(b"two")) as server:
        http = make_http(server.address)
        assert http.request("POST", server.url).body == b"one"
        assert closed.wait(10)
        assert http.request("POST", server.url).body == b"two"
        assert server.connections == 2


def test_threads_share_a_client(make_http: Callable[..., Http]) -> None:
    bodies: list[bytes] = []
    with Listener(answer(b"yes")) as server:
        http = make_http(server.address)

        def ask() -> None:
            bodies.extend(http.request("GET", server.url).body for _ in range(10))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert bodies == [b"yes"] * 80
        assert len(server.requests) == 80


@pytest.mark.parametrize("status", ["301 Moved", "304 Not Modified", "404 Not Found", "429 Slow", "500 Error"])
def test_every_status_is_an_answer(status: str, make_http: Callable[..., Http], pauses: list[float]) -> None:
    with Listener(answer(b"", status)) as server:
        assert make_http(server.address).request("GET", server.url).status == int(status[:3])
        assert len(server.requests) == 1
        assert pauses == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_never_sent_may_be_sent_later(method: str, make_http: Callable[..., Http]) -> None:
    port = free_port()
    with pytest.raises(Retryable, match=r"^127\.0\.0\.1 could not be reached$"):
        make_http(f"127.0.0.1:{port}").request(method, f"http://127.0.0.1:{port}/?secret=1")


def test_the_next_address_of_a_name_is_tried_when_one_cannot_be_reached(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    with Listener(answer(b"here")) as server:
        resolve("shop.test", ["127.0.0.9", "127.0.0.1"])
        http = make_http(server.address, f"127.0.0.9:{server.port}")
        assert http.request("POST", f"http://shop.test:{server.port}/").body == b"here"
        assert dialled == [("127.0.0.9", server.port), ("127.0.0.1", server.port)]
        assert f"Host: shop.test:{server.port}".encode() in server.requests[0]


def test_what_was_sent_is_not_sent_again_to_the_next_address(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    with Listener(cut) as server:
        resolve("shop.test", ["127.0.0.1", "127.0.0.9"])
        with pytest.raises(Ambiguous):
            make_http(server.address, f"127.0.0.9:{server.port}").request("POST", f"http://shop.test:{server.port}/")
        assert dialled == [("127.0.0.1", server.port)]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "bad", [cut, *(answer(b"", status) for status in ("429 Slow", "502 Bad", "503 Away", "504 Late"))]
)
def test_what_passes_is_tried_again_as_often_as_allowed(
    bad: bytes, make_http: Callable[..., Http], pauses: list[float]
) -> None:
    with Listener(bad, bad, answer(b"at last")) as server:
        got = make_http(server.address).request("POST", server.url, body=b"read only", tries=3)
        assert got.body == b"at last"
        assert len(server.requests) == 3
        assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1.0
        assert len(pauses) == 2


def test_after_the_last_try_the_answer_is_given_as_it_is(make_http: Callable[..., Http], pauses: list[float]) -> None:
    with Listener(answer(b"away", "503 Away")) as server:
        assert make_http(server.address).request("GET", server.url, tries=2).status == 503
        assert len(server.requests) == 2
        assert len(pauses) == 1


def test_after_the_last_try_a_broken_connection_is_retryable_for_what_is_safe(make_http: Callable[..., Http]) -> None:
    with Listener(cut) as server:
        with pytest.raises(Retryable, match="broke off"):
            make_http(server.address).request("POST", server.url, tries=2)
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", ["400 Bad", "404 Not Found", "500 Error"])
def test_what_does_not_pass_is_not_tried_again(status: str, make_http: Callable[..., Http]) -> None:
    with Listener(answer(b"", status)) as server:
        make_http(server.address).request("GET", server.url, tries=5)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Retry_After": "3"}, {"Retry_After": "Mon, 23 Nov 2026 12:00:03 GMT", "Date": DATE}],
    ids=["seconds", "date"],
)
def test_a_server_s_wish_to_wait_is_obeyed(
    headers: dict[str, str], make_http: Callable[..., Http], pauses: list[float]
) -> None:
    with Listener(answer(b"", "429 Slow", **headers), answer(b"now")) as server:
        assert make_http(server.address).request("GET", server.url, tries=2).body == b"now"
        assert 3.0 <= pauses[0] <= 3.5


def test_a_wish_to_wait_long_is_left_to_the_caller(make_http: Callable[..., Http], pauses: list[float]) -> None:
    with Listener(answer(b"", "429 Slow", Retry_After="3600")) as server:
        got = make_http(server.address).request("GET", server.url, tries=5)
        assert (got.status, got.retry_after) == (429, 3600.0)
        assert len(server.requests) == 1
        assert pauses == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT", "date": DATE}, 60.0),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT", "date": "nonsense"}, None),
        ({"retry-after": "Mon, 99 Nov 2026 12:01:00 GMT", "date": DATE}, None),
    ],
)
def test_a_wish_to_wait_is_read_in_seconds(headers: dict[str, str], expected: float | None) -> None:
    assert Answer(503, headers, b"").retry_after == expected


def test_json_becomes_a_value() -> None:
    assert Answer(200, {}, b'{"amount": 5, "more": true}').json(Price) == Price(5)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"amount": "5"}', b'{"amount": NaN}', b'{"amount": 1e999}', b"\xff", b"[" * 100_000]
)
def test_json_that_is_something_else_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Answer(200, {}, body).json(Price)


def test_deep_or_undecodable_json_is_unreadable_whatever_is_wanted() -> None:
    for body in (b"[" * 100_000, b'"\xff"'):
        with pytest.raises(Unreadable):
            Answer(200, {}, body).json(list[object])


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "€"])
def test_a_header_that_could_carry_another_is_never_sent(value: str, make_http: Callable[..., Http]) -> None:
    with Listener(answer()) as server:
        with pytest.raises(Terminal, match=r"^This address or its headers cannot be sent$"):
            make_http(server.address).request("GET", server.url, headers={"X-Key": value})
        assert server.connections == 0


@pytest.mark.parametrize("given", [cut, answer(b"not json", "403 Forbidden")], ids=["cut", "answered"])
def test_neither_errors_nor_logs_hold_a_secret(
    given: bytes, make_http: Callable[..., Http], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = ""
    with Listener(given) as server:
        url = f"http://user:s3cret@{server.address}/feed?oauth_signature=s3cret"
        try:
            make_http(server.address).request("POST", url, headers={"Authorization": "Bearer s3cret"}).json(Price)
        except (Ambiguous, Unreadable) as failure:
            said = repr(failure) + repr(failure.__cause__)
            assert failure.__suppress_context__ or failure.__context__ is None
    assert said
    assert "s3cret" not in said + caplog.text


def test_half_a_character_in_a_text_is_no_reason_to_lose_the_rest() -> None:
    body = b'[{"name": "La\\ud83dmp \\ud83d\\udca1 \xff", "price": NaN, "left": "\\\\ud83d"}]'
    assert decode(body, list[dict[str, str | None]]) == [
        {"name": "La?mp \U0001f4a1 \ufffd", "price": None, "left": "\\ud83d"}
    ]
