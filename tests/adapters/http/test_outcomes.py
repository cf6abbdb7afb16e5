"""Every call is told of once: whose it was, and what came of it."""

from collections.abc import Callable

import pytest

from adapters.http import Http
from connector.domain.errors import Retryable, Terminal
from tests.adapters.http.listener import Listener, answer

Heard = list[tuple[str, str]]


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def calling(make_http: Callable[..., Http], heard: Heard) -> Callable[[str], Http]:
    """A client of a platform that may dial one address."""
    return lambda address: make_http(address, heard=lambda *call: heard.append(call)).of("acme")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("201 Created", "ok"),
        ("302 Found", "ok"),
        ("304 Not Modified", "ok"),
        ("400 Bad Request", "refused"),
        ("404 Not Found", "refused"),
        ("429 Too Many Requests", "throttled"),
        ("500 Internal Server Error", "failed"),
        ("503 Service Unavailable", "failed"),
    ],
)
def test_what_came_of_a_call_follows_from_its_status(
    calling: Callable[[str], Http], heard: Heard, status: str, outcome: str
) -> None:
    with Listener(answer(b"", status)) as server:
        calling(server.address).request("POST", server.url)
    assert heard == [("acme", outcome)]


def test_every_try_is_a_call(calling: Callable[[str], Http], heard: Heard) -> None:
    with Listener(answer(b"", "503 Service Unavailable"), answer(b"done")) as server:
        calling(server.address).request("GET", server.url, tries=3)
    assert heard == [("acme", "failed"), ("acme", "ok")]


def test_a_call_that_nobody_answers_is_one_as_well(calling: Callable[[str], Http], heard: Heard) -> None:
    with Listener() as server:
        address, url = server.address, server.url
    with pytest.raises(Retryable):
        calling(address).request("GET", url)
    assert heard == [("acme", "unanswered")]


def test_an_address_that_may_not_be_dialled_is_no_call(calling: Callable[[str], Http], heard: Heard) -> None:
    with pytest.raises(Terminal):
        calling("127.0.0.1:1").request("GET", "http://127.0.0.1:2/")
    assert heard == []


def test_calls_of_nobody_in_particular_are_those_of_others(make_http: Callable[..., Http], heard: Heard) -> None:
    with Listener(answer()) as server:
        make_http(server.address, heard=lambda *call: heard.append(call)).request("GET", server.url)
    assert heard == [("other", "ok")]
