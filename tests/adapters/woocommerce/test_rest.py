"""How the store is spoken to: signatures, second tries, and refusals in words."""

import time

import pytest

from adapters.http import Http
from adapters.woocommerce import WooCommerce
from adapters.woocommerce.rest import Rest
from connector.domain.errors import ConnectorError, NeedsMerchant, Retryable, Terminal, Unreadable
from connector.domain.facts import OrderGone, Refetch
from connector.ports import StoreAccess
from tests.adapters.woocommerce.conftest import KEY, SECRET, Scripted, Shopfront, Talking
from tests.adapters.woocommerce.recorded import recordings

ORDER = Refetch("order", "815")


def patient(scripted: Scripted, pauses: list[float]) -> Rest:
    access = StoreAccess(f"http://{scripted.address}", {"key": KEY, "secret": SECRET})
    return Rest(Http([scripted.address]), access, pauses.append)


def refusal(talking: Talking) -> ConnectorError:
    platform, access = talking
    with pytest.raises(ConnectorError) as raised:
        platform.fetch(access, ORDER)
    return raised.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rest_error_401_key", "does not know this consumer key"),
        ("rest_error_401_secret_https", "secret does not belong"),
        ("rest_error_401_signature", "does not accept our signature"),
        ("rest_error_401_anonymous", "shop manager"),
        ("rest_error_no_route", "Permalinks"),
    ],
)
def test_a_recorded_refusal_tells_the_merchant_what_to_do(
    name: str, words: str, talking: Talking, scripted: Scripted
) -> None:
    said = recordings(name)[0]
    scripted.says("*", said["body_raw"], said["status"])
    error = refusal(talking)
    assert isinstance(error, NeedsMerchant)
    assert words in str(error)
    assert len(scripted.seen) == 1


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("The API key provided does not have write permissions.", "Read/Write"),
        ("Invalid timestamp.", "clock"),
        ("Der Consumer-Key ist ungültig.", "did not accept"),
    ],
)
def test_other_words_of_the_same_refusal_are_understood(
    message: str, words: str, talking: Talking, scripted: Scripted
) -> None:
    scripted.says("*", {"code": "woocommerce_rest_authentication_error", "message": message, "data": {}}, 401)
    error = refusal(talking)
    assert isinstance(error, NeedsMerchant)
    assert words in str(error)


def test_a_nonce_seen_before_is_worth_another_try(talking: Talking, scripted: Scripted) -> None:
    text = "Invalid nonce - nonce has already been used."
    scripted.says("*", {"code": "woocommerce_rest_authentication_error", "message": text}, 401)
    assert isinstance(refusal(talking), Retryable)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"code": "rest_invalid_param", "message": "Invalid parameter(s): page"}, Terminal),
        (413, {"code": "woocommerce_rest_request_entity_too_large", "message": "Too large"}, Terminal),
        (501, {"code": "woocommerce_rest_trash_not_supported", "message": "No"}, Terminal),
        (403, {"code": "rest_forbidden", "message": "No"}, NeedsMerchant),
        (401, "<html>Password, please</html>", NeedsMerchant),
        (403, "<html>Blocked</html>", NeedsMerchant),
        (404, "<html>Not here</html>", NeedsMerchant),
        (418, "<html>Tea</html>", Terminal),
        (500, {"code": "internal_server_error", "message": "Critical error", "data": {"status": 500}}, Retryable),
        (500, "<html>Critical error</html>", Retryable),
        (200, "<html>Coming soon</html>", Unreadable),
        (200, '{"id":815', Unreadable),
        (200, [], Unreadable),
    ],
)
def test_each_answer_has_somebody_who_acts(
    status: int, body: object, kind: type, talking: Talking, scripted: Scripted
) -> None:
    scripted.says("*", body, status)
    assert isinstance(refusal(talking), kind)


def test_a_redirect_is_not_followed_and_shown_without_what_was_signed(talking: Talking, scripted: Scripted) -> None:
    scripted.says("*", "", 301, Location=f"https://user@www.shop.example/wp-json?oauth_consumer_key={KEY}")
    error = refusal(talking)
    assert isinstance(error, NeedsMerchant)
    assert "https://www.shop.example:" in str(error)
    assert KEY not in str(error)
    assert len(scripted.seen) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_store_is_asked_again_with_a_new_signature(status: int, scripted: Scripted) -> None:
    pauses: list[float] = []
    scripted.says("orders", {}, status)
    scripted.says("orders", {}, status)
    scripted.says("orders", [])
    assert patient(scripted, pauses).get("orders", list[int]).value == []
    nonces = {request.args["oauth_nonce"] for request in scripted.seen}
    assert (len(scripted.seen), len(nonces)) == (3, 3)
    assert pauses == [1.0, 2.0]


def test_a_store_that_names_its_time_is_obeyed(scripted: Scripted) -> None:
    pauses: list[float] = []
    scripted.says("orders", {}, 429, Retry_After="7")
    scripted.says("orders", [])
    patient(scripted, pauses).get("orders", list[int])
    assert pauses == [7.0]


def test_a_store_that_wants_to_be_left_alone_for_long_is(scripted: Scripted) -> None:
    pauses: list[float] = []
    scripted.says("orders", {}, 503, Retry_After="3600")
    with pytest.raises(Retryable) as raised:
        patient(scripted, pauses).get("orders", list[int])
    assert raised.value.after == 3600.0
    assert (len(scripted.seen), pauses) == (1, [])


def test_a_store_that_stays_busy_is_tried_three_times(scripted: Scripted) -> None:
    scripted.says("orders", {}, 503)
    with pytest.raises(Retryable):
        patient(scripted, []).get("orders", list[int])
    assert len(scripted.seen) == 3


def test_a_write_is_sent_once(scripted: Scripted) -> None:
    scripted.says("products/batch", {}, 503)
    with pytest.raises(Retryable):
        patient(scripted, []).send("POST", "products/batch", {"update": []}, dict)
    assert len(scripted.seen) == 1


def test_over_https_the_key_is_a_password_and_the_address_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str, dict[str, str]]] = []

    class Ear(Http):
        def request(self, method, url, *, headers=None, **more):  # type: ignore[no-untyped-def,override]
            sent.append((method, url, dict(headers)))
            raise Terminal("heard enough")

    access = StoreAccess("https://shop.example/de", {"key": "ck_a", "secret": "cs_b"})
    with pytest.raises(Terminal, match="heard enough"):
        WooCommerce(Ear()).fetch(access, ORDER)
    ((method, url, headers),) = sent
    assert (method, url) == ("GET", "https://shop.example/de/wp-json/wc/v3/orders/815")
    assert headers["Authorization"] == "Basic Y2tfYTpjc19i"


def test_over_http_the_secret_is_never_sent(talking: Talking, scripted: Scripted) -> None:
    scripted.says("*", {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."}, 404)
    platform, access = talking
    platform.fetch(access, ORDER)
    (request,) = scripted.seen
    assert "Authorization" not in request.headers
    assert request.args["oauth_consumer_key"] == KEY
    assert SECRET not in request.url
    assert abs(int(request.args["oauth_timestamp"]) - time.time()) < 600


def test_what_the_store_does_not_have_is_gone_by_the_stores_clock(talking: Talking, scripted: Scripted) -> None:
    said = recordings("rest_error_order_not_found")[0]
    scripted.says("orders/815", said["body_raw"], 404, Date="Mon, 23 Nov 2026 11:54:11 GMT")
    platform, access = talking
    (gone,) = platform.fetch(access, ORDER)
    assert isinstance(gone, OrderGone)
    assert (gone.order, gone.seen_at.isoformat()) == ("815", "2026-11-23T11:54:11+00:00")


@pytest.mark.parametrize("wanted", [Refetch("order", "1/../2"), Refetch("order", ""), Refetch("coupon", "1")])
def test_only_orders_and_items_with_a_number_can_be_fetched(
    wanted: Refetch, talking: Talking, scripted: Scripted
) -> None:
    platform, access = talking
    with pytest.raises(Terminal):
        platform.fetch(access, wanted)
    assert scripted.seen == []


def test_a_real_signature_is_accepted_and_a_wrong_secret_is_not(front: Shopfront) -> None:
    assert front.platform.profile(front.access).name == "Practice Store"
    wrong = StoreAccess(front.access.address, {**front.access.credentials, "secret": "cs_wrong"})
    with pytest.raises(NeedsMerchant, match="does not accept our signature"):
        front.platform.profile(wrong)
    unknown = StoreAccess(front.access.address, {**front.access.credentials, "key": "ck_unknown"})
    with pytest.raises(NeedsMerchant, match="does not know this consumer key"):
        front.platform.profile(unknown)
