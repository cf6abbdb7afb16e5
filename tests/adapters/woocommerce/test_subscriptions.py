"""Webhooks that are there, that were switched off, and that are missing."""

import dataclasses

import pytest

from adapters.woocommerce.subscriptions import TOPICS
from tests.adapters.woocommerce.conftest import HOOK_SECRET, Shopfront

HOOK_URL = "http://127.0.0.1:9/webhooks/woocommerce/token"


def test_all_topics_are_asked_for_with_the_secret_of_the_store(front: Shopfront) -> None:
    found = front.platform.subscribe(front.access, HOOK_URL)
    assert tuple(one.topic for one in found) == TOPICS
    hooks = front.store.shop.hooks.values()
    assert {(hook.topic, hook.url, hook.secret, hook.status) for hook in hooks} == {
        (topic, HOOK_URL, HOOK_SECRET, "active") for topic in TOPICS
    }
    assert {one.id for one in found} == {str(hook.id) for hook in hooks}


def test_asking_again_changes_nothing(front: Shopfront) -> None:
    found = front.platform.subscribe(front.access, HOOK_URL)
    assert front.platform.subscribe(front.access, HOOK_URL) == found
    assert len(front.store.shop.hooks) == len(TOPICS) == 8


def test_a_webhook_that_was_switched_off_is_replaced_by_a_fresh_one(front: Shopfront) -> None:
    first = front.platform.subscribe(front.access, HOOK_URL)
    off = front.store.shop.hooks[int(first[0].id)]
    off.status, off.failures = "disabled", 6
    second = front.platform.subscribe(front.access, HOOK_URL)
    fresh = front.store.shop.hooks[int(second[0].id)]
    assert (fresh.topic, fresh.status, fresh.failures) == (off.topic, "active", 0)
    assert off.id not in front.store.shop.hooks
    assert second[1:] == first[1:]


def test_a_missing_webhook_is_made_again(front: Shopfront) -> None:
    first = front.platform.subscribe(front.access, HOOK_URL)
    del front.store.shop.hooks[int(first[3].id)]
    second = front.platform.subscribe(front.access, HOOK_URL)
    assert [one.topic for one in second] == list(TOPICS)
    assert second[3].id != first[3].id
    assert len(front.store.shop.hooks) == 8


def test_a_second_webhook_for_the_same_topic_is_taken_away(front: Shopfront) -> None:
    first = front.platform.subscribe(front.access, HOOK_URL)
    for hook in front.store.shop.hooks.values():
        hook.url = "http://127.0.0.1:9/elsewhere"
    front.platform.subscribe(front.access, HOOK_URL)
    for hook in front.store.shop.hooks.values():
        hook.url = HOOK_URL
    assert len(front.store.shop.hooks) == 16
    assert front.platform.subscribe(front.access, HOOK_URL) == first
    assert len(front.store.shop.hooks) == 8


def test_webhooks_of_others_are_left_alone(front: Shopfront) -> None:
    front.platform.subscribe(front.access, "http://127.0.0.1:9/another-app")
    others = dict(front.store.shop.hooks)
    for hook in others.values():
        hook.status = "disabled"
    front.platform.subscribe(front.access, HOOK_URL)
    assert others.items() <= front.store.shop.hooks.items()
    assert {hook.status for hook in others.values()} == {"disabled"}


def test_webhooks_made_with_another_secret_are_replaced(front: Shopfront) -> None:
    first = front.platform.subscribe(front.access, HOOK_URL)
    changed = dataclasses.replace(front.access, hook_secret="fedcba9876543210" * 4)
    second = front.platform.subscribe(changed, HOOK_URL)
    assert {one.id for one in first} & {one.id for one in second} == set()
    assert {hook.secret for hook in front.store.shop.hooks.values()} == {changed.hook_secret}
    assert len(front.store.shop.hooks) == 8


def test_webhooks_of_an_earlier_key_are_replaced(front: Shopfront) -> None:
    first = front.platform.subscribe(front.access, HOOK_URL)
    front.store.keyring.key = "ck_" + "c" * 40
    renewed = dataclasses.replace(
        front.access, credentials={**front.access.credentials, "key": front.store.keyring.key}
    )
    second = front.platform.subscribe(renewed, HOOK_URL)
    assert {one.id for one in first} & {one.id for one in second} == set()
    assert front.platform.subscribe(renewed, HOOK_URL) == second
    assert len(front.store.shop.hooks) == 8


def test_a_webhooks_name_shows_neither_key_nor_secret(front: Shopfront) -> None:
    front.platform.subscribe(front.access, HOOK_URL)
    names = [hook.name for hook in front.store.shop.hooks.values()]
    assert all(name.startswith("Backorder Connector: ") for name in names)
    assert not any(HOOK_SECRET[:8] in name or front.store.key[3:11] in name for name in names)


def test_only_our_own_webhooks_are_deleted(front: Shopfront) -> None:
    front.platform.subscribe(front.access, HOOK_URL)
    others = front.platform.subscribe(front.access, "http://127.0.0.1:9/another-app")
    assert front.platform.unsubscribe(front.access, HOOK_URL) == len(TOPICS)
    assert {str(known_as) for known_as in front.store.shop.hooks} == {one.id for one in others}
    assert front.platform.unsubscribe(front.access, HOOK_URL) == 0


@pytest.mark.parametrize("before", ["https://127.0.0.1:9", "http://before.example", "http://127.0.0.1:9/backorders"])
def test_webhooks_to_an_earlier_address_of_ours_are_replaced(front: Shopfront, before: str) -> None:
    first = front.platform.subscribe(front.access, f"{before}/webhooks/woocommerce/token")
    second = front.platform.subscribe(front.access, HOOK_URL)
    assert {one.id for one in first} & {one.id for one in second} == set()
    hooks = front.store.shop.hooks.values()
    assert sorted((hook.topic, hook.url) for hook in hooks) == sorted((topic, HOOK_URL) for topic in TOPICS)


def test_webhooks_to_an_earlier_address_of_ours_are_deleted_with_the_others(front: Shopfront) -> None:
    front.platform.subscribe(front.access, HOOK_URL)
    for hook in list(front.store.shop.hooks.values())[:3]:
        hook.url = "https://before.example/webhooks/woocommerce/token"
    assert front.platform.unsubscribe(front.access, HOOK_URL) == len(TOPICS)
    assert front.store.shop.hooks == {}


def test_webhooks_of_another_store_of_ours_are_left_alone(front: Shopfront) -> None:
    others = front.platform.subscribe(front.access, f"{HOOK_URL.removesuffix('token')}another-token")
    front.platform.subscribe(front.access, HOOK_URL)
    assert front.platform.unsubscribe(front.access, HOOK_URL) == len(TOPICS)
    assert {str(known_as) for known_as in front.store.shop.hooks} == {one.id for one in others}
