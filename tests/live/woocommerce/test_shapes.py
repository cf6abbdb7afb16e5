"""Products and orders in the shapes that a real store has: variations, long carts, texts that the merchant edits."""

import pytest

from connector.store import plans
from connector.store.plans import Totals
from tests.live.woocommerce.conftest import Beside, day, words

COLOURS = [{"name": "Colour", "options": ["Red", "Blue"], "variation": True, "visible": True}]


def totals(beside: Beside) -> Totals:
    with beside.connector.db.begin() as tx:
        return plans.totals(tx, beside.connected.store)


def test_variations_that_share_their_parents_stock(beside: Beside) -> None:
    store = beside.store
    shade = store.product("shade", 2, type="variable", attributes=COLOURS)
    red, blue = (store.variation(shade["id"], colour) for colour in ("Red", "Blue"))
    beside.connect()
    beside.supplier_says((shade["sku"], 10, day(20), "PO-1"))
    first = store.checkout({red["id"]: 2, blue["id"]: 2}, "ann@example.com")
    beside.until(lambda: totals(beside) == Totals(2, 4))
    assert [f"Your order {first['number']} is on backorder, expected by {words(day(20))}"] == beside.mails(
        "ann@example.com"
    )


def test_variations_with_stock_of_their_own(beside: Beside) -> None:
    store = beside.store
    shade = store.product("shade", 0, type="variable", attributes=COLOURS, manage_stock=False)
    stocked = {"manage_stock": True, "backorders": "notify"}
    red = store.variation(shade["id"], "Red", stock_quantity=1, sku=f"{shade['sku']}-R", **stocked)
    store.variation(shade["id"], "Blue", stock_quantity=5, sku=f"{shade['sku']}-B", **stocked)
    beside.connect()
    beside.supplier_says((red["sku"], 10, day(20), "PO-1"))
    store.checkout({red["id"]: 3}, "ann@example.com")
    said = f"8 units can ship by {words(day(20))}"
    beside.until(lambda: totals(beside) == Totals(2, 3) and said in store.page(shade))


@pytest.mark.usefixtures("without_companion")
def test_a_cart_of_twenty_five(beside: Beside) -> None:
    store = beside.store
    shelf = [store.product(f"lamp {number}", 1) for number in range(25)]
    beside.connect()
    beside.supplier_says(*((one["sku"], 10, day(20), "PO-1") for one in shelf))
    store.checkout({one["id"]: 2 for one in shelf}, "ann@example.com")
    said = f"9 units can ship by {words(day(20))}"
    beside.until(lambda: totals(beside) == Totals(25, 50))
    assert 1 == len(beside.mails("ann@example.com"))
    assert [one["id"] for one in shelf if said not in store.description(one)] == []


@pytest.mark.usefixtures("without_companion")
def test_what_the_merchant_writes_around_our_notice_stays(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 0)
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    now = store.description(lamp)
    assert words(day(20)) in now
    edited = f"<p>New &amp; improved – “bright”.</p>\n{now}\n<p>Ask [us] about it \\o/</p>"
    store.rest("PUT", f"products/{lamp['id']}", {"short_description": edited.replace("\\", "\\\\")})
    beside.supplier_says((lamp["sku"], 10, day(34), "PO-1"))
    assert edited.replace(words(day(20)), words(day(34))) == store.description(lamp)


@pytest.mark.usefixtures("without_companion")
def test_a_product_that_comes_back_from_the_trash_has_its_notice(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 0)
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    store.rest("DELETE", f"products/{lamp['id']}")
    beside.supplier_says((lamp["sku"], 10, day(34), "PO-1"))
    beside.reconcile()
    store.rest("PUT", f"products/{lamp['id']}", {"status": "publish"})
    beside.reconcile()
    assert words(day(34)) in store.description(lamp)
