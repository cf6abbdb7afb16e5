"""Whoever cancelled an order in the store stands in the ledger, because the law names both."""

import pytest

from connector.domain.facts import OrderState
from connector.pipeline.plan import plan
from connector.pipeline.proof import proof_of
from connector.store import shops
from connector.store.tables import duties, outbox
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order, read


@pytest.mark.parametrize(
    ("by_seller", "words"),
    [
        (False, "1 unit count as cancelled: the buyer cancelled before shipment (16 CFR 435.2(c)(1))."),
        (True, "1 unit count as cancelled: the seller decided not to ship (16 CFR 435.2(c)(4))."),
    ],
)
def test_the_buyer_cancels_or_the_merchant(home: House, clock: Clock, by_seller: bool, words: str) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1))
    home.tell(order("1001", line()))
    plan(home.connector, home.shop.id)
    clock.move(minutes=1)
    home.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED, by_seller=by_seller))
    plan(home.connector, home.shop.id)
    proof = proof_of(home.connector, home.shop.id, "1001")
    assert proof is not None
    assert words in [one.sentence for one in proof.said]


@pytest.mark.parametrize("paid", [False, True])
def test_an_order_that_ended_before_it_was_paid_owes_nothing_and_nobody_is_written_to(
    home: House, clock: Clock, paid: bool
) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc"})
    home.tell(item(), level(available=-1), order("1001", line(), state=OrderState.UNPAID))
    plan(home.connector, home.shop.id)
    if paid:  # both are told before anything is planned
        home.tell(order("1001", line(), seen=5))
    home.tell(order("1001", line(), seen=10, state=OrderState.CANCELLED, by_seller=True))
    plan(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert (read(tx, duties, "duty"), read(tx, outbox, "kind", kind="notice")) == (
            (["refund"], ["notice"]) if paid else ([], [])
        )
