"""Reading a store in pages: complete, resumable, and not misled by what changes meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.woocommerce.block import placed
from adapters.woocommerce.practice.model import Order, Product
from connector.domain.errors import Unreadable
from connector.domain.facts import Fact, ItemGone, ItemSnapshot, OrderSnapshot, OrderState, Refetch, StockLevel
from connector.ports import Page
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def read_all(ask: Callable[[str | None], Page]) -> tuple[list[Fact], list[Page]]:
    """All pages, each asked for with the cursor of the one before."""
    pages = [ask(None)]
    while pages[-1].cursor is not None:
        pages.append(ask(pages[-1].cursor))
        assert len(pages) < 50
    return [fact for page in pages for fact in page.facts], pages


def many_orders(front: Shopfront, count: int, apart: timedelta) -> list[Order]:
    """Open orders, one after the other."""
    made = []
    for number in range(count):
        order = front.store.checkout("CHAIR-1", 1)
        order.created = order.modified = BEGAN + apart * number
        made.append(order)
    return made


def ids(facts: list[Fact]) -> list[str]:
    return [fact.order for fact in facts if isinstance(fact, OrderSnapshot)]


def test_all_open_orders_are_read_in_pages(front: Shopfront) -> None:
    made = many_orders(front, 230, timedelta(minutes=1))
    front.store.ship(made[3])
    front.store.cancel(made[4])
    facts, pages = read_all(lambda cursor: front.platform.orders(front.access, cursor))
    expected = [str(order.id) for order in made if order not in (made[3], made[4])]
    assert list(dict.fromkeys(ids(facts))) == expected
    assert [len(page.facts) for page in pages] == [100, 100, 30]
    assert [page.total for page in pages] == [228, 228, 228]


def test_an_order_that_leaves_the_list_meanwhile_hides_no_other(front: Shopfront) -> None:
    made = many_orders(front, 150, timedelta(minutes=1))
    first = front.platform.orders(front.access, None)
    for order in made[:60]:
        front.store.ship(order)
    rest = front.platform.orders(front.access, first.cursor)
    assert set(ids([*first.facts, *rest.facts])) == {str(order.id) for order in made}


def test_many_orders_of_one_second_are_all_read(front: Shopfront) -> None:
    made = many_orders(front, 250, timedelta(0))
    facts, _ = read_all(lambda cursor: front.platform.orders(front.access, cursor))
    assert set(ids(facts)) == {str(order.id) for order in made}


def test_only_orders_changed_since_are_read_whatever_their_state(front: Shopfront) -> None:
    made = many_orders(front, 6, timedelta(hours=1))
    front.store.shop.set_status(made[0], "completed")
    front.store.shop.delete_order(made[1].id, force=False)
    made[0].modified, made[1].modified = BEGAN + timedelta(hours=7), BEGAN + timedelta(hours=8)
    facts, pages = read_all(
        lambda cursor: front.platform.orders(front.access, cursor, None if cursor else BEGAN + timedelta(hours=3))
    )
    found = [(fact.order, fact.state) for fact in facts if isinstance(fact, OrderSnapshot)]
    assert found == [
        (str(made[4].id), OrderState.OPEN),
        (str(made[5].id), OrderState.OPEN),
        (str(made[0].id), OrderState.COMPLETED),
        (str(made[1].id), OrderState.GONE),
    ]
    assert len(pages) == 2


def test_an_order_changed_while_changes_are_read_is_read_again_and_hides_no_other(front: Shopfront) -> None:
    made = many_orders(front, 150, timedelta(minutes=1))
    since = BEGAN - timedelta(minutes=1)
    first = front.platform.orders(front.access, None, since)
    for order in made[:60]:
        front.store.shop.set_status(order, "on-hold")
    facts, _ = read_all(lambda cursor: front.platform.orders(front.access, cursor or first.cursor, since))
    assert set(ids([*first.facts, *facts])) == {str(order.id) for order in made}
    assert set(ids(facts)) >= {str(order.id) for order in made[:60]}


def test_since_is_taken_as_the_moment_it_is_whatever_its_zone(talking: Talking, scripted: Scripted) -> None:
    scripted.says("orders", [])
    platform, access = talking
    platform.orders(access, None, datetime.fromisoformat("2026-03-01T10:00:00+02:00"))
    asked = scripted.seen[0].args
    assert (asked["modified_after"], asked["dates_are_gmt"], asked["orderby"]) == (
        "2026-03-01T08:00:00",
        "true",
        "modified",
    )


def test_an_orders_refunds_are_taken_off_its_lines(front: Shopfront) -> None:
    order = front.store.checkout("LAMP-1", 3)
    line = order.lines[0]
    front.store.shop.refund(order, line.price, "", [(line, 1, line.price)], restock=True)
    page = front.platform.orders(front.access, None)
    (fact,) = page.facts
    assert isinstance(fact, OrderSnapshot)
    assert [(found.quantity, found.taken) for found in fact.lines] == [(2, 2)]
    assert front.platform.fetch(front.access, Refetch("order", str(order.id))) == (fact,)


def test_units_refunded_without_going_back_are_taken_no_more(front: Shopfront) -> None:
    order = front.store.checkout("LAMP-1", 3)
    line = order.lines[0]
    front.store.shop.refund(order, line.price, "", [(line, 1, line.price)], restock=False)
    (fact,) = front.platform.fetch(front.access, Refetch("order", str(order.id)))
    assert isinstance(fact, OrderSnapshot)
    assert [(found.quantity, found.taken) for found in fact.lines] == [(2, 2)]
    assert line.reduced == 3


def test_orders_in_a_plugins_status_are_open_ones(talking: Talking, scripted: Scripted) -> None:
    slugs = [
        "pending",
        "processing",
        "on-hold",
        "completed",
        "cancelled",
        "refunded",
        "failed",
        "checkout-draft",
        "packing",
    ]
    scripted.says("orders/statuses", [{"slug": slug, "name": slug} for slug in slugs])
    scripted.says("orders", [])
    platform, access = talking
    assert platform.orders(access, None) == Page((), None)
    assert scripted.seen[-1].args["status"] == "pending,processing,on-hold,packing"


def test_a_store_that_does_not_tell_its_statuses_is_asked_for_the_usual_ones(
    talking: Talking, scripted: Scripted
) -> None:
    scripted.says("orders/statuses", {"code": "rest_no_route", "message": "No route"}, 404)
    scripted.says("orders", [])
    platform, access = talking
    platform.orders(access, None)
    assert scripted.seen[-1].args["status"] == "pending,processing,on-hold"


def good_order(known_as: int, **more: object) -> dict[str, object]:
    return {
        "id": known_as,
        "status": "processing",
        "number": str(known_as),
        "date_created_gmt": "2026-03-01T09:00:00",
        "line_items": [],
        **more,
    }


def good_product(known_as: int, **more: object) -> dict[str, object]:
    return {
        "id": known_as,
        "type": "simple",
        "manage_stock": True,
        "stock_status": "instock",
        "date_created_gmt": "2026-03-01T09:00:00",
        **more,
    }


def test_one_order_that_cannot_be_read_is_never_left_out_in_silence_and_leaves_the_others(
    talking: Talking, scripted: Scripted
) -> None:
    scripted.says("orders/statuses", [])
    scripted.says("orders", [good_order(1), {"id": 2, "status": "processing"}, "?", good_order(4)])
    platform, access = talking
    page = platform.orders(access, None)
    assert ids(list(page.facts)) == ["1", "4"]
    assert [(one.id, one.reason.partition(":")[0]) for one in page.unusable] == [
        ("2", "not the JSON that WooCommerce sends"),
        ("", "not the JSON that WooCommerce sends"),
    ]
    assert page.read == 4


def test_an_order_whose_refunds_cannot_be_read_leaves_the_others(talking: Talking, scripted: Scripted) -> None:
    scripted.says("orders/statuses", [])
    scripted.says("orders", [good_order(1, refunds=[{"id": 9}]), good_order(2)])
    scripted.says("orders/1/refunds", [{"id": 9, "line_items": "none"}])
    platform, access = talking
    page = platform.orders(access, None)
    assert (ids(list(page.facts)), [one.id for one in page.unusable]) == (["2"], ["1"])


def test_products_with_absurd_figures_or_texts_leave_the_others(talking: Talking, scripted: Scripted) -> None:
    rows = [
        good_product(1, name="La\x00mp \ud800 \U0001f4a1"),
        good_product(2, price="1e30"),
        good_product(3, price="NaN"),
        good_product(4, stock_quantity=10**300),
        good_product(5, name=None),
        good_product(6, price=float("nan")),
        good_product(10**300),
    ]
    scripted.says("products", rows)
    platform, access = talking
    page = platform.items(access, None)
    titles = {fact.item: fact.title for fact in page.facts if isinstance(fact, ItemSnapshot)}
    assert titles == {"1": "La\x00mp \ufffd \U0001f4a1".replace("\ufffd", "?"), "3": "", "6": ""}
    assert [one.id for one in page.unusable] == ["2", "4", "5", ""]
    assert page.unusable[0].reason == "product 2: the price is too large"


def test_one_bad_variation_leaves_its_siblings(talking: Talking, scripted: Scripted) -> None:
    scripted.says("products", [good_product(1, type="variable", manage_stock=False), good_product(2)])
    scripted.says("products/1/variations", [good_product(11, type="variation"), {"id": 12}])
    platform, access = talking
    page = platform.items(access, None)
    assert items(list(page.facts)) == {"11", "2"}
    assert [one.id for one in page.unusable] == ["12"]
    assert page.read == 2


def test_a_page_whose_last_row_is_bad_is_followed_by_the_next(talking: Talking, scripted: Scripted) -> None:
    whole = [good_product(number, date_created_gmt=f"2026-03-01T09:{number % 60:02}:00") for number in range(99)]
    scripted.says("products", [*whole, {"id": 99}])
    scripted.says("products", [good_product(100)])
    platform, access = talking
    facts, pages = read_all(lambda cursor: platform.items(access, cursor))
    assert "100" in items(facts)
    assert scripted.seen[1].args["after"] == "2026-03-01T09:37:59"
    assert [page.read for page in pages] == [100, 1]


def shelf(front: Shopfront, count: int, sizes: int) -> list[Product]:
    """New products, with so many variations each."""
    shop, lamp = front.store.shop, front.store.shop.by_sku("LAMP-1")
    made = []
    for number in range(count):
        at = BEGAN + timedelta(minutes=number)
        product = Product(shop.next_id(), f"P-{number}", f"Product {number}", lamp.price, at, at)
        product.variable, product.stock = sizes > 0, None if sizes else 1
        shop.add_product(product)
        made.append(product)
        for size in range(sizes):
            variation = Product(shop.next_id(), f"P-{number}-{size}", "x", lamp.price, at, at, stock=size)
            variation.parent, variation.option = product.id, ("Size", str(size))
            shop.add_product(variation)
    return made


def items(facts: list[Fact]) -> set[str]:
    return {fact.item for fact in facts if isinstance(fact, ItemSnapshot)}


def test_all_products_are_read_in_pages_with_their_stock(front: Shopfront) -> None:
    made = shelf(front, 120, 0)
    facts, pages = read_all(lambda cursor: front.platform.items(front.access, cursor))
    assert items(facts) >= {str(product.id) for product in made}
    levels = {fact.stock for fact in facts if isinstance(fact, StockLevel)}
    assert levels >= {str(product.id) for product in made}
    assert [page.total for page in pages] == [127, 127]


def test_many_products_with_variations_do_not_make_one_endless_page(front: Shopfront) -> None:
    made = shelf(front, 60, 2)
    variations = [one for parent in made for one in front.store.shop.variations(parent.id)]
    facts, pages = read_all(lambda cursor: front.platform.items(front.access, cursor))
    assert items(facts) >= {str(variation.id) for variation in variations}
    assert not items(facts) & {str(parent.id) for parent in made}
    assert len(pages) == 3


def test_more_variations_than_a_page_holds_are_all_read(front: Shopfront) -> None:
    (made,) = shelf(front, 1, 130)
    facts, _ = read_all(lambda cursor: front.platform.items(front.access, cursor))
    assert items(facts) >= {str(variation.id) for variation in front.store.shop.variations(made.id)}


def test_the_seeded_shelves_are_read_as_what_they_are(front: Shopfront) -> None:
    facts, _ = read_all(lambda cursor: front.platform.items(front.access, cursor))
    found = {fact.sku: fact for fact in facts if isinstance(fact, ItemSnapshot)}
    levels = {fact.stock: fact.available for fact in facts if isinstance(fact, StockLevel)}
    shirt = found["SHIRT"]
    assert "JACKET" not in found
    assert (shirt.stock_only, shirt.on_sale, levels[shirt.item]) == (True, False, 2)
    assert (found["SHIRT-S"].stock, found["SHIRT-M"].stock) == (shirt.item, shirt.item)
    assert found["SHIRT-S"].title == "Linen Shirt - Small"
    assert found["JACKET-L"].parent == str(front.store.shop.by_sku("JACKET").id)
    assert (found["KETTLE-1"].tracked, found["KETTLE-1"].on_backorder) == (False, True)
    assert (found["DESK-1"].sells_beyond, found["CHAIR-1"].sells_beyond) == (False, True)
    assert levels[found["LAMP-1"].item] == 1
    assert found["KETTLE-1"].item not in levels


def test_one_item_is_fetched_as_the_pages_show_it(front: Shopfront) -> None:
    facts, _ = read_all(lambda cursor: front.platform.items(front.access, cursor))
    for sku in ("LAMP-1", "JACKET-M", "SHIRT-S", "SHIRT", "KETTLE-1"):
        product = front.store.shop.by_sku(sku)
        item = next(fact for fact in facts if isinstance(fact, ItemSnapshot) and fact.sku == sku)
        fetched = front.platform.fetch(front.access, Refetch("item", str(product.id)))[0]
        assert isinstance(fetched, ItemSnapshot)
        names = ("item", "sku", "title", "stock", "parent", "tracked", "sells_beyond", "on_sale", "stock_only", "url")
        assert [getattr(fetched, name) for name in names] == [getattr(item, name) for name in names]
        assert (fetched.price, fetched.seen_at) == (item.price, item.seen_at)


def test_an_item_in_the_trash_or_deleted_is_gone(front: Shopfront) -> None:
    lamp, desk = front.store.shop.by_sku("LAMP-1"), front.store.shop.by_sku("DESK-1")
    front.store.shop.delete_product(lamp.id, force=False)
    front.store.shop.delete_product(desk.id, force=True)
    for product in (lamp, desk):
        (gone,) = front.platform.fetch(front.access, Refetch("item", str(product.id)))
        assert isinstance(gone, ItemGone)
        assert gone.item == str(product.id)


def test_a_cursor_that_is_none_of_ours_is_refused(front: Shopfront) -> None:
    with pytest.raises(Unreadable):
        front.platform.items(front.access, "page 2")


def test_what_is_deleted_for_good_or_in_the_trash_is_listed_no_more(front: Shopfront) -> None:
    made = many_orders(front, 103, timedelta(minutes=1))
    front.store.ship(made[0])
    front.store.shop.delete_order(made[1].id, force=True)
    front.store.shop.delete_order(made[102].id, force=False)
    asked = [str(order.id) for order in made]
    assert front.platform.missing(front.access, asked) == {asked[1], asked[102]}
    assert front.platform.missing(front.access, []) == frozenset()


def test_a_reading_tells_whether_the_notice_is_there(front: Shopfront) -> None:
    lamp, jacket, desk = (front.store.shop.by_sku(sku) for sku in ("LAMP-1", "JACKET-S", "DESK-1"))
    lamp.short_description = placed("Mine", "Ships by 1 June.")
    jacket.description = placed("", "Ships by 1 June.")
    facts, _ = read_all(lambda cursor: front.platform.items(front.access, cursor))
    for known in (facts, [one for p in (lamp, jacket, desk) for one in _fetched(front, p)]):
        found = {one.item: (one.block_shown, one.block_wanted) for one in known if isinstance(one, ItemSnapshot)}
        assert [found[str(product.id)] for product in (lamp, jacket, desk)] == [
            (True, True),
            (True, True),
            (False, True),
        ]


def _fetched(front: Shopfront, product: Product) -> tuple[Fact, ...]:
    return front.platform.fetch(front.access, Refetch("item", str(product.id)))


def test_where_the_plugin_shows_notices_none_is_to_be_in_the_texts(talking: Talking, scripted: Scripted) -> None:
    marked = good_product(1, short_description=placed("", "Soon."))
    odd = good_product(3, short_description=None)
    scripted.says(
        "products", [marked, good_product(2, type="variable", manage_stock=False), odd], X_Backorder_Notices="1"
    )
    scripted.says(
        "products/2/variations",
        [good_product(21, type="variation", parent_id=2, description="")],
        X_Backorder_Notices="1",
    )
    platform, access = talking
    page = platform.items(access, None)
    found = {one.item: (one.block_shown, one.block_wanted) for one in page.facts if isinstance(one, ItemSnapshot)}
    assert found == {"1": (True, False), "21": (False, False), "3": (None, True)}


@pytest.mark.parametrize(("method", "payment"), [("cod", "on_delivery"), ("bacs", ""), (None, "")])
def test_an_order_that_is_paid_on_delivery_is_known_as_such(
    method: str | None, payment: str, talking: Talking, scripted: Scripted
) -> None:
    platform, access = talking
    shown = {"id": 7, "status": "processing", "number": "7", "date_created_gmt": "2026-11-23T07:16:22"}
    scripted.says("orders/7", shown | {"line_items": [], "payment_method": method})
    (fact,) = platform.fetch(access, Refetch("order", "7"))
    assert isinstance(fact, OrderSnapshot)
    assert fact.payment == payment
