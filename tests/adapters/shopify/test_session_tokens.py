"""A session token opens the app for the shop that it was made for, for as long as it lasts, and for no other."""

from typing import Any

import pytest

from adapters.shopify.keys import AppKeys
from adapters.shopify.practice import VirtualClock
from adapters.shopify.practice.oauth import Installation
from adapters.shopify.session_tokens import shop_of
from connector.domain.errors import BadSignature

KEYS = AppKeys("client", "shpss_new_" + "0" * 40, "shpss_old_" + "0" * 40)


@pytest.fixture
def app(clock: VirtualClock) -> Installation:
    return Installation("acme.myshopify.com", clock, secrets=[KEYS.old_secret, KEYS.secret])


def test_it_names_the_shop(app: Installation, clock: VirtualClock) -> None:
    assert shop_of(app.session_token(), KEYS, clock.now()) == "acme.myshopify.com"


@pytest.mark.parametrize("secret", [KEYS.secret, KEYS.old_secret])
def test_both_secrets_are_good_while_they_change(app: Installation, clock: VirtualClock, secret: str) -> None:
    assert shop_of(app.session_token(secret=secret), KEYS, clock.now()) == "acme.myshopify.com"


@pytest.mark.parametrize("claim", ["exp", "nbf", "iss", "dest", "aud", "sub"])
def test_one_that_lacks_a_claim_is_refused(app: Installation, clock: VirtualClock, claim: str) -> None:
    with pytest.raises(BadSignature):
        shop_of(app.session_token(**{claim: None}), KEYS, clock.now())


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another app"},
        {"aud": ["client", "another app"]},
        {"iss": "https://other.myshopify.com/admin"},
        {"dest": "https://other.myshopify.com"},
        {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
        {"iss": "https://acme.myshopify.com\n/admin", "dest": "https://a.b.myshopify.com"},
        {"dest": 7},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"nbf": float("-inf")},
        {"exp": float("nan")},
        {"nbf": None, "exp": None},
        {"secret": "a secret that nobody knows, and long"},
        {"algorithm": "none"},
        {"algorithm": "HS384"},
    ],
)
def test_one_that_is_of_another_app_or_shop_or_maker_is_refused(
    app: Installation, clock: VirtualClock, changed: dict[str, Any]
) -> None:
    with pytest.raises(BadSignature):
        shop_of(app.session_token(**changed), KEYS, clock.now())


@pytest.mark.parametrize("token", ["", "a.b.c", "é", "eyJhbGciOiJIUzI1NiJ9.e30.", "." * 3000])
def test_what_is_no_token_is_refused(clock: VirtualClock, token: str) -> None:
    with pytest.raises(BadSignature):
        shop_of(token, KEYS, clock.now())


def test_without_an_app_nothing_is_believed(app: Installation, clock: VirtualClock) -> None:
    with pytest.raises(BadSignature):
        shop_of(app.session_token(secret="x" * 32), AppKeys(), clock.now())


@pytest.mark.parametrize(("seconds", "good"), [(-11, False), (-10, True), (0, True), (69, True), (70, False)])
def test_clocks_may_differ_by_ten_seconds(app: Installation, clock: VirtualClock, seconds: int, good: bool) -> None:
    now = int(clock.now().timestamp())
    token = app.session_token(nbf=now - seconds, exp=now - seconds + 60)
    if good:
        assert shop_of(token, KEYS, clock.now()) == "acme.myshopify.com"
        return
    with pytest.raises(BadSignature):
        shop_of(token, KEYS, clock.now())
