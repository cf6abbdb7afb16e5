"""Orders of businesses: told by role or entries, asked for once a day, and never of a guest."""

import dataclasses

import pytest

from connector.domain.errors import Terminal
from connector.domain.facts import Company, CustomerSnapshot, OrderSnapshot
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import erasure, problems, shops
from connector.store.erasure import Whose
from connector.store.tables import customers, lines, orders, outbox
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import at, item, level, line, order, read

RULES = "role:wholesale=b2b,order:_vat_number=b2b"
FETCHED = ("fetch", ("customer", "7"))


@pytest.fixture
def ruled(home: House) -> House:
    with home.connector.db.begin() as tx:
        given = {"segment_of": RULES, "fill_order": "priority", "classes": "b2b=10"}
        shops.change_settings(tx, home.shop.id, given)
    home.stall.there["customer", "7"] = (CustomerSnapshot("7", "wholesale", (), NOW),)
    home.stall.there["customer", "8"] = (CustomerSnapshot("8", "customer", (), NOW),)
    home.tell(item(), level(available=-2, seen=9))
    return home


def bought(number: str, customer: str = "", hour: float = 0, **more: object) -> OrderSnapshot:
    placed = order(number, line(), placed_at=at(hour), seen=float(more.pop("seen", 0)))  # type: ignore[arg-type]
    return dataclasses.replace(placed, customer=customer, **more)  # type: ignore[arg-type]


def turn(home: House) -> None:
    for _ in range(2):
        plan(home.connector, home.shop.id)
        perform(home.connector, home.shop.id)


def segments(home: House) -> list[tuple[str, str]]:
    with home.connector.db.begin() as tx:
        return read(tx, orders, "order", "segment")


def filled(home: House) -> list[tuple[str, int]]:
    with home.connector.db.begin() as tx:
        return read(tx, lines, "order", "filled")


def test_a_role_makes_an_order_one_of_a_business_which_is_served_first(ruled: House) -> None:
    ruled.tell(bought("1", "8"), bought("2", "7", hour=1))
    turn(ruled)
    assert segments(ruled) == [("1", "dtc"), ("2", "b2b")]
    ruled.tell(level(available=-1, seen=20))
    with ruled.connector.db.begin() as tx:
        shops.change_settings(tx, ruled.shop.id, {"settle_seconds": 0})
    turn(ruled)
    assert filled(ruled) == [("1", 0), ("2", 1)]


def test_an_entry_of_the_order_does_so_without_a_look_at_its_customer(ruled: House) -> None:
    ruled.tell(bought("1", "7", marks=(("_vat_number", "ATU1"),)))
    turn(ruled)
    assert segments(ruled) == [("1", "b2b")]
    assert FETCHED not in ruled.stall.asked


def test_guests_are_what_they_were_and_nobody_is_asked_for(ruled: House) -> None:
    ruled.tell(bought("1"))
    turn(ruled)
    assert segments(ruled) == [("1", "dtc")]
    assert [what for what, _ in ruled.stall.asked if what == "fetch"] == []


def test_without_rules_nobody_is_asked_for(home: House) -> None:
    home.tell(item(), level(), bought("1", "7", marks=(("_vat_number", "ATU1"),)))
    turn(home)
    assert segments(home) == [("1", "dtc")]
    assert FETCHED not in home.stall.asked


def test_a_customer_is_asked_for_once_a_day(ruled: House, clock: Clock) -> None:
    ruled.tell(bought("1", "7"))
    turn(ruled)
    ruled.tell(bought("2", "7", hour=1))
    turn(ruled)
    assert ruled.stall.asked.count(FETCHED) == 1
    assert segments(ruled) == [("1", "b2b"), ("2", "b2b")]
    clock.move(days=2)
    ruled.stall.there["customer", "7"] = (CustomerSnapshot("7", "customer", (), clock()),)
    ruled.tell(bought("3", "7", hour=2))
    turn(ruled)
    assert ruled.stall.asked.count(FETCHED) == 2
    assert segments(ruled) == [("1", "dtc"), ("2", "dtc"), ("3", "dtc")]


def test_a_customer_who_was_deleted_leaves_the_order_as_it_is(ruled: House) -> None:
    ruled.stall.there["customer", "9"] = ()
    ruled.tell(bought("1", "9"))
    turn(ruled)
    assert segments(ruled) == [("1", "dtc")]


ACME = Company("Acme Ltd.", "Berlin", "Net 30", (("id", "1234"), ("terms", "Net 30")))


def of_acme(number: str, **more: object) -> OrderSnapshot:
    return bought(number, "location:9", segment="b2b", **more)


def known(home: House, company: Company = ACME) -> None:
    home.stall.there["customer", "location:9"] = (
        CustomerSnapshot("location:9", "", (), home.connector.clock(), company),
    )


def test_a_companys_order_is_one_of_a_business_until_a_rule_says_more(home: House) -> None:
    known(home)
    home.tell(item(), level(), of_acme("1"))
    turn(home)
    assert segments(home) == [("1", "b2b")]
    with home.connector.db.begin() as tx:
        assert read(tx, customers, "customer", "company", "place", "terms") == [
            ("location:9", "Acme Ltd.", "Berlin", "Net 30")
        ]


def test_a_company_is_of_the_segment_that_its_id_names(home: House) -> None:
    known(home)
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"segment_of": "company:77=other,company:1234=key"})
    home.tell(item(), level(), of_acme("1"), bought("2", "7"))
    turn(home)
    assert segments(home) == [("1", "key"), ("2", "dtc")]
    assert FETCHED not in home.stall.asked  # no rule is about people


def test_a_company_that_cannot_be_read_leaves_its_orders_with_businesses_and_is_said(home: House) -> None:
    home.stall.there["customer", "location:9"] = Terminal("give the app the rights to customers and companies")
    home.tell(item(), level(), of_acme("1"))
    turn(home)
    assert segments(home) == [("1", "b2b")]
    with home.connector.db.begin() as tx:
        texts = [problem.text for problem in problems.open_problems(tx, home.shop.id)]
        assert shops.get(tx, home.shop.id).status == "active"
    assert [text for text in texts if "give the app the rights to customers and companies" in text] != []


def test_a_company_is_kept_while_others_of_it_wait(home: House) -> None:
    known(home)
    home.tell(item(), level(), of_acme("1"), of_acme("2"))
    turn(home)
    for gone, left in (("1", ["location:9"]), ("2", [])):
        with home.connector.db.begin() as tx:
            erasure.erase(tx, home.shop.id, Whose("", frozenset({gone})), NOW)
            assert read(tx, customers, "customer") == left


def test_the_same_order_again_changes_nothing(ruled: House) -> None:
    ruled.tell(bought("1", "7"))
    turn(ruled)
    ruled.stall.asked.clear()
    ruled.tell(bought("1", "7"))
    turn(ruled)
    assert segments(ruled) == [("1", "b2b")]
    assert ruled.stall.asked == []


def test_what_is_known_of_a_customer_is_erased_with_the_order(ruled: House) -> None:
    ruled.tell(bought("1", "7"))
    turn(ruled)
    with ruled.connector.db.begin() as tx:
        held = erasure.held(tx, ruled.shop.id, Whose("", frozenset({"1"})))
        assert [(one["customer"], one["segment"]) for one in held.customers] == [("7", "b2b")]
        erasure.erase(tx, ruled.shop.id, Whose("", frozenset({"1"})), NOW)
        assert read(tx, customers, "customer") == []
        assert read(tx, orders, "customer") == [""]
    ruled.tell(bought("1", "7", seen=5.0))
    with ruled.connector.db.begin() as tx:
        assert read(tx, orders, "customer") == [""]


def test_who_was_erased_while_the_store_was_asked_is_not_kept_again(ruled: House) -> None:
    ruled.tell(bought("1", "7"))
    with ruled.connector.db.begin() as tx:
        assert "fetch:customer:7" in read(tx, outbox, "key")
        erasure.erase(tx, ruled.shop.id, Whose("", frozenset({"1"})), NOW)
        assert "fetch:customer:7" not in read(tx, outbox, "key")
    ruled.tell(CustomerSnapshot("7", "wholesale", (), NOW))
    with ruled.connector.db.begin() as tx:
        assert read(tx, customers, "customer") == []


def promised(home: House) -> list[tuple[str, int]]:
    with home.connector.db.begin() as tx:
        return read(tx, lines, "order", "waiting")


def test_a_first_promise_waits_for_the_answer_that_it_hangs_on(ruled: House) -> None:
    ruled.tell(bought("1", "8"), bought("2", "7", hour=1))
    plan(ruled.connector, ruled.shop.id)
    assert promised(ruled) == [("1", 0), ("2", 0)]
    perform(ruled.connector, ruled.shop.id)
    assert segments(ruled) == [("1", "dtc"), ("2", "b2b")]
    assert promised(ruled) == [("1", 1), ("2", 1)]


def test_a_store_that_does_not_answer_holds_its_orders_up_for_a_moment_only(ruled: House, clock: Clock) -> None:
    ruled.tell(bought("1", "7"))
    plan(ruled.connector, ruled.shop.id)
    assert promised(ruled) == [("1", 0)]
    clock.move(seconds=11)
    plan(ruled.connector, ruled.shop.id)
    assert promised(ruled) == [("1", 1)]


def test_orders_of_guests_wait_for_nobody(ruled: House) -> None:
    ruled.tell(bought("1"))
    plan(ruled.connector, ruled.shop.id)
    assert promised(ruled) == [("1", 1)]
