"""What becomes of a call that Shopify throttles, refuses, answers in part, or does not answer."""

import logging

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.practice import Fault, Shop, ShopifyFake, VirtualClock
from connector.domain.errors import NeedsMerchant, Retryable, ShutOut, Terminal, Unreadable
from connector.domain.facts import Refetch, RightsLost
from connector.ports import StoreAccess

THROTTLED = b'{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}'


def seconds(clock: VirtualClock) -> float:
    return clock.monotonic()


def test_a_throttled_call_waits_until_the_bucket_can_pay_it_and_goes_again(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shopify.items(access, None)
    shop.bucket.drain(left=5)
    before = seconds(clock)
    assert shopify.items(access, None).facts == ()
    # The bucket holds 5 of the 156 points, and gains 100 a second.
    assert seconds(clock) - before == pytest.approx(1.51)


def test_a_known_shortage_is_waited_out_before_the_call(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, clock: VirtualClock
) -> None:
    clock.advance(3600)
    shopify.items(access, None)
    shop.bucket.drain(left=59)
    shopify.profile(access)
    requests, before = fake.requests, seconds(clock)
    shopify.items(access, None)
    assert fake.requests - requests == 1
    assert seconds(clock) - before == pytest.approx(1.0)


def test_another_plan_of_the_shops_is_paced_as_it_restores(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, clock: VirtualClock
) -> None:
    clock.advance(3600)
    shopify.items(access, None)
    shop.bucket.rate = 1000.0
    shop.bucket.drain(left=59)
    shopify.profile(access)
    requests, before = fake.requests, seconds(clock)
    shopify.items(access, None)
    assert fake.requests - requests == 1
    assert seconds(clock) - before == pytest.approx(0.1)


def test_a_shortage_that_lasts_is_left_for_later_with_the_time_to_come_back(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, clock: VirtualClock
) -> None:
    shop.bucket.rate = 5.0
    shop.bucket.drain()
    with pytest.raises(Retryable) as refusal:
        shopify.items(access, None)
    assert str(refusal.value) == "Shopify throttles the app (acme.myshopify.com)"
    # 156 points at 5 a second.
    assert refusal.value.after == pytest.approx(31.2)
    assert (fake.requests, seconds(clock), shop.calls) == (1, 0.0, [])
    with pytest.raises(Retryable):
        shopify.items(access, None)
    assert fake.requests == 1


def test_a_bucket_that_others_keep_empty_is_given_up_on(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, clock: VirtualClock
) -> None:
    fake.faults.extend([Fault(200, THROTTLED)] * 5)
    with pytest.raises(Retryable, match="throttles the app"):
        shopify.profile(access)
    assert (fake.requests, seconds(clock)) == (5, 5.0)


def test_one_shops_shortage_holds_back_no_other(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake, clock: VirtualClock
) -> None:
    other = fake.open_shop("other")
    shopify.items(access, None)
    shop.bucket.drain()
    shopify.profile(access)
    before = seconds(clock)
    shopify.items(StoreAccess(other.domain, access.credentials), None)
    assert seconds(clock) == before


def test_throttling_without_figures_is_waited_out_too(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, clock: VirtualClock
) -> None:
    fake.faults.append(Fault(200, THROTTLED))
    assert shopify.profile(access).name == "Acme"
    assert seconds(clock) == 1.0


def test_a_query_that_costs_too_much_is_not_repeated(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    body = b'{"errors":[{"message":"Query cost is 1200","extensions":{"code":"MAX_COST_EXCEEDED"}}]}'
    fake.faults.append(Fault(200, body))
    with pytest.raises(Terminal, match=r"refuses the query \(acme.myshopify.com\): Query cost is 1200$"):
        shopify.items(access, None)
    assert fake.requests == 1


def test_a_429_is_obeyed(shopify: Shopify, access: StoreAccess, fake: ShopifyFake, clock: VirtualClock) -> None:
    fake.faults.append(Fault(429, b"", {"Retry-After": "2"}))
    assert shopify.profile(access).name == "Acme"
    assert seconds(clock) >= 2.0
    assert fake.requests == 2


def test_a_429_that_asks_for_a_long_time_is_left_for_later(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    fake.faults.append(Fault(429, b"", {"Retry-After": "90"}))
    with pytest.raises(Retryable) as refusal:
        shopify.profile(access)
    assert refusal.value.after == 90.0
    assert fake.requests == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_keeps_failing_is_left_for_later(
    status: int, shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    fake.faults.extend([Fault(status, b"<html>")] * 3)
    with pytest.raises(Retryable) as refusal:
        shopify.profile(access)
    assert str(refusal.value) == f"Shopify answered {status} for acme.myshopify.com"


def test_a_broken_connection_is_tried_again(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    fake.faults.extend([Fault(hang_up=True)] * 2)
    assert shopify.profile(access).name == "Acme"
    assert fake.requests == 3


def test_connections_that_keep_breaking_are_left_for_later(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    fake.faults.extend([Fault(hang_up=True)] * 3)
    with pytest.raises(Retryable):
        shopify.profile(access)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (401, "no longer accepts the access token: connect the store again"),
        (402, "has frozen the store: settle its bill with Shopify"),
        (403, "refuses the app: check its rights, or connect the store again"),
        (404, "does not know the store: check its name"),
        (423, "has locked the store: ask Shopify's support"),
    ],
)
def test_what_only_the_merchant_can_mend_is_said_to_the_merchant(
    status: int, text: str, shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    fake.faults.append(Fault(status, b""))
    with pytest.raises(ShutOut) as refusal:
        shopify.profile(access)
    assert str(refusal.value) == f"Shopify {text} (acme.myshopify.com)"
    assert fake.requests == 1


def test_a_redirect_is_not_followed(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    fake.faults.append(Fault(302, b"", {"Location": f"{fake.origin}/elsewhere"}))
    with pytest.raises(Terminal, match="answered 302"):
        shopify.profile(access)
    assert fake.requests == 1


def test_a_page_of_html_is_unreadable(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    fake.faults.append(Fault(200, b"<html>We'll be back</html>"))
    with pytest.raises(Unreadable):
        shopify.profile(access)


def test_data_of_another_shape_is_unreadable(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    fake.faults.append(Fault(200, b'{"data":{"shop":{"name":7}}}'))
    with pytest.raises(Unreadable, match="not what was asked for"):
        shopify.profile(access)


def test_a_passing_problem_of_shopifys_is_left_for_later(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake
) -> None:
    body = b'{"data":null,"errors":[{"message":"Oops","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'
    fake.faults.append(Fault(200, body))
    with pytest.raises(Retryable, match="Oops"):
        shopify.profile(access)


def test_a_closed_shop_is_a_matter_for_the_merchant(shopify: Shopify, access: StoreAccess, fake: ShopifyFake) -> None:
    fake.faults.append(Fault(200, b'{"errors":[{"message":"x","extensions":{"code":"SHOP_INACTIVE"}}]}'))
    with pytest.raises(NeedsMerchant, match="the store is closed"):
        shopify.profile(access)


def test_fields_that_are_withheld_are_named_once_and_the_rest_is_used(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.add_product("Lamp", "LAMP-1", 9)
    shop.checkout({"LAMP-1": 1})
    shop.checkout({"LAMP-1": 2})
    shop.hidden |= {"Order.email", "Order.customer"}
    first, second, lost = shopify.orders(access, None).facts
    assert [(order.number, order.email, order.name) for order in (first, second)] == [  # type: ignore[union-attr]
        ("#1001", "", "Ann Archer"),
        ("#1002", "", "Ann Archer"),
    ]
    text = (
        "Shopify hides data of orders from the connector (orders.customer, orders.email):"
        " give the app of acme.myshopify.com the rights to it"
    )
    assert lost == RightsLost(text, clock.now())


def test_a_missing_scope_withholds_its_fields_only(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.add_product("Lamp", "LAMP-1", 9)
    shop.checkout({"LAMP-1": 1})
    shop.scopes -= {"read_customers"}
    order, lost = shopify.orders(access, None).facts
    assert order.email == "ann@example.com"  # type: ignore[union-attr]
    assert "(orders.customer)" in lost.text  # type: ignore[union-attr]


def test_a_scope_without_which_nothing_is_readable_is_the_merchants_matter(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.add_product("Lamp", "LAMP-1", 9)
    order = shop.checkout({"LAMP-1": 1})
    shop.scopes -= {"read_orders"}
    with pytest.raises(NeedsMerchant, match="Access denied for orders field"):
        shopify.orders(access, None)
    with pytest.raises(NeedsMerchant, match="Access denied for order field"):
        shopify.fetch(access, Refetch("order", str(order.id)))


def test_an_answer_by_another_version_is_logged_once(
    shopify: Shopify, access: StoreAccess, fake: ShopifyFake, caplog: pytest.LogCaptureFixture
) -> None:
    fake.version = "2027-01"
    with caplog.at_level(logging.WARNING, "adapters.shopify.client"):
        shopify.profile(access)
        shopify.profile(access)
    assert [record.getMessage() for record in caplog.records] == [
        "Shopify answers acme.myshopify.com by API version 2027-01 instead of 2026-10"
    ]


def test_without_an_origin_the_shop_itself_is_called() -> None:
    # No such shop can exist: a label of a name has at most 63 characters, so that the name is refused unasked.
    access = StoreAccess(f"{'a' * 64}.myshopify.com", {"token": "shpat_token"})
    with pytest.raises(Retryable, match=r"The name a{64}\.myshopify\.com cannot be found"):
        Shopify(Http(sleep=lambda _: None)).profile(access)


def test_a_call_that_is_throttled_counts_as_that(fake: ShopifyFake, access: StoreAccess) -> None:
    heard: list[tuple[str, str]] = []
    http = Http([fake.authority], sleep=lambda _: None, heard=lambda *call: heard.append(call))
    fake.faults.append(Fault(200, THROTTLED))
    Shopify(http, fake.origin, sleep=lambda _: None).profile(access)
    http.close()
    assert heard == [("shopify", "throttled"), ("shopify", "ok")]
