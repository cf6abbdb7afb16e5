"""What a new buyer is told about an item, and when its listing is written."""

from dataclasses import replace

from connector.domain.board import Offer, Sold, StockAfter
from connector.domain.decide import decide_stock
from connector.domain.effects import ListingState, WriteListing
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, PLAIN, kept, line, lot, march, sold, stock

IN_STOCK, BACKORDER, OUT = ListingState.IN_STOCK, ListingState.BACKORDER, ListingState.OUT_OF_STOCK


def offer(after: StockAfter) -> Offer:
    """The offer of the only item."""
    return dict(after.offers)[after.offers[0][0]]


def test_units_that_nobody_claims_are_in_stock() -> None:
    after = decide_stock(stock(line("a", 2), on_hand=5, items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(IN_STOCK, None, 3)
    assert after.listings == ()


def test_what_is_all_claimed_is_on_backorder_by_the_first_lot_with_units_left() -> None:
    lots = [lot(2, 12, "acme/PO-1"), lot(5, 20, "acme/PO-2")]
    after = decide_stock(stock(line("a", 4), on_hand=1, lots=lots, items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(BACKORDER, march(20), 4)
    assert after.listings == (
        WriteListing(
            "A", None, BACKORDER, march(20), 4, "Available on backorder: 4 units can ship by 20 March 2026."
        ),
    )


def test_without_any_supply_a_backorder_has_no_date() -> None:
    after = decide_stock(stock(items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(BACKORDER, None, 0)
    assert [listing.notice for listing in after.listings] == [
        "Available on backorder. We do not have a delivery date for new orders yet."
    ]


def test_units_without_a_date_are_not_counted_as_available() -> None:
    after = decide_stock(stock(lots=[lot(7, None)], items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(BACKORDER, None, 0)


def test_what_is_not_sold_beyond_its_stock_is_out_of_stock() -> None:
    after = decide_stock(stock(lots=[lot(5, 20)], items=[sold(sells_beyond=False)]), PLAIN, NOW)
    assert offer(after) == Offer(OUT, None, 0)
    assert after.listings == (WriteListing("A", None, OUT, None, 0, ""),)


def test_what_is_not_on_sale_is_out_of_stock_even_with_units() -> None:
    after = decide_stock(stock(on_hand=9, items=[sold(on_sale=False)]), PLAIN, NOW)
    assert offer(after) == Offer(OUT, None, 0)


def test_what_nobody_counts_is_in_stock() -> None:
    after = decide_stock(stock(line("a", 4), on_hand=None, items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(IN_STOCK, None, 0)
    assert after.listings == ()


def test_two_items_of_one_stock_are_each_offered_by_their_own_rules() -> None:
    items = [sold("S", parent="P"), sold("L", parent="P", sells_beyond=False)]
    after = decide_stock(stock(lots=[lot(5, 20)], items=items), PLAIN, NOW)
    assert [(item.item, said.state) for item, said in after.offers] == [("S", BACKORDER), ("L", OUT)]
    assert [(one.item, one.parent) for one in after.listings] == [("S", "P"), ("L", "P")]


def test_a_listing_that_is_written_is_not_written_again() -> None:
    before = stock(lots=[lot(5, 20)], items=[sold()])
    first = decide_stock(before, PLAIN, NOW)
    again = decide_stock(kept(before, first), PLAIN, NOW)
    assert len(first.listings) == 1
    assert again.listings == ()


def test_fewer_units_in_stock_are_nobodys_news() -> None:
    shown = sold(written=WriteListing("A", None, IN_STOCK, None, 0, ""))
    assert decide_stock(stock(line("a", 2), on_hand=5, items=[shown]), PLAIN, NOW).listings == ()


def test_dates_ahead_are_those_of_the_first_lot_with_units_left_and_only_of_what_sells_beyond_its_stock() -> None:
    lots = [lot(2, 12, "acme/PO-1"), lot(5, 20, "acme/PO-2")]
    items = [sold("S"), sold("L", sells_beyond=False), sold("X", on_sale=False)]
    before = stock(line("a", 1), on_hand=3, lots=lots, items=items)
    after = decide_stock(before, replace(PLAIN, dates_ahead=True), NOW)
    assert [said for _, said in after.offers] == [
        Offer(IN_STOCK, None, 2),
        Offer(IN_STOCK, None, 2),
        Offer(OUT, None, 0),
    ]
    assert after.listings == (
        WriteListing("S", None, IN_STOCK, march(12), 0, ""),
        WriteListing("X", None, OUT, None, 0, ""),
    )
    assert decide_stock(before, PLAIN, NOW).listings == after.listings[1:]


def test_there_is_no_date_ahead_where_nothing_with_a_date_comes_or_nothing_is_counted() -> None:
    ahead = replace(PLAIN, dates_ahead=True)
    for before in (
        stock(on_hand=3, items=[sold()]),
        stock(on_hand=3, lots=[lot(5, None)], items=[sold()]),
        stock(on_hand=None, lots=[lot(5, 20)], items=[sold()]),
    ):
        assert decide_stock(before, ahead, NOW).listings == ()


def test_a_date_ahead_goes_when_the_merchant_wants_none_any_more() -> None:
    before = stock(on_hand=3, lots=[lot(5, 20)], items=[sold()])
    shown = kept(before, decide_stock(before, replace(PLAIN, dates_ahead=True), NOW))
    assert decide_stock(shown, PLAIN, NOW).listings == (WriteListing("A", None, IN_STOCK, None, 0, ""),)


def test_fewer_units_on_backorder_are_written() -> None:
    before = stock(lots=[lot(5, 20)], items=[sold()])
    written = kept(before, decide_stock(before, PLAIN, NOW))
    fewer = replace(written, lines=(line("a", 2),))
    assert [one.available for one in decide_stock(fewer, PLAIN, NOW).listings] == [3]


def test_what_comes_back_into_stock_is_cleared() -> None:
    before = stock(lots=[lot(5, 20)], items=[sold()])
    written = kept(before, decide_stock(before, PLAIN, NOW))
    after = decide_stock(replace(written, on_hand=5, lots=()), PLAIN, NOW)
    assert after.listings == (WriteListing("A", None, IN_STOCK, None, 0, ""),)


def test_a_merchant_who_writes_listings_by_hand_is_left_alone() -> None:
    after = decide_stock(stock(lots=[lot(5, 20)], items=[sold()]), Settings(write_listings=False), NOW)
    assert after.listings == ()
    assert offer(after) == Offer(BACKORDER, march(20), 5)


def test_a_stock_without_items_has_nothing_to_offer() -> None:
    items: list[Sold] = []
    after = decide_stock(stock(line("a"), items=items), PLAIN, NOW)
    assert (after.offers, after.listings) == ((), ())


def test_units_in_doubt_are_not_offered() -> None:
    after = decide_stock(stock(line("a", 3, filled=3), on_hand=2, lots=[lot(5, 20)], items=[sold()]), PLAIN, NOW)
    assert offer(after) == Offer(BACKORDER, march(20), 5)


def test_what_is_kept_for_those_who_wait_is_not_offered() -> None:
    lots = [replace(lot(5, 20), reserved=5), replace(lot(4, 25, "acme/PO-2"), reserved=1)]
    after = decide_stock(stock(line("a", 2), lots=lots, items=[sold()]), PLAIN, NOW)
    assert [offer for _, offer in after.offers] == [Offer(ListingState.BACKORDER, march(25), 3)]
