"""The webhooks that are missing are created, and only those."""

from math import ceil

import pytest

from adapters.shopify import Shopify, webhooks
from adapters.shopify.practice import Fault, Shop, ShopifyFake
from adapters.shopify.topics import FULFILMENT, SHIPMENTS, TOPICS, TRANSFERS
from connector.domain.errors import Retryable, Terminal
from connector.ports import StoreAccess, Subscription

HOOK = "https://connector.example.com/webhooks/shopify/2f6c0f"


def created(shop: Shop) -> list[str]:
    return [variables["topic"] for name, variables in shop.calls if name == "WebhookCreate"]


def test_all_topics_lead_to_the_stores_own_address(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    subscriptions = shopify.subscribe(access, HOOK)
    assert subscriptions == tuple(Subscription(str(one.id), one.topic) for one in shop.outgoing.webhooks)
    assert [one.topic for one in subscriptions] == list(TOPICS.values())
    assert {one.uri for one in shop.outgoing.webhooks} == {HOOK}


def test_what_is_in_force_is_left_alone(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    first = shopify.subscribe(access, HOOK)
    shop.calls.clear()
    assert shopify.subscribe(access, HOOK) == first
    assert [name for name, _ in shop.calls] == ["Webhooks"]


def test_a_webhook_that_shopify_deleted_comes_back(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shopify.subscribe(access, HOOK)
    shop.outgoing.webhooks[:] = [one for one in shop.outgoing.webhooks if one.topic != "orders/updated"]
    shop.calls.clear()
    again = shopify.subscribe(access, HOOK)
    assert created(shop) == ["ORDERS_UPDATED"]
    assert [one.topic for one in again] == list(TOPICS.values())


def test_webhooks_to_another_address_do_not_count(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shopify.subscribe(access, HOOK)
    shop.calls.clear()
    shopify.subscribe(access, f"{HOOK}-new")
    assert created(shop) == list(TOPICS)


def test_a_webhook_to_another_address_does_not_count_even_if_it_is_listed(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    other = '{"id":"gid://shopify/WebhookSubscription/1","topic":"ORDERS_CREATE","uri":"https://example.com/other"}'
    listed = f'{{"webhookSubscriptions":{{"nodes":[{other}],"pageInfo":{{"hasNextPage":false}}}}}}'
    fake.faults.append(Fault(200, f'{{"data":{listed}}}'.encode()))
    shopify.subscribe(access, HOOK)
    assert created(shop) == list(TOPICS)


def test_existing_webhooks_are_found_on_every_page(
    shopify: Shopify, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 4)
    first = shopify.subscribe(access, HOOK)
    shop.calls.clear()
    assert shopify.subscribe(access, HOOK) == first
    assert [name for name, _ in shop.calls] == ["Webhooks"] * ceil(len(TOPICS) / 4)


def test_what_shopify_refuses_is_told_in_its_words(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    with pytest.raises(Terminal) as refusal:
        shopify.subscribe(access, "http://connector.example.com/hook")
    assert str(refusal.value) == (
        "Shopify does not create the webhook orders/create (acme.myshopify.com):"
        " Address protocol http:// is not supported"
    )
    assert shop.outgoing.webhooks == []


def test_a_creation_whose_answer_is_lost_is_not_repeated_blindly(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    shopify.subscribe(access, HOOK)
    del shop.outgoing.webhooks[0]
    fake.faults.append(Fault(200, b'{"data":{"webhookSubscriptions":{"nodes":[],"pageInfo":{"hasNextPage":false}}}}'))
    fake.faults.append(Fault(hang_up=True))
    requests = fake.requests
    with pytest.raises(Retryable):
        shopify.subscribe(access, HOOK)
    assert fake.requests - requests == 2
    assert [one.topic for one in shopify.subscribe(access, HOOK)] == list(TOPICS.values())


def test_webhooks_to_an_earlier_address_of_ours_are_replaced(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    earlier = HOOK.replace("connector.example.com", "before.example.com/backorders")
    shopify.subscribe(access, earlier)
    shopify.subscribe(access, f"{HOOK}-new")
    found = shopify.subscribe(access, HOOK)
    assert [one.topic for one in found] == list(TOPICS.values())
    assert [one.uri for one in shop.outgoing.webhooks] == [f"{HOOK}-new"] * len(TOPICS) + [HOOK] * len(TOPICS)


def test_webhooks_to_an_earlier_address_of_ours_are_deleted(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shopify.subscribe(access, HOOK.replace("connector.example.com", "before.example.com"))
    assert shopify.unsubscribe(access, HOOK) == len(TOPICS)
    assert shop.outgoing.webhooks == []


def test_only_the_webhooks_that_lead_to_us_are_deleted(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shopify.subscribe(access, HOOK)
    shopify.subscribe(access, f"{HOOK}-new")
    assert shopify.unsubscribe(access, HOOK) == len(TOPICS)
    assert {one.uri for one in shop.outgoing.webhooks} == {f"{HOOK}-new"}
    assert shopify.unsubscribe(access, HOOK) == 0


def test_webhooks_that_shopify_does_not_delete_are_told_in_its_words(
    shopify: Shopify, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    shopify.subscribe(access, HOOK)
    del shop.outgoing.webhooks[1:]
    (left,) = shop.outgoing.webhooks
    node = f'{{"id":"gid://shopify/WebhookSubscription/{left.id}","topic":"ORDERS_CREATE","uri":"{HOOK}"}}'
    listed = f'{{"data":{{"webhookSubscriptions":{{"nodes":[{node}],"pageInfo":{{"hasNextPage":false}}}}}}}}'
    refusal = '{"data":{"webhookSubscriptionDelete":{"userErrors":[{"message":"Not today."}]}}}'
    fake.faults += [Fault(200, text.encode()) for text in (listed, refusal, listed)]
    with pytest.raises(Terminal, match=r"does not delete our webhooks \(acme\.myshopify\.com\): Not today\."):
        shopify.unsubscribe(access, HOOK)


@pytest.mark.parametrize("kind", ["read", "write"])
def test_topics_of_fulfillment_orders_are_added_once_the_app_may_see_them_and_only_then(
    kind: str, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    before = shopify.subscribe(access, HOOK)
    assert not {one.topic for one in before} & set(FULFILMENT.values())
    shop.scopes.add(f"{kind}_merchant_managed_fulfillment_orders")
    shop.calls.clear()
    after = shopify.subscribe(access, HOOK)
    assert created(shop) == list(FULFILMENT)
    assert [one.topic for one in after] == list((TOPICS | FULFILMENT).values())
    assert shopify.unsubscribe(access, HOOK) == len(TOPICS | FULFILMENT)


def test_transfers_are_told_of_where_the_app_may_read_them(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    shop.scopes |= {"read_inventory_transfers"}
    assert [one.topic for one in shopify.subscribe(access, HOOK)] == [*TOPICS.values(), *TRANSFERS.values()]
    shop.scopes |= {"read_inventory_shipments"}
    told = [one.topic for one in shopify.subscribe(access, HOOK)]
    assert told == [*TOPICS.values(), *TRANSFERS.values(), *SHIPMENTS.values()]
