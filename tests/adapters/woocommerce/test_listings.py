"""Listings in the store: notices in texts, figures in meta data, and nothing else moved."""

import dataclasses
import json
from datetime import date

import pytest

from adapters.woocommerce.block import placed
from adapters.woocommerce.practice.model import Product
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Retryable
from connector.ports import StoreAccess, Written
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking

ETA = date(2026, 12, 24)
SOON = "Ships by 24 December."


def waiting(product: Product, notice: str = SOON, eta: date | None = ETA, available: int = 3) -> WriteListing:
    parent = str(product.parent) if product.parent else None
    return WriteListing(str(product.id), parent, ListingState.BACKORDER, eta, available, notice)


def in_stock(product: Product) -> WriteListing:
    parent = str(product.parent) if product.parent else None
    return WriteListing(str(product.id), parent, ListingState.IN_STOCK, None, 0, "")


def figures(product: Product) -> dict[str, object]:
    return {meta.key: meta.value for meta in product.meta}


def stamp(front: Shopfront) -> dict[int, object]:
    """What a write must not change, of every product."""
    return {
        product.id: (product.stock, product.backorders, product.price, product.name, product.status)
        for product in front.store.shop.products.values()
    }


@pytest.fixture
def lamp(front: Shopfront) -> Product:
    return front.store.shop.by_sku("LAMP-1")


@pytest.fixture
def jacket(front: Shopfront) -> Product:
    return front.store.shop.by_sku("JACKET-S")


def test_a_product_is_told_in_its_short_description_and_in_meta_data(front: Shopfront, lamp: Product) -> None:
    before = stamp(front)
    words = lamp.short_description
    assert front.platform.write(front.access, [waiting(lamp)]) == (Written(str(lamp.id)),)
    assert lamp.short_description == placed(words, SOON)
    assert figures(lamp) == {"_backorder_eta": "2026-12-24", "_backorder_notice": SOON, "_backorder_available": "3"}
    assert stamp(front) == before


def test_a_variation_is_told_in_its_description(front: Shopfront, jacket: Product) -> None:
    before = stamp(front)
    assert front.platform.write(front.access, [waiting(jacket)]) == (Written(str(jacket.id)),)
    assert (jacket.description, jacket.short_description) == (placed("", SOON), "")
    assert figures(jacket)["_backorder_eta"] == "2026-12-24"
    assert stamp(front) == before


def variations(scripted: Scripted, *skus: str) -> list[WriteListing]:
    """Variations of product 7 as their list shows them, one for each SKU."""
    rows = [{"id": number, "sku": sku, "description": "<p>x</p>"} for number, sku in enumerate(skus, 11)]
    scripted.says("products/7/variations", rows)
    scripted.says("products/7/variations/batch", {"update": [{"id": row["id"]} for row in rows]})
    return [WriteListing(str(row["id"]), "7", ListingState.BACKORDER, ETA, 3, SOON) for row in rows]


def asked(scripted: Scripted) -> list[str]:
    return [f"{one.method} {one.path.removeprefix('/wp-json/wc/v3/')}" for one in scripted.seen]


def test_the_words_of_many_variations_are_read_together(scripted: Scripted, talking: Talking) -> None:
    platform, access = talking
    wanted = variations(scripted, *(f"V {number}" for number in range(100)))
    scripted.says("products", [{"id": number, "description": "Mine"} for number in range(10, 111)])
    assert {one.error for one in platform.write(access, wanted)} == {None}
    assert asked(scripted) == ["GET products/7/variations", "GET products", "POST products/7/variations/batch"]
    assert scripted.seen[1].args["sku"].split(",") == sorted(f"V {number}" for number in range(100))
    sent = json.loads(scripted.seen[2].get_data())["update"]
    assert {one["description"] for one in sent} == {placed("Mine", SOON)}


def test_a_variation_that_cannot_be_asked_for_by_its_sku_is_read_by_itself(
    scripted: Scripted, talking: Talking
) -> None:
    platform, access = talking
    wanted = variations(scripted, "V-1", "", "a,b", "V-2")
    scripted.says("products", [{"id": 11, "description": "Mine"}])
    scripted.says("products/12", {"id": 12, "description": "Also mine"})
    scripted.says("products/13", {"code": "nope", "message": "No."}, 400)
    scripted.says("products/14", {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}, 404)
    errors = [one.error for one in platform.write(access, wanted)]
    assert errors == [
        None,
        None,
        "The store refused this with 400: No. (nope)",
        "The product is no longer in the store.",
    ]
    sent = json.loads(scripted.seen[-1].get_data())["update"]
    assert [one["description"] for one in sent] == [placed("Mine", SOON), placed("Also mine", SOON)]


@pytest.mark.parametrize("sku", ["LAMP-1", "JACKET-S", "SHIRT-M", "KETTLE-1"])
def test_back_in_stock_nothing_of_ours_is_left(front: Shopfront, sku: str) -> None:
    product = front.store.shop.by_sku(sku)
    words = (product.short_description, product.description)
    front.platform.write(front.access, [waiting(product)])
    assert (product.short_description, product.description) != words
    front.platform.write(front.access, [in_stock(product)])
    assert (product.short_description, product.description) == words
    assert figures(product) == {}


@pytest.mark.parametrize(
    "words",
    [
        "Plain words, two  blanks",
        'back\\slash \\\\ and "quotes" it\'s',
        "<p>A</p>\n\n<p>B</p>\n",
        "[gallery] 5 &lt; 6 ß 💡",
    ],
)
@pytest.mark.parametrize("sku", ["LAMP-1", "JACKET-S"])
def test_the_merchants_words_come_back_byte_for_byte(front: Shopfront, sku: str, words: str) -> None:
    product = front.store.shop.by_sku(sku)
    field = "description" if product.parent else "short_description"
    setattr(product, field, words)
    front.platform.write(front.access, [waiting(product)])
    assert getattr(product, field) == placed(words, SOON)
    front.platform.write(front.access, [in_stock(product)])
    assert getattr(product, field) == words


def test_what_is_right_already_is_not_written(front: Shopfront, lamp: Product, jacket: Product) -> None:
    wanted = [waiting(lamp), waiting(jacket), in_stock(front.store.shop.by_sku("DESK-1"))]
    done = tuple(Written(listing.item) for listing in wanted)
    assert front.platform.write(front.access, wanted) == done
    front.platform.subscribe(front.access, f"{front.store.url}/nobody")
    front.store.deliver_now()
    assert front.platform.write(front.access, wanted) == done
    assert front.store.deliver_now() == []


def test_only_what_changed_is_written(front: Shopfront, lamp: Product) -> None:
    desk = front.store.shop.by_sku("DESK-1")
    front.platform.write(front.access, [waiting(lamp), waiting(desk)])
    front.platform.subscribe(front.access, f"{front.store.url}/nobody")
    front.platform.write(front.access, [waiting(lamp), waiting(desk, available=2)])
    assert [told.resource for told in front.store.deliver_now()] == [desk.id]
    assert figures(desk)["_backorder_available"] == "2"


@pytest.mark.parametrize(("sku", "field"), [("LAMP-1", "short_description"), ("JACKET-S", "description")])
def test_a_notice_that_the_merchant_took_out_comes_back(front: Shopfront, sku: str, field: str) -> None:
    product = front.store.shop.by_sku(sku)
    front.platform.write(front.access, [waiting(product)])
    setattr(product, field, "Written anew.")
    front.platform.write(front.access, [waiting(product)])
    assert getattr(product, field) == placed("Written anew.", SOON)


def test_an_unknown_date_is_no_date(front: Shopfront, lamp: Product) -> None:
    front.platform.write(front.access, [waiting(lamp)])
    front.platform.write(front.access, [waiting(lamp, notice="Sold out, more to come.", eta=None, available=0)])
    assert figures(lamp) == {"_backorder_notice": "Sold out, more to come.", "_backorder_available": "0"}


def test_in_stock_a_date_of_further_units_is_meta_data_alone(front: Shopfront, lamp: Product) -> None:
    words = lamp.short_description
    front.platform.write(front.access, [waiting(lamp)])
    front.platform.write(front.access, [dataclasses.replace(in_stock(lamp), eta=ETA)])
    assert (lamp.short_description, figures(lamp)) == (words, {"_backorder_eta": "2026-12-24"})


def test_a_notice_cannot_carry_mark_up_or_short_codes(front: Shopfront, lamp: Product) -> None:
    front.platform.write(front.access, [waiting(lamp, notice="<img src=x onerror=x()> [gallery]")])
    assert "<img" not in lamp.short_description
    assert "[gallery]" not in lamp.short_description
    assert figures(lamp)["_backorder_notice"] == "<img src=x onerror=x()> [gallery]"


def test_a_text_that_rest_would_cut_is_left_alone_and_the_merchant_told(front: Shopfront, lamp: Product) -> None:
    words = '<p>Watch:</p><iframe src="https://video.example/1"></iframe>'
    lamp.short_description = words
    (result,) = front.platform.write(front.access, [waiting(lamp)])
    assert result.error == "The notice is not in the description: WooCommerce would take <iframe> out of it."
    assert result.retry is False
    assert lamp.short_description == words
    assert figures(lamp)["_backorder_eta"] == "2026-12-24"


def test_one_wrong_listing_does_not_hold_up_the_others(front: Shopfront, lamp: Product, jacket: Product) -> None:
    gone = "The product is no longer in the store."
    wanted = [
        WriteListing("999999", None, ListingState.BACKORDER, ETA, 1, SOON),
        waiting(lamp),
        WriteListing("999999", str(jacket.parent), ListingState.BACKORDER, ETA, 1, SOON),
        waiting(jacket),
        WriteListing("gid://x", None, ListingState.BACKORDER, ETA, 1, SOON),
        WriteListing(str(lamp.id), "1/../2", ListingState.BACKORDER, ETA, 1, SOON),
        WriteListing("888888", "777777", ListingState.BACKORDER, ETA, 1, SOON),
    ]
    results = front.platform.write(front.access, wanted)
    assert [result.item for result in results] == [listing.item for listing in wanted]
    assert [result.error for result in results[2:5]] == [gone, None, "This is no product of a WooCommerce store."]
    assert results[6].error == gone
    assert placed("", SOON) in lamp.short_description
    assert jacket.description == placed("", SOON)


def test_units_below_zero_are_not_sent(front: Shopfront, lamp: Product) -> None:
    (result,) = front.platform.write(front.access, [waiting(lamp, available=-1)])
    assert result.error == "A number of units below zero cannot be shown."
    assert figures(lamp) == {}


def test_nothing_to_write_is_nothing_said(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    assert platform.write(access, []) == ()
    assert scripted.seen == []


def scripted_lamp(scripted: Scripted) -> WriteListing:
    scripted.says("products", [{"id": 7, "short_description": "", "meta_data": []}])
    return WriteListing("7", None, ListingState.BACKORDER, ETA, 1, SOON)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"id": 7, "error": {"code": "x", "message": "Invalid ID.", "data": {"status": 400}}},
            Written("7", "Invalid ID. (x)"),
        ),
        (
            {"id": 7, "error": {"code": "x", "message": "Busy", "data": {"status": 500}}},
            Written("7", "Busy (x)", retry=True),
        ),
        ({"id": 8}, Written("7", "The store did not say what became of it.", retry=True)),
        ({"id": 7}, Written("7")),
    ],
)
def test_each_entry_of_a_batch_has_its_own_end(
    entry: object, expected: Written, talking: Talking, scripted: Scripted
) -> None:
    platform, access = talking
    scripted.says("products/batch", {"update": [entry]})
    assert platform.write(access, [scripted_lamp(scripted)]) == (expected,)


def test_listings_that_cannot_be_read_or_kept_leave_the_others(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    texts = [
        {"id": 1, "short_description": "<![foo bar>", "meta_data": []},
        {"id": 2, "short_description": None},
        {"id": 3, "short_description": "", "meta_data": []},
    ]
    scripted.says("products", texts)
    scripted.says("products/batch", {"update": [{"id": "?"}, {"id": 1}, {"id": 3}]})
    wanted = [WriteListing(item, None, ListingState.BACKORDER, ETA, 1, SOON) for item in ("1", "2", "3")]
    first, second, third = platform.write(access, wanted)
    assert first == Written("1", "The notice is not in the description: WooCommerce would take <![ out of it.")
    assert second.error is not None
    assert second.error.startswith("not the JSON that WooCommerce sends: ")
    assert (second.retry, third) == (False, Written("3"))


def test_a_refused_batch_is_an_error_of_each_of_its_listings(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    scripted.says("products/batch", {"code": "rest_invalid_param", "message": "Invalid parameter(s): update"}, 400)
    (result,) = platform.write(access, [scripted_lamp(scripted)])
    assert result.error is not None
    assert "Invalid parameter(s): update" in result.error
    assert result.retry is False


def test_a_store_that_is_away_is_tried_later(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    scripted.says("products/batch", "<html>Bad gateway</html>", 502)
    with pytest.raises(Retryable):
        platform.write(access, [scripted_lamp(scripted)])


def test_a_hundred_listings_are_two_calls(front: Shopfront, monkeypatch: pytest.MonkeyPatch) -> None:
    lamp = front.store.shop.by_sku("LAMP-1")
    access: StoreAccess = front.access
    for number in range(99):
        front.store.shop.add_product(
            Product(1000 + number, f"SKU-{number}", f"Thing {number}", lamp.price, lamp.created, lamp.modified)
        )
    calls: list[str] = []
    sound = front.store.keyring.check
    monkeypatch.setattr(front.store.keyring, "check", lambda *given: calls.append(given[0]) or sound(*given))
    wanted = [waiting(lamp), *(waiting(front.store.shop.product(1000 + number)) for number in range(99))]
    assert front.platform.write(access, wanted) == tuple(Written(listing.item) for listing in wanted)
    assert calls == ["GET", "POST"]
