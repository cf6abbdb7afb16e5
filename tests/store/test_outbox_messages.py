"""Messages in the outbox: once each, in the order's own order, and in doubt rather than twice."""

from datetime import timedelta

import pytest

from connector.domain.effects import SendNotice
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.pipeline.connector import Connector
from connector.store import outbox
from connector.store.engine import Tx
from connector.store.shops import Shop
from connector.store.tables import notice_events
from connector.store.tables import outbox as table
from tests.conftest import NOW, open_shop
from tests.store.given import notice, read

DOUBT = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def claimed(tx: Tx, shop: Shop, after: timedelta = timedelta(0)) -> tuple[outbox.OutboxRow, ...]:
    """The messages that can be taken some time after now."""
    return outbox.claim(tx, shop.id, SendNotice, NOW + after, 10)


def keys(rows: tuple[outbox.OutboxRow, ...]) -> list[str]:
    """The keys of what was taken."""
    return [row.effect.key for row in rows]


def event(notice_id: str, outcome: NoticeOutcome = NoticeOutcome.DELIVERED, name: str = "e1") -> NoticeEvent:
    """Word of the mail service, a minute later."""
    return NoticeEvent(name, notice_id, outcome, NOW + timedelta(minutes=1))


def test_a_message_is_kept_once_and_stays_as_it_was_first_put(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice(name="Ann"), notice(name="Not Ann")], NOW)
        outbox.put_messages(tx, shop.id, [notice(name="Nobody")], NOW)
        sent = claimed(tx, shop)
        assert [row.effect for row in sent] == [notice(name="Ann")]
        outbox.done(tx, sent, NOW, "mail-1")
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        assert claimed(tx, shop, timedelta(days=1)) == ()
        assert read(tx, table, "status", "result") == [("done", "mail-1")]


def test_two_stores_may_use_the_same_key(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            outbox.put_messages(tx, one.id, [notice()], NOW)
        assert keys(claimed(tx, shop)) == ["notice:1001:1"]
        assert keys(claimed(tx, other)) == ["notice:1001:1"]


def test_an_earlier_message_of_an_order_goes_first_and_holds_back_nobody_else(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice("1", 1), notice("1", 2), notice("2", 1)], NOW)
        first = claimed(tx, shop)
        assert keys(first) == ["notice:1:1", "notice:2:1"]
        assert claimed(tx, shop) == ()
        outbox.done(tx, first, NOW)
        assert keys(claimed(tx, shop)) == ["notice:1:2"]


@pytest.mark.parametrize("status", ["backs off", "in doubt"])
def test_while_the_earlier_one_is_open_the_later_one_waits(connector: Connector, shop: Shop, status: str) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice("1", 1), notice("1", 2)], NOW)
        row = claimed(tx, shop)[0]
        if status == "in doubt":
            outbox.in_doubt(tx, row, "no answer", NOW + DOUBT)
        else:
            outbox.failed(tx, row, "busy", NOW, 60.0, final=False)
        assert claimed(tx, shop, 30 * SECOND) == ()


def test_a_message_that_is_given_up_holds_back_nothing(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice("1", 1), notice("1", 2)], NOW)
        assert outbox.failed(tx, claimed(tx, shop)[0], "no such address", NOW, None, final=True) is True
        assert keys(claimed(tx, shop)) == ["notice:1:2"]


def test_a_message_whose_worker_died_is_in_doubt_and_then_goes_again_flagged(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        claimed(tx, shop)
        died = NOW + outbox.LEASE
        assert outbox.recover(tx, died, DOUBT) == ()
        assert read(tx, table, "status", "error") == [("unknown", outbox.LOST)]
        assert claimed(tx, shop, outbox.LEASE) == ()
        assert outbox.recover(tx, died + DOUBT - SECOND, DOUBT) == ()
        assert outbox.recover(tx, died + DOUBT, DOUBT) == ("notice:1001:1",)
        again = claimed(tx, shop, outbox.LEASE + DOUBT)
        assert read(tx, table, "status", "result") == [("sending", "possibly doubled")]
        outbox.done(tx, again, NOW, "mail-2")
        assert read(tx, table, "status", "result") == [("done", "possibly doubled mail-2")]


def test_a_message_that_may_have_been_sent_waits_for_word_of_it(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        outbox.in_doubt(tx, claimed(tx, shop)[0], "the connection broke", NOW + DOUBT)
        assert outbox.recover(tx, NOW + DOUBT - SECOND, DOUBT) == ()
        assert read(tx, table, "status", "error") == [("unknown", "the connection broke")]
        assert outbox.recover(tx, NOW + DOUBT, DOUBT) == ("notice:1001:1",)


@pytest.mark.parametrize("outcome", [NoticeOutcome.ACCEPTED, NoticeOutcome.DELIVERED])
def test_an_event_ends_the_doubt(connector: Connector, shop: Shop, outcome: NoticeOutcome) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        outbox.in_doubt(tx, claimed(tx, shop)[0], "no answer", NOW + DOUBT)
        outbox.fold_events(tx, [event(f"{shop.id}/notice:1001:1", outcome)])
        assert read(tx, table, "status", "result", "error") == [("done", "confirmed by the mail service", None)]
        assert outbox.recover(tx, NOW + timedelta(days=1), DOUBT) == ()


def test_a_failed_delivery_does_not_end_the_doubt(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        outbox.in_doubt(tx, claimed(tx, shop)[0], "no answer", NOW + DOUBT)
        outbox.fold_events(tx, [event(f"{shop.id}/notice:1001:1", NoticeOutcome.FAILED)])
        assert read(tx, table, "status") == ["unknown"]
        assert read(tx, notice_events, "event", "outcome") == [("e1", "failed")]


def test_an_event_about_a_message_that_is_done_or_due_is_kept_and_changes_nothing(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice("1"), notice("2")], NOW)
        outbox.done(tx, outbox.claim(tx, shop.id, SendNotice, NOW, 1), NOW, "mail-1")
        outbox.fold_events(tx, [event(f"{shop.id}/notice:{n}:1", name=f"e{n}") for n in (1, 2)])
        assert read(tx, table, "key", "status", "result") == [
            ("notice:1:1", "done", "mail-1"),
            ("notice:2:1", "due", None),
        ]
        assert read(tx, notice_events, "event") == ["e1", "e2"]


def test_an_event_about_another_stores_notice_changes_nothing_here(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            outbox.put_messages(tx, one.id, [notice()], NOW)
            outbox.in_doubt(tx, claimed(tx, one)[0], "no answer", NOW + DOUBT)
        outbox.fold_events(tx, [event(f"{other.id}/notice:1001:1")])
        assert read(tx, table, "status", store=shop.id) == ["unknown"]
        assert read(tx, table, "status", store=other.id) == ["done"]


def test_word_that_comes_after_the_doubt_and_before_the_letter_goes_again_keeps_it_back(
    connector: Connector, shop: Shop
) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        outbox.in_doubt(tx, claimed(tx, shop)[0], "no answer", NOW)
        assert outbox.recover(tx, NOW, DOUBT) == ("notice:1001:1",)
        outbox.fold_events(tx, [event(f"{shop.id}/notice:1001:1")])
        assert claimed(tx, shop) == ()
        assert read(tx, table, "status", "result") == [("done", "confirmed by the mail service")]


def test_word_that_comes_before_the_doubt_is_believed(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        sending = claimed(tx, shop)[0]
        outbox.fold_events(tx, [event(f"{shop.id}/notice:1001:1")])
        outbox.in_doubt(tx, sending, "no answer", NOW + DOUBT)
        assert outbox.failed(tx, sending, "no answer", NOW, None, final=True) is False
        outbox.put_off(tx, [sending], "wait", NOW)
        assert read(tx, table, "status", "result") == [("done", "confirmed by the mail service")]


def test_all_messages_of_a_store_are_held_back_where_somebody_asks_for_it(connector: Connector, shop: Shop) -> None:
    other = open_shop(connector, "https://other.example")
    with connector.db.begin() as tx:
        for one in (shop, other):
            outbox.put_messages(tx, one.id, [notice("1"), notice("2")], NOW)
        outbox.hold_back(tx, shop.id, SendNotice, NOW + 30 * SECOND)
        assert claimed(tx, shop, 29 * SECOND) == ()
        assert outbox.is_due(tx, shop.id, NOW + 29 * SECOND) is False
        assert outbox.stores_due(tx, NOW + 29 * SECOND) == (other.id,)
        assert outbox.is_due(tx, shop.id, NOW + 30 * SECOND) is True
        assert len(claimed(tx, shop, 30 * SECOND)) == 2
        assert outbox.is_due(tx, shop.id, NOW + 30 * SECOND) is False


@pytest.mark.parametrize("notice_id", ["", "notice:1001:1", "/notice:1001:1", "nobody/notice:1001:1"])
def test_an_event_about_nobodys_notice_changes_nothing(connector: Connector, shop: Shop, notice_id: str) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        outbox.in_doubt(tx, claimed(tx, shop)[0], "no answer", NOW + DOUBT)
        outbox.fold_events(tx, [event(notice_id)])
        assert read(tx, table, "status") == ["unknown"]


def test_the_same_event_twice_is_kept_once(connector: Connector, shop: Shop) -> None:
    with connector.db.begin() as tx:
        outbox.put_messages(tx, shop.id, [notice()], NOW)
        for _ in range(2):
            outbox.fold_events(tx, [event(f"{shop.id}/notice:1001:1")])
        assert read(tx, notice_events, "event", "notice", "at") == [
            ("e1", f"{shop.id}/notice:1001:1", NOW + timedelta(minutes=1))
        ]
