"""An order whose money is only reserved, end to end, against a Shopify that answers by the official schema."""

import json
from decimal import Decimal

from connector.pipeline.captures import approve
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store.ledger import chain
from tests.loop.test_shopify_loop import SKU, Loop, day
from tests.loop.test_shopify_loop import loop as loop


def told(loop: Loop) -> dict[str, int]:
    return loop.status()[1]


def settle(loop: Loop) -> None:
    """What follows of what came in, until nothing does."""
    for _ in range(3):
        loop.turn()
        plan(loop.connector, loop.connected.store)
        perform(loop.connector, loop.connected.store)


def test_reserved_money_is_asked_about_when_the_goods_are_there_and_taken_by_one_click(loop: Loop) -> None:
    loop.supplier_says(day(3))
    order = loop.shop.checkout({SKU: 3}, payment="authorized")
    settle(loop)
    assert (told(loop), order.captures) == ({}, [])
    waiting = json.loads(order.metafields["lines"].value)[str(order.lines[0].id)]
    assert waiting == {"waiting": 2, "ready": 1, "eta": day(3)}
    assert order.metafields["note"].value.startswith("Ready to ship: 1 × Two-person tent. Waiting: 2 ×")
    written = len(loop.shop.calls)
    settle(loop)
    assert len(loop.shop.calls) == written  # our own writes came back as webhooks, and changed nothing
    loop.shop.set_inventory(SKU, 8)
    settle(loop)
    assert (told(loop), order.captures) == ({"capture": 1}, [])
    assert approve(loop.connector, loop.connected.store, str(order.id)) is True
    settle(loop)
    assert ([one.money for one in order.captures], order.payment) == ([Decimal("30.00")], "paid")
    assert told(loop) == {}
    with loop.connector.db.begin() as tx:
        kinds = [one.kind for one in chain(tx, loop.connected.store, str(order.id))]
    assert [kind for kind in kinds if kind.startswith("Payment")] == ["PaymentApproved", "PaymentTaken"]
    assert "note" not in order.metafields
