"""A real order is split: to the cent, without a mail, once; and for its customer it stays one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from connector.store import plans, shops
from connector.store.ledger import chain
from connector.store.plans import Totals
from tests.live.woocommerce.conftest import Beside, day
from tests.live.woocommerce.store import ADDRESS, Json, RealStore

AMOUNTS = ("total", "total_tax", "cart_tax", "discount_total", "discount_tax", "shipping_total", "shipping_tax")


@pytest.fixture
def split(beside: Beside) -> Callable[..., tuple[Json, Json, Json]]:
    """An order of five lamps, of which two are there, as it was and the two that it has become."""
    store = beside.store
    if not store.has_companion():
        pytest.skip("install and activate the companion plugin (make plugin) in the store")

    def made(**more: Json) -> tuple[Json, Json, Json]:
        lamp, shade = store.product("lamp", 2, regular_price="9.99"), store.product("shade", 5, regular_price="3.33")
        beside.connect()
        with beside.connector.db.begin() as tx:
            shops.change_settings(tx, beside.connected.store, {"split_orders": True, "settle_seconds": 0})
        beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
        lines = [{"product_id": lamp["id"], "quantity": 5}, {"product_id": shade["id"], "quantity": 2}]
        shipping = [{"method_id": "flat_rate", "method_title": "Parcel", "total": "4.99"}]
        body = {"billing": ADDRESS | {"email": "ann@example.com"}, "line_items": lines, "shipping_lines": shipping}
        paid = {"payment_method": "bacs", "transaction_id": "tx-1", "set_paid": True}
        before = store.rest("POST", "orders", body | paid | more)
        store.undo.append(lambda: store.drop_order(before["id"]))
        beside.reconcile()
        beside.reconcile()
        (part,) = store.rest("GET", "orders", parent=before["id"])
        store.undo.append(lambda: store.drop_order(part["id"]))
        return before, store.rest("GET", f"orders/{before['id']}"), part

    return made


@pytest.fixture
def taxed(beside: Beside) -> None:
    """Two taxes, one upon the other, and a coupon."""
    store = beside.store
    was = store.rest("GET", "settings/general/woocommerce_calc_taxes")["value"]
    store.rest("PUT", "settings/general/woocommerce_calc_taxes", {"value": "yes"})
    store.undo.append(lambda: store.rest("PUT", "settings/general/woocommerce_calc_taxes", {"value": was}))
    for rate, compound in (("7.25", False), ("1.5", True)):
        body = {"country": "US", "rate": rate, "name": f"T{rate}", "priority": 1 + compound, "compound": compound}
        _kept(store, "taxes", body)
    _kept(store, "coupons", {"code": "live-ten", "discount_type": "percent", "amount": "10"})


def _kept(store: RealStore, path: str, body: Json) -> None:
    made = store.rest("POST", path, body)
    store.undo.append(lambda: store.rest("DELETE", f"{path}/{made['id']}", force="true"))


def sums(order: Json) -> dict[str, Decimal]:
    """Every amount of an order, of its lines and of each of its taxes."""
    found = {name: Decimal(order[name]) for name in AMOUNTS}
    for name in ("subtotal", "total"):
        found[f"lines {name}"] = sum((Decimal(line[name]) for line in order["line_items"]), Decimal(0))
    for tax in order["tax_lines"]:
        found[f"tax {tax['rate_id']}"] = Decimal(tax["tax_total"])
    found["units"] = Decimal(sum(line["quantity"] for line in order["line_items"]))
    return found


def added(one: dict[str, Decimal], other: dict[str, Decimal]) -> dict[str, Decimal]:
    return {name: one.get(name, Decimal(0)) + other.get(name, Decimal(0)) for name in one | other}


def stocks(store: RealStore, order: Json) -> list[int]:
    items = [line["product_id"] for line in order["line_items"]]
    return [store.rest("GET", f"products/{item}")["stock_quantity"] for item in items]


def totals(beside: Beside) -> Totals:
    with beside.connector.db.begin() as tx:
        return plans.totals(tx, beside.connected.store)


@pytest.mark.usefixtures("taxed")
def test_both_are_together_what_the_one_was(beside: Beside, split: Callable[..., tuple[Json, Json, Json]]) -> None:
    before, whole, part = split(coupon_lines=[{"code": "live-ten"}])
    assert Decimal(before["total_tax"]) > 0
    assert Decimal(before["discount_total"]) > 0
    assert added(sums(whole), sums(part)) == sums(before)
    assert stocks(beside.store, before) == [-3, 3]
    assert [line["quantity"] for line in whole["line_items"]] == [2, 2]
    assert [line["quantity"] for line in part["line_items"]] == [3]
    same = ("status", "date_created_gmt", "date_paid_gmt", "transaction_id", "payment_method", "billing")
    assert {name: part[name] for name in same} == {name: whole[name] for name in same}
    assert part["coupon_lines"] == part["shipping_lines"] == []


def test_the_customer_hears_once_and_waits_once_until_both_have_shipped(
    beside: Beside, split: Callable[..., tuple[Json, Json, Json]]
) -> None:
    before, whole, part = split()
    assert (totals(beside), len(beside.mails("ann@example.com"))) == (Totals(3, 7), 1)
    with beside.connector.db.begin() as tx:
        kinds = [entry.kind for entry in chain(tx, beside.connected.store, str(before["id"]))]
    assert (kinds.count("PromiseMade"), kinds.count("OrderSplit")) == (1, 1)
    beside.store.rest("PUT", f"orders/{whole['id']}", {"status": "completed"})
    beside.reconcile()
    assert (totals(beside), len(beside.mails("ann@example.com"))) == (Totals(3, 3), 1)
    beside.store.rest("PUT", f"orders/{part['id']}", {"status": "completed"})
    beside.reconcile()
    assert totals(beside) == Totals(0, 0)


def test_cancelling_the_part_gives_its_units_back_once(
    beside: Beside, split: Callable[..., tuple[Json, Json, Json]]
) -> None:
    before, _, part = split()
    beside.store.rest("PUT", f"orders/{part['id']}", {"status": "cancelled"})
    beside.reconcile()
    assert (stocks(beside.store, before), totals(beside)) == ([0, 3], Totals(0, 4))


def test_how_a_line_stands_is_kept_on_it_and_costs_nothing(
    beside: Beside, split: Callable[..., tuple[Json, Json, Json]]
) -> None:
    before, whole, part = split()
    (line,) = beside.store.rest("GET", f"orders/{part['id']}")["line_items"]
    kept = {entry["key"]: entry["value"] for entry in line["meta_data"]}
    assert (kept["_backorder_waiting"], kept["_backorder_promise"]) == ("3", day(20))
    assert added(sums(whole), sums(part)) == sums(before)
