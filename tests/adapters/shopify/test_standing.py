"""Where an order stands, by what was paid, shipped, cancelled and archived."""

import pytest

from adapters.shopify.standing import Standing, settled, state_of
from connector.domain.facts import Line, OrderState


def standing(
    payment: str = "paid",
    fulfilment: str = "",
    *,
    cancelled: bool = False,
    closed: bool = False,
    on_credit: bool = False,
) -> Standing:
    return Standing(cancelled, closed, payment, fulfilment, on_credit)


def line(quantity: int, shipped: int = 0) -> Line:
    return Line("11", "501", "LAMP-1", "Reading Lamp", quantity, shipped, quantity - shipped)


WAITING, PARTED, WENT, NOTHING = line(3), line(3, 1), line(3, 3), line(0)


@pytest.mark.parametrize(
    ("told", "lines", "state"),
    [
        (standing("paid"), [WAITING], OrderState.OPEN),
        (standing("authorized"), [WAITING], OrderState.OPEN),
        (standing("partially_paid"), [WAITING], OrderState.OPEN),
        (standing("partially_refunded"), [WAITING], OrderState.OPEN),
        (standing("expired"), [WAITING], OrderState.OPEN),
        (standing(""), [WAITING], OrderState.OPEN),
        (standing("pending"), [WAITING], OrderState.UNPAID),
        (standing("voided"), [WAITING], OrderState.UNPAID),
        (standing("pending", on_credit=True), [WAITING], OrderState.OPEN),
        (standing("pending", "partial"), [PARTED], OrderState.OPEN),
        (standing("refunded"), [WAITING], OrderState.CANCELLED),
        (standing("refunded"), [NOTHING], OrderState.CANCELLED),
        (standing("refunded", "fulfilled"), [WENT], OrderState.COMPLETED),
        (standing("paid", "fulfilled"), [WENT], OrderState.COMPLETED),
        (standing("paid", "partial"), [WENT, NOTHING], OrderState.COMPLETED),
        (standing("paid", "partial"), [WENT, WAITING], OrderState.OPEN),
        (standing("paid", "fulfillment_not_required"), [WAITING], OrderState.COMPLETED),
        (standing("paid", closed=True), [WAITING], OrderState.OPEN),
        (standing("paid", closed=True), [NOTHING], OrderState.COMPLETED),
        (standing("paid"), [NOTHING], OrderState.OPEN),
        (standing("paid", cancelled=True), [WAITING], OrderState.CANCELLED),
        (standing("pending", cancelled=True), [WAITING], OrderState.CANCELLED),
        (standing("paid", "fulfilled", cancelled=True), [WENT], OrderState.CANCELLED),
    ],
)
def test_an_order_stands_where_its_goods_and_its_money_put_it(
    told: Standing, lines: list[Line], state: OrderState
) -> None:
    assert state_of(told, lines) is state


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.COMPLETED])
def test_an_order_that_is_over_keeps_no_units_from_the_stock(state: OrderState) -> None:
    assert settled([PARTED], state) == (Line("11", "501", "LAMP-1", "Reading Lamp", 3, 1, 0),)


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.UNPAID])
def test_an_order_that_is_not_over_does(state: OrderState) -> None:
    assert settled([PARTED], state) == (PARTED,)
