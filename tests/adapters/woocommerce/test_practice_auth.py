"""Who may use the practice store, checked as the recorded store did."""

import json
from datetime import UTC, datetime

import pytest
import requests
from woocommerce import API
from woocommerce.oauth import OAuth

from adapters.woocommerce.practice import PracticeStore
from tests.adapters.woocommerce.recorded import recordings

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def signed(store: PracticeStore, path: str, key: str = "", secret: str = "", method: str = "GET", **more: int) -> str:
    url = f"{store.url}/wp-json/wc/v3/{path}"
    address: str = OAuth(url, key or store.key, secret or store.secret, method=method, **more).get_oauth_url()
    return address


def ask(method: str, url: str, **more: object) -> tuple[int, str]:
    with requests.request(method, url, timeout=10, **more) as response:  # type: ignore[arg-type]
        return response.status_code, response.text


def said(name: str) -> tuple[int, str]:
    recording = recordings(name)[0]
    return recording["status"], recording["body_raw"]


def test_a_signed_request_is_answered(practice: PracticeStore) -> None:
    status, body = ask("GET", signed(practice, "products?per_page=2&status=any%2Ctrash"))
    assert (status, len(json.loads(body))) == (200, 2)


def test_a_name_that_comes_twice_counts_once_as_the_package_for_python_sends_it(practice: PracticeStore) -> None:
    store = API(practice.url, practice.key, practice.secret, version="wc/v3")
    answer = store.get("products", params={"per_page": 2, "status": "any,trash"})
    assert answer.url.count("per_page=2") == 2
    assert (answer.status_code, len(answer.json())) == (200, 2)


def test_each_wrong_request_gets_the_recorded_refusal(practice: PracticeStore) -> None:
    plain = f"{practice.url}/wp-json/wc/v3/orders"
    assert ask("GET", plain) == said("rest_error_401_anonymous")
    assert ask("GET", plain, auth=(practice.key, practice.secret)) == said("rest_error_401_anonymous")
    assert ask("GET", signed(practice, "orders", key="ck_unknown")) == said("rest_error_401_key")
    assert ask("GET", signed(practice, "orders", secret="cs_wrong")) == said("rest_error_401_signature")


def test_a_signature_is_for_one_path_one_query_and_one_method(practice: PracticeStore) -> None:
    url = signed(practice, "orders?per_page=1")
    refused = said("rest_error_401_signature")
    assert ask("GET", url.replace("per_page=1", "per_page=2")) == refused
    assert ask("GET", url.replace("/orders", "/products")) == refused
    assert ask("POST", url, json={}) == refused


def test_a_nonce_is_good_once(practice: PracticeStore) -> None:
    url = signed(practice, "orders")
    assert ask("GET", url)[0] == 200
    status, body = ask("GET", url)
    assert status == 401
    assert json.loads(body)["message"] == "Invalid nonce - nonce has already been used."


@pytest.mark.parametrize(("seconds", "status"), [(-901, 401), (-890, 200), (890, 200), (901, 401)])
def test_a_time_far_from_the_stores_is_refused(seconds: int, status: int) -> None:
    store = PracticeStore(clock=lambda: NOW)
    store.start()
    try:
        assert ask("GET", signed(store, "orders", oauth_timestamp=int(NOW.timestamp()) + seconds))[0] == status
    finally:
        store.stop()


def test_half_a_signature_is_refused(practice: PracticeStore) -> None:
    status, body = ask("GET", f"{practice.url}/wp-json/wc/v3/orders?oauth_consumer_key={practice.key}")
    assert status == 401
    assert json.loads(body)["code"] == "woocommerce_rest_authentication_missing_parameter"


def test_a_key_that_may_only_read_cannot_write(practice: PracticeStore) -> None:
    practice.keyring.permissions = "read"
    assert ask("GET", signed(practice, "orders"))[0] == 200
    status, body = ask("POST", signed(practice, "orders", method="POST"), json={})
    assert (status, practice.shop.orders) == (401, {})
    assert json.loads(body)["message"] == "The API key provided does not have write permissions."


def test_what_the_site_tells_everybody_needs_no_key(practice: PracticeStore) -> None:
    status, body = ask("GET", f"{practice.url}/wp-json/")
    assert (status, json.loads(body)["name"]) == (200, "Practice Store")
