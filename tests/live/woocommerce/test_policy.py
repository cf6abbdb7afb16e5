"""The backorder policy of a real product follows its supply, and is the merchant's again afterwards."""

from connector.pipeline.remove import remove
from connector.store import shops
from tests.live.woocommerce.conftest import Beside, day
from tests.live.woocommerce.store import Json

MARK = "_backorder_policy"


def has(beside: Beside, product: Json) -> tuple[str, list[str]]:
    """The policy of a product and our note beside it."""
    now = beside.store.rest("GET", f"products/{product['id']}", context="edit")
    return now["backorders"], [entry["value"] for entry in now["meta_data"] if entry["key"] == MARK]


def ruled(beside: Beside) -> None:
    with beside.connector.db.begin() as tx:
        shops.change_settings(tx, beside.connected.store, {"backorder_rule": "stop"})


def test_it_stops_without_supply_goes_on_with_it_and_is_left_as_it_was(beside: Beside) -> None:
    lamp = beside.store.product("lamp", 2, backorders="yes")
    beside.connect()
    ruled(beside)
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    assert has(beside, lamp) == ("yes", [])
    beside.supplier_says((lamp["sku"], 10, "", "PO-1"))
    assert has(beside, lamp) == ("no", ["yes>no"])
    beside.reconcile()
    assert has(beside, lamp) == ("no", ["yes>no"])
    assert remove(beside.connector, beside.connected.store).refused == ()
    assert has(beside, lamp) == ("yes", [])


def test_what_the_merchant_changes_by_hand_stays(beside: Beside) -> None:
    lamp = beside.store.product("lamp", 2, backorders="yes")
    beside.connect()
    ruled(beside)
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    beside.supplier_says((lamp["sku"], 10, "", "PO-1"))
    assert has(beside, lamp) == ("no", ["yes>no"])
    beside.store.rest("PUT", f"products/{lamp['id']}", {"backorders": "notify"})
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    assert has(beside, lamp) == ("notify", [])
