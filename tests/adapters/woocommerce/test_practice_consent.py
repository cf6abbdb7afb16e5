"""The practice store asks its merchant and sends its keys as a real store was recorded to."""

import json
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask, request

from adapters.woocommerce.practice import PracticeStore
from tests.adapters.woocommerce.recorded import recordings
from tests.serving import served

ASK = {"app_name": "Ours", "scope": "read_write", "user_id": "number-1", "return_url": "http://127.0.0.1:9/back?a=1"}


def receiver(kept: list[tuple[dict[str, str], bytes]], status: int = 200) -> Flask:
    app = Flask("receiver")

    @app.post("/keys")
    def keys() -> tuple[str, int]:
        kept.append((dict(request.headers), request.get_data()))
        return "", status

    return app


def agree(store: PracticeStore, **changed: str) -> requests.Response:
    url = f"{store.url}/wc-auth/v1/access_granted/"
    return requests.post(url, data=ASK | changed, timeout=10, allow_redirects=False)


def test_agreeing_sends_the_keys_as_recorded_before_the_browser_is_sent_back(practice: PracticeStore) -> None:
    (recorded,) = recordings("wc_auth_callback")
    kept: list[tuple[dict[str, str], bytes]] = []
    with served(receiver(kept)) as url:
        done = agree(practice, callback_url=f"{url}/keys")
    assert (done.status_code, done.headers["Location"]) == (302, f"{ASK['return_url']}&success=1&user_id=number-1")
    ((headers, body),) = kept
    assert headers["Content-Type"] == recorded["headers"]["Content-Type"]
    said = json.loads(body)
    assert list(said) == list(json.loads(recorded["body_raw"]))
    assert (said["user_id"], said["consumer_key"], said["consumer_secret"], said["key_permissions"]) == (
        "number-1",
        practice.key,
        practice.secret,
        "read_write",
    )


@pytest.mark.parametrize("status", [204, 302, 500])
def test_an_application_that_does_not_answer_200_is_not_connected(practice: PracticeStore, status: int) -> None:
    with served(receiver([], status)) as url:
        done = agree(practice, callback_url=f"{url}/keys")
    assert done.status_code == 401
    assert "unable to send the consumer data" in done.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"callback_url": ""}, "Missing parameter callback_url"),
        ({"callback_url": "http://ours.example/keys"}, "The callback_url needs to be over SSL"),
        ({"callback_url": "https://ours.example/keys", "scope": "all"}, "Invalid scope all"),
        ({"callback_url": "https://ours.example/keys", "return_url": "javascript:1"}, "return_url is not"),
    ],
)
def test_a_question_that_is_wrong_is_not_asked(practice: PracticeStore, changed: dict[str, str], words: str) -> None:
    asked = requests.get(f"{practice.url}/wc-auth/v1/authorize?{urlencode(ASK | changed)}", timeout=10)
    assert asked.status_code == 401
    assert words in asked.text
    assert agree(practice, **changed).status_code == 401
