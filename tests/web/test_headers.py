"""Every answer tells the browser to do no more than the pages need."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from connector.pipeline.connector import Connector
from connector.store import logins
from connector.store.shops import Shop
from tests.web import given
from tests.web.reading import read

POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
BEHIND_LOGIN = (
    "/",
    "/orders/1001",
    "/products",
    "/watch",
    "/calibration",
    "/feeds",
    "/settings",
    "/connection",
    "/orders/none",
)
PAGES = (*BEHIND_LOGIN, "/login", "/login/token", "/nowhere", "/healthz", "/metrics", "/static/desk.css")


@pytest.fixture
def browser(connector: Connector, log_in: Callable[[Shop], FlaskClient]) -> FlaskClient:
    return log_in(given.small_store(connector))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_from_elsewhere_is_loaded_run_or_framed(browser: FlaskClient, path: str) -> None:
    with browser.get(path) as answer:
        headers = answer.headers
    assert dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", BEHIND_LOGIN)
def test_what_is_behind_the_login_is_stored_nowhere(browser: FlaskClient, path: str) -> None:
    headers = browser.get(path).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize("path", ["/login", "/login/token", "/login/token/more"])
def test_a_login_address_is_told_to_nobody(anonymous: FlaskClient, path: str) -> None:
    headers = anonymous.get(path).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_stylesheet_may_be_kept_and_asked_for_again(anonymous: FlaskClient) -> None:
    with anonymous.get("/static/desk.css") as first:
        etag = first.headers["ETag"]
    with anonymous.get("/static/desk.css", headers={"If-None-Match": etag}) as again:
        pass
    assert (first.status_code, first.headers["Cache-Control"], again.status_code) == (200, "no-cache", 304)


@pytest.mark.parametrize("path", PAGES[:-3])
def test_no_page_has_a_script_a_style_or_a_handler_in_it(browser: FlaskClient, path: str) -> None:
    page = read(browser.get(path).text)
    assert [tag for tag, _ in page.tags if tag in ("script", "style", "iframe", "object", "embed")] == []
    assert [name for _, attrs in page.tags for name in attrs if name == "style" or name.startswith("on")] == []
    links = [attrs.get("href") or attrs.get("src") or "" for _, attrs in page.tags]
    assert [link for link in links if link and link[0] not in "/#"] == []


@pytest.mark.parametrize("path", PAGES[:-3])
def test_every_page_can_be_read_without_seeing_it(browser: FlaskClient, path: str) -> None:
    tags = read(browser.get(path).text).tags
    assert ("html", {"lang": "en"}) in tags
    assert [len([1 for tag, _ in tags if tag == name]) for name in ("main", "h1", "title")] == [1, 1, 1]
    assert all("scope" in attrs for tag, attrs in tags if tag == "th")
    fields = [a for tag, a in tags if tag in ("input", "select") and a.get("type") != "hidden"]
    assert {a["id"] for a in fields} == {a["for"] for tag, a in tags if tag == "label"}
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["aria-labelledby"] for _, attrs in tags if "aria-labelledby" in attrs} <= set(ids)


@pytest.mark.parametrize(
    ("method", "path", "code", "said"),
    [
        ("GET", "/nowhere", 404, "There is nothing here"),
        ("POST", "/healthz", 405, "This cannot be done here"),
        ("POST", "/settings", 400, "This form is out of date"),
    ],
)
def test_errors_look_like_the_desk(browser: FlaskClient, method: str, path: str, code: int, said: str) -> None:
    answer = browser.open(path, method=method)
    assert (answer.status_code, said in answer.text) == (code, True)
    assert ("link", {"rel": "stylesheet", "href": "/static/desk.css"}) in read(answer.text).tags
    assert path not in answer.text.replace('href="/', "")


def test_a_fault_of_ours_gives_nothing_away(app: Flask, connector: Connector) -> None:
    def fail() -> str:
        raise RuntimeError("the secret is 42")

    app.add_url_rule("/fault", view_func=fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/fault")
    assert (answer.status_code, "Something went wrong on our side" in answer.text) == (500, True)
    assert [word for word in ("42", "secret is", "RuntimeError", "Traceback") if word in answer.text] == []


def test_the_button_works_where_the_browser_sends_no_referrer_over_https(app: Flask, connector: Connector) -> None:
    shop, desk = given.store(connector), "https://desk.example"
    with connector.db.begin() as tx:
        token = logins.issue(tx, shop.id, connector.clock())
    browser = app.test_client()
    page = browser.get(f"/login/{token}", base_url=desk).text
    form = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    assert browser.post(f"/login/{token}", data=form, base_url=desk).status_code == 303
