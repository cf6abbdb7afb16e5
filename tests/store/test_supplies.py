"""What suppliers say is coming finds its stocks; a SKU that finds none, or two, is a problem until it does."""

from datetime import date

import pytest
import sqlalchemy as sa

from connector.domain.allocation import Lot
from connector.domain.facts import ItemGone, Receipt, SupplyRow
from connector.pipeline.connector import Connector
from connector.store import plans, problems, supplies
from connector.store.engine import Tx
from connector.store.fold import fold
from connector.store.shops import Shop
from connector.store.tables import plans as plan_table
from connector.store.tables import supply as table
from tests.conftest import NOW, open_shop
from tests.store.dating import AS_SAID
from tests.store.given import at, item, read, supply

SOON, LATER = date(2026, 12, 1), date(2027, 1, 15)


def row(name: str = "A", quantity: int = 5, expected: date | None = SOON, reference: str = "PO-1") -> SupplyRow:
    """A row about the SKU of an item."""
    return SupplyRow(f"SKU-{name}", quantity, expected, reference)


def lots(tx: Tx, shop: Shop, stock: str = "A") -> tuple[Lot, ...]:
    """The lots of a stock."""
    return plans.load(tx, shop.id, [stock], AS_SAID)[0].lots


def unmatched(tx: Tx, shop: Shop) -> list[str]:
    """The SKUs that are problems."""
    lost = tx.scalars(sa.select(table.c.sku).where(table.c.store == shop.id, table.c.stock.is_(None)).distinct())
    told = {one.kind for one in problems.open_problems(tx, shop.id)} & {"unmatched_sku", "ambiguous_sku"}
    found = sorted(lost)
    assert bool(found) == bool(told)
    return found


def clean(tx: Tx) -> None:
    """As if all that is dirty had been planned."""
    tx.execute(plan_table.update().values(dirty=False))


def test_a_suppliers_rows_become_the_lots_of_their_stock(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B")], NOW)
        clean(tx)
        assert supplies.fold_supply(tx, shop.id, supply(row(), row("A", 2, LATER, "PO-2")), NOW) == 1
        first, second = Lot("acme/PO-1", 5, SOON, earliest=SOON), Lot("acme/PO-2", 2, LATER, earliest=LATER)
        assert lots(tx, shop) == (first, second)
        assert lots(tx, shop, "B") == ()
        assert plans.dirty_stocks(tx, shop.id, 9) == ("A",)


def test_saying_the_same_again_marks_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A"), row("B")), NOW)
        clean(tx)
        assert supplies.fold_supply(tx, shop.id, supply(row("B"), row("A")), NOW) == 0
        assert plans.dirty_stocks(tx, shop.id, 9) == ()


def test_only_what_is_different_is_marked(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B"), item("C")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A"), row("B"), row("C")), NOW)
        clean(tx)
        assert supplies.fold_supply(tx, shop.id, supply(row("A"), row("B", expected=LATER)), NOW) == 2
        assert plans.dirty_stocks(tx, shop.id, 9) == ("B", "C")
        assert lots(tx, shop, "C") == ()


def test_what_another_supplier_said_stays(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row(), supplier="zeta"), NOW)
        supplies.fold_supply(tx, shop.id, supply(row(quantity=1)), NOW)
        supplies.fold_supply(tx, shop.id, supply(), NOW)
        assert lots(tx, shop) == (Lot("zeta/PO-1", 5, SOON, earliest=SOON),)


def test_what_is_said_is_remembered_as_it_was_said(connector: Connector, shop: Shop) -> None:
    said = (row("B"), row("A", 2, None, ""), row("A"))
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(*said), NOW)
        assert supplies.rows_of(tx, shop.id, "acme") == said
        assert supplies.rows_of(tx, shop.id, "zeta") == ()


def test_a_sku_that_no_product_has_is_a_problem_until_one_has_it(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(row("A"), row("B")), NOW)
        assert [(one.subject, one.text) for one in problems.open_problems(tx, shop.id)] == [
            (
                "acme",
                "acme names 2 SKUs that no product of the store has: SKU-A, SKU-B."
                " What is said of them counts for nothing until a product has them.",
            ),
        ]
        fold(tx, shop.id, [item("A")], NOW)
        assert unmatched(tx, shop) == ["SKU-B"]
        assert lots(tx, shop) == (Lot("acme/PO-1", 5, SOON, earliest=SOON),)


def test_a_sku_that_is_said_no_more_is_no_problem_any_more(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(row("A"), row("B")), NOW)
        supplies.fold_supply(tx, shop.id, supply(row("B")), NOW)
        assert unmatched(tx, shop) == ["SKU-B"]


def test_a_sku_that_two_stocks_have_is_a_problem_until_one_gives_it_up(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        clean(tx)
        fold(tx, shop.id, [item("B", sku="SKU-A")], NOW)
        assert unmatched(tx, shop) == ["SKU-A"]
        assert lots(tx, shop) == ()
        assert plans.dirty_stocks(tx, shop.id, 9) == ("A", "B")
        fold(tx, shop.id, [item("B", sku="SKU-B", seen=1)], NOW)
        assert unmatched(tx, shop) == []
        assert lots(tx, shop) == (Lot("acme/PO-1", 5, SOON, earliest=SOON),)


def test_of_very_many_skus_some_are_named_in_one_row_that_is_counted_when_it_changes(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(*(row(f"{number:04d}") for number in range(1200))), NOW)
        fold(tx, shop.id, [item("Z")], NOW)
        ((text, times),) = ((one.text, one.times) for one in problems.open_problems(tx, shop.id))
        assert text.startswith(
            "acme names 1,200 SKUs that no product of the store has:"
            " SKU-0000, SKU-0001, SKU-0002, SKU-0003, SKU-0004 and 1,195 more. "
        )
        assert times == 1
        fold(tx, shop.id, [item("0000")], NOW)
        ((text, times),) = ((one.text, one.times) for one in problems.open_problems(tx, shop.id))
        assert text.startswith("acme names 1,199 SKUs")
        assert times == 2


def test_a_sku_of_a_draft_and_of_a_product_on_sale_means_the_one_on_sale(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B", sku="SKU-A", on_sale=False)], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        assert unmatched(tx, shop) == []
        assert lots(tx, shop, "A") == (Lot("acme/PO-1", 5, SOON, earliest=SOON),)
        assert lots(tx, shop, "B") == ()


def test_a_sku_that_only_a_draft_has_means_the_draft(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("B", sku="SKU-A", on_sale=False)], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        assert unmatched(tx, shop) == []


def test_products_that_share_a_sku_are_named_with_what_follows(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B", sku="SKU-A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        assert [(one.kind, one.subject, one.text) for one in problems.open_problems(tx, shop.id)] == [
            (
                "ambiguous_sku",
                "acme",
                "acme names 1 SKU that more than one product of the store has: SKU-A is Thing A (A) and Thing B (B)."
                " Their supply counts for none of these products, so no date is promised from it,"
                " until only one of them on sale has the SKU.",
            )
        ]


def test_one_of_two_that_is_gone_leaves_the_sku_to_the_other(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A"), item("B", sku="SKU-A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        assert unmatched(tx, shop) == ["SKU-A"]
        fold(tx, shop.id, [ItemGone("B", at(1))], NOW)
        assert unmatched(tx, shop) == []
        assert len(lots(tx, shop)) == 1


def test_two_items_of_one_stock_with_one_sku_are_no_problem(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("S", sku="X", stock="P"), item("L", sku="X", stock="P")], NOW)
        supplies.fold_supply(tx, shop.id, supply(SupplyRow("X", 5, SOON, "PO-1")), NOW)
        assert unmatched(tx, shop) == []
        assert lots(tx, shop, "P") == (Lot("acme/PO-1", 5, SOON, earliest=SOON),)


def test_a_sku_that_is_renamed_takes_its_supply_away(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row("A")), NOW)
        clean(tx)
        fold(tx, shop.id, [item("A", sku="NEW", seen=1)], NOW)
        assert lots(tx, shop) == ()
        assert unmatched(tx, shop) == ["SKU-A"]
        assert plans.dirty_stocks(tx, shop.id, 9) == ("A",)


def test_a_receipt_takes_its_units_off_what_is_to_come(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row(), row(reference="PO-2")), NOW)
        clean(tx)
        assert supplies.fold_receipt(tx, shop.id, Receipt("PO-1", "SKU-A", 2, NOW), NOW.date()) == 2
        assert [(lot.id, lot.quantity) for lot in lots(tx, shop)] == [("acme/PO-1", 3), ("acme/PO-2", 5)]
        assert plans.dirty_stocks(tx, shop.id, 9) == ("A",)


def test_a_receipt_that_is_larger_than_its_reference_takes_what_is_there(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        fold(tx, shop.id, [item("A")], NOW)
        supplies.fold_supply(tx, shop.id, supply(row(), row(reference="PO-2")), NOW)
        assert supplies.fold_receipt(tx, shop.id, Receipt("PO-1", "SKU-A", 99, NOW), NOW.date()) == 5
        assert [(lot.id, lot.quantity) for lot in lots(tx, shop)] == [("acme/PO-2", 5)]
        assert supplies.fold_receipt(tx, shop.id, Receipt("PO-1", "SKU-A", 1, NOW), NOW.date()) == 0


def test_of_one_reference_the_earliest_rows_come_first(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(row(expected=None), row(expected=LATER), row(expected=SOON)), NOW)
        assert supplies.fold_receipt(tx, shop.id, Receipt("PO-1", "SKU-A", 7, NOW), NOW.date()) == 7
        assert read(tx, table, "expected", "quantity") == [(LATER, 3), (None, 5)]


@pytest.mark.parametrize("receipt", [Receipt("PO-9", "SKU-A", 1, NOW), Receipt("PO-1", "SKU-B", 1, NOW)])
def test_goods_that_nobody_announced_take_nothing(connector: Connector, shop: Shop, receipt: Receipt) -> None:
    with connector.db.begin() as tx:
        supplies.fold_supply(tx, shop.id, supply(row()), NOW)
        assert supplies.fold_receipt(tx, shop.id, receipt, NOW.date()) == 0
        assert read(tx, table, "quantity") == [5]


def test_two_stores_may_have_the_same_supplier(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            fold(tx, one.id, [item("A")], NOW)
            supplies.fold_supply(tx, one.id, supply(row()), NOW)
        supplies.fold_receipt(tx, shop.id, Receipt("PO-1", "SKU-A", 5, NOW), NOW.date())
        assert lots(tx, shop) == ()
        assert len(lots(tx, other)) == 1
