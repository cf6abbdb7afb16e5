"""Nothing that is not public is ever dialled, however it is written and whatever a name resolves to."""

import ipaddress
from collections.abc import Callable

import pytest

from adapters.http import Http
from adapters.http.guard import REFUSED_TEXT, Guard, Target, is_public
from connector.domain.errors import BadInput, Retryable, Terminal
from tests.adapters.http.listener import Listener, answer

REFUSED_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.255.255.254",
    "0x7f000001",
    "0x7f.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "0.0.0.0",
    "0",
    "localhost",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.3",
    "192.168.1.1",
    "198.18.0.1",
    "168.63.129.16",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::8.8.8.8]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:0808:0808::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
]


@pytest.mark.parametrize("host", REFUSED_HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_form_of_an_address_that_is_not_public_is_dialled(
    scheme: str, host: str, make_http: Callable[..., Http], dialled: list[tuple[str, int]]
) -> None:
    with pytest.raises(Terminal) as refusal:
        make_http().request("GET", f"{scheme}://{host}/latest/meta-data/")
    assert str(refusal.value) == REFUSED_TEXT
    assert dialled == []


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"])
def test_an_address_that_anyone_can_reach_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is True


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://shop.test/feed.csv",
        "gopher://shop.test/",
        "data:text/plain,x",
        "http:///feed.csv",
        "http://",
        "//shop.test/",
        "shop.test/feed.csv",
        "",
        "http://shop.test:22/",
        "http://shop.test:8080/",
        "https://shop.test:6379/",
        "http://shop.test:99999/",
        "http://shop.test:x/",
        "http://shop.test\r\nX: y/",
        "http://[shop.test/",
    ],
)
def test_only_web_addresses_on_the_usual_ports_are_dialled(
    url: str, make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    resolve("shop.test", ["93.184.215.14"])
    with pytest.raises(Terminal):
        make_http().request("GET", url)
    assert dialled == []


def test_a_public_name_leads_to_its_addresses_in_their_order(resolve: Callable[..., list[str]]) -> None:
    asked = resolve("shop.test", ["2606:4700::1111", "93.184.215.14"])
    expected = Target("https", "shop.test", 443, ("2606:4700::1111", "93.184.215.14"))
    assert Guard().target("https://shop.test/feed.csv?key=1") == expected
    assert asked == ["shop.test"]


@pytest.mark.parametrize("port", [0, 21, 25, 8080])
def test_a_public_address_is_refused_on_other_ports(port: int) -> None:
    with pytest.raises(Terminal, match="on the usual port"):
        Guard().target(f"http://1.1.1.1:{port}/")


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
@pytest.mark.parametrize("first", [True, False])
def test_one_inner_address_among_public_ones_refuses_the_name(
    inner: str,
    first: bool,
    make_http: Callable[..., Http],
    resolve: Callable[..., list[str]],
    dialled: list[tuple[str, int]],
) -> None:
    resolve("shop.test", [inner, "93.184.215.14"] if first else ["93.184.215.14", inner])
    with pytest.raises(Terminal) as refusal:
        make_http().request("GET", "http://shop.test/")
    assert str(refusal.value) == REFUSED_TEXT
    assert dialled == []


def test_a_name_is_looked_up_once_so_that_a_second_answer_cannot_lead_elsewhere(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    with Listener(answer(b"the first")) as server:
        asked = resolve("rebinding.test", ["127.0.0.1"], ["169.254.169.254"])
        got = make_http(server.address).request("GET", f"http://rebinding.test:{server.port}/")
        assert got.body == b"the first"
        assert asked == ["rebinding.test"]
        assert dialled == [("127.0.0.1", server.port)]


def test_a_name_that_later_resolves_inward_is_refused_though_its_connection_was_kept(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    with Listener(answer(b"the first")) as server:
        resolve("rebinding.test", ["127.0.0.1"], ["127.0.0.2"])
        http = make_http(server.address)
        http.request("GET", f"http://rebinding.test:{server.port}/")
        with pytest.raises(Terminal):
            http.request("GET", f"http://rebinding.test:{server.port}/")
        assert len(server.requests) == 1
        assert dialled == [("127.0.0.1", server.port)]


def test_the_allow_list_opens_exactly_one_address_and_port(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]], dialled: list[tuple[str, int]]
) -> None:
    with Listener(answer(b"open")) as opened, Listener(answer(b"closed")) as closed:
        http = make_http(opened.address)
        assert http.request("GET", opened.url).body == b"open"
        for url in (closed.url, f"http://127.0.0.2:{opened.port}", f"http://[::1]:{opened.port}", "http://127.0.0.1"):
            with pytest.raises(Terminal):
                http.request("GET", url)
        assert closed.connections == 0
        assert dialled == [("127.0.0.1", opened.port)]


def test_the_allow_list_is_matched_with_what_a_name_resolves_to(
    make_http: Callable[..., Http], resolve: Callable[..., list[str]]
) -> None:
    resolve("shop.test", ["127.0.0.1"])
    with Listener(answer(b"open")) as server:
        assert make_http(server.address).request("GET", f"http://shop.test:{server.port}/").body == b"open"


@pytest.mark.parametrize("entry", ["127.0.0.1", "localhost:80", "10.0.0.1:80", "8.8.8.8:80", "127.0.0.1:x", ""])
def test_the_allow_list_takes_loopback_addresses_only(entry: str) -> None:
    with pytest.raises(BadInput):
        Guard([entry])


def test_a_name_that_cannot_be_found_may_be_found_later(make_http: Callable[..., Http]) -> None:
    with pytest.raises(Retryable, match=r"^The name nowhere\.invalid cannot be found$"):
        make_http().request("GET", "http://nowhere.invalid/?secret=1")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_in_the_environment_is_not_used(
    variable: str, make_http: Callable[..., Http], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Listener(answer(b"direct")) as server, Listener(answer(b"proxy")) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        assert make_http(server.address).request("GET", server.url).body == b"direct"
        assert proxy.connections == 0


def test_a_login_in_the_machine_s_netrc_is_not_sent(
    make_http: Callable[..., Http], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Listener(answer()) as server:
        make_http(server.address).request("GET", server.url)
        assert b"authorization" not in server.requests[0].lower()


@pytest.mark.parametrize("inner", ["http://169.254.169.254/latest/", "http://127.0.0.1:1/", "//10.0.0.1/", "/next"])
def test_a_redirect_is_an_answer_and_is_not_followed(
    inner: str, make_http: Callable[..., Http], dialled: list[tuple[str, int]]
) -> None:
    with Listener(answer(b"go on", "302 Found", location=inner)) as server:
        got = make_http(server.address).request("GET", server.url, headers={"Authorization": "Bearer secret"})
        assert (got.status, got.headers["location"], got.body) == (302, inner, b"go on")
        assert len(server.requests) == 1
        assert dialled == [("127.0.0.1", server.port)]
