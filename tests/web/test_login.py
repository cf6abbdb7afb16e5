"""A link opens one store's desk, once, for a while, and only when its button is pressed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from connector.app import make_app
from connector.pipeline.connector import Connector
from connector.store import logins
from connector.store.shops import Shop
from connector.store.tables import logins as table
from tests.conftest import Clock
from tests.web import given
from tests.web.conftest import csrf, press


@pytest.fixture
def shop(connector: Connector) -> Shop:
    return given.store(connector)


@pytest.fixture
def token(connector: Connector, shop: Shop) -> str:
    with connector.db.begin() as tx:
        return logins.issue(tx, shop.id, connector.clock())


def used(connector: Connector) -> list[bool]:
    with connector.db.begin() as tx:
        return [at is not None for at in tx.scalars(sa.select(table.c.used_at))]


def test_a_command_is_named_as_it_is_called_here(make_connector: Callable[..., Connector]) -> None:
    page = make_app(make_connector(command="/tmp/a b/.demo/backorder")).test_client().get("/login").text
    assert "<code>/tmp/a b/.demo/backorder login</code>" in page


def test_only_the_digest_of_a_token_is_kept(connector: Connector, token: str) -> None:
    with connector.db.begin() as tx:
        kept = tx.scalars(sa.select(table.c.digest)).all()
    assert kept == [logins.digest(token)]
    assert len(kept[0]) == 64
    assert token not in kept[0]


def test_two_tokens_are_never_the_same(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        tokens = {logins.issue(tx, shop.id, connector.clock()) for _ in range(20)}
    assert [len(tokens), min(len(one) for one in tokens)] == [20, 43]


def test_opening_the_link_changes_nothing_however_often(
    connector: Connector, anonymous: FlaskClient, token: str
) -> None:
    for _ in range(3):
        assert anonymous.get(f"/login/{token}").status_code == 200
        assert anonymous.head(f"/login/{token}").status_code == 200
    assert used(connector) == [False]
    assert anonymous.get("/").location == "/login"


def test_the_button_opens_the_desk(connector: Connector, anonymous: FlaskClient, token: str) -> None:
    answer = press(anonymous, f"/login/{token}")
    assert (answer.status_code, answer.location) == (303, "/")
    assert used(connector) == [True]
    assert "Lamps &amp; Sons" in anonymous.get("/").text


def test_a_token_works_once(app: Flask, anonymous: FlaskClient, token: str) -> None:
    press(anonymous, f"/login/{token}")
    other = app.test_client()
    answer = press(other, f"/login/{token}")
    assert answer.status_code == 410
    assert "This link opens nothing" in answer.text
    assert other.get("/").location == "/login"


def test_of_many_at_once_exactly_one_gets_in(connector: Connector, shop: Shop, token: str) -> None:
    def redeem(_: int) -> str | None:
        with connector.db.begin() as tx:
            return logins.redeem(tx, token, connector.clock())

    with ThreadPoolExecutor(6) as pool:
        opened = [store for store in pool.map(redeem, range(6)) if store]
    assert opened == [shop.id]


def test_a_token_ends_after_a_quarter_of_an_hour(clock: Clock, anonymous: FlaskClient, token: str) -> None:
    clock.move(minutes=15)
    assert press(anonymous, f"/login/{token}").status_code == 410


def test_a_token_works_until_then(clock: Clock, anonymous: FlaskClient, token: str) -> None:
    clock.move(minutes=14, seconds=59)
    assert press(anonymous, f"/login/{token}").status_code == 303


def test_an_invented_token_and_a_used_one_get_the_same_answer(app: Flask, anonymous: FlaskClient, token: str) -> None:
    press(anonymous, f"/login/{token}")
    other = app.test_client()
    assert press(other, f"/login/{token}").text == press(other, "/login/invented").text


def test_the_digest_itself_opens_nothing(anonymous: FlaskClient, token: str) -> None:
    assert press(anonymous, f"/login/{logins.digest(token)}").status_code == 410


def test_a_session_ends_after_twelve_hours(clock: Clock, shop: Shop, log_in: Callable[[Shop], FlaskClient]) -> None:
    browser = log_in(shop)
    clock.move(hours=11, minutes=59)
    assert browser.get("/").status_code == 200
    clock.move(minutes=1)
    assert browser.get("/").location == "/login"


def test_logging_out_ends_every_copy_of_the_cookie(
    app: Flask, shop: Shop, log_in: Callable[[Shop], FlaskClient]
) -> None:
    browser, thief = log_in(shop), app.test_client()
    cookie = browser.get_cookie("backorder")
    assert cookie is not None
    thief.set_cookie("backorder", cookie.value)
    assert thief.get("/").status_code == 200
    answer = press(browser, "/logout", on="/")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert [browser.get("/").location, thief.get("/").location] == ["/login", "/login"]


def test_a_login_begins_a_new_session_and_ends_the_old_one(
    app: Flask, connector: Connector, shop: Shop, log_in: Callable[[Shop], FlaskClient]
) -> None:
    browser, copy = log_in(shop), app.test_client()
    before, form = browser.get_cookie("backorder"), csrf(browser, "/settings")
    assert before is not None
    copy.set_cookie("backorder", before.value)
    other = given.store(connector, "https://other.example", "Other")
    with connector.db.begin() as tx:
        token = logins.issue(tx, other.id, connector.clock())
    press(browser, f"/login/{token}")
    assert "<h1>Other</h1>" in browser.get("/").text
    assert browser.post("/logout", data={"csrf_token": form}).status_code == 400
    assert copy.get("/").location == "/login"


@pytest.mark.parametrize(("env", "secure"), [("production", True), ("test", False)])
def test_the_cookie_is_only_for_us(
    make_connector: Callable[..., Connector], shop: Shop, env: str, secure: bool
) -> None:
    connector = make_connector(env=env, url="https://desk.example", mailbox=None)
    browser = make_app(connector).test_client()
    with connector.db.begin() as tx:
        token = logins.issue(tx, shop.id, connector.clock())
    form = csrf_over_https(browser, token)
    answer = browser.post(f"/login/{token}", data={"csrf_token": form}, base_url="https://desk.example")
    parts = set(answer.headers["Set-Cookie"].split("; ")[2:])
    assert answer.status_code == 303
    assert parts == {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if secure else set())


def csrf_over_https(browser: FlaskClient, token: str) -> str:
    page = browser.get(f"/login/{token}", base_url="https://desk.example").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_too_many_attempts_are_refused(anonymous: FlaskClient) -> None:
    answers = [anonymous.get("/login/guess").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    refused = anonymous.get("/login/guess")
    assert "Too many attempts" in refused.text
    assert anonymous.get("/healthz").status_code == 200


def test_whoever_has_no_link_is_told_how_to_get_one(anonymous: FlaskClient) -> None:
    assert "backorder login" in anonymous.get("/login").text


def test_old_logins_are_not_kept(connector: Connector, clock: Clock, shop: Shop, token: str) -> None:
    other = given.store(connector, "https://other.example")
    with connector.db.begin() as tx:
        logins.issue(tx, other.id, connector.clock())
    clock.move(minutes=15)
    with connector.db.begin() as tx:
        fresh = logins.issue(tx, shop.id, connector.clock())
        kept = set(tx.scalars(sa.select(table.c.digest).where(table.c.store == shop.id)))
        assert tx.scalar(sa.select(sa.func.count()).select_from(table)) == 2
    assert kept == {logins.digest(fresh)}


@pytest.mark.parametrize(
    ("proxies", "said", "answers"),
    [
        (0, "{0}.0.0.9", [200] * 30 + [429]),
        (1, "{0}.0.0.9", [200] * 31),
        (1, "{0}.0.0.9, 192.0.2.1", [200] * 30 + [429]),
        (2, "{0}.0.0.9, 192.0.2.1", [200] * 31),
    ],
)
def test_whom_proxies_speak_for_is_believed_as_far_as_they_are_ours(
    make_connector: Callable[..., Connector], proxies: int, said: str, answers: list[int]
) -> None:
    browser = make_app(make_connector(proxies=proxies)).test_client()
    told = [{"X-Forwarded-For": said.format(one)} for one in range(1, 32)]
    assert [browser.get("/login/guess", headers=one).status_code for one in told] == answers
