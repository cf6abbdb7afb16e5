"""Each story, told as WooCommerce tells it, comes to the value that every platform comes to."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from connector.domain.facts import Fact, Refetch
from connector.ports import Delivery
from tests.adapters.woocommerce.conftest import Scripted, Talking
from tests.stories import STORIES, as_told, expected, telling

ARRIVED = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


class Telling(msgspec.Struct):
    """A story in WooCommerce's words: a delivery, and what the store answers to who asks for more."""

    topic: str
    body: msgspec.Raw
    answers: dict[str, msgspec.Raw]


def told(story: str) -> Telling:
    return msgspec.json.decode(telling("woocommerce", story), type=Telling)


def listen(talking: Talking, scripted: Scripted, said: Telling) -> tuple[tuple[Fact | Refetch, ...], list[Fact]]:
    """What the delivery says by itself, and what it comes to once its questions are answered."""
    platform, access = talking
    for path, answer in said.answers.items():
        scripted.says(path, json.loads(bytes(answer)))
    heard = platform.parse(Delivery({"x-wc-webhook-topic": said.topic}, bytes(said.body), ARRIVED))
    facts: list[Fact] = []
    for fact in heard:
        facts += platform.fetch(access, fact) if isinstance(fact, Refetch) else (fact,)
    return heard, facts


@pytest.mark.parametrize("story", STORIES)
def test_a_story_comes_to_what_every_platform_comes_to(story: str, talking: Talking, scripted: Scripted) -> None:
    _, facts = listen(talking, scripted, told(story))
    assert as_told(facts) == expected(story)


@pytest.mark.parametrize("story", STORIES)
def test_only_refunds_make_us_ask_again(story: str, talking: Talking, scripted: Scripted) -> None:
    heard, _ = listen(talking, scripted, told(story))
    refunded = story in ("unit_refunded", "line_refunded_whole")
    assert (heard == (Refetch("order", "1001"),)) == refunded
    assert len(scripted.seen) == (2 if refunded else 0)


@pytest.mark.parametrize("story", [story for story in STORIES if story != "order_deleted"])
def test_a_story_comes_to_the_same_when_the_store_is_asked(story: str, talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    said = told(story)
    scripted.says("orders/1001", json.loads(bytes(said.body)))
    if "orders/1001/refunds" in said.answers:
        scripted.says("orders/1001/refunds", json.loads(bytes(said.answers["orders/1001/refunds"])))
    assert as_told(platform.fetch(access, Refetch("order", "1001"))) == expected(story)
