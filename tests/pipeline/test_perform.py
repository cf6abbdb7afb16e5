"""Effects go out by key; what became of each decides what happens next."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from connector.domain.effects import FetchFact, WriteListing
from connector.domain.errors import Ambiguous, BadSignature, NeedsMerchant, Retryable, Terminal
from connector.domain.facts import ItemGone, NoticeEvent, NoticeOutcome
from connector.pipeline.perform import perform
from connector.ports import StoreAccess, Written
from connector.store import outbox, problems, shops
from connector.store.problems import Problem
from connector.store.tables import outbox as table
from connector.store.tables import secrets
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, listing, notice, read

REVOKED = NeedsMerchant("The token was revoked. Connect the store again.")
DOUBT = timedelta(minutes=10)


def put(home: House, *effects: object) -> None:
    """Effects that are due."""
    now = home.connector.clock()
    with home.connector.db.begin() as tx:
        for effect in effects:
            if hasattr(effect, "template"):
                outbox.put_messages(tx, home.shop.id, [effect], now)  # type: ignore[list-item]
            else:
                outbox.put_state(tx, home.shop.id, effect, now)  # type: ignore[arg-type]


def found(home: House, *names: str) -> list[object]:
    """What the outbox says of each effect, by key."""
    with home.connector.db.begin() as tx:
        return read(tx, table, "key", *names)


def wrong(home: House) -> dict[str, str]:
    """The store's open problems: kind and text."""
    with home.connector.db.begin() as tx:
        return {one.kind: one.text for one in problems.open_problems(tx, home.shop.id)}


def status(home: House) -> str:
    """Whether the store is active."""
    with home.connector.db.begin() as tx:
        return shops.get(tx, home.shop.id).status


def test_listings_go_in_the_platforms_batches(home: House) -> None:
    put(home, *(listing(name) for name in "ABCDEFG"))
    assert perform(home.connector, home.shop.id) == 7
    assert [len(batch) for batch in home.stall.written] == [3, 3, 1]
    assert {row[1] for row in found(home, "status")} == {"done"}  # type: ignore[index]
    assert perform(home.connector, home.shop.id) == 0


def test_one_listing_that_is_refused_for_good_is_a_problem_and_the_others_are_written(home: House) -> None:
    home.stall.refusals["B"] = Written("B", "the product is in the trash")
    put(home, listing("A"), listing("B"), listing("C"))
    assert perform(home.connector, home.shop.id) == 2
    assert found(home, "status", "error") == [
        ("listing:A", "done", None),
        ("listing:B", "dead", "the product is in the trash"),
        ("listing:C", "done", None),
    ]
    assert wrong(home) == {"listing": "The listing of product B could not be written: the product is in the trash"}
    assert status(home) == "active"


def test_one_listing_that_may_work_later_is_tried_later_and_is_no_problem(home: House, clock: Clock) -> None:
    home.stall.refusals["B"] = Written("B", "locked", retry=True)
    put(home, listing("A"), listing("B"))
    assert perform(home.connector, home.shop.id) == 1
    assert found(home, "status", "attempts") == [("listing:A", "done", 1), ("listing:B", "due", 1)]
    assert wrong(home) == {}
    home.stall.refusals.clear()
    assert perform(home.connector, home.shop.id) == 0
    clock.move(seconds=2)
    assert perform(home.connector, home.shop.id) == 1


def test_a_listing_that_is_written_after_all_is_no_problem_any_more(home: House) -> None:
    home.stall.refusals["A"] = Written("A", "in the trash")
    put(home, listing("A", 1))
    perform(home.connector, home.shop.id)
    assert set(wrong(home)) == {"listing"}
    home.stall.refusals.clear()
    put(home, listing("A", 2))
    perform(home.connector, home.shop.id)
    assert wrong(home) == {}


def test_a_store_that_is_busy_is_left_until_it_says(home: House, clock: Clock) -> None:
    home.stall.trouble = Retryable("throttled", 37.0)
    put(home, *(listing(name) for name in "ABCDE"))
    assert perform(home.connector, home.shop.id) == 0
    assert [what for what, _ in home.stall.asked] == ["write"]
    home.stall.trouble = None
    clock.move(seconds=36)
    assert perform(home.connector, home.shop.id) == 2
    clock.move(seconds=1)
    assert perform(home.connector, home.shop.id) == 3


def test_a_batch_that_is_refused_for_good_is_given_up_with_its_reason(home: House) -> None:
    home.stall.trouble = Terminal("there is no such interface")
    put(home, listing("A"))
    perform(home.connector, home.shop.id)
    assert found(home, "status") == [("listing:A", "dead")]
    assert wrong(home) == {"dead_letter": "Given up after 1 try: there is no such interface"}


def test_a_store_that_refuses_us_is_paused_and_the_merchant_told_once(home: House, clock: Clock) -> None:
    home.stall.trouble = REVOKED
    put(home, FetchFact("item", "A"), FetchFact("item", "B"), listing("A"), notice())
    for _ in range(3):
        assert perform(home.connector, home.shop.id) == 0
        clock.move(minutes=20)
    assert status(home) == "paused"
    assert [what for what, _ in home.stall.asked] == ["fetch"]
    with home.connector.db.begin() as tx:
        assert problems.open_problems(tx, home.shop.id) == (Problem("access", "", str(REVOKED), NOW, NOW, 1),)
    assert home.post.sent == []


def test_what_waited_for_a_paused_store_goes_when_it_is_connected_again(home: House) -> None:
    home.stall.trouble = REVOKED
    put(home, FetchFact("item", "A"), listing("B"), notice())
    perform(home.connector, home.shop.id)
    home.stall.trouble, home.stall.there = None, {("item", "A"): (item("A"),)}
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "active")
    assert perform(home.connector, home.shop.id) == 4  # the listing of what was fetched goes too
    assert {row[1] for row in found(home, "status")} == {"done"}  # type: ignore[index]


def test_a_refusal_while_listings_are_written_keeps_the_letters_back(home: House) -> None:
    put(home, listing("A"), notice())
    home.stall.trouble = REVOKED
    assert perform(home.connector, home.shop.id) == 0
    assert home.post.sent == []
    assert found(home, "status", "attempts") == [("listing:A", "due", 0), ("notice:1001:1", "due", 0)]


def test_credentials_that_cannot_be_opened_pause_the_store(home: House) -> None:
    put(home, listing("A"))
    with home.connector.db.begin() as tx:
        tx.execute(secrets.delete())
    assert perform(home.connector, home.shop.id) == 0
    assert status(home) == "paused"
    assert wrong(home) == {"access": "the credentials of this store are not there; connect the store again"}
    assert home.stall.asked == []


@pytest.mark.parametrize("given", ["paused", "closed"])
def test_a_store_that_is_not_active_is_left_alone(home: House, given: str) -> None:
    put(home, FetchFact("item", "A"), listing("A"), notice())
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, given)
    assert perform(home.connector, home.shop.id) == 0
    assert (home.stall.asked, home.post.sent) == ([], [])


def leave(home: House) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "closed")


def test_a_store_that_was_left_stays_so_though_its_last_word_is_a_refusal(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, listing("A"))

    def write(*_: object) -> None:
        leave(home)
        raise REVOKED

    monkeypatch.setattr(home.stall, "write", write)
    assert perform(home.connector, home.shop.id) == 0
    assert status(home) == "closed"


def test_a_store_that_is_left_while_it_is_written_to_gets_no_more_of_what_waits(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, *(listing(name) for name in "ABCD"), notice())
    write = home.stall.write

    def last_write(access: StoreAccess, listings: Sequence[WriteListing]) -> tuple[Written, ...]:
        leave(home)
        return write(access, listings)

    monkeypatch.setattr(home.stall, "write", last_write)
    assert perform(home.connector, home.shop.id) == 3
    assert [[one.item for one in batch] for batch in home.stall.written] == [["A", "B", "C"]]
    assert home.post.sent == []


def test_one_fetch_that_fails_does_not_stop_the_next(home: House) -> None:
    home.stall.there["item", "B"] = (item("B"),)
    home.stall.there["item", "C"] = Retryable("busy")
    put(home, *(FetchFact("item", name) for name in "ABC"))
    assert perform(home.connector, home.shop.id) == 2  # B is fetched, and its listing written
    assert [row for row in found(home, "status") if "fetch" in row[0]] == [  # type: ignore[index]
        ("fetch:item:A", "dead"),
        ("fetch:item:B", "done"),
        ("fetch:item:C", "due"),
    ]
    assert wrong(home) == {"unusable": "1 look at the store was given up: item A: there is no item A."}


def test_letters_go_once_each_and_their_ids_are_kept(home: House) -> None:
    put(home, notice("1"), notice("2", to="bob@example.com"))
    assert perform(home.connector, home.shop.id) == 2
    assert sorted((letter.to, letter.notice_id) for letter in home.post.sent) == [
        ("ann@example.com", f"{home.shop.id}/notice:1:1"),
        ("bob@example.com", f"{home.shop.id}/notice:2:1"),
    ]
    assert sorted(str(row[1]) for row in found(home, "result")) == ["mail-1", "mail-2"]  # type: ignore[index]
    assert perform(home.connector, home.shop.id) == 0


def test_one_bad_address_leaves_all_the_others_to_go(home: House) -> None:
    home.post.trouble["bad@example.com"] = Terminal("no such mailbox")
    put(home, *(notice(str(number)) for number in range(20)), notice("99", to="bad@example.com"))
    assert perform(home.connector, home.shop.id) == 20
    assert len(home.post.sent) == 20
    assert wrong(home) == {"dead_letter": "Given up after 1 try: no such mailbox"}


def test_a_mail_service_that_is_busy_gets_the_letter_later_and_once(home: House, clock: Clock) -> None:
    home.post.trouble["ann@example.com"] = Retryable("slow down", 30.0)
    put(home, notice())
    assert perform(home.connector, home.shop.id) == 0
    home.post.trouble.clear()
    clock.move(seconds=29)
    assert perform(home.connector, home.shop.id) == 0
    clock.move(seconds=1)
    assert perform(home.connector, home.shop.id) == 1
    assert len(home.post.sent) == 1


def test_a_mail_service_that_asks_us_to_wait_gets_no_letter_until_then_and_none_loses_a_try(
    home: House, clock: Clock
) -> None:
    home.post.trouble["ann@example.com"] = Retryable("too many requests", 60.0)
    put(home, notice("1"))
    assert perform(home.connector, home.shop.id) == 0
    put(home, notice("2", to="bob@example.com"))
    home.post.trouble.clear()
    assert found(home, "attempts") == [("notice:1:1", 0), ("notice:2:1", 0)]
    clock.move(seconds=60)
    assert perform(home.connector, home.shop.id) == 2


def test_two_notices_of_one_order_go_in_their_order_in_one_turn(home: House) -> None:
    put(home, notice("1", 1), notice("1", 2), notice("1", 3))
    assert perform(home.connector, home.shop.id) == 3
    assert [letter.notice_id.rpartition(":")[2] for letter in home.post.sent] == ["1", "2", "3"]


def test_a_letter_that_may_have_gone_waits_for_word_and_then_goes_flagged(home: House, clock: Clock) -> None:
    home.post.trouble["ann@example.com"] = Ambiguous("the connection broke after the letter was sent")
    put(home, notice())
    assert perform(home.connector, home.shop.id) == 0
    assert found(home, "status") == [("notice:1001:1", "unknown")]
    home.post.trouble.clear()
    clock.now += DOUBT - timedelta(seconds=1)
    recover(home)
    assert perform(home.connector, home.shop.id) == 0
    clock.move(seconds=1)
    recover(home)
    assert perform(home.connector, home.shop.id) == 1
    assert found(home, "status", "result") == [("notice:1001:1", "done", "possibly doubled mail-1")]


def recover(home: House) -> None:
    """What the sweep does."""
    with home.connector.db.begin() as tx:
        outbox.recover(tx, home.connector.clock(), DOUBT)


def test_a_letter_of_which_there_is_word_does_not_go_again(home: House, clock: Clock) -> None:
    home.post.trouble["ann@example.com"] = Ambiguous("no answer")
    put(home, notice())
    perform(home.connector, home.shop.id)
    home.post.trouble.clear()
    word = NoticeEvent("e1", f"{home.shop.id}/notice:1001:1", NoticeOutcome.DELIVERED, NOW)
    with home.connector.db.begin() as tx:
        outbox.fold_events(tx, [word])
    clock.now += DOUBT * 2
    recover(home)
    assert perform(home.connector, home.shop.id) == 0
    assert home.post.sent == []


def test_a_mail_key_that_is_refused_pauses_no_store_and_costs_no_letter(home: House, clock: Clock) -> None:
    home.post.trouble["ann@example.com"] = NeedsMerchant("The mail service refuses the key.")
    put(home, listing("A"), *(notice(str(number)) for number in range(20)))
    for _ in range(20):
        assert perform(home.connector, home.shop.id) in (0, 1)
        clock.move(minutes=1)
    assert status(home) == "active"
    assert wrong(home) == {"mail": "The mail service refuses the key."}
    assert len(home.stall.written) == 1
    home.post.trouble.clear()
    assert perform(home.connector, home.shop.id) == 20
    assert wrong(home) == {}


def test_a_fault_of_ours_is_not_taken_for_a_failure_of_the_store(home: House) -> None:
    home.stall.trouble = BadSignature("this never comes of a write")
    put(home, listing("A"))
    assert perform(home.connector, home.shop.id) == 0
    assert found(home, "status", "attempts") == [("listing:A", "due", 1)]
    assert status(home) == "active"


def test_a_listing_that_was_refused_while_its_item_was_gone_goes_again_when_it_is_back(home: House) -> None:
    home.tell(item("A"), item("B"))
    put(home, listing("A"), listing("B"))
    for name in ("A", "B"):
        home.stall.refusals[name] = Written(name, "The product is no longer in the store.")
    perform(home.connector, home.shop.id)
    assert [("listing:A", "dead"), ("listing:B", "dead")] == found(home, "status")
    home.tell(ItemGone("A", at(1)))
    home.tell(item("A", seen=2), item("B", seen=2))
    home.stall.refusals.clear()
    perform(home.connector, home.shop.id)
    assert [("listing:A", "done"), ("listing:B", "dead")] == found(home, "status")
    with home.connector.db.begin() as tx:
        assert [one.subject for one in problems.open_problems(tx, home.shop.id) if one.kind == "listing"] == ["B"]


def test_a_letter_that_may_have_gone_goes_again_once_and_no_more(home: House, clock: Clock) -> None:
    home.post.trouble["ann@example.com"] = Ambiguous("SendGrid answered 500; the mail may have been taken")
    put(home, notice())
    for _ in range(4):
        perform(home.connector, home.shop.id)
        clock.now += DOUBT
        recover(home)
    assert found(home, "status", "attempts") == [("notice:1001:1", "dead", 2)]
    assert wrong(home) == {
        "dead_letter": "A message may have gone out more than once. Given up after 2 tries:"
        " SendGrid answered 500; the mail may have been taken"
    }
    with home.connector.db.begin() as tx:
        outbox.fold_events(
            tx, [NoticeEvent("e1", f"{home.shop.id}/notice:1001:1", NoticeOutcome.DELIVERED, clock.now)]
        )
    assert (found(home, "status"), wrong(home)) == ([("notice:1001:1", "done")], {})  # and is not sent by a replay


def test_between_two_that_may_have_gone_it_may_be_refused_as_often_as_any_other(home: House, clock: Clock) -> None:
    """Refusals send nothing: only what may have gone twice is spent."""
    put(home, notice())
    doubt, busy = Ambiguous("no answer"), Retryable("busy")
    tried = []
    for trouble in (busy, doubt, busy, busy, doubt, busy, busy):
        home.post.trouble["ann@example.com"] = trouble
        perform(home.connector, home.shop.id)
        clock.now += DOUBT
        recover(home)
        tried += [row[1:] for row in found(home, "status", "attempts")]
    assert tried == [("due", 1), ("due", 2), ("due", 3), ("due", 4), ("dead", 5), ("dead", 5), ("dead", 5)]


def test_refusals_and_doubts_together_are_no_more_than_eight(home: House, clock: Clock) -> None:
    put(home, notice())
    for trouble in (*[Retryable("busy")] * 7, Ambiguous("no answer"), Retryable("busy")):
        home.post.trouble["ann@example.com"] = trouble
        perform(home.connector, home.shop.id)
        clock.now += DOUBT * 2
        recover(home)
    assert found(home, "status", "attempts") == [("notice:1001:1", "dead", 8)]


def test_a_store_or_a_mail_service_that_asks_us_to_wait_for_ages_is_tried_again_after_a_day(home: House) -> None:
    home.stall.trouble = Retryable("the store is busy", 1e30)
    home.post.trouble["ann@example.com"] = Retryable("the mail service is busy", 1e30)
    put(home, listing("A"), notice())
    perform(home.connector, home.shop.id)
    tomorrow = NOW + timedelta(days=1)
    assert found(home, "status", "available_at") == [
        ("listing:A", "due", tomorrow),
        ("notice:1001:1", "due", tomorrow),
    ]
