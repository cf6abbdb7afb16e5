"""Whoever cancelled an order in the store stands in the ledger, because the law names both."""

import pytest

from connector.domain.facts import OrderState
from connector.pipeline.plan import plan
from connector.pipeline.proof import proof_of
from connector.store import shops
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order


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
