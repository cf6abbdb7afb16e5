"""Orders at Shopify show how they stand as the app's metafields: in batches, when changed, and nothing else moves."""

import json
from datetime import date

import pytest

from adapters.shopify import Shopify
from adapters.shopify.practice import Order, Shop
from connector.domain.effects import NoteOrder, Part, WriteOrder
from connector.domain.errors import RightWanted
from connector.ports import OrderDesk, StoreAccess, Written

LINK = "https://backorder.example/o/abc"


@pytest.fixture
def desk(shopify: Shopify, shop: Shop) -> OrderDesk:
    shop.scopes.add("write_orders")
    shop.add_product("Lamp", "LAMP", 1, policy="continue")
    assert shopify.desk
    return shopify.desk


@pytest.fixture
def bought(desk: OrderDesk, shop: Shop) -> Order:
    return shop.checkout({"LAMP": 3})


def state(order: Order, ready: int = 1, waiting: int = 2) -> WriteOrder:
    return WriteOrder(str(order.id), (Part(str(order.lines[0].id), ready, waiting, date(2026, 12, 24)),))


def note(order: Order, text: str = "Ready to ship: 1 × Lamp.") -> NoteOrder:
    return NoteOrder("k", str(order.id), order.name, text)


def kept(order: Order) -> dict[str, str]:
    return {key: one.value for key, one in order.metafields.items()}


def writes(shop: Shop) -> list[str]:
    return [name for name, _ in shop.calls if name != "OrdersShown"]


def test_an_order_shows_its_lines_and_the_link_and_nothing_else_moves(
    desk: OrderDesk, access: StoreAccess, bought: Order
) -> None:
    before = (bought.payment, bought.total, bought.lines[0].quantity)
    assert desk.write(access, [(state(bought), LINK)]) == (Written(str(bought.id)),)
    shown = kept(bought)
    lines = {str(bought.lines[0].id): {"waiting": 2, "ready": 1, "eta": "2026-12-24"}}
    assert json.loads(shown.pop("lines")) == lines
    assert shown == {"link": LINK}
    assert (bought.payment, bought.total, bought.lines[0].quantity) == before


def test_what_is_so_already_is_not_written_also_with_a_link_that_is_signed_anew(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    desk.write(access, [(state(bought), LINK)])
    desk.write(access, [(state(bought), f"{LINK}d")])
    assert writes(shop) == ["MetafieldsSet"]
    desk.write(access, [(state(bought, 2, 1), f"{LINK}d")])
    assert kept(bought)["link"] == f"{LINK}d"


def test_many_orders_are_few_calls_and_one_that_is_gone_leaves_the_others(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    others = [shop.checkout({"LAMP": 1}) for _ in range(24)]
    shop.delete_order(others[0])
    done = desk.write(access, [(state(one), LINK) for one in (bought, *others)])
    assert done == tuple(Written(str(one.id)) for one in (bought, *others))
    assert writes(shop) == ["MetafieldsSet", "MetafieldsSet"]
    assert (len(others[0].metafields), len(others[-1].metafields)) == (0, 2)


def test_a_refusal_is_told_of_its_order_alone(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    other = shop.checkout({"LAMP": 1})
    shop.refusals[bought.id] = "The order is archived"
    done = desk.write(access, [(state(one), LINK) for one in (bought, other)])
    assert done == (Written(str(bought.id), "The order is archived"), Written(str(other.id)))


def test_a_note_is_written_once_beside_the_merchants_own(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    desk.note(access, note(bought))
    desk.note(access, note(bought))
    assert kept(bought) == {"note": "Ready to ship: 1 × Lamp."}
    assert writes(shop) == ["MetafieldsSet"]
    desk.note(access, note(bought, "Ready to ship: 2 × Lamp."))
    assert kept(bought) == {"note": "Ready to ship: 2 × Lamp."}


def test_a_note_goes_once_no_part_waits_any_more(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    desk.write(access, [(state(bought), LINK)])
    desk.note(access, note(bought))
    desk.write(access, [(state(bought), LINK)])
    assert "note" in kept(bought)
    desk.write(access, [(state(bought, 3, 0), LINK)])
    assert sorted(kept(bought)) == ["lines", "link"]


def test_without_the_right_nothing_is_written_and_its_name_is_told(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    shop.scopes.discard("write_orders")
    with pytest.raises(RightWanted, match="lacks the right write_orders"):
        desk.write(access, [(state(bought), LINK)])
    with pytest.raises(RightWanted, match="lacks the right write_orders"):
        desk.note(access, note(bought))
    assert kept(bought) == {}


def test_what_orders_show_of_us_is_taken_out_of_them_and_nothing_else(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    desk.write(access, [(state(bought), LINK)])
    desk.note(access, note(bought))
    other = shop.checkout({"LAMP": 1})
    assert desk.clear(access, [str(bought.id), str(other.id)]) == (Written(str(bought.id)), Written(str(other.id)))
    assert (kept(bought), writes(shop)[-1]) == ({}, "MetafieldsDelete")


def test_without_the_right_what_orders_show_stays_and_each_says_why(
    desk: OrderDesk, access: StoreAccess, shop: Shop, bought: Order
) -> None:
    desk.write(access, [(state(bought), LINK)])
    shop.scopes.discard("write_orders")
    (told,) = desk.clear(access, [str(bought.id)])
    assert "lacks the right write_orders" in (told.error or "")
    assert (told.retry, "link" in kept(bought)) == (False, True)
