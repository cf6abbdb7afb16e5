"""What of an order is shown in the store, and noted for who packs."""

from dataclasses import replace

import pytest

from connector.domain.board import OrderBefore, OrderLine
from connector.domain.effects import NoteOrder, Part, SplitOrder, WriteOrder
from connector.domain.parts import divided, noted, written
from connector.domain.settings import Settings
from tests.domain.plan.given import PLAIN, march, order, told

HERE = replace(told(quantity=2), filled=2)
HALF = replace(told("2", quantity=3, waiting=2, eta=march(20), title="Desk"), filled=1)
UNDATED = replace(told("3", quantity=1, waiting=1, title="Chair"), filled=0)
UNKNOWN = told("4", quantity=1, title="Gift")  # of a thing that the store does not show: neither here nor waiting
SPLITS = Settings(split_orders=True)


def test_an_order_that_waits_shows_how_each_line_stands() -> None:
    assert written(order(HERE, HALF), "waiting", PLAIN) == WriteOrder(
        "1001", (Part("1", 2, 0, None), Part("2", 1, 2, march(20)))
    )


def test_an_order_that_waited_shows_that_it_is_there() -> None:
    assert written(order(HERE), "filled", PLAIN) == WriteOrder("1001", (Part("1", 2, 0, None),))


@pytest.mark.parametrize(
    ("before", "stage", "settings"),
    [
        (order(HERE), "", PLAIN),
        (order(HERE, HALF), "waiting", Settings(write_orders=False)),
        (replace(order(HALF), cancelled=True), "waiting", PLAIN),
        (order(), "filled", PLAIN),
    ],
    ids=["never waited", "not wanted", "cancelled", "shipped"],
)
def test_others_show_nothing(before: OrderBefore, stage: str, settings: Settings) -> None:
    assert written(before, stage, settings) is None


def test_a_part_that_can_ship_is_noted_with_what_waits() -> None:
    note = noted(order(HERE, HALF, UNDATED), PLAIN)
    assert note is not None
    assert note.key.startswith("note:1001:")
    assert note == NoteOrder(
        note.key,
        "1001",
        "#1001",
        "Ready to ship: 2 × Lamp, 1 × Desk. Waiting: 2 × Desk (expected by 20 March 2026), 1 × Chair (no date yet).",
    )


def test_other_units_and_other_dates_are_another_note_and_the_same_are_the_same() -> None:
    later, fewer = replace(HALF, eta=march(27)), replace(HERE, filled=1)
    kinds = ((HERE, HALF), (HERE, later), (fewer, HALF), (HERE, HALF))
    keys = [note.key for lines in kinds if (note := noted(order(*lines), PLAIN))]
    assert (len(keys), len(set(keys)), keys[0]) == (4, 3, keys[3])


@pytest.mark.parametrize("lines", [(HERE,), (UNDATED,), ()], ids=["all here", "none here", "shipped"])
def test_what_is_no_part_is_not_noted(lines: tuple[OrderLine, ...]) -> None:
    assert noted(order(*lines), PLAIN) is None


@pytest.mark.parametrize(
    ("apart", "policy", "is_noted"),
    [(None, "yes", True), (None, "no", False), (None, "ask", False), (True, "no", True), (False, "yes", False)],
)
def test_only_what_ships_in_parts_is_noted(apart: bool | None, policy: str, is_noted: bool) -> None:
    before = replace(order(HERE, HALF), apart=apart)
    assert (noted(before, Settings(partial_shipments=policy)) is not None) is is_noted


def test_orders_from_before_us_cancelled_ones_and_whoever_wants_none_get_no_note() -> None:
    assert noted(order(HERE, HALF, silent=True), PLAIN) is None
    assert noted(replace(order(HERE, HALF), cancelled=True), PLAIN) is None
    assert noted(order(HERE, HALF), Settings(order_notes=False)) is None


def test_what_waits_becomes_an_order_of_its_own_where_the_merchant_wants_it() -> None:
    before = order(HERE, HALF, UNDATED, UNKNOWN)
    assert divided(before, SPLITS) == SplitOrder("split:1001", "1001", "#1001", (("2", 3, 2), ("3", 1, 1)))


@pytest.mark.parametrize(
    ("before", "settings"),
    [
        (order(HERE, HALF), PLAIN),
        (replace(order(HERE, HALF), divided=True), SPLITS),
        (replace(order(HERE, HALF), authorised="bacs"), SPLITS),
        (replace(order(HERE, HALF), cancelled=True), SPLITS),
        (replace(order(HERE, HALF), apart=False), SPLITS),
        (order(HERE, HALF, silent=True), SPLITS),
        (order(HERE), SPLITS),
        (order(UNDATED), SPLITS),
    ],
    ids=["not wanted", "split", "not paid", "cancelled", "ships together", "before us", "all here", "none here"],
)
def test_no_other_order_is_split(before: OrderBefore, settings: Settings) -> None:
    assert divided(before, settings) is None


def test_an_order_whose_customer_is_asked_is_split_once_the_answer_is_there() -> None:
    asks = Settings(split_orders=True, partial_shipments="ask")
    assert divided(order(HERE, HALF), asks) is None
    assert divided(replace(order(HERE, HALF), apart=True), asks) is not None
