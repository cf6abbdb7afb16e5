"""A large shop is read by one bulk operation, part by part; whatever goes wrong with it, pages remain."""

from collections.abc import Callable

import pytest

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.bulk import Files
from adapters.shopify.documents import document
from adapters.shopify.practice import Fault, Shop, ShopifyFake, VirtualClock
from connector.domain.errors import NeedsMerchant, Retryable, Unreadable
from connector.domain.facts import Fact, ItemSnapshot, StockLevel
from connector.ports import Page, StoreAccess, Unusable
from tests.adapters.shopify.spoiling import cancel, deny, expire, fail, forget, lose

RUN = ("Variants", "BulkOperations", "BulkRunQuery")


@pytest.fixture
def shopify(fake: ShopifyFake, http: Http, clock: VirtualClock) -> Shopify:
    return Shopify(http, fake.origin, bulk_above=3, monotonic=clock.monotonic, sleep=clock.advance)


@pytest.fixture
def paging(fake: ShopifyFake, http: Http, clock: VirtualClock) -> Shopify:
    return Shopify(http, fake.origin, monotonic=clock.monotonic, sleep=clock.advance)


@pytest.fixture
def large(shop: Shop) -> Shop:
    """Six variants, one of them stocked at two more places and at one of those no more, one not counted."""
    first = shop.add_product("Rain Jacket", "JACKET-0", 10, price="20.00")
    for number in range(1, 4):
        shop.add_variant(first.product, f"Size {number}", f"JACKET-{number}", 10 + number)
    shop.add_product("Consulting", "HOUR", tracked=False)
    shop.add_product("Lampe für Käthe 💡", "LAMP", 3, policy="continue")
    barn, attic = shop.add_location("Barn"), shop.add_location("Attic")
    shop.set_inventory("LAMP", 4, barn)
    shop.set_inventory("LAMP", 5, attic)
    shop.disconnect("LAMP", attic)
    return shop


def pages(shopify: Shopify, access: StoreAccess, cursor: str | None = None) -> list[Page]:
    found = [shopify.items(access, cursor)]
    while found[-1].cursor is not None:
        found.append(shopify.items(access, found[-1].cursor))
    return found


def facts(read: list[Page]) -> list[Fact]:
    return [fact for page in read for fact in page.facts]


def names(shop: Shop) -> list[str]:
    return [name for name, _ in shop.calls]


def undated(read: list[Page]) -> set[tuple[object, ...]]:
    return {
        (fact.item, fact.title, fact.sku, fact.price, fact.tracked, fact.sells_beyond, fact.url, fact.seen_at)
        if isinstance(fact, ItemSnapshot)
        else (fact.stock, fact.location, fact.available, fact.seen_at)
        for fact in facts(read)
        if isinstance(fact, ItemSnapshot | StockLevel)
    }


def test_bulk_tells_the_same_as_pages_do(shopify: Shopify, paging: Shopify, access: StoreAccess, large: Shop) -> None:
    in_bulk, by_page = pages(shopify, access), pages(paging, access)
    assert undated(in_bulk) == undated(by_page)
    assert len(facts(in_bulk)) == len(facts(by_page)) == 6 + 5 + 2
    assert names(large) == [*RUN, "BulkOperation", "Variants"]


def test_a_small_shop_is_read_in_pages_at_once(paging: Shopify, access: StoreAccess, large: Shop) -> None:
    pages(paging, access)
    assert names(large) == ["Variants"]


def test_a_shop_at_the_threshold_is_small(shopify: Shopify, access: StoreAccess, shop: Shop) -> None:
    for number in range(3):
        shop.add_product("Lamp", f"L-{number}")
    pages(shopify, access)
    assert names(shop) == ["Variants"]


def test_only_variants_are_counted_and_how_many_there_will_be_is_known(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    begun, read = pages(shopify, access)
    assert (begun.facts, begun.read, begun.total) == ((), 0, 6)
    assert (read.read, read.total, read.cursor) == (6, 6, None)


def test_what_is_read_in_bulk_is_as_old_as_the_operation(
    shopify: Shopify, access: StoreAccess, large: Shop, clock: VirtualClock
) -> None:
    large.bulk.seconds = 3600.0
    began, cursor = clock.now(), shopify.items(access, None).cursor
    clock.advance(3600)
    read = [one.read_at for one in shopify.items(access, cursor).facts if isinstance(one, ItemSnapshot | StockLevel)]
    assert set(read) == {began}


def test_an_operation_that_takes_its_time_is_looked_at_for_a_while_and_then_left_for_later(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    large.bulk.seconds = 30.0
    begun = shopify.items(access, None)
    assert shopify.items(access, begun.cursor) == Page((), begun.cursor)
    assert len(facts(pages(shopify, access, begun.cursor))) == 13
    assert names(large).count("BulkRunQuery") == 1
    # Looked at after 0, 1, 3, 7, 12, 17 and 22 seconds; then after 22, 23, 25, 29 and 34.
    assert names(large).count("BulkOperation") == 7 + 5


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("adapters.shopify.bulk.PART", 1_000)
    return 1_000


@pytest.mark.parametrize("ranges", [True, False])
def test_a_result_is_read_in_parts_and_no_line_is_lost_or_cut(
    ranges: bool, shopify: Shopify, paging: Shopify, access: StoreAccess, large: Shop, small_parts: int
) -> None:
    large.bulk.storage.ranges = ranges
    read = pages(shopify, access)
    (kept,) = large.bulk.storage.files.values()
    assert len(read) - 1 > len(kept.body) // small_parts > 3
    assert undated(read) == undated(pages(paging, access))
    assert [page.unusable for page in read] == [()] * len(read)


def test_a_result_that_ends_where_a_part_does_ends_there(
    shopify: Shopify, access: StoreAccess, large: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = shopify.items(access, None).cursor
    large.bulk.settle()
    size = len(next(iter(large.bulk.storage.files.values())).body)
    monkeypatch.setattr("adapters.shopify.bulk.PART", size)
    assert [len(page.facts) for page in pages(shopify, access, cursor)] == [13, 0]


def test_reading_goes_on_after_a_crash_where_it_was_without_another_operation(
    shopify: Shopify, paging: Shopify, access: StoreAccess, large: Shop, small_parts: int
) -> None:
    begun = shopify.items(access, None)
    first = shopify.items(access, begun.cursor)
    rest = pages(paging, access, first.cursor)
    assert len(facts([first, *rest])) == 13
    assert names(large).count("BulkRunQuery") == 1


def test_an_operation_that_runs_already_is_joined(shopify: Shopify, access: StoreAccess, large: Shop) -> None:
    large.bulk.seconds = 5.0
    first, again = shopify.items(access, None), shopify.items(access, None)
    assert again.cursor == first.cursor
    assert len(large.bulk.operations) == 1


def test_an_operation_that_has_ended_is_not_joined(shopify: Shopify, access: StoreAccess, large: Shop) -> None:
    first, again = pages(shopify, access)[0], pages(shopify, access)[0]
    assert again.cursor != first.cursor


def test_where_other_operations_take_all_places_pages_are_read_at_once(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    large.bulk.seconds = 60.0
    others = [large.bulk.start("QUERY", "query Other { shop { id } }", list) for _ in range(6)]
    assert others[4] is not None
    assert others[5] is None
    (page,) = pages(shopify, access)
    assert len(page.facts) == 13
    assert names(large) == list(RUN)


@pytest.mark.parametrize("spoil", [fail, deny, cancel, expire, forget, lose])
def test_what_comes_to_nothing_is_read_in_pages_from_the_start(
    spoil: Callable[[Shop], None], shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    begun = shopify.items(access, None)
    spoil(large)
    left, *rest = pages(shopify, access, begun.cursor)
    assert left == Page((), "pages:", anew=True)
    assert len(facts(rest)) == 13
    assert names(large)[-2:] == ["BulkOperation", "Variants"]


def test_half_a_result_is_not_taken_for_all_of_it(shopify: Shopify, access: StoreAccess, large: Shop) -> None:
    large.bulk.failing = "TIMEOUT"
    begun = shopify.items(access, None)
    assert shopify.items(access, begun.cursor).facts == ()
    assert large.bulk.operations[0].partial_url is not None


def test_a_result_that_is_kept_no_more_is_read_in_pages(
    shopify: Shopify, access: StoreAccess, large: Shop, clock: VirtualClock, small_parts: int
) -> None:
    begun = shopify.items(access, None)
    half = shopify.items(access, begun.cursor)
    clock.advance(8 * 86_400)
    assert len(facts(pages(shopify, access, half.cursor))) == 13


@pytest.mark.parametrize("fault", [Fault(403), Fault(404), Fault(302, headers={"Location": "http://127.0.0.1/"})])
def test_a_place_that_refuses_the_file_is_left_for_pages(
    fault: Fault, shopify: Shopify, access: StoreAccess, large: Shop, fake: ShopifyFake
) -> None:
    begun = shopify.items(access, None)
    fake.get_faults.append(fault)
    assert shopify.items(access, begun.cursor).cursor == "pages:"


def test_a_place_that_is_down_is_asked_again_and_then_left_for_later(
    shopify: Shopify, access: StoreAccess, large: Shop, fake: ShopifyFake
) -> None:
    begun = shopify.items(access, None)
    fake.get_faults.extend([Fault(503)] * 3)
    with pytest.raises(Retryable, match="answered 503"):
        shopify.items(access, begun.cursor)
    assert len(shopify.items(access, begun.cursor).facts) == 13


def test_a_line_that_cannot_be_used_is_told_by_its_product_and_the_others_are_kept(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    begun = shopify.items(access, None)
    lamp, jacket = large.catalogue.by_sku("LAMP"), large.catalogue.by_sku("JACKET-0")
    lamp.price = "1e30"
    lamp_at = lamp.levels[large.catalogue.first_location]
    jacket.levels[large.catalogue.first_location].available = 2 * 10**9
    read = shopify.items(access, begun.cursor)
    assert {one.id for one in read.unusable} == {str(lamp.id), str(jacket.id)}
    assert Unusable(str(lamp.id), f"variant {lamp.id}: the price is too large, or no number") in read.unusable
    assert len(read.facts) == 13 - 2
    assert (
        StockLevel(
            str(lamp.inventory_item),
            3,
            lamp_at.updated_at,
            large.bulk.operations[0].created_at,
            str(large.catalogue.first_location),
        )
        in read.facts
    )


def test_a_part_without_an_end_of_line_is_left_for_pages(
    shopify: Shopify, access: StoreAccess, large: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.shopify.bulk.PART", 50)
    begun = shopify.items(access, None)
    assert shopify.items(access, begun.cursor).cursor == "pages:"


def test_the_shops_token_is_not_sent_along_to_where_files_lie(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    pages(shopify, access)
    ((method, headers),) = large.bulk.storage.heard
    assert method == "GET"
    assert not [name for name in headers if "token" in name or name == "authorization"]
    assert access.credentials["token"] not in headers.values()


@pytest.mark.parametrize("url", ["http://files.example.com/a", "ftp://127.0.0.1/a", "http://127.0.0.1:1x/a", "/a"])
def test_a_file_that_is_not_at_https_is_not_read(url: str, http: Http, fake: ShopifyFake) -> None:
    with pytest.raises(Unreadable, match="not https"):
        Files(http, fake.origin).read(url, 0)


def test_an_operation_that_never_ends_is_cancelled_and_its_items_read_in_pages(
    shopify: Shopify, access: StoreAccess, large: Shop, clock: VirtualClock
) -> None:
    large.bulk.seconds = 86_400.0
    begun = shopify.items(access, None)
    clock.advance(3_601)
    assert len(facts(pages(shopify, access, begun.cursor))) == 13
    assert names(large).count("BulkCancel") == 1
    assert large.bulk.operations[0].status == "CANCELED"


def test_a_look_that_is_throttled_waits_and_goes_again(shopify: Shopify, access: StoreAccess, large: Shop) -> None:
    begun = shopify.items(access, None)
    large.bucket.drain()
    assert len(shopify.items(access, begun.cursor).facts) == 13


def test_a_start_whose_answer_is_lost_is_found_again(
    shopify: Shopify, access: StoreAccess, large: Shop, fake: ShopifyFake
) -> None:
    large.bulk.seconds = 60.0
    fake.faults.append(Fault(hang_up=True, done=True, operation="BulkRunQuery"))
    with pytest.raises(Retryable):
        shopify.items(access, None)
    assert shopify.items(access, None).cursor == "bulk:1:0"
    assert len(large.bulk.operations) == 1


def test_a_right_that_was_taken_away_meanwhile_is_the_merchants(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    begun = shopify.items(access, None)
    large.scopes.clear()
    assert shopify.items(access, begun.cursor).cursor == "pages:"
    with pytest.raises(NeedsMerchant):
        shopify.items(access, "pages:")


def test_an_operation_is_known_again_by_its_text_however_it_is_spaced(
    shopify: Shopify, access: StoreAccess, large: Shop
) -> None:
    large.bulk.seconds = 60.0
    shopify.items(access, None)
    large.bulk.operations[0].query = " ".join(document("BulkVariants").split())
    assert shopify.items(access, None).cursor == "bulk:1:0"
