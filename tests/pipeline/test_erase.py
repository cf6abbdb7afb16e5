"""What is held of a customer can be handed out; what is erased is gone everywhere, for good, and nobody else is."""

import dataclasses
import json
from typing import Any

import pytest
import sqlalchemy as sa

from connector.domain.chain import broken_at
from connector.domain.effects import GrantOffer, Offer, SendNotice
from connector.domain.errors import BadInput, Retryable, Terminal, Unreadable
from connector.domain.facts import NoticeEvent, NoticeOutcome, OrderSnapshot, Refetch
from connector.domain.obligations import Answer
from connector.domain.record import Note
from connector.pipeline.absorb import absorb
from connector.pipeline.customers import open_case, order_link
from connector.pipeline.erase import Erased, erase, export, whose
from connector.pipeline.hear import hear
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import erasure, ledger, orderbook, outbox, problems
from connector.store.shops import Shop
from connector.store.tables import inbox, metadata, orders
from tests.conftest import NOW, Clock, open_shop
from tests.pipeline.given import House
from tests.store.given import item, level, order, read

ADDRESS, NAME, PHONE = "Ann.Lee@example.com", "Annabel Lee", "+49 30 901820"
BOUNCED = f"550 5.1.1 <{ADDRESS.upper()}>: ann.lee is unknown, the mailbox of Annabel is elsewhere"
ANN = whose(ADDRESS.lower())


def of_ann(number: str = "1001", **more: Any) -> OrderSnapshot:
    return dataclasses.replace(order(number, email=ADDRESS, name=NAME, **more), locale="de", country="DE")


def body(number: str) -> bytes:
    said = {"id": number, "billing": {"email": ADDRESS, "first_name": NAME, "phone": PHONE}}
    return json.dumps(said).encode()


def letter(count: int) -> SendNotice:
    return SendNotice(f"notice:1001:{count}", "filled", "1001", "#1001", ADDRESS, NAME, "de", None, None, ())


def fill(home: House) -> None:
    """Mails that went, wait, and were given up; an answer; deliveries due and dead; a bounce; a problem; an offer."""
    shop, now = home.shop.id, NOW
    home.tell(item(), level(available=-3), of_ann(), order("2", email="bob@example.com", name="Bob Stone"))
    plan(home.connector, shop)
    perform(home.connector, shop)
    hear(home.connector, [NoticeEvent("e1", f"{shop}/notice:1001:1", NoticeOutcome.FAILED, now, BOUNCED)])
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, shop, [letter(2)], now)
        outbox.put_messages(tx, shop, [GrantOffer("offer:1001", "1001", "#1001", ADDRESS, Offer(5, now.date()))], now)
        orderbook.put_answer(tx, shop, "1001", Answer.WAIT, now, "telephone", Note(NAME, f"rang from {PHONE}"))
        orderbook.put_unreached(tx, shop, "1001", 1, ADDRESS, NOW)
        problems.report(tx, shop, "mail", "", f"{ADDRESS} is not an address, says the mail service", now)
    home.post.trouble[ADDRESS] = Terminal(f"refused: ann.lee%40example.com, {NAME} ({PHONE})")
    perform(home.connector, shop)
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, shop, [letter(3)], now)
    home.deliver(body("77"), poison=Unreadable("this is no order"))
    absorb(home.connector, shop)
    home.deliver(body("1001"), of_ann(seen=5))
    home.deliver(b'{"order_id": 1001, "receiver": "Annabel Lee"}', Refetch("order", "1001"))


def dump(home: House, shop: Shop | None = None) -> str:
    """Every column of every row as a text; of one store where one is given."""
    said = []
    with home.connector.db.begin() as tx:
        for table in metadata.sorted_tables:
            whole = sa.select(sa.text(f'"{table.name}"::text')).select_from(table)
            if shop is not None and "store" in table.c:
                whole = whole.where(table.c.store == shop.id)
            elif shop is not None:
                continue
            said += [f"{table.name} {row[0]}" for row in tx.execute(whole)]
        for row in tx.execute(sa.select(inbox.c.store, inbox.c.body)):
            if shop is None or row.store == shop.id:
                said.append(bytes(row.body).decode())
    return "\n".join(sorted(said))


def left_of_ann(home: House) -> list[str]:
    said = dump(home).lower()
    return [word for word in (ADDRESS, NAME, PHONE, "annabel") if word.lower() in said]


@pytest.fixture
def full(home: House) -> House:
    fill(home)
    return home


@pytest.fixture
def neighbour(home: House) -> House:
    """Another store, of which the same person is a customer."""
    other = dataclasses.replace(home, shop=open_shop(home.connector, "https://other.example"))
    fill(other)
    return other


def test_nothing_is_left_of_a_customer_who_is_erased(full: House) -> None:
    assert left_of_ann(full) == [ADDRESS, NAME, PHONE, "annabel"]
    assert erase(full.connector, full.shop.id, ANN) == Erased(orders=1, messages=4, deliveries=3)
    assert left_of_ann(full) == []


def test_what_is_not_personal_stays(full: House) -> None:
    erase(full.connector, full.shop.id, ANN)
    with full.connector.db.begin() as tx:
        assert read(tx, orders, "order", "email", "name", "country") == [
            ("1001", "", "", "DE"),
            ("2", "bob@example.com", "Bob Stone", ""),
        ]
        assert tx.scalar(sa.select(orders.c.seen_at).where(orders.c.order == "1001")) == of_ann(seen=5).seen_at
        chain = ledger.chain(tx, full.shop.id, "1001")
        assert broken_at(chain) is None
        assert [one.personal for one in chain] == [None] * len(chain)


def test_another_store_keeps_what_it_has_of_the_same_person(full: House, neighbour: House) -> None:
    before = dump(full, neighbour.shop)
    assert ADDRESS in before
    erase(full.connector, full.shop.id, ANN)
    assert dump(full, neighbour.shop) == before
    assert ADDRESS not in dump(full, full.shop)


def test_other_customers_of_the_store_are_not_touched(full: House) -> None:
    bob = whose("bob@example.com")
    before = export(full.connector, full.shop.id, bob)
    erase(full.connector, full.shop.id, ANN)
    assert export(full.connector, full.shop.id, bob) == before


def test_nothing_is_sent_any_more(full: House, clock: Clock) -> None:
    erase(full.connector, full.shop.id, ANN)
    full.post.sent.clear()
    full.post.trouble.clear()
    full.tell(level(available=5, seen=9), of_ann(seen=9))
    with full.connector.db.begin() as tx:
        outbox.replay(tx, full.shop.id, clock())
    plan(full.connector, full.shop.id)
    perform(full.connector, full.shop.id)
    assert [letter.to for letter in full.post.sent if letter.to != "bob@example.com"] == []


def test_a_late_delivery_or_reading_does_not_bring_it_back(full: House) -> None:
    erase(full.connector, full.shop.id, ANN)
    full.deliver(b"late", of_ann(seen=9))
    absorb(full.connector, full.shop.id)
    with full.connector.db.begin() as tx:
        erasure_of = read(tx, orders, "email", "name", "locale", order="1001")
    assert erasure_of == [("", "", "")]
    full.tell(of_ann(seen=10))
    assert left_of_ann(full) == []


def test_an_order_that_was_never_seen_can_be_erased_beforehand(home: House) -> None:
    assert erase(home.connector, home.shop.id, whose("", ["3001"])) == Erased(1, 0, 0)
    home.tell(of_ann("3001"))
    assert left_of_ann(home) == []


def test_an_order_that_waits_in_the_inbox_is_kept_without_its_customer(home: House) -> None:
    home.deliver(body("9"), of_ann("9"))
    assert erase(home.connector, home.shop.id, ANN) == Erased(1, 0, 1)
    assert left_of_ann(home) == []
    with home.connector.db.begin() as tx:
        assert read(tx, orders, "order", "email") == [("9", "")]
        assert read(tx, inbox, "status", "body") == [("done", b"")]


def test_who_buys_again_is_a_customer_again(full: House) -> None:
    erase(full.connector, full.shop.id, ANN)
    full.tell(of_ann("1002", seen=20))
    with full.connector.db.begin() as tx:
        assert read(tx, orders, "email", order="1002") == [ADDRESS]


def test_a_link_to_an_erased_order_leads_nowhere(full: House) -> None:
    token = order_link(full.connector.config, full.shop.id, "1001").rpartition("/")[2]
    assert open_case(full.connector, token) is not None
    erase(full.connector, full.shop.id, ANN)
    assert open_case(full.connector, token) is None


def test_a_mail_that_is_being_sent_is_waited_for(home: House, clock: Clock) -> None:
    home.tell(of_ann())
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, home.shop.id, [letter(1)], clock())
        assert len(outbox.claim(tx, home.shop.id, SendNotice, clock(), 9)) == 1
    with pytest.raises(Retryable, match="is being sent at the moment"):
        erase(home.connector, home.shop.id, ANN)
    clock.now += outbox.LEASE
    erase(home.connector, home.shop.id, ANN)
    assert left_of_ann(home) == []


def test_the_export_has_all_that_is_held(full: House) -> None:
    found = export(full.connector, full.shop.id, ANN)
    assert found["customer"] == {"email": ADDRESS.lower(), "orders": ["1001"]}
    assert [(one["order"], one["email"], one["name"]) for one in found["orders"]] == [("1001", ADDRESS, NAME)]
    keys = [one["key"] for one in found["messages"]]
    assert keys == ["notice:1001:1", "notice:1001:2", "offer:1001", "notice:1001:3"]
    assert [one["event"] for one in found["reports"]] == ["e1"]
    notes = [one["personal"]["note"] for one in found["ledger"] if one["kind"] == "Answered"]
    assert notes == [f"rang from {PHONE}"]
    parcel = '{"order_id": 1001, "receiver": "Annabel Lee"}'
    assert found["deliveries"] == [body("77").decode(), body("1001").decode(), parcel]
    assert "bob@example.com" not in json.dumps(found, default=str)
    erase(full.connector, full.shop.id, ANN)
    after = export(full.connector, full.shop.id, ANN)
    assert [name for name in ("orders", "messages", "reports", "ledger", "deliveries") if after[name]] == []


def test_a_bounce_that_comes_late_says_nothing_of_whom(full: House) -> None:
    erase(full.connector, full.shop.id, ANN)
    event = NoticeEvent("e2", f"{full.shop.id}/notice:1001:1", NoticeOutcome.FAILED, NOW, "no such user")
    hear(full.connector, [event])
    assert left_of_ann(full) == []


@pytest.mark.parametrize("typed", ["", "ann", "a\n@b", "@" * 400])
def test_a_customer_is_named_by_an_address_or_an_order(typed: str) -> None:
    with pytest.raises(BadInput, match=r"^email: "):
        whose(typed)


def test_an_erased_order_is_known_by_a_digest_only(full: House) -> None:
    erase(full.connector, full.shop.id, whose("", ["777000777"]))
    assert "777000777" not in dump(full)
    with full.connector.db.begin() as tx:
        assert erasure.erased_of(tx, full.shop.id, ["777000777", "2"]) == {"777000777"}
