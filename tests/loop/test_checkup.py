"""A connected store is looked over: each point has a verdict in words, and a webhook has really to come."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from adapters.woocommerce.practice.server import PracticeStore
from connector.domain.errors import BadInput
from connector.pipeline import checkup
from connector.pipeline.checkup import Report
from connector.pipeline.connect import connect
from connector.pipeline.connector import Connector
from connector.pipeline.remove import remove
from tests.conftest import Clock
from tests.serving import served
from webhooks import blueprint


@pytest.fixture
def connector(practice: PracticeStore, make_connector: Callable[..., Connector]) -> Iterator[Connector]:
    app = Flask("webhooks")
    with served(app) as url:
        made = make_connector(url=url, dial_allow=(practice.url.removeprefix("http://"),))
        app.register_blueprint(blueprint(made))
        yield made


@pytest.fixture
def store(connector: Connector, practice: PracticeStore) -> str:
    options = {"url": practice.url, "key": practice.key, "secret": practice.secret}
    return connect(connector, "woocommerce", options, lambda *_: None).store


def verdicts(report: Report) -> dict[str, tuple[bool | None, str]]:
    return {one.point: (one.good, one.words) for one in report.verdicts}


def test_a_webhook_that_comes_is_the_proof_and_until_then_nobody_knows(
    connector: Connector, practice: PracticeStore, store: str, clock: Clock
) -> None:
    practice.deliver_now()
    clock.move(minutes=1)
    found = verdicts(checkup.check(connector, store))
    assert list(found) == ["Encryption", "Reading", "Writing", "Webhooks", "Permalinks", "Arrival"]
    good, words = found.pop("Arrival")
    assert (good, "has not come yet" in words, "only when somebody visits the store" in words) == (None, True, True)
    assert found.pop("Encryption")[0] is False
    assert [good for good, _ in found.values()] == [True] * 4
    clock.move(seconds=40)
    assert [one.topic for one in practice.deliver_now()] == ["product.updated"]
    report = checkup.standing(connector, store)
    assert report is not None
    assert verdicts(report)["Arrival"] == (True, "A webhook came 40 s after the check-up had begun.")


def test_what_came_before_the_check_up_proves_nothing(
    connector: Connector, practice: PracticeStore, store: str, clock: Clock
) -> None:
    practice.goods_in("LAMP-1", 1)
    assert practice.deliver_now()
    clock.move(minutes=1)
    checkup.check(connector, store)
    clock.move(minutes=10)
    report = checkup.standing(connector, store)
    assert report is not None
    good, words = verdicts(report)["Arrival"]
    assert (good, words.partition(".")[0]) == (
        False,
        "The webhook that the store was made to send has not come within 10 minutes",
    )


def test_the_wait_ends_with_the_webhook(connector: Connector, practice: PracticeStore, store: str) -> None:
    report = checkup.check(connector, store)
    looks: list[float] = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            practice.deliver_now()

    assert not checkup.wait(connector, store, report, 60, pause).is_open
    assert len(looks) == 2


def test_a_key_that_may_only_read_is_told_and_nothing_is_awaited(
    connector: Connector, practice: PracticeStore, store: str
) -> None:
    practice.keyring.permissions = "read"
    found = verdicts(checkup.check(connector, store))
    assert found["Reading"][0] is True
    assert found["Writing"] == (
        False,
        "The consumer key may not do this: give it Read/Write under WooCommerce → Settings → Advanced → REST API.",
    )
    assert found["Webhooks"][0] is True
    assert found["Arrival"] == (None, "The store could not be made to send a webhook.")


def test_webhooks_that_are_off_or_gone_are_named(connector: Connector, practice: PracticeStore, store: str) -> None:
    hooks = {hook.topic: hook for hook in practice.shop.hooks.values()}
    hooks["order.created"].status = "disabled"
    del practice.shop.hooks[hooks["order.updated"].id]
    good, words = verdicts(checkup.check(connector, store))["Webhooks"]
    assert (good, words.partition(". ")[0]) == (
        False,
        "Not in force: order.created (disabled), order.updated (missing)",
    )


def test_a_store_without_products_cannot_be_tried(connector: Connector, practice: PracticeStore, store: str) -> None:
    practice.shop.products.clear()
    found = verdicts(checkup.check(connector, store))
    assert found["Writing"] == (None, "The store has no published product to try it with.")


def test_a_store_that_was_removed_is_not_checked(connector: Connector, store: str) -> None:
    remove(connector, store)
    with pytest.raises(BadInput, match="has been removed"):
        checkup.check(connector, store)
