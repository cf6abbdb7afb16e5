"""An order is split once, as long as it is still so, and stays one promise whatever the store tells of its halves."""

import dataclasses

import pytest

from connector.domain.effects import SplitOrder
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.domain.facts import OrderGone, OrderSnapshot
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.store import plans, shops
from connector.store.ledger import chain
from connector.store.plans import Totals
from connector.store.tables import outbox, problems
from tests.conftest import Clock
from tests.pipeline.given import House, Splits
from tests.store.given import at, item, level, line, order, read

WANTED = SplitOrder("split:1", "1", "#1", (("1", 3, 2),))


@pytest.fixture
def splits(home: House) -> Splits:
    home.stall.splitting = made = Splits()
    home.stall.there["order", "1"] = (halves(seen=1),)
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"split_orders": True, "settle_seconds": 0})
    return made


def halves(seen: float, shipped: int = 0) -> OrderSnapshot:
    """The order as it is told once it has been split."""
    taken = 3 - shipped
    return dataclasses.replace(order("1", line(quantity=3, shipped=shipped, taken=taken), seen=seen), parts=("9",))


def turn(home: House, *facts: object) -> None:
    home.tell(*facts)  # type: ignore[arg-type]
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


def waits(home: House) -> None:
    """Three are wanted, one is there."""
    turn(home, item(), level(available=-2), order("1", line(quantity=3)))


def entries(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.kind for one in chain(tx, home.shop.id, "1")]


def told(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, problems, "text", kind="split", solved_at=None)


def totals(home: House) -> Totals:
    with home.connector.db.begin() as tx:
        return plans.totals(tx, home.shop.id)


def test_an_order_of_which_a_part_is_there_is_split_once_and_written_down(home: House, splits: Splits) -> None:
    waits(home)
    assert splits.asked == [WANTED]
    assert [kind for kind in entries(home) if "Split" in kind] == ["OrderSplit"]
    turn(home, halves(seen=2))
    assert (len(splits.asked), entries(home).count("OrderSplit")) == (1, 1)


def test_a_split_is_no_news_to_the_customer_and_waits_once(home: House, splits: Splits) -> None:
    waits(home)
    mails = [letter.subject for letter in home.post.sent]
    before = [kind for kind in entries(home) if kind not in ("OrderSplit", "NoticeSent")]
    turn(home, halves(seen=3), halves(seen=4, shipped=1))
    assert [letter.subject for letter in home.post.sent] == mails
    assert len(mails) == 1
    assert [one for one in entries(home) if one not in ("OrderSplit", "NoticeSent", "Shipped")] == before
    assert totals(home) == Totals(2, 2)


def test_an_answer_that_was_lost_is_found_in_what_the_store_tells(home: House, splits: Splits) -> None:
    splits.does = Retryable("the line went dead")
    waits(home)
    assert len(splits.asked) == 1
    turn(home, halves(seen=2))
    with home.connector.db.begin() as tx:
        assert read(tx, outbox, "status", kind="split") == ["due"]
    assert entries(home).count("OrderSplit") == 1


def test_what_is_not_so_any_more_is_not_split(home: House, splits: Splits, clock: Clock) -> None:
    splits.does = Retryable("The store answered 503")
    waits(home)
    home.tell(level(available=0, seen=5))
    plan(home.connector, home.shop.id)
    clock.move(minutes=5)
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert (len(splits.asked), read(tx, outbox, "status", kind="split")) == (1, [])


def test_what_waits_otherwise_than_when_it_was_asked_is_split_as_it_waits_now(
    home: House, splits: Splits, clock: Clock
) -> None:
    splits.does = Retryable("The store answered 503")
    waits(home)
    home.tell(level(available=-3, seen=3), order("1", line(quantity=4), seen=3))
    plan(home.connector, home.shop.id)
    splits.does = True
    tried = len(splits.asked)
    clock.move(minutes=5)
    for _ in range(2):
        perform(home.connector, home.shop.id)
    assert [one.lines for one in splits.asked[tried:]] == [(("1", 4, 3),)]


def test_an_order_that_cannot_be_split_yet_is_tried_again_when_something_of_it_changes(
    home: House, splits: Splits
) -> None:
    splits.does = False
    waits(home)
    tried = len(splits.asked)
    splits.does = True
    turn(home, level(available=-3, seen=3), order("1", line(quantity=4), seen=3))
    assert [one.lines for one in splits.asked[tried:]] == [(("1", 4, 3),)]
    assert told(home) == []


def test_without_the_plugin_the_merchant_is_told_once_and_it_goes_on_when_it_is_there(
    home: House, splits: Splits, clock: Clock
) -> None:
    splits.does = NeedsMerchant("Install the plugin.")
    waits(home)
    turn(home, level(available=-3, seen=2), order("1", line(quantity=4), seen=2))
    assert told(home) == ["Install the plugin."]
    turn(home, level(available=-2, seen=3), order("1", line(quantity=3), seen=3))
    home.stall.there["order", "1"] = (halves(seen=4),)
    splits.does = True
    clock.move(minutes=16)
    for _ in range(2):
        perform(home.connector, home.shop.id)
    assert (told(home), entries(home).count("OrderSplit")) == ([], 1)


def test_an_order_that_the_store_will_not_split_is_told_and_leaves_the_store_active(
    home: House, splits: Splits
) -> None:
    splits.does = Terminal("A line belongs to a bundle.")
    waits(home)
    assert told(home) == ["Order #1: A line belongs to a bundle."]
    assert "OrderNotSplit" in entries(home)
    with home.connector.db.begin() as tx:
        assert shops.get(tx, home.shop.id).status == "active"


@pytest.mark.parametrize("ended", ["1", "9"])
def test_the_end_of_one_half_has_the_order_read_and_does_not_end_it(home: House, splits: Splits, ended: str) -> None:
    waits(home)
    home.stall.asked.clear()
    turn(home, OrderGone(ended, at(5)))
    assert [about for what, about in home.stall.asked if what == "fetch"] == [("order", "1")]
    assert totals(home) == Totals(2, 3)


def test_the_end_of_both_ends_it(home: House, splits: Splits) -> None:
    waits(home)
    home.stall.there["order", "1"] = (OrderGone("1", at(6), whole=True),)
    turn(home, OrderGone("1", at(5)))
    assert totals(home) == Totals(0, 0)


def test_a_half_whose_whole_is_gone_for_good_ends_by_itself(home: House, splits: Splits) -> None:
    waits(home)
    rest = order("9", line(quantity=2), seen=6)
    turn(home, OrderGone("1", at(6), whole=True), rest)
    assert totals(home).backlog == 2
    home.stall.there["order", "1"] = (OrderGone("1", at(9), whole=True),)
    turn(home, OrderGone("9", at(8)))
    assert totals(home) == Totals(0, 0)


def test_a_half_that_the_store_lists_no_more_has_the_order_read(home: House, splits: Splits) -> None:
    waits(home)
    home.stall.lost = frozenset({"9"})
    home.stall.asked.clear()
    reconcile(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert ("missing", ("1", "9")) in home.stall.asked
    assert ("fetch", ("order", "1")) in home.stall.asked


def test_a_platform_that_splits_nothing_is_asked_for_nothing(home: House, splits: Splits) -> None:
    home.stall.splitting = None
    waits(home)
    with home.connector.db.begin() as tx:
        assert read(tx, outbox, "status", kind="split") == []
