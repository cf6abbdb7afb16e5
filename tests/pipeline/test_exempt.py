"""Which orders a law of delays leaves out, or gives more time: by who bought, what was bought and how it is paid."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa

from connector.domain.facts import Line, Payment
from connector.pipeline.plan import plan
from connector.store import orderbook, plans, shops
from connector.store.tables import duties
from tests.pipeline.given import House
from tests.store.given import item, level, line, order

NONE: Mapping[str, str] = MappingProxyType({})


def waiting(home: House, *lines: Line, law: str = "us_ftc", rules: Mapping[str, str] = NONE, **more: Any) -> House:
    """Order 1001 waits without a date."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": law, **rules})
    home.tell(item(), level(available=-1), item("B"), level("B", available=-1))
    home.tell(order("1001", *(lines or (line(),)), **more))
    plan(home.connector, home.shop.id)
    return home


def owed(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return list(tx.scalars(sa.select(duties.c.duty)))


def t_day(home: House) -> date:
    with home.connector.db.begin() as tx:
        before = orderbook.look_up(tx, home.shop.id, "1001")
    assert before is not None and before.clock is not None
    return before.clock.t_day


def test_an_order_is_covered_unless_something_says_otherwise(home: House) -> None:
    assert owed(waiting(home, segment="b2b", payment=Payment.TERMS)) == ["first_option"]


def test_an_order_that_is_paid_on_delivery_is_left_out_in_the_united_states(home: House) -> None:
    """16 CFR 435.3(a)(4)."""
    assert owed(waiting(home, payment=Payment.ON_DELIVERY)) == []


def test_buyers_that_the_merchant_calls_businesses_are_left_out(home: House) -> None:
    assert owed(waiting(home, segment="b2b", rules={"exempt_segments": "trade, b2b"})) == []


def test_goods_that_a_law_leaves_out_are_left_out_of_it(home: House) -> None:
    """16 CFR 435.3(a)(2)."""
    assert owed(waiting(home, rules={"exempt_skus": "X=service,SKU-*=growing"})) == []


def test_a_law_that_does_not_know_the_exemption_covers_the_goods(home: House) -> None:
    """California Bus. & Prof. Code 17538."""
    rules = {"exempt_skus": "SKU-A=growing"}
    assert owed(waiting(home, law="us_california", rules=rules)) == ["first_option"]


def test_what_else_is_in_the_order_is_covered_all_the_same(home: House) -> None:
    both = (line("A", id="1"), line("B", id="2"))
    home = waiting(home, *both, rules={"exempt_skus": "SKU-A=growing"})
    with home.connector.db.begin() as tx:
        before = orderbook.look_up(tx, home.shop.id, "1001")
    assert before is not None and before.clock is not None
    assert (owed(home), before.clock.idle) == (["first_option"], False)


def test_the_merchant_can_say_it_later(home: House) -> None:
    waiting(home)
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"exempt_skus": "SKU-A=service"})
        plans.mark_dirty(tx, home.shop.id, ["A"])
    home.tell(order("1001", line(quantity=2), seen=5), level(available=-2, seen=5))
    plan(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        before = orderbook.look_up(tx, home.shop.id, "1001")
    assert before is not None and before.clock is not None and before.clock.idle


@pytest.mark.parametrize(
    ("payment", "credit", "stated", "last"),
    [
        (Payment.TERMS, "yes", None, date(2027, 1, 12)),
        (Payment.TERMS, "no", None, date(2026, 12, 23)),
        (Payment.OTHER, "yes", None, date(2026, 12, 23)),
        (Payment.TERMS, "yes", 10, date(2026, 12, 3)),
    ],
)
def test_a_buyer_who_applied_for_credit_gives_fifty_days_where_no_time_was_stated(
    home: House, payment: Payment, credit: str, stated: int | None, last: date
) -> None:
    """16 CFR 435.2(a)(1)."""
    waiting(home, payment=payment, stated_days=stated, rules={"terms_are_credit": credit})
    assert t_day(home) == last
