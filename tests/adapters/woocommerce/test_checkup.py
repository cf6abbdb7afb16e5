"""What stands in the way of a connection is told at its point, and the rest is not asked."""

import pytest

from adapters.woocommerce.subscriptions import TOPICS
from connector.ports import Verdict
from tests.adapters.woocommerce.conftest import Scripted, Talking

HOOK = "https://ours.example/webhooks/woocommerce/token"


def examined(talking: Talking, hook_url: str = HOOK) -> tuple[tuple[Verdict, ...], bool]:
    platform, access = talking
    assert platform.checkup is not None
    found = platform.checkup.examine(access, hook_url)
    return found.verdicts, found.asked


def test_plain_permalinks_are_told_as_such(talking: Talking, scripted: Scripted) -> None:
    scripted.says("*", "<html>not found</html>", 404)
    (_, last), asked = examined(talking)
    assert (last.point, last.good, asked, len(scripted.seen)) == ("Permalinks", False, False, 1)
    assert "Settings → Permalinks is anything but Plain" in last.words


def test_a_store_that_fails_on_the_way_is_asked_no_more(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [{"id": 7}])
    scripted.says("orders", [])
    scripted.says("products/7", {"code": "busy"}, 503)
    (_, reading, last), asked = examined(talking)
    assert (reading.good, last.point, last.good, asked) == (True, "Writing", False, False)
    assert last.words == "The store answered 503. Check again in a while."


def test_a_key_that_may_not_see_orders_is_told_and_the_rest_is_looked_at(
    talking: Talking, scripted: Scripted
) -> None:
    scripted.says("products", [{"id": 7}])
    scripted.says("orders", {"code": "woocommerce_rest_cannot_view", "message": "no"}, 403)
    scripted.says("products/7", {"id": 7})
    scripted.says("webhooks", [])
    found, asked = examined(talking)
    assert [(one.point, one.good) for one in found[1:]] == [
        ("Reading", False),
        ("Writing", True),
        ("Webhooks", False),
        ("Permalinks", True),
    ]
    assert asked


@pytest.mark.parametrize(
    ("hook", "words"),
    [
        (HOOK, "The store has no https: what is read from it can be read on the way."),
        (
            "https://ours.example:8443/webhooks/woocommerce/token",
            "The store has no https: what is read from it can be read on the way. Webhooks are to come to port 8443,"
            " and stores send to 80, 443 and 8080 only.",
        ),
    ],
)
def test_what_is_not_encrypted_or_cannot_be_delivered_to_is_told(
    talking: Talking, scripted: Scripted, hook: str, words: str
) -> None:
    scripted.says("*", [])
    assert examined(talking, hook)[0][0] == Verdict("Encryption", False, words)


def test_webhooks_to_an_earlier_address_of_ours_are_not_in_force(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [])
    scripted.says("orders", [])
    there = [
        {"id": number, "topic": topic, "status": "active", "name": "n", "delivery_url": HOOK}
        for number, topic in enumerate(TOPICS)
    ]
    there[0]["delivery_url"] = HOOK.replace("ours.example", "before.example")
    scripted.says("webhooks", there)
    found, _ = examined(talking)
    (webhooks,) = (one for one in found if one.point == "Webhooks")
    assert (webhooks.good, webhooks.words) == (
        False,
        "Not in force: order.created (at an earlier address of ours). The next reading of the store, within 15"
        " minutes, makes them anew.",
    )
