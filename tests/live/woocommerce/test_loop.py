"""The main job against a real store: a promise on the page and in a mail, a date that moves, an order undone."""

from connector.pipeline.remove import remove
from connector.store import plans
from tests.live.woocommerce.conftest import Beside, day, words


def test_the_whole_loop(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 1)
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    order = store.checkout({lamp["id"]: 3}, "ann@example.com")
    beside.until(lambda: beside.mails("ann@example.com") != [])
    promised = f"Your order {order['number']} is on backorder, expected by {words(day(20))}"
    assert [promised] == beside.mails("ann@example.com")
    assert f"8 units can ship by {words(day(20))}" in store.page(lamp)

    beside.supplier_says((lamp["sku"], 10, day(34), "PO-1"))
    moved = f"Your order {order['number']}: new date {words(day(34))}"
    assert [promised, moved] == beside.mails("ann@example.com")
    assert words(day(34)) in store.page(lamp)
    assert words(day(20)) not in store.page(lamp)

    store.rest("PUT", f"orders/{order['id']}", {"status": "cancelled"})
    beside.until(lambda: backlog(beside) == 0 and words(day(34)) not in store.page(lamp))
    assert [promised, moved] == beside.mails("ann@example.com")[:2]

    store.rest("PUT", f"orders/{order['id']}", {"status": "processing"})
    beside.until(lambda: backlog(beside) == 3 and f"8 units can ship by {words(day(34))}" in store.page(lamp))


def test_the_store_is_left_as_it_was(beside: Beside) -> None:
    store = beside.store
    lamp = store.product("lamp", 0, short_description="<p>Lights up &amp; folds.</p>")
    beside.connect()
    beside.supplier_says((lamp["sku"], 10, day(20), "PO-1"))
    assert "10 units can ship by" in store.page(lamp)
    done = remove(beside.connector, beside.connected.store)
    assert (done.refused, done.webhooks, beside.hooks()) == ((), 8, [])
    after = store.rest("GET", f"products/{lamp['id']}", context="edit")
    assert after["short_description"] == "<p>Lights up &amp; folds.</p>"
    assert [entry["key"] for entry in after["meta_data"] if entry["key"].startswith("_backorder")] == []


def backlog(beside: Beside) -> int:
    with beside.connector.db.begin() as tx:
        return plans.totals(tx, beside.connected.store).backlog
