"""Cancellations in a store: the money goes back to the cent, once, and where it can't by itself a person is asked."""

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.woocommerce.practice.checkout import checkout
from adapters.woocommerce.practice.model import Order
from connector.domain.effects import CancelLines
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import Refunded
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

KEY = "cancel:7:1"
ALL_OF_IT = Refunded(Decimal("80.00"), "USD", cancelled=True)


def bought(front: Shopfront, *wanted: tuple[str, int], card: bool = True) -> Order:
    order = checkout(front.store.shop, wanted or [("LAMP-1", 2)])
    if card:
        front.store.shop.pay_by_card(order)
    return order


def cancel(order: Order, *units: int, key: str = KEY) -> CancelLines:
    """Units of the order's lines in their turn, all of them where nothing is said."""
    lines = zip(order.lines, units or [line.quantity for line in order.lines], strict=True)
    wanted = tuple((str(line.id), count) for line, count in lines if count)
    return CancelLines(key, str(order.id), str(order.id), wanted, "Not shipped in time")


def test_the_whole_order_goes_back_and_ends(front: Shopfront) -> None:
    order = bought(front)
    assert front.platform.refund(front.access, cancel(order)) == ALL_OF_IT
    (given,) = order.refunds
    assert (given.amount, given.reason, given.sent) == (Decimal("80.00"), f"Not shipped in time ({KEY})", True)
    assert (given.units, order.status) == ({order.lines[0].id: 2}, "refunded")


def test_the_same_cancellation_again_moves_no_money(front: Shopfront) -> None:
    order = bought(front)
    front.platform.refund(front.access, cancel(order))
    assert front.platform.refund(front.access, cancel(order)) == ALL_OF_IT
    assert len(order.refunds) == 1


def test_a_cancellation_with_a_longer_key_is_another_one(front: Shopfront) -> None:
    order = bought(front, ("LAMP-1", 1), ("CHAIR-1", 1))
    front.platform.refund(front.access, cancel(order, 1, 0, key="cancel:7:11"))
    front.platform.refund(front.access, cancel(order, 0, 1, key="cancel:7:1"))
    assert [given.amount for given in order.refunds] == [Decimal("40.00"), Decimal("129.00")]


def test_a_part_goes_back_and_the_rest_goes_on(front: Shopfront) -> None:
    order = bought(front, ("LAMP-1", 3), ("DESK-1", 1))
    part = front.platform.refund(front.access, cancel(order, 2, 0))
    assert part == Refunded(Decimal("80.00"), "USD", cancelled=False)
    assert order.status == "processing"
    rest = front.platform.refund(front.access, cancel(order, 1, 1, key="cancel:7:2"))
    assert rest == Refunded(Decimal("289.00"), "USD", cancelled=True)


def test_a_part_that_was_given_back_is_no_reason_to_end_the_order_later(front: Shopfront) -> None:
    order = bought(front, ("LAMP-1", 3))
    front.platform.refund(front.access, cancel(order, 2))
    part = Refunded(Decimal("80.00"), "USD", cancelled=False)
    assert front.platform.refund(front.access, cancel(order, 2)) == part
    assert (order.status, len(order.refunds)) == ("processing", 1)


def test_what_has_gone_back_by_hand_does_not_go_again(front: Shopfront) -> None:
    order = bought(front)
    line = order.lines[0]
    front.store.shop.refund(order, Decimal("40.00"), "by hand", [(line, 1, Decimal("40.00"))], restock=True)
    assert front.platform.refund(front.access, cancel(order)).amount == Decimal("40.00")
    assert [given.amount for given in order.refunds] == [Decimal("40.00"), Decimal("40.00")]


def test_an_order_that_nobody_has_paid_is_cancelled_without_a_refund(front: Shopfront) -> None:
    order = bought(front, card=False)
    assert front.platform.refund(front.access, cancel(order)) == Refunded(Decimal(0), "USD", cancelled=True)
    assert (order.refunds, order.status) == ([], "cancelled")


def test_units_of_an_order_that_nobody_has_paid_are_taken_off_it(front: Shopfront) -> None:
    order = bought(front, ("LAMP-1", 1), ("DESK-1", 1), card=False)
    assert front.platform.refund(front.access, cancel(order, 1, 0)).amount == 0
    assert [(given.amount, given.sent) for given in order.refunds] == [(Decimal("40.00"), False)]


def test_a_gateway_that_sends_nothing_back_takes_a_person(front: Shopfront) -> None:
    order = bought(front)
    order.gateway = "bacs"  # paid, by a gateway that knows no refunds
    with pytest.raises(
        NeedsMerchant, match=r"does not support automatic refunds.*order is cancelled.*Give 80\.00 USD"
    ):
        front.platform.refund(front.access, cancel(order))
    assert (order.refunds, order.status) == ([], "cancelled")


def test_an_order_that_has_shipped_meanwhile_is_left_alone(front: Shopfront) -> None:
    order = bought(front)
    front.store.shop.set_status(order, "completed")
    with pytest.raises(Terminal, match="nothing was cancelled or given back"):
        front.platform.refund(front.access, cancel(order))
    assert (order.refunds, order.status) == ([], "completed")


def test_a_refund_that_the_gateway_has_not_confirmed_is_not_made_twice(front: Shopfront) -> None:
    order = bought(front)
    line = order.lines[0]
    front.store.shop.refund(order, Decimal("80.00"), f"… ({KEY})", [(line, 2, Decimal("80.00"))], restock=True)
    with pytest.raises(Retryable, match="does not say"):
        front.platform.refund(front.access, cancel(order))
    assert len(order.refunds) == 1


def taxed(**changed: Any) -> dict[str, Any]:
    """Three of one thing at 10.00 in all, taxed by 1.90 that the store has not rounded, and 4.90 for shipping."""
    tax = [{"id": 3, "total": "1.9000", "subtotal": "1.9000"}]
    line = {"id": 11, "quantity": 3, "total": "10.00", "taxes": tax, "name": "Lamp"}
    other = {"id": 12, "quantity": 1, "total": "5.00", "taxes": [], "name": "Shade"}
    shipping = {"id": 13, "total": "4.90", "taxes": [{"id": 3, "total": "0.931"}]}
    order = {"id": 7, "status": "processing", "currency": "EUR", "total": "22.73", "line_items": [line, other]}
    return order | {"date_paid_gmt": "2026-11-23T07:16:22", "shipping_lines": [shipping], "fee_lines": []} | changed


def asked(talking: Talking, scripted: Scripted, *lines: tuple[str, int]) -> dict[str, Any]:
    """The refund that a store is asked for."""
    scripted.says("orders/7", taxed())
    scripted.says("orders/7/refunds", [])
    scripted.says("orders/7/refunds", {"id": 20})
    platform, access = talking
    platform.refund(access, CancelLines(KEY, "7", "7", lines, "Not shipped in time"))
    (sent,) = [one for one in scripted.seen if one.method == "POST"]
    found: dict[str, Any] = json.loads(sent.get_data())
    return found


def test_a_part_is_worth_its_share_of_price_and_tax_to_the_cent(talking: Talking, scripted: Scripted) -> None:
    assert asked(talking, scripted, ("11", 2)) == {
        "amount": "7.94",
        "reason": f"Not shipped in time ({KEY})",
        "api_refund": True,
        "line_items": [
            {
                "id": 11,
                "quantity": 2,
                "refund_total": "6.67",
                "refund_tax": [{"id": 3, "refund_total": "1.27"}],
            }
        ],
    }
    assert [one.method for one in scripted.seen].count("PUT") == 0


def test_all_of_it_is_worth_what_was_paid_with_the_shipping(talking: Talking, scripted: Scripted) -> None:
    sent = asked(talking, scripted, ("11", 3), ("12", 1))
    assert sent["amount"] == "22.73"
    assert [(one["id"], one["refund_total"]) for one in sent["line_items"]] == [
        (11, "10.00"),
        (12, "5.00"),
        (13, "4.90"),
    ]
    assert sent["line_items"][2]["refund_tax"] == [{"id": 3, "refund_total": "0.93"}]
    (ended,) = [one for one in scripted.seen if one.method == "PUT"]
    assert json.loads(ended.get_data()) == {"status": "cancelled"}


def test_the_last_units_take_the_cents_that_are_left(talking: Talking, scripted: Scripted) -> None:
    back = {
        "id": 30,
        "amount": "7.94",
        "reason": "by hand",
        "line_items": [
            {
                "id": 31,
                "quantity": -2,
                "total": "-6.67",
                "taxes": [{"id": 3, "total": "-1.27"}],
                "meta_data": [{"key": "_refunded_item_id", "value": "11"}],
            }
        ],
    }
    scripted.says("orders/7", taxed())
    scripted.says("orders/7/refunds", [back])
    scripted.says("orders/7/refunds", {"id": 40})
    platform, access = talking
    done = platform.refund(access, CancelLines(KEY, "7", "7", (("11", 1),), "Not shipped in time"))
    assert done == Refunded(Decimal("3.96"), "EUR", cancelled=False)
