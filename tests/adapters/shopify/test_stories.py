"""Each story, told as Shopify tells it, comes to the value that every platform comes to."""

from datetime import UTC, datetime
from typing import cast

import msgspec
import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from connector.domain.facts import Fact
from connector.ports import Delivery
from tests.stories import STORIES, as_told, expected, telling

ARRIVED = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


class Telling(msgspec.Struct):
    """A story in Shopify's words: the headers that are kept of a delivery, and its body."""

    headers: dict[str, str]
    body: msgspec.Raw


@pytest.mark.parametrize("story", STORIES)
def test_a_story_comes_to_what_every_platform_comes_to(story: str) -> None:
    told = msgspec.json.decode(telling("shopify", story), type=Telling)
    delivery = Delivery(told.headers, bytes(told.body), ARRIVED)
    facts = cast("tuple[Fact, ...]", Shopify(Http()).parse(delivery))
    assert as_told(facts) == expected(story)
