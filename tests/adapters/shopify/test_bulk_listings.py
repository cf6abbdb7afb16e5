"""Very many listings go out by bulk mutations; a line's result is that of its listings, and nothing starts twice."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.bulk import Files, Parameter, Target
from adapters.shopify.bulk_listings import ShopifyBulk
from adapters.shopify.practice import Fault, Shop, ShopifyFake, Variant, VirtualClock
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import NeedsMerchant, Retryable, Terminal, Unreadable
from connector.ports import StoreAccess, Written
from tests.adapters.shopify.spoiling import cancel, expire, fail, forget, lose
from tests.adapters.shopify.test_listing import backorder, errors, plain, products

NAME = "ab12"


@pytest.fixture
def writer(shopify: Shopify) -> ShopifyBulk:
    assert isinstance(shopify.bulk, ShopifyBulk)
    return shopify.bulk


def in_bulk(
    writer: ShopifyBulk, access: StoreAccess, listings: Sequence[WriteListing], name: str = NAME
) -> tuple[Written, ...]:
    assert writer.start(access, name, listings)
    results = writer.look(access, name, listings)
    assert results is not None
    return results


def uploads(shop: Shop) -> list[list[list[dict[str, str]]]]:
    """The metafields on each line of each upload."""
    files = [shop.bulk.storage.files[key].body for key in shop.bulk.storage.staged]
    return [[json.loads(line)["metafields"] for line in body.splitlines()] for body in files]


def notices(variants: Sequence[Variant]) -> list[WriteListing]:
    return [backorder(variant, notice="Soon.") for variant in variants]


def test_bulk_leaves_in_the_shop_just_what_calls_do(
    writer: ShopifyBulk, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    variants = products(shop, 4)
    shopify.write(access, notices(variants))
    states = [
        backorder(variants[0], eta=None),
        plain(variants[1], ListingState.IN_STOCK),
        plain(variants[2], ListingState.WITHDRAWN),
        backorder(variants[3], available=2, notice="Later.\n Really."),
    ]
    in_bulk(writer, access, states)
    after = [shop.metafields_of(variant.sku) for variant in variants]
    shopify.write(access, notices(variants))
    shopify.write(access, states)
    assert after == [shop.metafields_of(variant.sku) for variant in variants]
    assert after[1:3] == [{"state": "in_stock"}, {}]


def test_listings_share_lines_as_far_as_one_call_may_take_them(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    variants = products(shop, 13)
    assert in_bulk(writer, access, notices(variants)) == tuple(Written(str(one.id)) for one in variants)
    ((first, second, third),) = uploads(shop)
    assert [len(first), len(second), len(third)] == [24, 24, 4]
    assert all(len(variant.metafields) == 4 for variant in variants)
    assert [name for name, _ in shop.calls] == [
        "BulkOperations",
        "StagedUpload",
        "BulkRunMutation",
        "BulkOperations",
    ]


def test_what_is_to_be_there_and_what_is_not_are_an_operation_each(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    lamp, desk = products(shop, 2)
    states = [backorder(lamp, eta=None), plain(desk, ListingState.WITHDRAWN)]
    assert in_bulk(writer, access, states) == (Written(str(lamp.id)), Written(str(desk.id)))
    assert [one.query.split("(")[0] for one in shop.bulk.operations] == [
        f"mutation MetafieldsSet_{NAME}",
        f"mutation MetafieldsDelete_{NAME}",
    ]
    sets, deletions = uploads(shop)
    assert [[field["key"] for field in line] for line in sets] == [["state", "available"]]
    assert [[field["key"] for field in line] for line in deletions] == [
        ["eta", "notice", "state", "eta", "available", "notice"]
    ]


def test_a_refused_listing_is_told_and_those_beside_it_are_left_to_go_again(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    variants = products(shop, 8)
    shop.refusals[variants[1].id] = "Value is not allowed."
    results = in_bulk(writer, access, notices(variants))
    assert errors(results) == {str(variants[1].id): "Value is not allowed."}
    # A line is written as a whole or not at all: the other five of the first are not known to be there.
    assert [one.item for one in results] == [str(variants[at].id) for at in (1, 6, 7)]
    assert [len(variant.metafields) for variant in variants] == [0] * 6 + [4, 4]


def test_a_refusal_to_delete_is_the_listings_too(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    lamp, _ = products(shop, 2)
    started = [backorder(lamp, eta=None)]
    assert writer.start(access, NAME, started)
    shop.bulk.operations[0].work()
    shop.refusals[lamp.id] = "No."
    shop.bulk.operations[0].work = lambda: [{"data": {"metafieldsSet": {"userErrors": []}}, "__lineNumber": 0}]
    assert writer.look(access, NAME, started) == (Written(str(lamp.id), "Refused."),)


def test_while_it_is_under_way_nothing_is_said(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.bulk.seconds = 60.0
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    assert writer.look(access, NAME, listings) is None
    clock.advance(60)
    assert writer.look(access, NAME, listings) == tuple(Written(one.item) for one in listings)


def test_starting_again_finds_what_was_started(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    assert writer.start(access, NAME, listings)
    assert len(shop.bulk.operations) == 1
    assert writer.start(access, "cd34", listings)
    assert len(shop.bulk.operations) == 2


def test_what_was_started_is_known_by_its_name_however_shopify_shows_its_text(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    shop.bulk.operations[0].query = f"mutation MetafieldsSet_{NAME} ($metafields:[MetafieldsSetInput!]!){{...}}"
    assert writer.look(access, NAME, listings) == tuple(Written(one.item) for one in listings)


def test_a_start_whose_answer_is_lost_is_found_and_not_repeated(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    listings = notices(products(shop, 2))
    fake.faults.append(Fault(hang_up=True, done=True, operation="BulkRunMutation"))
    with pytest.raises(Retryable):
        writer.start(access, NAME, listings)
    assert in_bulk(writer, access, listings) == tuple(Written(one.item) for one in listings)
    assert len(shop.bulk.operations) == 1


def test_where_other_operations_take_all_places_nothing_is_started(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    shop.bulk.seconds = 60.0
    for number in range(5):
        shop.bulk.start("MUTATION", f"mutation Other{number}", list)
    assert not writer.start(access, NAME, notices(products(shop, 2)))


def test_of_what_found_no_place_nothing_is_said(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    lamp, desk = products(shop, 2)
    shop.bulk.seconds = 60.0
    for number in range(4):
        shop.bulk.start("MUTATION", f"mutation Other{number}", list)
    listings = [backorder(lamp, eta=None), backorder(desk, notice="Soon.")]
    assert writer.start(access, NAME, listings)
    shop.bulk.seconds = 0.0
    assert writer.look(access, NAME, listings) == (Written(str(desk.id)),)


@pytest.mark.parametrize("spoil", [fail, cancel, expire, forget, lose])
def test_of_what_comes_to_nothing_nothing_is_said(
    spoil: Callable[[Shop], None], writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    spoil(shop)
    assert writer.look(access, NAME, listings) in ((), None)
    assert writer.look(access, NAME, listings) == ()


def test_one_that_never_ends_is_cancelled(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop, clock: VirtualClock
) -> None:
    shop.bulk.seconds = 86_400.0
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    clock.advance(3_601)
    assert writer.look(access, NAME, listings) is None
    assert writer.look(access, NAME, listings) == ()
    assert shop.bulk.operations[0].status == "CANCELED"
    assert shop.metafields_of("L-0") == {}


def test_results_are_read_in_parts(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.shopify.bulk.PART", 200)
    listings = notices(products(shop, 40))
    assert in_bulk(writer, access, listings) == tuple(Written(one.item) for one in listings)
    assert len([method for method, _ in shop.bulk.storage.heard if method == "GET"]) > 2


def test_a_line_that_was_not_carried_out_says_nothing_of_its_listings(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    listings = notices(products(shop, 2))
    assert writer.start(access, NAME, listings)
    lost = {"errors": [{"message": "Internal error"}], "__lineNumber": 0}
    shop.bulk.operations[0].work = lambda: [lost, lost | {"__lineNumber": 7}]
    assert writer.look(access, NAME, listings) == ()


def test_the_shops_token_is_not_sent_along_with_an_upload(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    in_bulk(writer, access, notices(products(shop, 2)))
    assert [method for method, _ in shop.bulk.storage.heard] == ["POST", "GET"]
    values = [value for _, headers in shop.bulk.storage.heard for value in headers.values()]
    assert not [value for value in values if access.credentials["token"] in value]


def test_a_file_that_its_place_refuses_is_an_error_of_the_whole(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop
) -> None:
    shop.bulk.storage.most = 10
    with pytest.raises(Terminal, match="answered 400"):
        writer.start(access, NAME, notices(products(shop, 2)))
    assert shop.bulk.operations == []


def test_a_place_that_is_down_leaves_it_for_later(
    writer: ShopifyBulk, access: StoreAccess, shop: Shop, fake: ShopifyFake
) -> None:
    listings = notices(products(shop, 2))
    fake.faults.extend([Fault(503, operation="form-data")] * 3)
    with pytest.raises(Retryable):
        writer.start(access, NAME, listings)
    assert in_bulk(writer, access, listings) == tuple(Written(one.item) for one in listings)


@pytest.mark.parametrize("target", [Target("http://files.example.com/", ()), Target("ftp://127.0.0.1/", ())])
def test_nothing_is_uploaded_to_what_is_not_https(target: Target, http: Http, fake: ShopifyFake) -> None:
    with pytest.raises(Unreadable, match="not https"):
        Files(http, fake.origin).upload(target, b"")


def test_a_place_that_gives_the_file_no_name_is_not_used(
    http: Http, fake: ShopifyFake, shop: Shop, writer: ShopifyBulk
) -> None:
    target = shop.bulk.storage.stage({"filename": "a", "mimeType": "text/jsonl"})
    fields = tuple(Parameter(one["name"], one["value"]) for one in target["parameters"])
    assert writer.files.upload(Target(target["url"], fields), b"{}") == next(iter(shop.bulk.storage.staged))
    with pytest.raises((Unreadable, Terminal)):
        writer.files.upload(Target(target["url"], fields[:2]), b"{}")


def test_a_right_that_is_missing_is_each_listings_error(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    (lamp,) = products(shop, 1)
    shop.scopes -= {"write_products"}
    assert errors(in_bulk(writer, access, notices([lamp]))) == {
        str(lamp.id): "The app is not authorized to write to this owner."
    }


def test_a_token_that_is_taken_back_is_the_merchants(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    wrong = replace(access, credentials={"token": "shpat_other"})
    with pytest.raises(NeedsMerchant):
        writer.start(wrong, NAME, notices(products(shop, 1)))


def test_nothing_to_write_starts_nothing(writer: ShopifyBulk, access: StoreAccess, shop: Shop) -> None:
    assert not writer.start(access, NAME, [])
    assert writer.look(access, NAME, []) == ()
    assert shop.calls == []


def test_bulk_is_worth_it_from_a_thousand_listings_on(writer: ShopifyBulk) -> None:
    assert (writer.worth, writer.most) == (1_000, 10_000)
