"""What the store never tells, or tells in its own way: the next reading again puts it right."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from connector.store import plans, problems
from connector.store.plans import Totals
from connector.store.tables import items
from tests.live.woocommerce.conftest import Beside, day
from tests.live.woocommerce.store import Json


@pytest.fixture
def waiting(beside: Beside) -> tuple[Json, Json]:
    """A product with one unit on hand, and an order of three."""
    lamp = beside.store.product("lamp", 1)
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    order = beside.store.checkout({lamp["id"]: 3}, "ann@example.com")
    beside.until(totals(beside, 2, 3))
    return lamp, order


def totals(beside: Beside, backordered: int, backlog: int) -> Callable[[], bool]:
    def so() -> bool:
        with beside.connector.db.begin() as tx:
            return plans.totals(tx, beside.connected.store) == Totals(backordered, backlog)

    return so


def test_an_order_that_was_deleted_for_good_is_waited_for_no_more(beside: Beside, waiting: tuple[Json, Json]) -> None:
    _, order = waiting
    beside.store.drop_order(order["id"])
    beside.reconcile()
    assert totals(beside, 0, 0)()


def test_an_order_in_the_trash_is_not_waited_for_until_it_is_taken_out(
    beside: Beside, waiting: tuple[Json, Json]
) -> None:
    _, order = waiting
    beside.store.rest("DELETE", f"orders/{order['id']}")
    beside.until(totals(beside, 0, 0))
    beside.store.rest("PUT", f"orders/{order['id']}", {"status": "processing"})
    beside.reconcile()
    assert totals(beside, 2, 3)()


def test_a_product_that_was_deleted_for_good_is_sold_no_more(beside: Beside, waiting: tuple[Json, Json]) -> None:
    lamp, _ = waiting
    beside.store.rest("DELETE", f"products/{lamp['id']}", force="true")
    beside.store.undo.remove(next(undo for undo in beside.store.undo if lamp["id"] in _holds(undo)))
    beside.reconcile()
    with beside.connector.db.begin() as tx:
        mine = sa.select(items.c.gone, items.c.on_sale).where(items.c.store == beside.connected.store)
        assert tx.execute(mine.where(items.c.item == str(lamp["id"]))).all() == [(True, False)]
        found = {one.kind: one.text for one in problems.open_problems(tx, beside.connected.store)}
    assert lamp["sku"] in found["unmatched_sku"]
    assert totals(beside, 2, 3)()  # who has bought it still waits: that is for the merchant


def _holds(undo: Callable[[], object]) -> list[object]:
    return [cell.cell_contents["id"] for cell in undo.__closure__ or () if isinstance(cell.cell_contents, dict)]


def test_a_webhook_that_the_store_switched_off_is_put_back_and_what_it_missed_is_read(
    beside: Beside, waiting: tuple[Json, Json]
) -> None:
    lamp, _ = waiting
    for hook in beside.hooks():
        beside.store.rest("PUT", f"webhooks/{hook['id']}", {"status": "disabled"})
    beside.store.checkout({lamp["id"]: 2}, "bob@example.com")
    beside.reconcile()
    assert ["active"] * 8 == [hook["status"] for hook in beside.hooks()]
    assert totals(beside, 4, 5)()


def test_an_order_that_is_edited_waits_for_what_it_says_now(beside: Beside, waiting: tuple[Json, Json]) -> None:
    _, order = waiting
    line = order["line_items"][0]["id"]
    beside.store.rest("PUT", f"orders/{order['id']}", {"line_items": [{"id": line, "quantity": 5}]})
    beside.until(totals(beside, 4, 5))


def test_what_was_refunded_is_not_waited_for(beside: Beside, waiting: tuple[Json, Json]) -> None:
    _, order = waiting
    line = order["line_items"][0]
    back = {"api_refund": False, "line_items": [{"id": line["id"], "quantity": 1, "refund_total": 10}]}
    beside.store.rest("POST", f"orders/{order['id']}/refunds", back | {"amount": "10"})
    beside.until(totals(beside, 1, 2))
