"""A store that is let go is left as it was, and hears no more of us."""

import dataclasses

import pytest

from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import BadInput, BadSignature, NeedsMerchant, Retryable
from connector.domain.facts import OrderSnapshot
from connector.pipeline.connect import connect, hook_url
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.receive import Doors, receive
from connector.pipeline.reconcile import reconcile
from connector.pipeline.remove import Removed, remove
from connector.ports import Page, Written
from connector.store import outbox, shops
from connector.store.tables import inbox, items
from connector.store.tables import outbox as table
from tests.conftest import NOW
from tests.pipeline.given import Desk, House, signature
from tests.store.given import at, item, level, line, listing, notice, order, read

SHOP = "https://shop.example"


def withdrawn(name: str) -> WriteListing:
    return WriteListing(name, None, ListingState.WITHDRAWN, None, 0, "")


@pytest.fixture
def shown(home: House) -> House:
    """A store whose page of A shows a notice of ours, and that of B never did."""
    home.tell(item("A"), level("A", -1, seen=1), order("1", line("A")), item("B"), level("B", 5))
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    home.stall.asked.clear()
    home.stall.written.clear()
    home.post.sent.clear()
    return home


def status(home: House) -> str:
    with home.connector.db.begin() as tx:
        return shops.get(tx, home.shop.id).status


def test_listings_go_back_and_webhooks_go(shown: House) -> None:
    done = remove(shown.connector, shown.shop.id)
    assert done == Removed(shown.shop.id, listings=1, refused=(), webhooks=1, unsent=0)
    assert shown.stall.written == [[withdrawn("A")]]
    assert ("unsubscribe", hook_url(shown.connector, shown.shop)) in shown.stall.asked
    assert status(shown) == "closed"
    with shown.connector.db.begin() as tx:
        assert shops.access_of(tx, shown.connector.vault, shown.shop).credentials == {}
        assert read(tx, items, "item", "written") == [("A", None), ("B", None)]


def test_what_waits_does_not_go_out_any_more(shown: House) -> None:
    with shown.connector.db.begin() as tx:
        outbox.put_messages(tx, shown.shop.id, [notice("n1"), notice("n2")], NOW)
        outbox.put_state(tx, shown.shop.id, listing("A"), NOW)
    assert remove(shown.connector, shown.shop.id).unsent == 2
    assert perform(shown.connector, shown.shop.id) == 0
    assert shown.post.sent == []
    with shown.connector.db.begin() as tx:
        assert [key for key in read(tx, table, "key") if key in ("n1", "n2", "listing:A")] == []


def test_late_deliveries_are_answered_and_not_kept(shown: House) -> None:
    remove(shown.connector, shown.shop.id)
    doors, given = Doors(shown.connector), (shown.connector, "stall", shown.shop.hook_token)
    late = {"x-signature": signature(b"late"), "x-key": "k"}
    assert receive(given[0], doors, given[1], given[2], late, b"late") is False
    with pytest.raises(BadSignature):
        receive(given[0], doors, given[1], given[2], {"x-signature": "made up"}, b"late")
    with shown.connector.db.begin() as tx:
        assert read(tx, inbox, "dedupe_key") == []


def test_a_store_that_is_let_go_is_not_read_any_more(shown: House) -> None:
    remove(shown.connector, shown.shop.id)
    shown.stall.asked.clear()
    assert reconcile(shown.connector, shown.shop.id) == 0
    assert shown.stall.asked == []


def test_a_store_that_was_let_go_can_be_connected_again_and_gets_its_notice_back(shown: House) -> None:
    remove(shown.connector, shown.shop.id)
    shown.stall.written.clear()
    pages = (item("A", seen=2), level("A", -1, seen=2), item("B", seen=2), level("B", 5, seen=2))
    shown.stall.item_pages = {None: Page(pages, None)}
    shown.stall.order_pages = {None: Page((order("1", line("A"), seen=2),), None)}
    again = connect(shown.connector, "stall", {"url": SHOP}, lambda *_: None)
    assert again.store == shown.shop.id
    perform(shown.connector, shown.shop.id)
    assert [[one.item for one in batch] for batch in shown.stall.written] == [["A"]]
    assert shown.post.sent == []


def test_a_listing_that_the_store_refuses_for_good_is_told_and_holds_nothing_up(shown: House) -> None:
    refused = Written("A", "The product is locked.")
    shown.stall.refusals["A"] = refused
    done = remove(shown.connector, shown.shop.id)
    assert (done.listings, done.refused) == (0, (refused,))


@pytest.mark.parametrize("trouble", [Retryable("the store is away"), NeedsMerchant("the key was revoked")])
def test_a_store_that_cannot_be_reached_is_closed_and_can_be_let_go_later(
    shown: House, trouble: Retryable | NeedsMerchant
) -> None:
    shown.stall.trouble = trouble
    with pytest.raises(type(trouble)):
        remove(shown.connector, shown.shop.id)
    assert status(shown) == "closed"
    shown.stall.trouble = None
    assert remove(shown.connector, shown.shop.id).listings == 1


def test_a_listing_that_may_go_later_keeps_the_way_to_the_store(shown: House) -> None:
    shown.stall.refusals["A"] = Written("A", "try later", retry=True)
    with pytest.raises(Retryable, match="try again in a while"):
        remove(shown.connector, shown.shop.id)
    del shown.stall.refusals["A"]
    assert remove(shown.connector, shown.shop.id).listings == 1


def test_what_a_worker_is_writing_is_waited_for(shown: House) -> None:
    with shown.connector.db.begin() as tx:
        outbox.put_state(tx, shown.shop.id, listing("A"), NOW)
        outbox.claim(tx, shown.shop.id, WriteListing, NOW, 9)
    with pytest.raises(Retryable, match="is writing this store's listings"):
        remove(shown.connector, shown.shop.id)
    later = dataclasses.replace(shown.connector, clock=lambda: NOW + outbox.LEASE)
    assert remove(later, shown.shop.id).listings == 1


def test_a_store_that_is_abandoned_is_not_spoken_to(shown: House) -> None:
    shown.stall.trouble = NeedsMerchant("the key was revoked")
    assert remove(shown.connector, shown.shop.id, abandon=True) == Removed(shown.shop.id, 0, (), 0, 0)
    assert shown.stall.asked == []
    assert status(shown) == "closed"


def test_a_store_is_let_go_once(shown: House) -> None:
    remove(shown.connector, shown.shop.id)
    with pytest.raises(BadInput, match="has been removed already"):
        remove(shown.connector, shown.shop.id)


def test_orders_say_nothing_of_ours_any_more_and_do_again_once_the_store_is_back(shown: House) -> None:
    shown.stall.desk = desk = Desk()
    waits = (item("A", seen=3), level("A", -4, seen=3), *(order(str(n), line("A"), seen=3) for n in range(1, 5)))
    shown.tell(*waits)
    plan(shown.connector, shown.shop.id)
    perform(shown.connector, shown.shop.id)
    assert len(desk.written) == 4
    assert remove(shown.connector, shown.shop.id).orders == 4
    assert sorted(one for some in desk.cleared for one in some) == ["1", "2", "3", "4"]
    assert [len(some) for some in desk.cleared] == [3, 1]
    shown.stall.item_pages = {None: Page(waits[:2], None)}
    moved = tuple(dataclasses.replace(one, seen_at=at(4)) for one in waits if isinstance(one, OrderSnapshot))
    shown.stall.order_pages = {None: Page(moved, None)}  # what was taken out of them has changed them
    connect(shown.connector, "stall", {"url": SHOP}, lambda *_: None)
    perform(shown.connector, shown.shop.id)
    assert len(desk.written) == 8
