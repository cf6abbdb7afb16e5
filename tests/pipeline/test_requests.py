"""What customers ask of their data through a platform is kept once, carried out, and recorded without their names."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from connector.domain.effects import SendNotice
from connector.domain.errors import ConnectorError, NeedsMerchant, Retryable, Unauthorised
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.pipeline import requests as asking
from connector.pipeline.erase import export, whose
from connector.pipeline.hear import hear
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.remove import remove
from connector.ports import DataRequest, LookAgain, RequestKind
from connector.store import outbox, problems, requests, shops
from connector.store.tables import data_requests, metadata, notice_events, secrets, stores
from jobs import JOBS
from tests.conftest import NOW, Clock, open_shop
from tests.pipeline.given import House
from tests.store.given import item, level, order, read

ANN = "ann@example.com"


def asked(kind: RequestKind, home: House, reference: str = "1", email: str = ANN, *orders: str) -> DataRequest:
    return DataRequest(kind, home.shop.address, reference, email, orders)


def fill(home: House) -> None:
    home.tell(item(), level(available=-3), order("1001", email=ANN, name="Ann"), order("2", email="bob@example.com"))
    plan(home.connector, home.shop.id)


def take(home: House, one: DataRequest | LookAgain) -> None:
    asking.take(home.connector, "stall", one)


def carried_out(home: House) -> None:
    """What the clock wakes."""
    woken: list[tuple[str, str]] = []
    JOBS["sweep"](home.connector, lambda *one: woken.append(one), "")
    for job, subject in woken:
        if job == "answer_requests":
            JOBS[job](home.connector, lambda *_: None, subject)


def shown(home: House) -> list[tuple[str, str, str]]:
    with home.connector.db.begin() as tx:
        return [(one.kind.value, one.email, one.result) for one in requests.listed(tx, home.shop.id, 9)]


def wrong(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.text for one in problems.open_problems(tx, home.shop.id) if one.kind == "privacy"]


def test_who_asks_to_be_erased_is_erased_and_the_request_no_longer_names_them(home: House) -> None:
    fill(home)
    take(home, asked(RequestKind.ERASE, home))
    assert shown(home) == [("erase", ANN, "")]
    carried_out(home)
    assert shown(home) == [("erase", "", "Erased: orders 1, messages 1, deliveries 0.")]
    held = export(home.connector, home.shop.id, whose(ANN))
    assert (held["orders"], held["messages"], held["requests"]) == ((), (), ())
    assert len(export(home.connector, home.shop.id, whose("bob@example.com"))["orders"]) == 1


def test_a_request_that_names_orders_only_erases_who_bought_them(home: House) -> None:
    fill(home)
    take(home, asked(RequestKind.ERASE, home, "1", "", "1001"))
    carried_out(home)
    assert shown(home) == [("erase", "", "Erased: orders 1, messages 1, deliveries 0.")]
    assert export(home.connector, home.shop.id, whose(ANN))["orders"] == ()


def test_an_address_that_is_none_leaves_the_orders(home: House) -> None:
    fill(home)
    take(home, asked(RequestKind.ERASE, home, "1", "not an address", "1001"))
    carried_out(home)
    assert shown(home) == [("erase", "", "Erased: orders 1, messages 1, deliveries 0.")]


def test_a_request_that_names_nobody_is_answered_with_that(home: House) -> None:
    take(home, asked(RequestKind.ERASE, home, "1", ""))
    carried_out(home)
    assert shown(home) == [("erase", "", "Nothing is held: the request names no customer.")]


def test_the_same_request_twice_is_one(home: House) -> None:
    for _ in range(2):
        take(home, asked(RequestKind.ERASE, home))
    take(home, asked(RequestKind.ERASE, home, "2"))
    assert len(shown(home)) == 2


def test_one_that_cannot_be_carried_out_now_is_shown_and_comes_again(home: House, clock: Clock) -> None:
    fill(home)
    with home.connector.db.begin() as tx:
        assert len(outbox.claim(tx, home.shop.id, SendNotice, clock(), 5)) == 2
    take(home, asked(RequestKind.ERASE, home))
    carried_out(home)
    said = "What a customer asked of their data could not be done yet: A mail to this customer is being sent"
    assert [text[: len(said)] for text in wrong(home)] == [said]
    assert shown(home) == [("erase", ANN, "")]
    carried_out(home)
    with home.connector.db.begin() as tx:
        assert [one.times for one in problems.open_problems(tx, home.shop.id) if one.kind == "privacy"] == [1]
    clock.move(minutes=10)
    carried_out(home)
    assert shown(home) == [("erase", "", "Erased: orders 1, messages 1, deliveries 0.")]
    assert wrong(home) == []


def test_what_is_held_waits_for_the_merchant_who_is_told_once(home: House) -> None:
    fill(home)
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"staff_email": "staff@shop.example"})
    for _ in range(2):
        take(home, asked(RequestKind.EXPORT, home, "9999", ANN, "1001"))
    carried_out(home)
    assert shown(home) == [("export", ANN, "")]
    due = "A customer asks for what is held of them. Hand it out by 23 December 2026: see Customers' data."
    assert wrong(home) == [due]
    perform(home.connector, home.shop.id)
    assert [one.to for one in home.post.sent if one.subject == "A customer asks for their data"] == [
        "staff@shop.example"
    ]
    with home.connector.db.begin() as tx:
        (request,) = requests.listed(tx, home.shop.id, 9)
    assert request.due_at == NOW + timedelta(days=30)
    held = asking.hand_out(home.connector, home.shop.id, request)
    assert held["customer"] == {"email": ANN, "orders": ["1001"]}
    asking.answered(home.connector, home.shop.id, request)
    assert (shown(home), wrong(home)) == ([("export", "", "Handed out.")], [])


def test_a_customer_who_is_erased_is_named_by_no_open_request(home: House) -> None:
    fill(home)
    take(home, asked(RequestKind.EXPORT, home, "9999", ANN, "1001"))
    take(home, asked(RequestKind.ERASE, home))
    carried_out(home)
    assert shown(home) == [
        ("export", "", ""),
        ("erase", "", "Erased: orders 1, messages 1, deliveries 0."),
    ]
    with home.connector.db.begin() as tx:
        assert [[], []] == read(tx, data_requests, "orders")


def test_of_a_store_that_has_left_nothing_stays_but_where_it_was(home: House) -> None:
    fill(home)
    other = open_shop(home.connector, "https://other.example")
    perform(home.connector, home.shop.id)
    for at in (home.shop.id, other.id):
        hear(home.connector, [NoticeEvent(f"e{at}", f"{at}/notice:1001:1", NoticeOutcome.DELIVERED, NOW)])
    remove(home.connector, home.shop.id)
    take(home, asked(RequestKind.EXPORT, home, "7"))
    take(home, asked(RequestKind.FORGET, home, email=""))
    carried_out(home)
    assert ("export", "") in [one[:2] for one in shown(home)]
    assert shown(home)[-1:] == [("forget", "", "All that was held of the store and its customers is gone.")]
    with home.connector.db.begin() as tx:
        kept = [
            table.name
            for table in metadata.sorted_tables
            if "store" in table.c and tx.scalar(sa.select(sa.exists().where(table.c.store == home.shop.id)))
        ]
        assert kept == ["data_requests", "secrets"]
        assert read(tx, notice_events, "event") == [f"e{other.id}"]
        left = shops.get(tx, home.shop.id)
        assert (left.name, left.address, left.status) == ("", home.shop.address, "closed")
        assert left.settings.timezone == "UTC"
        assert {"_hook_secret"} == set(home.connector.vault.get(tx, home.shop.id, "access"))
        assert shops.get(tx, other.id).name == "Lamps & Co"


def test_a_store_that_refuses_us_is_forgotten_and_one_that_lets_us_in_is_not(home: House) -> None:
    fill(home)
    take(home, asked(RequestKind.FORGET, home, "1", ""))
    carried_out(home)
    assert shown(home) == [("forget", "", "Not carried out: the store still lets the connector in.")]
    assert len(export(home.connector, home.shop.id, whose(ANN))["orders"]) == 1
    home.stall.trouble = Unauthorised("no longer")
    take(home, asked(RequestKind.FORGET, home, "2", ""))
    carried_out(home)
    assert export(home.connector, home.shop.id, whose(ANN))["orders"] == ()
    with home.connector.db.begin() as tx:
        assert read(tx, stores, "status") == ["closed"]
        assert len(read(tx, secrets, "name")) == 1


@pytest.mark.parametrize("trouble", [Retryable("away"), NeedsMerchant("Give the app its rights")])
def test_a_store_of_which_nobody_can_tell_is_not_forgotten_until_somebody_can(
    home: House, clock: Clock, trouble: ConnectorError
) -> None:
    fill(home)
    home.stall.trouble = trouble
    take(home, asked(RequestKind.FORGET, home, "1", ""))
    carried_out(home)
    assert shown(home) == [("forget", "", "")]
    held = "Erasing all that is held of this store, which its platform asks for, could not be done yet"
    assert wrong(home) == [f"{held}: {trouble}"]
    assert len(export(home.connector, home.shop.id, whose(ANN))["orders"]) == 1
    home.stall.trouble = None
    clock.move(minutes=10)
    carried_out(home)
    assert shown(home) == [("forget", "", "Not carried out: the store still lets the connector in.")]
    assert (wrong(home), len(export(home.connector, home.shop.id, whose(ANN))["orders"])) == ([], 1)


@pytest.mark.parametrize("told", [LookAgain("https://nobody.example"), None])
def test_of_a_store_that_was_never_here_nothing_is_kept(home: House, told: LookAgain | None) -> None:
    take(home, told or DataRequest(RequestKind.ERASE, "https://nobody.example", "1", ANN))
    with home.connector.db.begin() as tx:
        assert read(tx, data_requests, "id") == []


def test_word_of_our_standing_has_the_store_asked_and_a_refusal_pauses_it(home: House) -> None:
    home.stall.there["standing", ""] = ()
    take(home, LookAgain(home.shop.address))
    perform(home.connector, home.shop.id)
    assert ("fetch", ("standing", "")) in home.stall.asked
    with home.connector.db.begin() as tx:
        assert read(tx, stores, "status") == ["active"]
    home.stall.there["standing", ""] = NeedsMerchant("Give the app its rights")
    take(home, LookAgain(home.shop.address))
    perform(home.connector, home.shop.id)
    with home.connector.db.begin() as tx:
        assert read(tx, stores, "status") == ["paused"]
        assert [one.text for one in problems.open_problems(tx, home.shop.id)] == ["Give the app its rights"]
